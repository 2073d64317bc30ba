import EdgeCore
import EdgeShell
import EdgeTesting
import Testing

/// Rounds of a network with an operator's zone template, told to the production shell in a world in memory.
@Suite struct TemplateRoundTests {
    /// A template that writes the built-in text and lines of its own, and says what it took.
    struct Template: ZoneTemplate {
        var lines: [String]
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
            let text = ZoneRenderer.render(content, serial: serial, include: include)
            let own = lines.map { $0 + "\n" }.joined()
            return TemplateRendering(text: .success(text + Array(own.utf8)), steps: steps)
        }
    }

    struct Reader: TemplateReader {
        var template: Template
        func template(at path: String) throws(TemplateProblem) -> any ZoneTemplate { template }
    }

    /// A network of two live edges out of four, and how its template reads now.
    final class Bench {
        let world = World(seed: 1, moments: ManualMoments())
        let store = InMemoryStore()
        var settings: NetworkSettings
        /// What the template adds; nil: there is none.
        var lines: [String]?
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
            effects.templates = Reader(template: Template(lines: lines ?? [], steps: steps))
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

        /// Takes the first live edge out.
        func turnOut(_ outcome: RoundOutcome) throws {
            let edge = try #require(outcome.report.live.first)
            world.change { $0.behaviours[edge.name] = .refusing }
        }
    }

    static let hosts = (1...10).map { "h\($0) 300 IN TXT \"h\"" }

    private func causes(_ outcome: RoundOutcome) -> [ZoneCause] {
        outcome.settlements.filter { $0.action == .write }.flatMap(\.step.causes)
    }

    /// A template that is set, changed and taken away is told as such, and not as a live set's change.
    @Test func aChangedTemplateIsTheCause() async throws {
        let bench = Bench(lines: nil)
        try await bench.round()
        for lines in [
            ["h1 300 IN TXT \"h\""], ["h1 300 IN TXT \"h\"", "h2 300 IN TXT \"h\""], nil,
        ] {
            bench.lines = lines
            let outcome = try await bench.round()
            #expect(causes(outcome) == [.template])
            #expect(bench.hosts() == lines?.count ?? 0)
            #expect(outcome.report.holds.isEmpty)
        }
        let last = try #require(try bench.store.generations("bench", limit: 1).first)
        #expect(last.zones["zone.test"]?.causes == [.template])
        let quiet = try await bench.round()
        #expect(quiet.settlements.isEmpty && quiet.report.written.isEmpty)
    }

    /// What a template takes away at once is held, whether it says less or is gone, and nothing else about
    /// the zone waits meanwhile.
    @Test(arguments: [[], nil] as [[String]?])
    func aLossIsHeldAndTheZoneGoesOn(lines: [String]?) async throws {
        let bench = Bench(lines: Self.hosts)
        var outcome = try await bench.round()
        #expect(bench.hosts() == 10)
        let published = bench.text()
        bench.lines = lines
        outcome = try await bench.round()
        let hold = try #require(outcome.report.holds.first)
        #expect(
            "\(hold)"
                == "the zone template changed, and zone zone.test would lose 10 of 11 records that do not "
                + "rotate (h1.zone.test. TXT \"h\"; h10.zone.test. TXT \"h\"; h2.zone.test. TXT \"h\"; …): "
                + "they stay; if that is meant, run edgemanage approve")
        #expect(hold.zone == "zone.test")
        let generation = outcome.generation
        // The same again: no new serial, no new generation (I4).
        outcome = try await bench.round()
        #expect(bench.text() == published && outcome.generation == generation)
        #expect(outcome.report.holds == [hold])
        // The live set and the include go on.
        try bench.turnOut(outcome)
        outcome = try await bench.round()
        #expect(outcome.report.removed.count == 1 && causes(outcome) == [.addresses])
        let out = try #require(outcome.report.removed.first)
        #expect(!bench.text().contains(" A \(out)\n") && bench.hosts() == 10)
        bench.world.setInclude("zone.test", "@ 600 IN TXT \"y\"\n")
        outcome = try await bench.round()
        #expect(causes(outcome) == [.include] && outcome.report.holds == [hold])
        #expect(bench.text().contains("\"y\"") && bench.hosts() == 10)
        // Approved, it goes, once.
        let key = try #require(hold.approvalKey)
        try bench.store.approve(
            "bench", keys: [key], actor: "test", now: bench.world.moments.now())
        outcome = try await bench.round()
        #expect(outcome.report.holds.isEmpty && causes(outcome) == [.template])
        #expect(bench.hosts() == 0 && bench.text().contains("\"y\""))
        outcome = try await bench.round()
        #expect(outcome.settlements.isEmpty)
    }

    /// The old template is back: nothing is held, and nothing is written.
    @Test func theOldTemplateEndsTheHold() async throws {
        let bench = Bench(lines: Self.hosts)
        try await bench.round()
        let published = bench.text()
        bench.lines = []
        var outcome = try await bench.round()
        #expect(outcome.report.holds.count == 1 && bench.text() == published)
        try bench.turnOut(outcome)
        outcome = try await bench.round()
        #expect(outcome.report.holds.count == 1 && bench.text() != published)
        bench.lines = Self.hosts
        outcome = try await bench.round()
        #expect(outcome.report.holds.isEmpty && outcome.settlements.isEmpty)
        #expect(bench.hosts() == 10)
    }

    @Test func forcedUpdatesAskForIt() async throws {
        let bench = Bench(lines: Self.hosts)
        try await bench.round()
        bench.lines = []
        #expect(try await bench.round(forces: true).report.holds.isEmpty)
        #expect(bench.hosts() == 0)
    }

    /// An approval lets through the loss that was seen, and no greater one.
    @Test func anApprovalIsForOneLoss() async throws {
        let bench = Bench(lines: Self.hosts)
        try await bench.round()
        bench.lines = Array(Self.hosts.prefix(6))
        let seen = try #require(try await bench.round().report.holds.first?.approvalKey)
        try bench.store.approve(
            "bench", keys: [seen], actor: "test", now: bench.world.moments.now())
        bench.lines = []
        let outcome = try await bench.round()
        #expect(outcome.report.holds.count == 1 && bench.hosts() == 10)
        #expect(outcome.report.holds.first?.approvalKey != seen)
    }

    /// Less than the guard's share goes unasked.
    @Test func aSmallLossGoesOut() async throws {
        let bench = Bench(lines: Self.hosts)
        try await bench.round()
        bench.lines = Array(Self.hosts.prefix(7))
        #expect(try await bench.round().report.holds.isEmpty)
        #expect(bench.hosts() == 7)
    }

    /// A file that is gone, or another program's, tells nothing of what the template gave: that is said, and
    /// the zone is put right (I7).
    @Test(arguments: [nil, "zone.test. 300 IN SOA a. b. 9 1 1 1 1\n"] as [String?])
    func aLostFileIsNotCompared(text: String?) async throws {
        let bench = Bench(lines: Self.hosts)
        try await bench.round()
        bench.world.tamper("zone.test", text.map { Array($0.utf8) })
        bench.lines = []
        let outcome = try await bench.round()
        #expect(outcome.report.holds.isEmpty && bench.hosts() == 0)
        #expect(bench.text().contains(" A 192.0.2."))
        #expect(outcome.report.warnings.contains { $0.hasSuffix("it was not compared") })
    }

    /// What an edited include brings may not stand beside what the template gave: the zone goes on with the
    /// new template rather than not at all.
    @Test func whatCannotStandBesideTheIncludeIsLetGo() async throws {
        let bench = Bench(lines: Self.hosts)
        try await bench.round()
        bench.lines = []
        #expect(try await bench.round().report.holds.count == 1)
        bench.world.setInclude("zone.test", "h1 600 IN CNAME other.test.\n")
        let outcome = try await bench.round()
        #expect(outcome.report.holds.isEmpty && bench.hosts() == 0)
        #expect(bench.text().contains("CNAME other.test."))
        #expect(outcome.report.warnings.contains { $0.contains("could not be held") })
    }

    /// One hold for all zones, that names the first.
    @Test func manyZonesAreOneHold() async throws {
        let zones = (10...19).map { ZoneName("z\($0).test")! }
        let bench = Bench(lines: Self.hosts, zones: zones)
        try await bench.round()
        bench.lines = []
        let outcome = try await bench.round()
        let hold = try #require(outcome.report.holds.first)
        #expect(outcome.report.holds.count == 1 && hold.zone == nil)
        #expect("\(hold)".contains("zone z10.test would lose 10 of 11 records"))
        #expect("\(hold)".contains(", 9 more zones some of theirs: they stay"))
        #expect(zones.allSatisfy { bench.hosts($0) == 10 })
        try bench.store.approve(
            "bench", keys: [try #require(hold.approvalKey)], actor: "test",
            now: bench.world.moments.now())
        #expect(try await bench.round().report.holds.isEmpty)
        #expect(zones.allSatisfy { bench.hosts($0) == 0 })
    }

    /// A template that is too dear in every zone is given up after a few, and said once.
    @Test func aTemplateTooDearIsGivenUp() async throws {
        let zones = (1000...1999).map { ZoneName("z\($0).test")! }
        let bench = Bench(lines: [], zones: zones)
        bench.steps = { _ in .max }
        let outcome = try await bench.round()
        #expect(outcome.failures.keys.sorted() == Array(zones.prefix(4)))
        #expect(
            outcome.troubles == [
                "t takes too many steps and is given up for this round: 996 more zones to publish stay as "
                    + "before: nest fewer loops"
            ])
        #expect(bench.world.publishedZones.isEmpty)
    }

    /// Many zones that are each just below their limit take no more than a round's steps.
    @Test func aRoundsStepsAreBounded() async throws {
        let zones = (1000...1999).map { ZoneName("z\($0).test")! }
        let bench = Bench(lines: [], zones: zones)
        bench.steps = { _ in 190_000 }
        let outcome = try await bench.round()
        let written = outcome.report.written
        #expect(written == Array(zones.prefix(written.count)))
        #expect((100...120).contains(written.count))
        #expect(outcome.troubles.count == 1 && outcome.failures.isEmpty)
        // The next round goes on where this one ended.
        let next = try await bench.round()
        #expect(next.report.written.first == zones[written.count])
    }

    /// 10,000 zones by an ordinary template are never given up.
    @Test func ordinaryTemplatesAlwaysFit() {
        var allowance = TemplateAllowance()
        let content = ZoneContent(
            zone: "zone.test", addresses: (1...60).map { .v4($0) },
            dns: DNSSettings(
                primary: "a.", mailbox: "b.", nameServers: ["c."],
                rotatedLabels: (1...24).compactMap { RotatedLabel("n\($0)") }))
        for _ in 0..<10_000 {
            allowance.take(content, steps: 1000 + 20 * 25 * 60, passesLimit: false)
        }
        #expect(!allowance.isSpent)
        allowance.take(content, steps: 25_000_000, passesLimit: false)
        #expect(allowance.isSpent)
    }
}
