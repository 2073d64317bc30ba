import EdgeCore
import EdgeShell
import EdgeSystemPublish
import EdgeSystemTemplate
import EdgeTesting
import Foundation
import Testing

/// What operators' templates may say, and what becomes of it.
@Suite struct StencilTemplateTests {
    static let example: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "examples/zone.template")
        return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    }()

    static let dns = DNSSettings(
        primary: "ns1.dns.test.", mailbox: "host.dns.test.",
        nameServers: ["ns1.dns.test.", "ns2.dns.test."], rotatedLabels: ["www", "*.cdn"],
        isExplicit: true, nameTTLs: ["www": 60])

    static func content(_ addresses: [IPAddress]) -> ZoneContent {
        ZoneContent(zone: "example.test", addresses: addresses, dns: dns)
    }

    /// The records of a zone's text.
    static func records(_ text: [UInt8]) throws -> [DNSRecord] {
        try LdnsZoneParser().parse(text, zone: "example.test", file: "f").get().records
    }

    /// The shipped example says exactly what the built-in text says.
    @Test(arguments: 1...20)
    func theExampleIsTheBuiltInText(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let count = Int.random(in: 1...8, using: &random)
        let addresses: [IPAddress] = (0..<count).map { _ in
            Bool.random(using: &random)
                ? .v4(UInt32.random(in: 1...UInt32.max, using: &random))
                : .v6(0x2001_0DB8_0000_0000, UInt64.random(in: 1...UInt64.max, using: &random))
        }
        let include = Array(
            "mail 60 IN A 192.0.2.25\n; <b> & \"quotes\"\nt 60 IN TXT \"<&>\"\n".utf8)
        let content = Self.content(addresses)
        let template = try StencilTemplate(Self.example, file: "zone.template")
        let rendered = try template.render(content, serial: SOASerial(9), include: include)
        let builtIn = ZoneRenderer.render(content, serial: SOASerial(9), include: include)
        #expect(try Self.records(rendered) == Self.records(builtIn))
    }

    @Test(arguments: [
        (
            "{{ serial }}\n{% set x = 1 %}", 2,
            "the tag \"set\" can't be used: write the value where it is used"
        ),
        (
            "{{ serial }}{% include \"x\" %}", 1,
            "the tag \"include\" can't be used: a template reads no other file: put its text here"
        ),
        (
            "{{ serial }}\n\n{{ edge_list }}", 3,
            "nothing is called \"edge_list\"; there are zone, origin, serial, ttl, soa, soa_nameserver, soa_mailbox, ns_records, edges, rotate_zones, records, include"
        ),
        (
            "{{ serial }}{{ edges[0] }}", 1,
            "\"[\" in \"edges[0]\" can't be used: a list's first element is written NAME.0"
        ),
        (
            "{{ serial }}{{ zone|replace('a','b') }}", 1,
            "the filter \"replace\" can't be used; there are default, join, lowercase, uppercase, capitalize, split, indent"
        ),
        ("{{ serial }}{{ zone.upper() }}", 1, "\"(\" in \"zone.upper()\" can't be used"),
        (
            "{{ serial }}{{ 'a' if zone else 'b' }}", 1,
            "an if within {{ }} can't be used: write {% if … %}"
        ),
        (
            "{{ serial }}{% for e in edges %}{{ loop.index }}{% endfor %}", 1,
            "\"loop.index\" is Jinja's; write forloop.counter, forloop.first or forloop.last"
        ),
        (
            "{{ serial }}{% if zone is defined %}{% endif %}", 1,
            "tests such as \"is defined\" can't be used; every name is given"
        ),
        (
            "{{ serial }}{% for e in edges if e %}{% endfor %}", 1,
            "\"if e\" behind a loop's list can't be used"
        ),
        ("{{ serial }}\n{{ zone", 2, "{{ is not closed by }}"),
        (
            "{{ serial }}{% now \"yyyy\" %}", 1,
            "the tag \"now\" can't be used: a zone's text must not change by itself"
        ),
        ("{{ zone }}", 0, "it has no {{ serial }}: name servers would never take a new version"),
    ])
    func whatCannotBeReadIsRefused(text: String, line: Int, message: String) {
        #expect(throws: TemplateProblem(file: "t", line: line, message: message)) {
            try StencilTemplate(text, file: "t")
        }
    }

    @Test func commentsAndWhitespaceControlAreUnderstood() throws {
        let text = "{# {% set x %} #}{{ serial }}{%- if edges -%} {{ zone }} {%- endif %}"
        let template = try StencilTemplate(text, file: "t")
        let rendered = try template.render(
            Self.content(["192.0.2.1"]), serial: SOASerial(5), include: [])
        #expect(String(decoding: rendered, as: UTF8.self) == "5example.test")
    }

    @Test(
        arguments: [
            ("extra 60 IN TXT \"x\"\n", nil),
            ("@ 60 IN CAA 0 issue \"ca.test\"\n", nil),
            ("@ 60 IN A 192.0.2.66\n", "it adds example.test. A 192.0.2.66, a rotated name's"),
            (
                "www 60 IN AAAA 2001:db8::66\n",
                "it adds www.example.test. AAAA 2001:db8::66, a rotated name's"
            ),
            (
                "@ 300 IN NS ns3.dns.test.\n",
                "it adds the name server ns3.dns.test.: name it in dns.name_servers"
            ),
        ] as [(String, String?)])
    func recordsMayBeAdded(line: String, fault: String?) throws {
        let content = Self.content(["192.0.2.1"])
        let template = try StencilTemplate(Self.example + line, file: "t")
        let found = try Self.records(
            template.render(content, serial: SOASerial(1), include: []))
        let expected = ZoneRenderer.expectedRecords(
            content, serial: SOASerial(1), includeRecords: [])
        do throws(TemplateRules.Fault) {
            let added = try TemplateRules.additions(
                found: found, expected: expected, content: content)
            #expect(added.count == 1 && fault == nil)
        } catch {
            #expect(error.message == fault)
        }
    }

    @Test func aTemplateThatForgetsAddressesIsRefused() throws {
        let content = Self.content(["192.0.2.1"])
        let text = Self.example.replacing("{{ record.data }}", with: "192.0.2.7")
        let found = try Self.records(
            StencilTemplate(text, file: "t").render(content, serial: SOASerial(1), include: []))
        #expect(
            throws: TemplateRules.Fault(
                message: "its zone lacks *.cdn.example.test. 300 A 192.0.2.1")
        ) {
            try TemplateRules.additions(
                found: found,
                expected: ZoneRenderer.expectedRecords(
                    content, serial: SOASerial(1), includeRecords: []), content: content)
        }
    }
}
