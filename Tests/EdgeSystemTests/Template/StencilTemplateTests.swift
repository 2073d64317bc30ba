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

    static let names =
        "zone, origin, serial, ttl, soa, soa_nameserver, soa_mailbox, ns_records, edges, rotate_zones, "
        + "records, include"

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
            "the filter \"replace\" can't be used; there are default, join, lowercase, uppercase, split, indent, lower, upper, length"
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
        ("{{ serial }}{{ loop.index }}", 1, "nothing is called \"loop\"; there are \(names)"),
        (
            "{{ serial }}{% macro a() %}", 1,
            "the tag \"macro\" can't be used: write its text where it is used"
        ),
        (
            "{{ serial }}{% raw %}{% endraw %}", 1,
            "the tag \"raw\" can't be used: write the text without braces"
        ),
        (
            "{{ serial }}{{ zone ~ origin }}", 1,
            "\"~\" can't be used: texts stand beside each other, and nothing is reckoned"
        ),
        (
            "{{ serial }}{{ ttl * 2 }}", 1,
            "\"*\" can't be used: texts stand beside each other, and nothing is reckoned"
        ),
        ("{{ serial }}{{ ttl+1 }}", 1, "\"+\" in \"ttl+1\" can't be used"),
        (
            "{{ serial }}{{ soa.refersh }}", 1,
            "\"soa.refersh\": there is no \"refersh\" in it; there are expire, minimum, refresh, retry, ttl"
        ),
        ("{{ serial }}{{ soa['ttl'] }}", 1, "\"soa[ \"ttl\" ]\" is no single value"),
        (
            "{{ serial }}{{ rotate_zones.last }}", 1,
            "\"rotate_zones.last\": \".last\" can't be used: write a loop with {% if forloop.last %}, since a list may be empty"
        ),
        (
            "{{ serial }}{% for e in edges %}{{ forloop.first }}{% endfor %}", 1,
            "a truth value can't be written out: write a condition"
        ),
        (
            "{{ serial }}{% for e in edges %}{% empty %}{{ forloop.counter }}{% endfor %}", 1,
            "nothing is called \"forloop\"; there are \(names)"
        ),
        ("{{ serial }}{{ edges }}", 1, "a list can't be written out: write a loop, or join:\" \""),
        (
            "{{ serial }}\n{{ records.0 }}", 2,
            "a map can't be written out: write its fields, .data .name .ttl .type"
        ),
        (
            "{{ serial }}\n\n{{ soa }}", 3,
            "a map can't be written out: write its fields, .expire .minimum .refresh .retry .ttl"
        ),
        (
            "{{ serial }}{% for e in edges %}\n{{ e }}{% endfor %}", 2,
            "a map can't be written out: write its fields, .address .type"
        ),
        (
            "{{ serial }}\n{{ rotate_zones.9|default:soa }}", 2,
            "the filter \"default\" can't put a map in the place of a text"
        ),
        (
            "{{ serial }}{{ rotate_zones.9|default:records.0 }}", 1,
            "the filter \"default\" can't put a map in the place of a text"
        ),
        (
            "{{ serial }}{{ rotate_zones.9|default:edges }}", 1,
            "the filter \"default\" can't put a list in the place of a text"
        ),
        ("{{ serial }}{{ edges|join:' ' }}", 1, "the filter \"join\" can't be used on a list"),
        (
            "{{ serial }}{{- zone }}", 1,
            "whitespace control at {{- … -}} can't be used; it works in {%- … -%}"
        ),
        (
            "{{ serial }}\n{#- a -#}", 2,
            "whitespace control at {#- … -#} can't be used; it works in {%- … -%}"
        ),
        ("{{ serial }}{#}{{ zone }}#}", 1, "{#} can't be used"),
        (
            "{{ serial }}{{\tzone }}", 1,
            "a tab or another control character within a tag can't be used; write blanks"
        ),
        (
            "{{ serial }}{% for e in edges %}{% else %}{% endfor %}", 1,
            "else in a loop can't be used: write {% empty %}"
        ),
        ("{{ serial }}\n{% if zone %}", 2, "if is not closed by endif"),
        (
            "{{ serial }}{% for e in edges %}\n{% endif %}", 2,
            "endif stands where the for of line 1 is open"
        ),
        (
            "{{ serial }}{% if ttl > zone %}{% endif %}", 1,
            "\">\" compares numbers, not a number and a text"
        ),
        (
            "{{ serial }}{% if ttl == '300' %}{% endif %}", 1,
            "a number and a text can't be compared"
        ),
        (
            "{{ serial }}{% if zone in ns_records and ttl %}{% endif %}", 1,
            "\"in\" beside and, or, not can't be used: write one if within another"
        ),
        (
            "{{ serial }}{% if zone not in ns_records %}{% endif %}", 1,
            "\"not in\" can't be used: write {% if A in B %}{% else %}…{% endif %}"
        ),
        (
            "{{ serial }}{% if ttl == 1 == 1 %}{% endif %}", 1,
            "comparisons in a row can't be used: write \"and\" between them"
        ),
        (
            "{{ serial }}{% if zone|length %}{% endif %}", 1,
            "a filter within a condition can't be used"
        ),
        ("{{ serial }}{% if (zone) %}{% endif %}", 1, "\"(\" in \"(zone)\" can't be used"),
        (
            "{{ serial }}{% for a, b in soa %}{% endfor %}", 1,
            "a loop has one variable: for NAME in LIST"
        ),
        (
            "{{ serial }}{% for i in range(3) %}{% endfor %}", 1,
            "\"(\" in \"range(3)\" can't be used"
        ),
        ("{{ serial }}{% for i in 1...9 %}{% endfor %}", 1, "\"1...9\" is no name"),
        (
            "{{ serial }}{{ serial|indent:99999999 }}", 1,
            "the filter \"indent\" takes a width of 0 to 64, not \"99999999\""
        ),
        ("{{ serial }}{{ serial|indent:-1 }}", 1, "\"-\" in \"-1\" can't be used"),
        ("{{ serial }}{{ zone|: }}", 1, "a filter has no name"),
        (
            "{{ serial }}{{ zone|default('x') }}", 1,
            "a filter's argument is written default:\"…\", without brackets"
        ),
        (
            "{{ serial }}{{ zone|last }}", 1,
            "the filter \"last\" can't be used: write a loop with {% if forloop.last %}"
        ),
        ("{{ serial }}{{ 'it\"s' }}", 1, "\" within quotes can't be used"),
        (
            "{# serial #}{{ zone }}", 0,
            "it has no {{ serial }}: name servers would never take a new version"
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

    /// What is taken means what it means in Jinja.
    @Test(arguments: [
        ("{% if ttl > 60 and ttl <= 300 %}yes{% endif %}", "yes"),
        ("{% if not zone == 'a' or ttl == 1 %}yes{% endif %}", "yes"),
        (
            "{% if 'www' in rotate_zones %}{% if 'example' in zone %}yes{% endif %}{% endif %}",
            "yes"
        ),
        ("{% ifnot include %}none{% endif %}", "none"),
        ("{% if ttl == 1 %}a{% elif ttl == 2 %}b{% else %}c{% endif %}", "c"),
        (
            "{% for l in rotate_zones %}{{ forloop.counter }}{{ l }}{% if not forloop.last %}, {% endif %}{% endfor %}",
            "1www, 2*.cdn"
        ),
        ("{% for e in edges %}{{ e.address }} {{ e.type }}{% endfor %}", "192.0.2.1 A"),
        ("{% for p in zone|split:'.' %}[{{ p }}]{% endfor %}", "[example][test]"),
        ("{% for p in include|split:'x' %}{{ p }}{% empty %}nobody{% endfor %}", ""),
        (
            "{{ ns_records|join:' ' }} {{ ns_records.0|upper }} {{ ns_records|length }} {{ edges.count }}",
            "ns1.dns.test. ns2.dns.test. NS1.DNS.TEST. 2 1"
        ),
        (
            "{{ zone|upper|lowercase }} {{ zone | default : \"x\" }} {{ rotate_zones.9|default:'-' }}",
            "example.test example.test -"
        ),
        ("{{ edges.0.address }}{{ rotate_zones.9 }}", "192.0.2.1"),
        (
            "{% for a in rotate_zones %}{% for b in ns_records %}{{ a }}{{ forloop.counter }}{% endfor %}{% endfor %}",
            "www1www2*.cdn1*.cdn2"
        ),
        ("a {%- if zone -%} b {%- endif %} c", "ab c"),
        ("{ {x} {{ zone }}}", "{ {x} example.test}"),
    ])
    func whatIsTakenMeansWhatItSays(text: String, expected: String) throws {
        let template = try StencilTemplate("{{ serial }}" + text, file: "t")
        let rendered = try template.render(
            Self.content(["192.0.2.1"]), serial: SOASerial(5), include: [])
        #expect(String(decoding: rendered, as: UTF8.self) == "5" + expected)
    }

    /// Zones without rotated names or an include end nothing.
    @Test func emptyValuesAreHarmless() throws {
        var dns = Self.dns
        dns.rotatedLabels = []
        let content = ZoneContent(zone: "example.test", addresses: [], dns: dns)
        let text =
            "{{ serial }}{{ rotate_zones.first }}{{ edges.0.address }}{{ include|indent:3 }}"
            + "{{ include|upper }}{{ include|default:zone }}{% for e in edges %}{% empty %}-{% endfor %}"
        let rendered = try StencilTemplate(text, file: "t").render(
            content, serial: SOASerial(5), include: [])
        #expect(String(decoding: rendered, as: UTF8.self) == "5-")
    }

    @Test(
        arguments: [
            ("extra 60 IN TXT \"x\"\n", nil),
            ("@ 60 IN CAA 0 issue \"ca.test\"\n", nil),
            (
                "@ 60 IN A 192.0.2.66\n",
                "example.test. is rotated; its A records are generated, not included"
            ),
            (
                "www 60 IN AAAA 2001:db8::66\n",
                "www.example.test. is rotated; its AAAA records are generated, not included"
            ),
            (
                "@ 300 IN NS ns3.dns.test.\n",
                "it adds the name server ns3.dns.test.: name it in dns.name_servers"
            ),
            (
                "www 60 IN NS ns.other.test.\n",
                "NS records at www.example.test. would delegate the rotated name www.example.test. away"
            ),
            (
                "@ 60 IN DS 1 8 2 \(String(repeating: "ab", count: 32))\n",
                "a DS record of example.test. belongs into its parent zone"
            ),
            (
                "alias 60 IN CNAME o.test.\nalias 60 IN TXT \"x\"\n",
                "alias.example.test. has a CNAME record and others; an alias must stand alone"
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
                found: found, expected: expected, include: [], content: content)
            #expect(added.count == 1 && fault == nil)
        } catch {
            #expect(error.message == fault)
        }
    }

    /// What is right by itself may be wrong beside the include's records.
    @Test func additionsStandBesideTheInclude() throws {
        let content = Self.content(["192.0.2.1"])
        let include = [
            DNSRecord(owner: "x.example.test.", ttl: 60, type: "TXT", data: "\"a\""),
            DNSRecord(owner: "d.e.example.test.", ttl: 60, type: "TXT", data: "\"a\""),
        ]
        let expected = ZoneRenderer.expectedRecords(
            content, serial: SOASerial(1), includeRecords: include)
        for (type, owner, problem) in [
            (
                "CNAME", "x.example.test.",
                "x.example.test. has a CNAME record and others; an alias must stand alone"
            ),
            (
                "DNAME", "e.example.test.",
                "d.e.example.test. lies below the DNAME record of e.example.test. and would never be seen"
            ),
        ] {
            let added = DNSRecord(owner: owner, ttl: 60, type: type, data: "o.test.")
            #expect(throws: TemplateRules.Fault(message: problem)) {
                try TemplateRules.additions(
                    found: expected + [added], expected: expected, include: include,
                    content: content)
            }
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
                    content, serial: SOASerial(1), includeRecords: []), include: [],
                content: content)
        }
    }
}
