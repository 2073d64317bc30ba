import EdgeCore
import EdgeShell
import EdgeSystemHistory
import EdgeTesting
import Foundation
import Testing

/// What alarms remember, in the database and in memory.
@Suite struct AlarmStoreTests {
    let directory: TemporaryDirectory
    let path: String
    let network: NetworkName = "web"

    init() throws {
        directory = try TemporaryDirectory()
        path = directory("e.db")
    }

    private var settings: AlarmSettings {
        get throws {
            AlarmSettings(
                receivers: [
                    AlarmReceiver(
                        name: try #require(ReceiverName("ops")), way: .command(["true"])),
                    AlarmReceiver(
                        name: try #require(ReceiverName("am")),
                        way: .alertmanager(AlarmWebhook(url: "http://x/"))),
                ], quiet: QuietHours("22:00-07:00"), pace: .seconds(60))
        }
    }

    /// Random rounds, each of them by a process of its own, say the same by both stores.
    @Test(arguments: UInt64(1)...4)
    func bothStoresRememberTheSame(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let memory = InMemoryStore()
        let settings = try settings
        var now = Moment(
            wall: UnixTime(seconds: 1_700_000_000), sinceBoot: .seconds(5), bootID: "b")
        for round in 0..<60 {
            let step = Duration.seconds(Int64.random(in: 1...900, using: &random))
            now.wall = now.wall.adding(step)
            now.sinceBoot += step
            let conditions = (0..<5).filter { _ in random.once(in: 2) }.map {
                AlarmCondition(.edgeOut, subject: "e\($0).test", words: "\"refused\" ✗ \\ it")
            }
            let engine = AlarmEngine(
                network: network, settings: settings, now: now,
                minuteOfDay: round * 40 % 1440)
            let dies = random.once(in: 4)
            func play(_ store: any AlarmStore) throws -> [AlarmErrand] {
                let errands = try store.updateAlarms(network) { state, elsewhere in
                    engine.take(
                        AlarmReport(examined: [.edgeOut], conditions: conditions), into: &state)
                    return engine.claim(&state, elsewhere: elsewhere)
                }
                guard !dies else { return errands }
                let results = errands.map { errand in
                    var result = AlarmErrandResult(receiver: errand.receiver.name)
                    switch errand.load {
                    case .alerts(let standing, _): result.standing = standing
                    case .notifications(let all): result.delivered = all.map(\.id)
                    }
                    return result
                }
                _ = try store.updateAlarms(network) { state, _ in
                    engine.settle(results, in: &state)
                }
                return errands
            }
            let store = try SQLiteStore(path: path, access: .readWrite)
            #expect(try play(store) == play(memory))
            let reader = try SQLiteStore(path: path, access: .readOnly)
            #expect(try reader.alarms(network) == memory.alarms(network))
        }
        #expect(try memory.alarms(network).count > 5)
    }

    @Test func othersNetworksSendingIsSeen() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        let moment = Moment(wall: UnixTime(seconds: 9), sinceBoot: .seconds(7), bootID: "b")
        try store.updateAlarms("shop") { state, _ in
            var receiver = ReceiverState()
            receiver.sent = [moment, moment]
            state.receivers["ops"] = receiver
        }
        let seen = try store.updateAlarms(network) { _, elsewhere in elsewhere }
        #expect(seen == ["ops": [moment, moment]])
        #expect(try store.updateAlarms("shop") { _, elsewhere in elsewhere }.isEmpty)
    }

    /// A body that fails changes nothing.
    @Test func itIsAllOrNothing() throws {
        struct Failure: Error {}
        let memory = InMemoryStore()
        let store = try SQLiteStore(path: path, access: .readWrite)
        for keeper in [store, memory] as [any AlarmStore] {
            try keeper.updateAlarms(network) { state, _ in state.count = 3 }
            #expect(throws: (any Error).self) {
                try keeper.updateAlarms(network) { state, _ in
                    state.count = 9
                    throw Failure()
                }
            }
            #expect(try keeper.alarms(network).count == 3)
        }
    }

    /// What somebody wrote there begins anew; nothing ends the process.
    @Test(arguments: ["", "{}", "[1]", "{\"count\": 1e999}", "x'00'", "{\"groups\":{\"nope\":{}}}"])
    func garbageBeginsAnew(text: String) throws {
        do {
            let store = try SQLiteStore(path: path, access: .readWrite)
            try store.updateAlarms(network) { state, _ in state.count = 3 }
        }
        let quoted = text.replacing("'", with: "''")
        try SQLShell.run(path, "UPDATE alarm SET state = '\(quoted)', sent = '\(quoted)'")
        let store = try SQLiteStore(path: path, access: .readWrite)
        #expect(try store.alarms(network) == AlarmState())
        try store.updateAlarms(network) { state, _ in state.count = 4 }
        #expect(try store.alarms(network).count == 4)
    }

    /// A database of the version before has no alarms, and gets the table.
    @Test func theVersionBeforeIsMigrated() throws {
        do {
            let store = try SQLiteStore(path: path, access: .readWrite)
            try store.updateAlarms(network) { state, _ in state.count = 3 }
        }
        try SQLShell.run(
            path, OldDatabase.withoutHistory + "DROP TABLE alarm; PRAGMA user_version = 6")
        #expect(try SQLiteStore(path: path, access: .readOnly).alarms(network) == AlarmState())
        let store = try SQLiteStore(path: path, access: .readWrite)
        try store.updateAlarms(network) { state, _ in state.count = 5 }
        #expect(try store.alarms(network).count == 5)
    }

    @Test func aRenamedNetworkKeepsItsAlarms() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        try store.updateAlarms(network) { state, _ in state.count = 3 }
        try store.updateAlarms("site") { state, _ in state.count = 9 }
        let now = Moment(wall: UnixTime(seconds: 1), sinceBoot: .seconds(1), bootID: "b")
        try store.rename(network, to: "site", actor: "anna", now: now)
        #expect(try store.alarms("site").count == 3)
        #expect(try store.alarms(network) == AlarmState())
    }
}
