import EdgeCore
import EdgeShell
import EdgeSimulation
import EdgeTesting
import Testing

/// What operators' words do in a round: saved plans, old generations, held rotations.
@Suite struct DirectiveTests {
    typealias Bench = RoundRunnerTests.Bench

    private func run(
        _ bench: Bench, _ directive: RoundDirective, passing time: Duration = .seconds(60)
    ) async throws -> RoundOutcome {
        bench.world.moments.advance(by: time)
        let runner = RoundRunner(effects: bench.world.effects(store: bench.store))
        return try await runner.run(
            bench.settings,
            options: RoundOptions(ignoresLastRun: true, directive: directive, actor: "anna"))
    }

    private func plan(_ bench: Bench) async throws -> SavedPlan {
        let runner = RoundRunner(effects: bench.world.effects(store: bench.store))
        return try await runner.run(
            bench.settings, options: RoundOptions(isDry: true, ignoresLastRun: true)
        ).saved
    }

    private func address(_ number: Int) -> EdgeName { EdgeName(.v4(0xC000_0200 + UInt32(number))) }

    @Test func everyPublicationIsAGeneration() async throws {
        let bench = Bench(edges: 4, live: 2)
        let victim = try #require(bench.live(try await bench.round()).min())
        bench.turn([victim], .refusing)
        try await bench.round()
        try await bench.round()
        let kept = try bench.store.generations("bench", limit: 10)
        #expect(kept.map(\.number) == [2, 1])
        #expect(kept[0].removed == [address(victim)])
        #expect(kept[0].reasons[address(victim)]?.contains("refused") == true)
        #expect(kept[0].zones["zone.test"]?.causes == [.addresses])
        #expect(kept.allSatisfy { $0.actor == "edgemanage" && $0.cause == .round })
    }

