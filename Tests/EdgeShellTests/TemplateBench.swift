import EdgeCore
import EdgeShell
import EdgeSimulation
import EdgeTesting
import Testing

/// A network of two live edges out of four, and how its template reads now.
final class TemplateBench {
    let world = World(seed: 1, moments: ManualMoments())
    var store = InMemoryStore()
    var settings: NetworkSettings
    /// What the template adds, a line with LIVE for each address to hand out, LIST being all; nil: there is none.
    var lines: [String]?
    /// Why the template can't be read; nil: it can.
    var problem: String?
    /// Zones that it can't be rendered for.
    var refused: Set<ZoneName> = []
    var steps: @Sendable (ZoneName) -> Int = { _ in 100 }

    init(lines: [String]?, zones: [ZoneName] = ["zone.test"]) {
        self.lines = lines
        settings = NetworkSettings(
            network: "bench", format: .version1,
            object: TestObject(host: "object.test", path: "/o", localFile: "/o"),
            judge: JudgeSettings(goodEnough: .seconds(1), keep: .window),
            selection: SelectionSettings(liveCount: 2),
            dns: DNSSettings(
                primary: "ns1.dns.test.", mailbox: "host.dns.test.",
                nameServers: ["ns1.dns.test."], rotatedLabels: ["www"], isExplicit: true),
            edges: .inline([]), zoneIncludes: "/includes",
            publish: PublishSettings(directory: "/zones"), database: "/db")
        for number in 1...4 {
            let address = IPAddress.v4(0xC000_0200 + UInt32(number))
            world.change { state in
                state.list.append(EdgeName(address))
                state.addresses[EdgeName(address)] = [address]
                state.behaviours[EdgeName(address)] = .fine
            }
        }
        for zone in zones { world.setInclude(zone, "@ 600 IN TXT \"x\"\n") }
    }

    @discardableResult
    func round(forces: Bool = false, isDry: Bool = false) async throws -> RoundOutcome {
        world.moments.advance(by: .seconds(60))
        settings.publish.template = lines == nil ? nil : "t"
        var effects = world.effects(store: store)
        effects.templates = Reader(
            template: Template(lines: lines ?? [], refused: refused, steps: steps), problem: problem
        )
        return try await RoundRunner(effects: effects).run(
            settings, options: RoundOptions(isDry: isDry, forcesUpdate: forces))
    }

    func text(_ zone: ZoneName = "zone.test") -> String {
        String(decoding: world.publishedZones[zone] ?? [], as: UTF8.self)
    }

    /// How many records of `hosts` the zone has.
    func hosts(_ zone: ZoneName = "zone.test") -> Int {
        text(zone).split(separator: "\n").count { $0.hasPrefix("h") && $0.contains(" TXT ") }
    }

    /// Takes the first live edge out, whose address is returned.
    @discardableResult
    func turnOut(_ outcome: RoundOutcome) throws -> String {
        let edge = try #require(outcome.report.live.first)
        world.change { $0.behaviours[edge.name] = .refusing }
        return edge.name.text
    }

    /// Rounds until an edge that died has left the live set.
    func roundsWithout(_ edge: String) async throws -> RoundOutcome {
        for _ in 1...5 {
            let outcome = try await round()
            if !outcome.report.live.contains(where: { $0.name.text == edge }) { return outcome }
        }
        return try #require(nil, "\(edge) stays live")
    }

    /// The serial of a zone's file.
    func serial(_ zone: ZoneName = "zone.test") -> Substring? {
        text(zone).split(separator: "\n").first { $0.contains(" SOA ") }?.split(separator: " ")
            .dropFirst(6).first
    }
}

extension TemplateBench {
    /// A template that writes the built-in text and lines of its own, and says what it took.
    struct Template: ZoneTemplate {
        var lines: [String]
        var refused: Set<ZoneName>
        var steps: @Sendable (ZoneName) -> Int
        var key: String { "k\(lines.count)" }

        func rendering(
            of content: ZoneContent, serial: SOASerial, include: [UInt8]
        ) -> TemplateRendering {
            let steps = steps(content.zone)
            guard steps < TemplateAllowance.dearest else {
                let problem = TemplateProblem(file: "t", line: 0, message: "too many steps")
                return TemplateRendering(
                    text: .failure(problem), steps: TemplateAllowance.dearest, passesLimit: true)
            }
            guard !refused.contains(content.zone) else {
                let problem = TemplateProblem(file: "t", line: 7, message: "it fails here")
                return TemplateRendering(text: .failure(problem), steps: steps)
            }
            let text = ZoneRenderer.render(content, serial: serial, include: include)
            let list = content.addresses.map(\.description).joined(separator: ",")
            let own = lines.flatMap { line in
                guard line.contains("LIVE") else {
                    return [line.replacing("LIST", with: list) + "\n"]
                }
                return content.addresses.map { line.replacing("LIVE", with: "A \($0)") + "\n" }
            }
            return TemplateRendering(text: .success(text + Array(own.joined().utf8)), steps: steps)
        }
    }

    struct Reader: TemplateReader {
        var template: Template
        var problem: String?

        func template(at path: String) throws(TemplateProblem) -> any ZoneTemplate {
            if let problem { throw TemplateProblem(file: path, line: 3, message: problem) }
            return template
        }
    }
}
