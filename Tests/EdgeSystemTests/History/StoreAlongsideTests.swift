import EdgeCore
import EdgeShell
import EdgeTesting
import Foundation
import Testing

@testable import EdgeSystemHistory

/// A daemon's readers, beside its rounds.
@Suite struct StoreAlongsideTests {
    let directory: TemporaryDirectory
    let path: String
    let network = NetworkName("web")

    init() throws {
        directory = try TemporaryDirectory()
        path = directory("web.db")
    }

    private func note(_ message: String, in store: SQLiteStore) throws {
        let now = Moment(wall: UnixTime(seconds: 1000), sinceBoot: .seconds(1), bootID: "b")
        try store.record(
            [AuditEvent(kind: .hold, actor: "anna", message: message)], network: network,
            now: now)
    }

    /// A round is written while somebody reads, and what was written is read by the next.
    @Test(.timeLimit(.minutes(1))) func aReaderHoldsUpNoRound() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        let reader = try SQLiteStore(path: path, access: .alongside)
        try note("first", in: store)
        try reader.read { database in
            let query = AuditQuery(limit: 9)
            #expect(try query.events(in: database).count == 1)
            try note("second", in: store)
            #expect(try query.events(in: database).count == 1)
        }
        #expect(try reader.lastEvent(network, of: .hold)?.event.message == "second")
        #expect(throws: StoreError.readOnly(path: path)) { try note("third", in: reader) }
    }

    /// The database that takes a damaged or lost one's place is read from then on; until then the reader says what
    /// is wrong.
    @Test func anotherDatabaseIsFollowed() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        let reader = try SQLiteStore(path: path, access: .alongside)
        try note("first", in: store)
        #expect(try reader.lastEvent(network, of: .hold)?.event.message == "first")
        for name in try directory.names() {
            try FileManager.default.removeItem(atPath: directory(name))
        }
        #expect(throws: StoreError.unreadable(path: path, reason: "it is not there")) {
            try reader.lastEvent(network, of: .hold)
        }
        try note("second", in: store)
        #expect(store.wasReset)
        #expect(try reader.lastEvent(network, of: .hold)?.event.message == "second")
    }

    /// A reader that meets damage sets nothing aside.
    @Test func damageIsTheWritersToMend() throws {
        try Data("no database at all, but long enough to be looked at".utf8)
            .write(to: URL(fileURLWithPath: path))
        let reader = try SQLiteStore(path: path, access: .alongside)
        #expect(throws: StoreError.self) { try reader.lastEvent(network, of: .hold) }
        #expect(try directory.names() == ["web.db"])
        let store = try SQLiteStore(path: path, access: .readWrite)
        try note("new", in: store)
        #expect(try reader.lastEvent(network, of: .hold)?.event.message == "new")
    }
}