    /// Old content under a new serial; the old generation itself stays as it is.
    @Test func rollbackPublishesOldContentUnderANewSerial() async throws {
        let bench = Bench(edges: 4, live: 2)
        let original = bench.live(try await bench.round())
        let first = try #require(try bench.store.contents("bench", at: 1))
        bench.turn([try #require(original.min())], .refusing)
        try await bench.round()
        bench.world.setInclude("zone.test", "@ 600 IN TXT \"y\"\n")
        try await bench.round()
        let second = try #require(try bench.store.contents("bench", at: 3))
        #expect(second.zones["zone.test"]?.includeRevision == 2)

        bench.turn(Array(original), .fine)
        let text = try #require(first.includes["zone.test"]).text
        let outcome = try await run(
            bench,
            RoundDirective(
                cause: .rollback(to: 1), live: first.generation.live, dns: first.generation.dns,
                includes: ["zone.test": text]))
        #expect(bench.live(outcome) == original)
        #expect(outcome.generation == 4)
        let now = try #require(try bench.store.contents("bench", at: 4))
        #expect(now.generation.actor == "anna")
        #expect(now.generation.cause == .rollback(to: 1))
        #expect(now.zones["zone.test"]?.contentKey == first.zones["zone.test"]?.contentKey)
        #expect(now.includes["zone.test"]?.text == text)
        let serials = [second, now].compactMap { $0.zones["zone.test"]?.serial }
        #expect(serials[1].isNewer(than: serials[0]) == true)
        // The brought back include goes on until its file changes.
        let next = try await bench.round()
        #expect(next.settlements.allSatisfy { !$0.step.causes.contains(.include) })
    }

    /// An address whose edge left the list may belong to somebody else by now (I17 for unavailable ones).
    @Test func rollbackLeavesOutWhatMayNotBeLive() async throws {
        let bench = Bench(edges: 5, live: 3)
        let gone = address(try #require(bench.live(try await bench.round()).min()))
        let first = try #require(try bench.store.contents("bench", at: 1))
        bench.world.change { state in state.list.removeAll { $0 == gone } }
        try await bench.round()
        let outcome = try await run(
            bench, RoundDirective(cause: .rollback(to: 1), live: first.generation.live))
        #expect(!outcome.report.live.contains { $0.name == gone })
        #expect(outcome.report.live.count == 2)
    }

    /// A canary of an old generation that is dead by now stays out, unless the operator insists.
    @Test(arguments: [false, true])
    func rollbackLeavesOutADeadCanary(insists: Bool) async throws {
        let bench = Bench(edges: 4, live: 2)
        let canary: IPAddress = "192.0.2.77"
        bench.world.change { state in
            state.canaries["zone.test"] = canary
            state.behaviours[EdgeName(canary)] = .fine
        }
        try await bench.round()
        let first = try #require(try bench.store.contents("bench", at: 1))
        #expect(first.zones["zone.test"]?.canary == canary)
        bench.world.change { $0.behaviours[EdgeName(canary)] = .refusing }
        try await bench.round()
        var directive = RoundDirective(
            cause: .rollback(to: 1), live: first.generation.live, canaries: ["zone.test": canary])
        directive.insists = insists
        let outcome = try await run(bench, directive)
        let text = String(decoding: bench.world.publishedZones["zone.test"] ?? [], as: UTF8.self)
        #expect(text.contains("\(canary)") == insists)
        let words = "zone zone.test goes out without its canary 192.0.2.77: "
        #expect(outcome.report.warnings.contains { $0.hasPrefix(words) } != insists)
    }

    /// An edge's second address only goes out while it answers, as in every round.
    @Test(arguments: [false, true])
    func aSecondAddressThatFailsStaysOut(insists: Bool) {
        var directive = RoundDirective(
            cause: .rollback(to: 1),
            live: [
                LiveEdge(
                    name: "e1.test",
                    addresses: EdgeAddresses(ipv4: "192.0.2.1", ipv6: "2001:db8::1"))
            ])
        directive.insists = insists
        func note(_ family: AddressFamily, _ outcome: ProbeOutcome) {
            directive.note(
                Observation(
                    target: ProbeTarget(name: "e1.test", family: family), address: nil,
                    outcome: outcome))
        }
        note(.ipv6, .timeout(.connect))
        #expect(directive.live.first?.addresses.ipv6 == (insists ? "2001:db8::1" : nil))
        #expect(directive.failing.isEmpty && directive.leftOut.isEmpty == insists)
        directive.note(
            Observation(
                target: ProbeTarget(name: "e1.test", family: .ipv4), address: nil,
                outcome: .timeout(.connect), earlier: [.ok(fetchTime: .milliseconds(9))]))
        #expect(directive.failing.isEmpty)
        note(.ipv4, .timeout(.connect))
        #expect(directive.live.first?.addresses.ipv4 == "192.0.2.1")
        #expect(directive.failing.keys.sorted() == ["e1.test"])
    }

    @Test func rollbackNeverGoesBelowTheMinimum() async throws {
        let bench = Bench(edges: 5, live: 3)
        try await bench.round()
        let before = bench.world.publishedZones
        let directive = RoundDirective(
            cause: .rollback(to: 1),
            live: [
                LiveEdge(
                    name: address(4), addresses: EdgeAddresses(ipv4: .v4(0xC000_0204)))
            ],
            includes: ["zone.test": Array("@ 600 IN TXT \"old\"\n".utf8)])
        let hold = Hold.directiveTooSmall(wouldBe: 1, minimum: 2)
        // All of it, or nothing: the old include does not go out with the present live set.
        await #expect(throws: RoundRefusal.tooSmall("\(hold)")) {
            try await run(bench, directive)
        }
        #expect(bench.world.publishedZones == before)
        #expect(try bench.store.generations("bench", limit: 10).count == 1)
    }

    @Test func aSavedPlanIsPublishedAsShown() async throws {
        let bench = Bench(edges: 4, live: 2)
        let original = bench.live(try await bench.round())
        let victim = try #require(original.min())
        bench.turn([victim], .refusing)
        let saved = try await plan(bench)
        bench.turn([victim], .fine)
        let directive = try #require(saved.directive(file: "plan.json"))
        let outcome = try await run(bench, directive)
        #expect(!bench.live(outcome).contains(victim))
        #expect(bench.live(outcome).count == 2)
        let kept = try bench.store.generations("bench", limit: 1)
        #expect(kept.first?.cause == .applied(file: "plan.json"))
    }

    @Test(arguments: ["generation", "mode", "include", "age"])
    func aSavedPlanIsRefusedOnceItsGroundChanged(what: String) async throws {
        let bench = Bench(edges: 4, live: 2)
        let victim = try #require(bench.live(try await bench.round()).min())
        bench.turn([victim], .refusing)
        let saved = try await plan(bench)
        let directive = try #require(saved.directive(file: "plan.json"))
        var passing: Duration = .seconds(60)
        switch what {
        case "generation": try await bench.round()
        case "mode":
            try bench.store.setMode(
                "bench", edge: address(victim), to: ModeRecord(mode: .unavailable, comment: "x"),
                actor: "anna", now: bench.world.moments.now())
        case "include": bench.world.setInclude("zone.test", "@ 600 IN TXT \"z\"\n")
        default: passing = .seconds(16 * 60)
        }
        let before = bench.world.publishedZones
        await #expect(throws: RoundRefusal.self) {
            try await run(bench, directive, passing: passing)
        }
        #expect(bench.world.publishedZones == before)
    }

    /// Health changes nothing while rotations are held; modes do, and afterwards health does again.
    @Test func heldRotationsObeyModesAlone() async throws {
        let bench = Bench(edges: 5, live: 2)
        let original = bench.live(try await bench.round())
        let (victim, other) = (
            try #require(original.min()), try #require(original.max())
        )
        try bench.store.setRotationHold(
            "bench",
            RotationHold(
                since: bench.world.moments.now(), length: .seconds(150), actor: "anna",
                reason: "maintenance"), actor: "anna", now: bench.world.moments.now())
        bench.turn([victim], .refusing)
        let held = try await bench.round()
        #expect(bench.live(held) == original)
        #expect(held.report.holds.map(\.identity) == ["rotations-held"])
        try bench.store.setMode(
            "bench", edge: address(other), to: ModeRecord(mode: .unavailable, comment: "x"),
            actor: "anna", now: bench.world.moments.now())
        #expect(!bench.live(try await bench.round()).contains(other))
        let after = try await bench.round()
        #expect(after.report.holds.isEmpty)
        #expect(!bench.live(after).contains(victim))
    }
}
