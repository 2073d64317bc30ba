import EdgeCore
import EdgeShell
import EdgeSimulation
import EdgeTesting
import Testing

/// The steady judge in the production shell: what it remembers between rounds, and what status says.
@Suite struct SteadyRunnerTests {
    private func bench(edges: Int, live: Int) -> RoundRunnerTests.Bench {
        let bench = RoundRunnerTests.Bench(edges: edges, live: live)
        bench.settings.judge.steady = SteadySettings()
        return bench
    }

    private func row(
        _ bench: RoundRunnerTests.Bench, _ edge: Int
    ) throws -> StatusView.StatusEdge {
        let now = bench.world.moments.now()
        let state = try bench.store.load("bench", judge: bench.settings.judge, now: now)
        let list = bench.world.change { $0.list }
        let view = StatusView(settings: bench.settings, state: state, inventory: list, now: now)
        return try #require(view.edges.first { $0.edge == list[edge - 1].text })
    }

    @Test func whatItRemembersGoesFromRoundToRound() async throws {
        let bench = bench(edges: 4, live: 2)
        #expect(bench.live(try await bench.round()).count == 2)
        #expect(
            try row(bench, 1).detail.hasSuffix(
                "; not up yet: 1 more clean round, about 60 s, before it has 2 clean rounds in a row "
                    + "(now 1)"))
        var live = bench.live(try await bench.round())
        #expect(try row(bench, 1).detail.hasSuffix("; up after 2 clean rounds"))
        // Three failed attempts take it out in the round that shows them.
        let victim = try #require(live.min())
        bench.turn([victim], .silent)
        live = bench.live(try await bench.round())
        #expect(!live.contains(victim) && live.count == 2)
        let down = try row(bench, victim)
        #expect(down.health == "fail")
        #expect(
            down.detail
                == "ran out of time in connect; down: a failure score of 40 %, above 35 %; not up yet: "
                + "11 more clean rounds, about 11 min, before its failure score of 40 % is below 10 %"
        )
        bench.turn([victim], .fine)
        for _ in 0..<12 { try await bench.round() }
        #expect(try row(bench, victim).health == "pass_threshold")
        #expect(bench.live(try await bench.round()) == live)
    }

    @Test func classicSpeaksAsItAlwaysDid() async throws {
        let bench = RoundRunnerTests.Bench(edges: 3, live: 2)
        bench.turn([3], .silent)
        let outcome = try await bench.round()
        #expect(try row(bench, 3).detail == "ran out of time in connect")
        #expect(outcome.observations.allSatisfy { $0.attempts == 1 && $0.earlier.isEmpty })
        let now = bench.world.moments.now()
        let state = try bench.store.load("bench", judge: bench.settings.judge, now: now)
        #expect(state.targets.values.allSatisfy { $0.steady == nil })
    }

    /// Edges under suspicion are asked every time; others once, while they answer well.
    @Test func suspicionAsksMore() async throws {
        let bench = bench(edges: 2, live: 1)
        bench.settings.judge.steady = SteadySettings(attempts: 2)
        for _ in 0..<6 { try await bench.round() }
        bench.turn([1], .failing)
        var outcome = try await bench.round()
        #expect(outcome.observations.map(\.attempts) == [2, 1])
        bench.turn([1], .fine)
        outcome = try await bench.round()
        #expect(outcome.observations.map(\.attempts) == [2, 1])
        #expect(outcome.observations[0].earlier.first?.fetchTime != nil)
        for _ in 0..<40 { outcome = try await bench.round() }
        #expect(outcome.observations.map(\.attempts) == [1, 1])
    }
}
