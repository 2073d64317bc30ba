import EdgeCore
import EdgeShell
import EdgeSimulation
import EdgeTesting
import Synchronization
import Testing

/// What the runner tells whoever keeps the metrics.
@Suite struct MetricsKeepingTests {
    /// Keeps what it was told, in a book.
    final class Keeper: MetricsKeeper {
        struct State {
            var book = MetricsBook()
            var rounds = 0
            var lastPublication: UnixTime?
            var problems = ReportProblems()
        }

        let state = Mutex(State())

        func note(
            _ round: MetricsRound, lastPublication: @escaping @Sendable () -> UnixTime?
        ) -> ReportProblems {
            let last = lastPublication()
            return state.withLock {
                $0.rounds += 1
                $0.book.note(round)
                $0.lastPublication = last
                return $0.problems
            }
        }

        func noteRefusal(_ settings: NetworkSettings) -> ReportProblems {
            state.withLock {
                $0.book.noteRefusal(of: settings.network)
                return $0.problems
            }
        }

        func lines(_ metric: Metric) -> [String] {
            state.withLock { $0.book.page() }.split(separator: "\n")
                .filter { $0.hasPrefix(metric.rawValue + "{") }
                .map { String($0.dropFirst(metric.rawValue.count)) }
        }
    }

    @discardableResult
    private func run(
        _ bench: RoundRunnerTests.Bench, _ keeper: Keeper, after pause: Duration = .seconds(60),
        options: RoundOptions = RoundOptions()
    ) async throws -> RoundOutcome {
        bench.world.moments.advance(by: pause)
        var effects = bench.world.effects(store: bench.store)
        effects.metrics = keeper
        return try await RoundRunner(effects: effects).run(bench.settings, options: options)
    }

    @Test func aRoundIsToldOnceAllOfItIsKnown() async throws {
        let bench = RoundRunnerTests.Bench(edges: 3, live: 2)
        bench.settings.publish.servers = [
            NameServerSettings(
                name: try #require(ServerName("ns1")), kind: .other, address: "192.0.2.53")
        ]
        let keeper = Keeper()
        let end = UnixTime(seconds: 1_900_000_000)
        bench.turn([3], .refusing)
        bench.world.change { state in state.certificates[state.list[0]] = end }
        let outcome = try await run(bench, keeper)
        let network = #"{network="bench"} "#
        let serial = try #require(outcome.settlements.first?.serial)
        #expect(keeper.lines(.publishSerial) == ["\(network)\(serial.value)"])
        #expect(keeper.lines(.zonesPublished) == ["\(network)1"])
        #expect(keeper.lines(.generation) == ["\(network)1"])
        #expect(keeper.lines(.liveEdges) == ["\(network)2"])
        #expect(keeper.lines(.edgeUp).map { $0.suffix(1) } == ["1", "1", "0"])
        #expect(
            keeper.lines(.certificateExpiry) == [
                #"{network="bench",edge="192.0.2.1",family="ipv4"} 1900000000"#
            ])
        // The world has no such server: only after the zones are out is it known.
        #expect(keeper.lines(.nameServerUp) == [#"{network="bench",server="ns1"} 0"#])
        #expect(keeper.state.withLock { $0.lastPublication } == outcome.report.moment.wall)
    }

    @Test func aDryRunIsNotCounted() async throws {
        let bench = RoundRunnerTests.Bench(edges: 2, live: 2)
        let keeper = Keeper()
        _ = try await run(bench, keeper, options: RoundOptions(isDry: true))
        #expect(keeper.state.withLock { $0.rounds } == 0)
        _ = try await run(bench, keeper)
        #expect(keeper.state.withLock { $0.rounds } == 1)
    }

    @Test func aRefusalIsCounted() async throws {
        let bench = RoundRunnerTests.Bench(edges: 2, live: 2)
        let keeper = Keeper()
        _ = try await run(bench, keeper)
        await #expect(throws: RoundRefusal.self) {
            try await run(bench, keeper, after: .seconds(5))
        }
        // Nor is a dry run's counted.
        bench.world.change { $0.zoneFilesAreUnreadable = true }
        await #expect(throws: RoundRefusal.self) {
            try await run(bench, keeper, options: RoundOptions(isDry: true))
        }
        #expect(
            keeper.lines(.rounds) == [
                #"{network="bench",result="done"} 1"#, #"{network="bench",result="failed"} 0"#,
                #"{network="bench",result="refused"} 1"#,
            ])
    }

    @Test func troubleWithTheMetricsIsTrouble() async throws {
        let bench = RoundRunnerTests.Bench(edges: 2, live: 2)
        let keeper = Keeper()
        keeper.state.withLock {
            $0.problems = ReportProblems(failures: ["no space"], notes: ["damaged"])
        }
        let outcome = try await run(bench, keeper)
        #expect(outcome.troubles == ["no space"] && outcome.hasFailures)
        #expect(outcome.report.warnings.contains("damaged"))
    }
}
