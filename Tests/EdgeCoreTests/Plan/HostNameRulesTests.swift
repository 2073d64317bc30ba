import EdgeCore
import EdgeTesting
import Testing

/// Names that must be host names, as BIND's check-names has it; `DifferentialTests` asks BIND itself.
struct HostNameRulesTests {
    static let dns = DNSSettings(
        primary: "ns.o.", mailbox: "h.o.", nameServers: ["ns.o."],
        rotatedLabels: [RotatedLabel("www")].compactMap { $0 })

    @Test(arguments: [
        ("a_b A 192.0.2.9", "a_b.site.test. has an A record"),
        ("-a AAAA ::1", "-a.site.test. has an AAAA record"),
        ("*.a_b MX 1 o.", "*.a_b.site.test. has an MX record"),
        ("gc._msdcs MX 1 o.", "gc._msdcs.site.test. has an MX record"),
        ("\\233 A 192.0.2.9", "\\233.site.test. has an A record"),
        ("gc._msdcs.q] A 192.0.2.9", "gc._msdcs.q].site.test. has an A record"),
        ("q NS a_b.o.", "a_b.o. in the NS record of q.site.test."),
        ("q MX 1 a-.o.", "a-.o. in the MX record of q.site.test."),
        ("q SRV 0 0 1 *.o.", "*.o. in the SRV record of q.site.test."),
        ("q AFSDB 1 a_b.o.", "a_b.o. in the AFSDB record of q.site.test."),
        ("q HTTPS 1 _a.o.", "_a.o. in the HTTPS record of q.site.test."),
        ("q RP a.b_c.o. y.o.", "a.b_c.o. in the RP record of q.site.test."),
        ("q RP a\\032b.o. y.o.", "a\\032b.o. in the RP record of q.site.test."),
    ])
    func namesThatBINDLoadsNoZoneWith(text: String, start: String) {
        let problems = IncludeRulesTests.problems(text, dns: Self.dns)
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("1: \(start)") ?? false, "\(problems)")
        #expect(problems.first?.hasSuffix("BIND would not load the zone") ?? false)
    }

    @Test(arguments: [
        "a_b TXT x", "a_b CNAME a_b.o.", "a_b SRV 0 0 0 .", "q MX 0 .", "* A 192.0.2.9",
        "*.q MX 1 1.o.", "gc._msdcs A 192.0.2.9", "gc._msdcs.q AAAA ::1", "\\097 A 192.0.2.9",
        "q HTTPS 0 a_b.o.", "q SVCB 1 A-B.o.", "q RP a_b\\.c.o. y_y.o.", "q RP . .",
        "q PTR a_b.o.", "q DNAME a_b.o.",
    ])
    func namesThatMayBeAnything(text: String) {
        #expect(IncludeRulesTests.problems(text, dns: Self.dns) == [])
    }

    /// Algorithm 0 deletes, in its one form (RFC 8078 §4).
    @Test(arguments: [
        ("@ CDS 0 0 0 00", true), ("@ CDS 0 0 0 b0", false), ("@ CDS 1 0 0 00", false),
        ("@ CDS 0 0 1 00", false), ("@ CDNSKEY 0 3 0 AA==", true),
        ("@ CDNSKEY 0 3 0 AAAA", false), ("@ CDNSKEY 257 3 13 AAAA", false),
        ("a CDNSKEY 257 3 13 AAAA", true), ("a CDS 1 0 0 00", false),
        ("@ CDNSKEY 300 3 0 AA==", false),
    ])
    func deletionsHaveOneForm(text: String, isTaken: Bool) {
        #expect(IncludeRulesTests.problems(text, dns: Self.dns).isEmpty == isTaken)
    }

    /// A zone that was served with such a name goes on getting its live edges.
    @Test func whatWasAcceptedBeforeGoesOn() {
        let record = DNSRecord(owner: "a_b.site.test.", ttl: 60, type: "A", data: "192.0.2.9")
        let records = [(line: 1, record: record)]
        let zone = ZoneName("site.test")
        #expect(IncludeRules(zone: zone, dns: Self.dns).problems(in: records).count == 1)
        let accepted = IncludeRules(zone: zone, dns: Self.dns, isAccepted: true)
        #expect(accepted.problems(in: records).isEmpty)
    }
}
