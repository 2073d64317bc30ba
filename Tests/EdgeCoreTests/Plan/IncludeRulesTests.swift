import EdgeCore
import Testing

/// What an include may say: each refusal with its words.
struct IncludeRulesTests {
    static func problems(_ text: String, dns: DNSSettings) -> [String] {
        let zone = ZoneRendererTests.zone
        let (entries, faults) = MasterFile.read(
            Array(text.utf8), from: .include(of: zone, dns: dns), file: "f")
        #expect(faults == [])
        var records: [(line: Int, record: DNSRecord)] = []
        for entry in entries {
            do throws(RecordData.Fault) {
                let data = try RecordData(of: entry)
                records.append(
                    (
                        entry.line,
                        DNSRecord(
                            owner: entry.owner, ttl: entry.ttl, type: entry.type, data: data.text)
                    ))
            } catch {
                return ["\(entry.line): \(error.message)"]
            }
        }
        return IncludeRules(zone: zone, dns: dns).problems(in: records)
            .map { "\($0.line): \($0.message)" }
    }

    @Test(arguments: [
        ("@ SOA a. b. 1 2 3 4 5", "1: an include must not have an SOA record; it is generated"),
        ("@ A 192.0.2.9", "1: site.test. is rotated; its A records are generated, not included"),
        (
            "\nWWW AAAA ::1",
            "2: www.site.test. is rotated; its AAAA records are generated, not included"
        ),
        ("x.other. TXT a", "1: x.other. is outside zone site.test"),
        ("a\\.site.test. TXT a", "1: a\\.site.test. is outside zone site.test"),
        ("@ DNAME o.", "1: a DNAME record at site.test. would hide the rotated name site.test."),
        (
            "www NS ns.o.",
            "1: NS records at www.site.test. would delegate the rotated name www.site.test. away"
        ),
        ("*.x NS ns.o.", "1: an NS record stands at the wildcard *.x.site.test."),
        ("*.x DNAME o.", "1: a DNAME record stands at the wildcard *.x.site.test."),
        ("x CNAME o.\nx CNAME p.", "1: x.site.test. has two CNAME records"),
        (
            "x DNAME o.\ny.x TXT a",
            "2: y.x.site.test. lies below the DNAME record of x.site.test. and would never be seen"
        ),
        (
            "sub NS ns.sub",
            "1: name server ns.sub.site.test. of sub.site.test. is inside the zone and has no address; "
                + "add an A or AAAA record for it"
        ),
        (
            "sub NS n\nn CNAME o.",
            "1: name server n.site.test. of sub.site.test. is an alias; NS must name a host "
                + "(RFC 2181 §10.3)"
        ),
        ("@ MX 65536 o.", "1: MX: 65536 is no number from 0 to 65535"),
        ("x A 192.0.2.300", "1: A: 192.0.2.300 is no IPv4 address"),
        ("x A 192.0.2.1 192.0.2.2", "1: the A record of x.site.test. has too much data"),
        ("x MX 10", "1: the MX record of x.site.test. lacks data"),
        ("x TYPE1 \\# 4 c0000201", "1: record type TYPE1 is not taken in zones"),
        ("x A \\# 4 c0000201", "1: A data must be written in the type's own form"),
        ("x TLSA 3 1 1 abc", "1: TLSA: the hexadecimal data is broken"),
        ("x SSHFP 1 1 ab", "1: SSHFP: digest type 1 has 20 bytes, not 1"),
        ("x HTTPS 1 . port=99999", "1: service parameters: 99999 is no port"),
        (
            "x HTTPS 1 . mandatory=alpn",
            "1: service parameters: mandatory names alpn, which is not there"
        ),
    ])
    func `One refusal each`(_ text: String, _ message: String) {
        #expect(
            Self.problems(text, dns: ZoneRendererTests.settings()).first == message)
    }

    @Test func `An alias beside other data names both lines`() {
        #expect(
            Self.problems("x CNAME o.\nx TXT a", dns: ZoneRendererTests.settings()) == [
                "1: x.site.test. has a CNAME record and others; an alias must stand alone"
            ])
    }

    @Test func `A name server of the configuration inside the zone needs its address`() {
        var dns = ZoneRendererTests.settings()
        dns.nameServers = ["NS1.site.test.", "www.site.test."]
        #expect(
            Self.problems("x TXT a", dns: dns) == [
                "0: name server ns1.site.test. of the configuration is inside the zone and has no address; "
                    + "add an A or AAAA record for it"
            ])
        #expect(Self.problems("ns1 A 192.0.2.53", dns: dns).isEmpty)
    }

    @Test(arguments: [
        "@ MX 10 mail\nmail A 192.0.2.25", "* A 192.0.2.9", "@ NS ns3.o.", "x.www A 192.0.2.9",
        "sub NS ns.sub\nns.sub A 192.0.2.53", "@ NS a.ns\n*.ns A 192.0.2.53", "www TXT a", " TXT a",
        "x CNAME o.\nx CNAME O.", "@ TYPE65280 \\# 2 0102", "@ HTTPS 1 . alpn=h2 port=443",
    ])
    func `What is accepted`(_ text: String) {
        #expect(Self.problems(text, dns: ZoneRendererTests.settings()) == [])
    }
}
