import EdgeCore
import EdgeShell
import EdgeSimulation
import EdgeTesting
import Testing

/// Rounds of a network with an operator's zone template, told to the production shell in a world in memory.
@Suite struct TemplateRoundTests {
    typealias Bench = TemplateBench

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

    /// The old template is back: nothing is held, and nothing is written. What went on without it meanwhile is
    /// found to be what it says.
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
        #expect(outcome.report.holds.isEmpty && outcome.report.written.isEmpty)
        #expect(bench.hosts() == 10)
        outcome = try await bench.round()
        #expect(outcome.settlements.isEmpty)
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

    /// A file that was touched or brought back, with what was published in it, is still ours: a loss is held.
    @Test func aTouchedFileIsCompared() async throws {
        let bench = Bench(lines: Self.hosts)
        try await bench.round()
        let published = bench.text()
        bench.lines = []
        bench.world.tamper("zone.test", Array(published.utf8))
        var outcome = try await bench.round()
        #expect(outcome.report.holds.count == 1 && bench.text() == published)
        #expect(outcome.report.warnings.isEmpty && outcome.report.written.isEmpty)
        outcome = try await bench.round()
        #expect(outcome.report.holds.count == 1 && outcome.report.written.isEmpty)
        let edge = try bench.turnOut(outcome)
        bench.world.tamper("zone.test", Array(published.utf8))
        outcome = try await bench.roundsWithout(edge)
        #expect(outcome.report.holds.count == 1 && bench.hosts() == 10)
        #expect(!bench.text().contains(edge))
    }

    /// Other addresses, or another serial, are another file's.
    @Test(arguments: [
        ("www 300 IN A 192.0.2.", "www 300 IN A 198.51.100."),
        (" host.dns.test. 1", " host.dns.test. 2"),
    ])
    func anEditedFileIsNotCompared(text: String, other: String) async throws {
        let bench = Bench(lines: Self.hosts)
        try await bench.round()
        let published = bench.text()
        let edited = published.replacing(text, with: other)
        #expect(edited != published)
        bench.lines = []
        bench.world.tamper("zone.test", Array(edited.utf8))
        let outcome = try await bench.round()
        #expect(outcome.report.holds.isEmpty && bench.hosts() == 0)
        #expect(outcome.report.warnings.contains { $0.hasSuffix("it was not compared") })
    }

    /// What can't stand beside an edited include is given up, and named; the rest is held.
    @Test func whatCannotStandBesideTheIncludeIsLetGo() async throws {
        let bench = Bench(lines: Self.hosts)
        try await bench.round()
        bench.lines = []
        #expect(try await bench.round().report.holds.count == 1)
        bench.world.setInclude("zone.test", "h1 600 IN CNAME other.test.\n")
        let outcome = try await bench.round()
        #expect(outcome.report.holds.count == 1 && bench.hosts() == 9)
        #expect(bench.text().contains("CNAME other.test."))
        #expect(
            outcome.report.warnings.contains(
                "zone zone.test goes on without 1 record that the last zone template added and that can't "
                    + "stand beside its include and the rotated names: h1.zone.test. TXT \"h\""))
        let next = try await bench.round()
        #expect(next.report.holds == outcome.report.holds)
        #expect(next.report.written.isEmpty && next.report.warnings.isEmpty)
    }

    /// When what can be kept is too little to ask for, the zone goes on with the new template.
    @Test func whatIsNotWorthHoldingIsLetGo() async throws {
        let bench = Bench(lines: Array(Self.hosts.prefix(4)))
        try await bench.round()
        bench.lines = []
        bench.world.setInclude(
            "zone.test", "h1 600 IN CNAME o.test.\nh2 600 IN CNAME o.test.\n@ 600 IN TXT \"x\"\n")
        let outcome = try await bench.round()
        #expect(outcome.report.holds.isEmpty && bench.hosts() == 0)
        #expect(outcome.report.warnings.contains { $0.contains("could not be held") })
    }

    /// Addresses that the template made of the live set follow it while a loss is held.
    @Test func whatIsHeldFollowsTheLiveSet() async throws {
        let bench = Bench(lines: Self.hosts + ["* 60 IN LIVE"])
        var outcome = try await bench.round()
        bench.lines = []
        outcome = try await bench.round()
        #expect(outcome.report.holds.count == 1)
        let edge = try bench.turnOut(outcome)
        outcome = try await bench.roundsWithout(edge)
        #expect(outcome.report.holds.count == 1 && bench.hosts() == 10)
        #expect(bench.text().contains("\n*.zone.test. 60 IN A "))
        #expect(!bench.text().contains(" \(edge)\n"), "\(bench.text())")
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
                "t takes too many steps and is given up for this round: 996 more zones to publish go on with "
                    + "what the last template added, or, if new, wait: nest fewer loops"
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
