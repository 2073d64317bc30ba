import EdgeCore
import EdgeShell
import EdgeSimulation
import EdgeTesting
import Synchronization
import Testing

/// What stops all rounds is told when the database can't take alarms in.
@Suite struct AlarmMemoryTests {
    /// A store whose disk is full as long as it is said to be.
    final class FullStore: AlarmStore {
        struct Full: Error {}

        let store: InMemoryStore
        let isFull = Mutex(false)

        init(_ store: InMemoryStore) { self.store = store }

        func alarms(_ network: NetworkName) throws -> AlarmState { try store.alarms(network) }

        func updateAlarms<Value: Sendable>(
            _ network: NetworkName,
            _ body: (inout AlarmState, _ elsewhere: [String: [Moment]]) throws -> Value
        ) throws -> Value {
            guard isFull.withLock({ $0 }) else { return try store.updateAlarms(network, body) }
            // As a transaction that can't be committed.
            var state = try store.alarms(network)
            _ = try body(&state, [:])
            throw Full()
        }
    }

    private let scene: AlarmDeskTests.Scene
    private let store: FullStore

    init() throws {
        scene = try AlarmDeskTests.Scene()
        store = FullStore(scene.bench.store)
    }

    private func desk() -> AlarmDesk {
        AlarmDesk(
            store: store, sender: scene.sender, clock: scene.bench.world.moments,
            localClock: AlarmDeskTests.Noon(), log: scene.lines)
    }

    private func refuse(by desk: AlarmDesk, after step: Duration = .seconds(60)) async {
        scene.bench.world.moments.advance(by: step)
        await desk.attend(
            refusal: RoundRefusal.state("no room is left"), settings: scene.bench.settings,
            options: RoundOptions())
    }

    @Test func aDaemonTellsOnceAndRemindsAndTellsTheEnd() async throws {
        let desk = desk()
        for _ in 0..<2 { try await scene.round(by: desk) }
        store.isFull.withLock { $0 = true }
        for _ in 0..<6 { await refuse(by: desk) }
        #expect(scene.sender.sentences.count == 1, "\(scene.sender.sentences)")
        #expect(scene.sender.sentences.first?.contains("no room is left") == true)
        await refuse(by: desk, after: .seconds(4 * 3600))
        #expect(scene.sender.sentences.count == 2)
        #expect(scene.sender.sentences.last?.contains("still: ") == true)
        store.isFull.withLock { $0 = false }
        for _ in 0..<3 { try await scene.round(by: desk) }
        #expect(scene.sender.sentences.count == 3, "\(scene.sender.sentences)")
        let errand = try #require(scene.sender.errands.withLock { $0.last })
        guard case .notifications(let last) = errand.load else {
            Issue.record("\(errand)")
            return
        }
        #expect(last.map(\.phase) == [.resolved])
        #expect(try store.alarms("bench").groups[.noRound]?.isTold != true)
    }

    /// A receiver that is away hears of it when it is back, once.
    @Test func whatDidNotArriveIsSentAgain() async throws {
        let desk = desk()
        try await scene.round(by: desk)
        store.isFull.withLock { $0 = true }
        scene.sender.failure.withLock { $0 = "away" }
        for _ in 0..<4 { await refuse(by: desk) }
        let tries = scene.sender.sentences.count
        #expect(tries > 0)
        scene.sender.failure.withLock { $0 = nil }
        store.isFull.withLock { $0 = false }
        for _ in 0..<3 { await refuse(by: desk, after: .seconds(1000)) }
        #expect(scene.sender.sentences.count == tries + 1, "\(scene.sender.sentences)")
    }

    /// Nobody knows what the run before has told: one a minute would be told all night.
    @Test func aRunOfCronsTellsNothing() async throws {
        scene.bench.settings.alarms.rules[.noRound] = {
            var rule = AlarmRule(.noRound)
            rule.after = .rounds(1)
            return rule
        }()
        store.isFull.withLock { $0 = true }
        for _ in 0..<5 { await refuse(by: desk()) }
        #expect(scene.sender.sentences.isEmpty)
    }
}
