import EdgeCore
import EdgeShell
import EdgeSimulation
import EdgeTesting
import Synchronization
import Testing

/// Rounds of the production shell that tell receivers.
@Suite struct AlarmDeskTests {
    /// Notes what it is to send; takes it, unless it is dead or dies over it.
    final class Sender: AlarmSender {
        let errands = Mutex<[AlarmErrand]>([])
        let failure = Mutex<String?>(nil)
        let locks: @Sendable () -> Void

        init(locks: @escaping @Sendable () -> Void = {}) { self.locks = locks }

        func run(
            _ errand: AlarmErrand, network: NetworkName, interval: Duration, now: UnixTime,
            within patience: Duration
        ) async -> AlarmErrandResult {
            locks()
            errands.withLock { $0.append(errand) }
            let failure = failure.withLock { $0 }
            guard case .notifications(let all) = errand.load else {
                return AlarmErrandResult(receiver: errand.receiver.name, failure: failure)
            }
            guard failure == nil else {
                return AlarmErrandResult(
                    receiver: errand.receiver.name, refused: all.first?.id, failure: failure)
            }
            return AlarmErrandResult(receiver: errand.receiver.name, delivered: all.map(\.id))
        }

        var sentences: [String] {
            errands.withLock { errands in
                errands.flatMap { errand -> [String] in
                    guard case .notifications(let all) = errand.load else { return [] }
                    return all.map(\.sentence)
                }
            }
        }
    }

    struct Noon: LocalClock {
        func minuteOfDay(_ time: UnixTime) -> Int { 720 }
    }

    final class Lines: RoundLog {
        let all = Mutex<[String]>([])
        func write(_ level: RoundLogLevel, _ message: String) {
            all.withLock { $0.append(message) }
        }
    }

    /// A bench of rounds with a desk of its own each, as processes of cron have them.
    struct Scene {
        let bench = RoundRunnerTests.Bench(edges: 6, live: 2)
        let sender = Sender()
        let lines = Lines()

        init() throws {
            bench.settings.alarms.receivers = [
                AlarmReceiver(
                    name: try #require(ReceiverName("ops")), way: .command(["tell"]))
            ]
        }

        var desk: AlarmDesk {
            AlarmDesk(
                store: bench.store, sender: sender, clock: bench.world.moments,
                localClock: Noon(), log: lines)
        }

        /// The numbers of the live edges.
        func live() throws -> Set<Int> {
            let state = try bench.store.load(
                "bench", judge: JudgeSettings(), now: bench.world.moments.now())
            return Set(state.live.compactMap { Int($0.name.text.split(separator: ".").last ?? "") })
        }

        func round(
            by desk: AlarmDesk? = nil, options: RoundOptions = RoundOptions()
        ) async throws {
            bench.world.moments.advance(by: .seconds(60))
            var effects = bench.world.effects(store: bench.store)
            effects.alarms = desk ?? self.desk
            _ = try await RoundRunner(effects: effects).run(bench.settings, options: options)
        }
    }

    @Test func roundsTellWhatTheySee() async throws {
        let scene = try Scene()
        for _ in 0..<2 { try await scene.round() }
        scene.bench.turn([1], .silent)
        for _ in 0..<4 { try await scene.round() }
        #expect(scene.sender.sentences.count == 1)
        #expect(scene.sender.sentences.first?.contains("edge 192.0.2.1 f") == true)
        scene.bench.turn([1], .fine)
        for _ in 0..<3 { try await scene.round() }
        #expect(scene.sender.sentences.count == 2)
        #expect(scene.sender.sentences.last?.contains("edge 192.0.2.1 is back after") == true)
    }

