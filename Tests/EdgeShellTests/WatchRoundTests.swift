import EdgeCore
import EdgeShell
import EdgeSimulation
import EdgeTesting
import Testing

/// A daemon's rounds: looking apart from acting, operators' words at once, and modes that end by themselves.
@Suite struct WatchRoundTests {
    private typealias Bench = RoundRunnerTests.Bench

    private func address(_ number: Int) -> EdgeName {
        EdgeName(IPAddress.v4(0xC000_0200 + UInt32(number)))
    }

    private func runner(_ bench: Bench) -> RoundRunner {
        RoundRunner(effects: bench.world.effects(store: bench.store))
    }

    private func set(
        _ bench: Bench, _ edge: Int, _ mode: Mode, for length: Duration? = nil
    ) throws {
        let now = bench.world.moments.now()
        try bench.store.setMode(
            "bench", edge: address(edge),
            to: ModeRecord(
                mode: mode, comment: "[anna] kernel", changed: now.wall,
                limit: length.map { TimeLimit(since: now, length: $0) }),
            actor: "anna", now: now)
    }

    /// A sighting is judged once: acted on again for an operator it changes no history.
    @Test func anOrderIsCarriedOutByTheLastVerdicts() async throws {
        let bench = Bench(edges: 4, live: 2)
        let runner = runner(bench)
        let sighting = try await runner.look(bench.settings, spread: nil)
        let first = try await runner.act(
            on: sighting, settings: bench.settings, asksServers: true)
        let victim = try #require(bench.live(first).min())
        let samples = bench.store.samples(
            "bench", target: ProbeTarget(name: address(victim), family: .ipv4), limit: 10)
        // Whatever the edges do now: nobody asks them.
        bench.turn([1, 2, 3, 4], .refusing)
        try set(bench, victim, .unavailable)
        bench.world.moments.advance(by: .seconds(1))
        let second = try await runner.act(
            on: sighting.judged(by: first), settings: bench.settings,
            options: RoundOptions(actor: "anna"), asksServers: false)
        #expect(!bench.live(second).contains(victim))
        #expect(bench.live(second).count == 2)
        #expect(second.report.isStanding && !first.report.isStanding)
        let after = bench.store.samples(
            "bench", target: ProbeTarget(name: address(victim), family: .ipv4), limit: 10)
        #expect(after == samples && samples.count == 1)
        #expect(try bench.store.generations("bench", limit: 1).first?.actor == "anna")
        // The rounds after it judge by what they see.
        let third = try await bench.round()
        #expect(third.observations.allSatisfy { $0.outcome == .refused })
    }

