import EdgeCore
import EdgeShell
import Synchronization
import Testing

@testable import EdgeTesting
@testable import EdgeSimulation

/// What rounds of the production shell give alarms of name servers, certificates and edges that stay.
@Suite struct AlarmFactsTests {
    /// Those that hold after some rounds, by kind.
    private func alarms(
        _ bench: RoundRunnerTests.Bench, rounds: Int = 3
    ) async throws -> [AlarmKind: [String: AlarmItem]] {
        let sender = AlarmDeskTests.Sender()
        bench.settings.alarms.receivers = [
            AlarmReceiver(name: try #require(ReceiverName("ops")), way: .command(["tell"]))
        ]
        for _ in 0..<rounds {
            bench.world.moments.advance(by: .seconds(60))
            var effects = bench.world.effects(store: bench.store)
            effects.alarms = AlarmDesk(
                store: bench.store, sender: sender, clock: bench.world.moments,
                localClock: AlarmDeskTests.Noon(), log: AlarmDeskTests.Lines())
            _ = try await RoundRunner(effects: effects).run(bench.settings)
        }
        return try bench.store.alarms("bench").groups.mapValues(\.items)
    }

    /// What is so there stands first, the detail after it.
    @Test func aSilentNameServerIsToldInPlainWords() async throws {
        let scene = try UpdateScene()
        let live = scene.bench.live(try await scene.bench.round())
        scene.change { $0.trouble = .down }
        scene.bench.turn([try #require(live.min())], .silent)
        let found = try await alarms(scene.bench, rounds: 4)
        let words = try #require(found[.serverLagging]?["ns1"]?.words)
        #expect(
            words.hasPrefix("does not answer; 2 zones have old records there since "), "\(words)")
        #expect(words.contains(" UTC ("), "\(words)")
    }

    @Test func aCertificateNearItsEndIsToldByARound() async throws {
        let bench = RoundRunnerTests.Bench(edges: 4, live: 2)
        let now = bench.world.moments.now().wall
        bench.world.change { state in
            state.certificates[state.list[0]] = now.adding(.seconds(5 * 86_400))
            state.certificates[state.list[1]] = now.adding(.seconds(300 * 86_400))
        }
        let found = try await alarms(bench)
        #expect(found[.certificateExpiring]?.keys.map(\.self) == ["192.0.2.1"])
        let item = try #require(found[.certificateExpiring]?["192.0.2.1"])
        #expect(item.words == "its certificate ends in 4 days" && item.severity == .warning)
        #expect(item.isTold)
        // Out of reach it has got no new one.
        bench.turn([1], .silent)
        #expect(try await alarms(bench)[.certificateExpiring]?["192.0.2.1"]?.isPresent == true)
        bench.turn([1], .fine)
        bench.world.change { $0.certificates[$0.list[0]] = now.adding(.seconds(90 * 86_400)) }
        #expect(try await alarms(bench)[.certificateExpiring]?["192.0.2.1"]?.isPresent != true)
    }

    /// Critical is who stays in the DNS while fewer pass than must.
    @Test func whoStaysBelowTheMinimumIsCritical() async throws {
        let bench = RoundRunnerTests.Bench(edges: 4, live: 3)
        bench.settings.selection.substitutionBudget = 0
        _ = try await alarms(bench)
        let live = try await bench.round().report.live.map(\.name.text).sorted()
        let numbers = live.compactMap { Int($0.split(separator: ".").last ?? "") }
        bench.turn([numbers[0]], .silent)
        let one = try await alarms(bench, rounds: 4)[.edgeOut]?[live[0]]
        #expect(one?.place == .inDNS && one?.severity == .warning, "\(one?.words ?? "-")")
        bench.turn([numbers[1]], .silent)
        let two = try await alarms(bench, rounds: 4)[.edgeOut] ?? [:]
        #expect(two[live[0]]?.severity == .critical, "\(two.mapValues(\.words))")
        #expect(two[live[1]]?.severity == .critical)
    }
}