    /// Whether visitors meet it, who took its place, or whether it was a spare.
    @Test func itIsToldWhereTheEdgeIs() async throws {
        let scene = try Scene()
        scene.bench.settings.alarms.pace = .zero
        for _ in 0..<3 { try await scene.round() }
        let live = try scene.live()
        let spare = try #require((1...6).first { !live.contains($0) })
        scene.bench.turn([spare], .silent)
        for _ in 0..<4 { try await scene.round() }
        let first = try #require(scene.sender.sentences.last)
        #expect(first.contains("edge 192.0.2.\(spare) fails as a spare, users do not meet it: "))
        let edge = try #require(live.min())
        scene.bench.turn([edge], .silent)
        for _ in 0..<4 { try await scene.round() }
        let second = try #require(scene.sender.sentences.last)
        #expect(
            second.contains("2 edges fail: ") && second.contains("; none of them is in the DNS"))
        let items = try scene.bench.store.alarms("bench").groups[.edgeOut]?.items ?? [:]
        let successor = try #require(try scene.live().subtracting(live).first)
        let place = items["192.0.2.\(edge)"]?.place
        #expect(place == .replaced(by: ["192.0.2.\(successor)"]))
        #expect(
            items["192.0.2.\(edge)"]?.words.hasPrefix(
                "failed and 192.0.2.\(successor) took its place: ") == true)
        // No substitution is left: it stays, and visitors meet it.
        scene.bench.settings.selection.substitutionBudget = 0
        scene.bench.turn([successor], .silent)
        for _ in 0..<4 { try await scene.round() }
        let third = try #require(
            scene.sender.sentences.last { $0.contains("192.0.2.\(successor) fails and") })
        #expect(third.contains("fails and is still in the DNS: users meet it ("), "\(third)")
        #expect(third.contains("; no replacement: 0 substitutions in 10 minutes"), "\(third)")
        #expect(
            third.contains("; still in the DNS, where users meet them: 192.0.2.\(successor) "))
        let item = try scene.bench.store.alarms("bench").groups[.edgeOut]?
            .items["192.0.2.\(successor)"]
        #expect(item?.place == .inDNS)
        #expect(item?.severity == .warning || item?.severity == .critical)
    }

    /// An edge that was not live is nobody's concern where only live ones are, unless it was when it failed.
    @Test func onlyLiveEdgesCountWhereTheConfigurationSaysSo() async throws {
        let scene = try Scene()
        scene.bench.settings.alarms.edges = .live
        for _ in 0..<2 { try await scene.round() }
        let live = try scene.live()
        let spare = try #require((1...6).first { !live.contains($0) })
        scene.bench.turn([spare], .silent)
        for _ in 0..<4 { try await scene.round() }
        #expect(scene.sender.sentences.isEmpty)
        let edge = try #require(live.min())
        scene.bench.turn([edge], .silent)
        for _ in 0..<6 { try await scene.round() }
        // It is not live any more by now, and not back either.
        #expect(try !scene.live().contains(edge))
        #expect(scene.sender.sentences.count == 1)
        #expect(
            scene.sender.sentences.first?.contains(
                "edge 192.0.2.\(edge) failed and 192.0.2.") == true)
    }

    @Test func anEdgeThatOperatorsTookOutIsNoAlarm() async throws {
        let scene = try Scene()
        for _ in 0..<2 { try await scene.round() }
        try scene.bench.store.setMode(
            "bench", edge: "192.0.2.1", to: ModeRecord(mode: .unavailable), actor: "anna",
            now: scene.bench.world.moments.now())
        scene.bench.turn([1], .silent)
        for _ in 0..<4 { try await scene.round() }
        #expect(scene.sender.sentences.isEmpty)
    }

    @Test func aDryRoundTellsNobodyAndRemembersNothing() async throws {
        let scene = try Scene()
        for _ in 0..<2 { try await scene.round() }
        let before = try scene.bench.store.alarms("bench")
        scene.bench.turn([1], .silent)
        for _ in 0..<4 { try await scene.round(options: RoundOptions(isDry: true)) }
        #expect(scene.sender.sentences.isEmpty)
        #expect(try scene.bench.store.alarms("bench") == before)
    }

    /// All at once: the monitor is the suspect, which is told; the edges are not.
    @Test func aSickMonitorIsToldInPlaceOfItsEdges() async throws {
        let scene = try Scene()
        for _ in 0..<2 { try await scene.round() }
        scene.bench.turn([1, 2, 3, 4, 5, 6], .silent)
        for _ in 0..<3 { try await scene.round() }
        #expect(scene.sender.sentences.count == 1)
        #expect(
            scene.sender.sentences.first?.contains("this monitor seems to be the sick one") == true)
    }

    @Test func whatIsRaisedFromOutsideHoldsUntilItIsCleared() async throws {
        let scene = try Scene()
        let desk = scene.desk
        desk.raise(AlarmCondition(.configurationRefused, words: "unknown key"))
        for _ in 0..<3 { try await scene.round(by: desk) }
        #expect(scene.sender.sentences == ["network bench: unknown key"])
        desk.clear(.configurationRefused)
        try await scene.round(by: desk)
        #expect(
            scene.sender.sentences.last?.contains("the configuration is accepted again") == true)
    }

    @Test func failuresAreLoggedAndTriedAgain() async throws {
        let scene = try Scene()
        scene.sender.failure.withLock { $0 = "it answered 500" }
        for _ in 0..<2 { try await scene.round() }
        scene.bench.turn([1], .silent)
        for _ in 0..<4 { try await scene.round() }
        let logged = scene.lines.all.withLock { $0 }
        #expect(logged.contains("alarm receiver ops was not reached: it answered 500"))
        let tries = scene.sender.sentences.count
        #expect((1...4).contains(tries))
        scene.sender.failure.withLock { $0 = nil }
        for _ in 0..<5 { try await scene.round() }
        #expect(scene.sender.sentences.count == tries + 1)
        #expect(try scene.bench.store.alarms("bench").receivers["ops"]?.outbox.isEmpty == true)
    }

    /// The network's lock is free while receivers are told: a slow one holds no other run up.
    @Test func noLockIsHeldWhileReceiversAreTold() async throws {
        let scene = try Scene()
        let world = scene.bench.world
        let store = scene.bench.store
        let wasFree = Mutex(false)
        let sender = Sender {
            let locks = world.effects(store: store).locks
            let lock = try? locks.lockNetwork("bench", database: "/db")
            wasFree.withLock { $0 = lock != nil }
            lock?.release()
        }
        let desk = AlarmDesk(
            store: store, sender: sender, clock: world.moments, localClock: Noon(),
            log: scene.lines)
        for _ in 0..<2 { try await scene.round(by: desk) }
        scene.bench.turn([1], .silent)
        for _ in 0..<3 { try await scene.round(by: desk) }
        #expect(!sender.sentences.isEmpty && wasFree.withLock { $0 })
    }
}