    /// An order's round looks at nobody: what was said of a place that it took goes with the place.
    @Test func anEdgeThatAnOrderTookOutStaysNowhere() async throws {
        let bench = Bench(edges: 8, live: 3)
        bench.settings.selection.substitutionBudget = 1
        let runner = runner(bench)
        let live = bench.live(try await bench.round()).sorted()
        bench.turn(Array(live.prefix(2)), .refusing)
        bench.world.moments.advance(by: .seconds(60))
        let sighting = try await runner.look(bench.settings, spread: nil)
        let round = try await runner.act(
            on: sighting, settings: bench.settings, asksServers: true)
        let kept = try #require(round.decision.selection.heldBack.first)
        func detail() throws -> String? {
            let now = bench.world.moments.now()
            let state = try bench.store.load("bench", judge: bench.settings.judge, now: now)
            let view = StatusView(
                settings: bench.settings, state: state, inventory: bench.world.change { $0.list },
                now: now)
            return view.edges.first { $0.edge == kept.text }?.detail
        }
        #expect(
            try detail()
                == "refused the connection; stays, since 1 substitution in 10 minutes is used up (the "
                + "rotation budget)")
        let now = bench.world.moments.now()
        try bench.store.setMode(
            "bench", edge: kept,
            to: ModeRecord(mode: .unavailable, comment: "disk", changed: now.wall),
            actor: "anna", now: now)
        let order = try await runner.act(
            on: sighting.judged(by: round), settings: bench.settings, asksServers: false)
        #expect(!order.report.live.contains { $0.name == kept })
        #expect(try detail() == "refused the connection")
    }

    /// What a sick monitor must not do it does not do for an operator either; his own word goes out.
    @Test func aSickMonitorStaysSickForAnOrder() async throws {
        let bench = Bench(edges: 4, live: 2)
        let runner = runner(bench)
        let before = bench.live(try await bench.round())
        bench.turn([1, 2, 3, 4], .refusing)
        bench.world.moments.advance(by: .seconds(60))
        let sighting = try await runner.look(bench.settings, spread: nil)
        let sick = try await runner.act(
            on: sighting, settings: bench.settings, asksServers: true)
        #expect(sick.decision.monitor.holdsHealth)
        let victim = try #require(before.min())
        try set(bench, victim, .unavailable)
        let outcome = try await runner.act(
            on: sighting.judged(by: sick), settings: bench.settings, asksServers: false)
        #expect(outcome.decision.monitor.sickness == sick.decision.monitor.sickness)
        #expect(!bench.live(outcome).contains(victim))
    }

    /// The rounds in which a monitor that was sick keeps still are rounds that look; an order is none of them.
    @Test func anOrderIsNoQuietRound() async throws {
        let bench = Bench(edges: 4, live: 2)
        let runner = runner(bench)
        try await bench.round()
        bench.turn([1, 2, 3, 4], .refusing)
        bench.world.moments.advance(by: .seconds(60))
        let sighting = try await runner.look(bench.settings, spread: nil)
        let sick = try await runner.act(
            on: sighting, settings: bench.settings, asksServers: true)
        bench.turn([1, 2, 3, 4], .fine)
        bench.world.moments.advance(by: .seconds(60))
        let seen = try await runner.look(bench.settings, spread: nil)
        let quiet = try await runner.act(on: seen, settings: bench.settings, asksServers: true)
        let left = quiet.decision.monitor.sickRoundsLeft
        #expect(left == sick.decision.monitor.sickRoundsLeft - 1 && left > 0)
        let order = try await runner.act(
            on: seen.judged(by: quiet), settings: bench.settings, asksServers: false)
        #expect(order.decision.monitor.holdsHealth)
        let state = try bench.store.load(
            "bench", judge: bench.settings.judge, now: bench.world.moments.now())
        #expect(state.sickRoundsLeft == left)
    }

    @Test func aModeEndsWhenItsTimeIsOver() async throws {
        let bench = Bench(edges: 3, live: 2)
        let victim = try #require(bench.live(try await bench.round()).min())
        try set(bench, victim, .unavailable, for: .seconds(150))
        #expect(!bench.live(try await bench.round()).contains(victim))
        #expect(!bench.live(try await bench.round()).contains(victim))
        try await bench.round()
        let state = try bench.store.load(
            "bench", judge: bench.settings.judge, now: bench.world.moments.now())
        #expect(state.modes[address(victim)]?.mode == .available)
        #expect(state.modes[address(victim)]?.comment == "")
        let events = bench.store.recentEvents("bench", limit: 20).map(\.event.message)
        #expect(
            events.contains(
                "\(address(victim)) is available again: 150s of unavailable are over: [anna] kernel"
            ),
            "\(events)")
    }

    /// Within a boot no step of the wall clock ends or prolongs it (I25).
    @Test(arguments: [-86_400 * 3650, 86_400 * 3650])
    func aClockStepDoesNotEndIt(step: Int) async throws {
        let bench = Bench(edges: 3, live: 2)
        let victim = try #require(bench.live(try await bench.round()).min())
        try set(bench, victim, .unavailable, for: .seconds(150))
        bench.world.moments.stepWall(by: .seconds(step))
        #expect(!bench.live(try await bench.round()).contains(victim))
        try await bench.round()
        try await bench.round()
        let state = try bench.store.load(
            "bench", judge: bench.settings.judge, now: bench.world.moments.now())
        #expect(state.mode(of: address(victim)) == .available)
    }

    /// An operator who says something else while the round is under way is not overruled by it.
    @Test func aNewerWordStands() throws {
        let store = InMemoryStore()
        let moments = ManualMoments()
        let edge = address(1)
        let old = ModeRecord(
            mode: .unavailable, comment: "[anna] kernel", changed: moments.now().wall,
            limit: TimeLimit(since: moments.now(), length: .seconds(10)))
        try store.setMode("bench", edge: edge, to: old, actor: "anna", now: moments.now())
        moments.advance(by: .seconds(20))
        let new = ModeRecord(mode: .force, comment: "[berta] stay", changed: moments.now().wall)
        try store.setMode("bench", edge: edge, to: new, actor: "berta", now: moments.now())
        try store.begin(
            RoundRecord(
                network: "bench", moment: moments.now(), generation: 1, endedModes: [edge: old]),
            keptSamples: 10)
        let state = try store.load("bench", judge: JudgeSettings(), now: moments.now())
        #expect(state.modes[edge] == new)
    }
}
