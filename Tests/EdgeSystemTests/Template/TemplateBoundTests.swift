import EdgeCore
import EdgeShell
import EdgeSystemTemplate
import EdgeTesting
import Testing

/// A rendering ends, and makes no more than a zone's text, whatever the template says.
@Suite struct TemplateBoundTests {
    /// A zone with many records and a large include.
    static let content = ZoneContent(
        zone: "example.test",
        addresses: (1...200).map { IPAddress.v4(0xC000_0200 + $0) },
        dns: DNSSettings(
            primary: "ns1.dns.test.", mailbox: "host.dns.test.", nameServers: ["ns1.dns.test."],
            rotatedLabels: (1...50).compactMap { RotatedLabel("n\($0)") }, isExplicit: true))
    static let include = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)

    @Test(arguments: [
        "{% for a in records %}{% for b in records %}{{ records.count }}{% endfor %}{% endfor %}",
        "{% for a in records %}{% if records %}{% endif %}{% endfor %}",
        "{% for a in records %}{% if records.count == 3 %}x{% endif %}{% endfor %}",
        "{% for a in include|split:'a' %}{{ a }}{% for b in include|split:'a' %}{% endfor %}{% endfor %}",
    ])
    func stepsAreCounted(text: String) throws {
        let template = try StencilTemplate("{{ serial }}" + text, file: "t")
        let problem = TemplateProblem(
            file: "t", line: 0,
            message: "it can't be rendered: it takes more than 200000 steps: nest fewer loops")
        #expect(throws: problem) {
            try template.render(Self.content, serial: SOASerial(1), include: Self.include)
        }
        // The next zone has the whole budget again.
        let small = ZoneContent(
            zone: "b.test", addresses: [.v4(1)],
            dns: DNSSettings(primary: "a.", mailbox: "b.", nameServers: ["c."]))
        #expect(throws: Never.self) {
            try template.render(small, serial: SOASerial(1), include: [])
        }
    }

    /// A zone of 62 addresses and 25 names takes 196,852 steps, one of 63 takes 203,177.
    @Test(arguments: [(UInt32(62), true), (63, false)])
    func theLimitIsTwoHundredThousandSteps(addresses: UInt32, isRendered: Bool) throws {
        let content = ZoneContent(
            zone: "example.test", addresses: (1...addresses).map { .v4(0xC000_0200 + $0) },
            dns: DNSSettings(
                primary: "ns1.dns.test.", mailbox: "host.dns.test.", nameServers: ["ns1.dns.test."],
                rotatedLabels: (1...24).compactMap { RotatedLabel("n\($0)") }, isExplicit: true))
        let template = try StencilTemplate(
            "{{ serial }}{% for a in records %}{% for b in edges %}{% endfor %}{% endfor %}",
            file: "t")
        let zone = try? template.render(content, serial: SOASerial(1), include: [])
        #expect((zone != nil) == isRendered)
    }

    @Test(
        arguments: [
            ("{{ include }}{{ include }}{{ include }}{{ include }}{{ include }}", "a zone would"),
            ("{% for a in edges %}{{ include }}{% endfor %}", "a zone would"),
            (
                "{% if zone %}{% for a in edges %}{% if zone %}{{ include }}{% endif %}{% endfor %}{% endif %}",
                "a zone would"
            ),
            ("{{ include|split:'a'|join:'aaaaaaaa' }}", "it takes more"),
            ("{{ include|indent:64,'aaaaaaaaaaaaaaaa' }}", nil),
        ] as [(String, String?)])
    func bytesAreCounted(text: String, fault: String?) throws {
        let template = try StencilTemplate("{{ serial }}" + text, file: "t")
        do throws(TemplateProblem) {
            let zone = try template.render(
                Self.content, serial: SOASerial(1), include: Self.include)
            #expect(fault == nil && zone.count <= StencilTemplate.maximumZoneBytes)
        } catch {
            #expect(error.message.contains(fault ?? "?"), "\(error)")
        }
    }

    @Test func linesOfAnIncludeGrowWithinBounds() throws {
        let lines = [UInt8](repeating: UInt8(ascii: "\n"), count: 10) + Array("a\n".utf8)
        let include = (0..<50_000).flatMap { _ in lines }
        let template = try StencilTemplate(
            "{{ serial }}{{ include|indent:64,\"abcdefgh\" }}", file: "t")
        #expect(throws: TemplateProblem.self) {
            try template.render(Self.content, serial: SOASerial(1), include: include)
        }
    }

    @Test func depthAndLengthAreBounded() {
        let deep = String(repeating: "{% if zone %}", count: 5000)
        let nots = "{% if " + String(repeating: "not ", count: 5000) + "zone %}{% endif %}"
        let filters = "{{ zone" + String(repeating: "|upper", count: 5000) + " }}"
        let blanks = String(repeating: " ", count: 60_000) + "{%- if zone %}{% endif %}"
        let many = String(repeating: "{{ zone }}", count: 3000)
        let long = String(repeating: "a", count: 70_000)
        for text in [deep, nots, filters, blanks, many, long] {
            #expect(throws: TemplateProblem.self) {
                try StencilTemplate("{{ serial }}" + text, file: "t")
            }
        }
    }

    @Test(arguments: [(16, true), (17, false), (400, false)])
    func conditionsStandSixteenDeep(depth: Int, isTaken: Bool) {
        let text =
            "{{ serial }}" + String(repeating: "{% if zone %}", count: depth)
            + String(repeating: "{% endif %}", count: depth)
        let template = try? StencilTemplate(text, file: "t")
        #expect((template != nil) == isTaken)
    }

    /// Thousands of mutated templates: each is refused or rendered, and none ends the process.
    @Test(arguments: 1...8)
    func everyMutationEnds(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var taken = 0
        for _ in 0..<600 {
            let text = Self.mutation(using: &random)
            do throws(TemplateProblem) {
                let template = try StencilTemplate(text, file: "t")
                taken += 1
                _ = try template.render(
                    StencilTemplateTests.content(["192.0.2.1", "2001:db8::1"]),
                    serial: SOASerial(1), include: Array("a 60 IN A 192.0.2.9\n".utf8))
            } catch {
                #expect(error.file == "t" && !error.message.isEmpty)
            }
        }
        #expect(taken > 0)
    }

    private static let pieces = [
        "{{ serial }}", "{{", "}}", "{%", "%}", "{#", "#}", "-", "for e in edges", "endfor",
        "if zone",
        "endif", "else", "elif", "empty", "ifnot", "zone", "records", "include", "rotate_zones",
        ".last",
        ".first", ".0", ".count", "|", ":", ",", "\"", "'", "join:\",\"", "indent:3", "indent:-4",
        "split:\"\"", "default", "upper", "length", " ", "\n", "\t", "==", "in", "not", "and",
        "...",
        "1", "99999999999999999999", "(", ")", "[", "]", "é", "\u{301}", "{", "}", "%", "$0", "_",
        "soa.ttl",
        "{% for e in edges %}{{ e.address }}{% endfor %}",
        "{% if ttl > 3 %}a{% else %}b{% endif %}",
        "forloop.counter", "forloop", "loop.index", "e.address", "\r\n", "\u{0}", "🙂",
    ]

    private static func mutation(using random: inout SeededRandom) -> String {
        var parts = Array(StencilTemplateTests.example).map(String.init)
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let place = Int.random(in: 0..<parts.count, using: &random)
            let piece = pieces.randomElement(using: &random) ?? ""
            switch Int.random(in: 0...3, using: &random) {
            case 0: parts.remove(at: place)
            case 1: parts[place] = piece
            case 2: parts.insert(piece, at: place)
            default:
                let end = min(parts.count, place + Int.random(in: 1...40, using: &random))
                parts.replaceSubrange(place..<end, with: [piece])
            }
        }
        if Int.random(in: 0...2, using: &random) == 0 {
            parts = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            parts.append("{{ serial }}")
        }
        return parts.joined()
    }
}
