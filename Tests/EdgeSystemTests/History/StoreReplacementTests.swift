import EdgeCore
import EdgeSystemHistory
import EdgeTesting
import Foundation
import Synchronization
import Testing

/// A damaged database's place being taken: what of it was left undone, and who else is at it meanwhile (I22,
/// I23).
@Suite struct StoreReplacementTests {
    let directory: TemporaryDirectory
    let path: String
    let moments = ManualMoments()
    let network = NetworkName("net")
    let edge = EdgeName("a.example")

    init() throws {
        directory = try TemporaryDirectory()
        path = directory("state.db")
    }

    private func open(
        _ access: SQLiteStore.Access = .readWrite, of network: NetworkName? = nil
    ) throws -> SQLiteStore {
        try SQLiteStore(path: path, access: access, network: network, moments: moments)
    }

    private func move(_ old: String, to new: String) {
        #expect(rename(directory(old), directory(new)) == 0, "\(old) \(new)")
    }

    private func modes(_ store: SQLiteStore) throws -> [EdgeName: ModeRecord] {
        try store.load(network, judge: JudgeSettings(), now: moments.now()).modes
    }

    private func makeDatabase(with mode: ModeRecord) throws {
        try open().setMode(network, edge: edge, to: mode, actor: "anna", now: moments.now())
        try SQLShell.run(path, "PRAGMA journal_mode = DELETE")
    }

    /// What a process leaves that dies after renaming the damaged file, before the new one has its name.
    private func makeHalfReplaced() throws {
        try makeDatabase(with: ModeRecord(mode: .unavailable, comment: "disk"))
        move("state.db", to: "state.db.new")
        try Data("damaged".utf8).write(to: URL(filePath: directory("state.db.corrupt-7")))
        try Data("its log".utf8).write(to: URL(filePath: directory("state.db-wal")))
        try Data(".corrupt-7\nthe database was set aside\n".utf8)
            .write(to: URL(filePath: directory("state.db.replacing")))
    }

    @Test func whatWasLeftUndoneIsGoneOnWith() throws {
        try makeHalfReplaced()
        let store = try open()
        #expect(try modes(store)[edge]?.comment == "disk")
        #expect(store.wasReset)
        let said = store.takeWarnings()
        #expect(said.count == 1)
        #expect(
            said.first?.hasPrefix(
                "the database was set aside; 1 mode could be read and was brought over") == true,
            "\(said)")
        let log = try String(contentsOfFile: directory("state.db.corrupt-7-wal"), encoding: .utf8)
        #expect(log == "its log")
        #expect(try !directory.names().contains { $0.hasSuffix(".new") || $0.hasSuffix("ing") })
        #expect(try open().takeWarnings().isEmpty)
    }

    /// A network of which nothing was brought over hears so.
    @Test func eachNetworkHearsOfItsOwnWords() throws {
        try makeHalfReplaced()
        let said = try open(of: "other").takeWarnings()
        #expect(
            said.first?.contains("operators' modes, holds and approvals") == true, "\(said)")
    }

    /// Whatever damages every new one must not fill the disk with them.
    @Test func anotherOneIsSetAsideAfterAMinuteAtTheEarliest() throws {
        func damage() throws {
            for ending in ["-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: path + ending)
            }
            try Data("not a database, and long enough".utf8).write(to: URL(filePath: path))
        }
        func aside() throws -> Int {
            try directory.names().count { $0.contains(".corrupt-") && !$0.contains("-wal") }
        }
        try damage()
        _ = try open()
        #expect(try aside() == 1)
        try damage()
        moments.advance(by: .seconds(59))
        let again = StoreError.damagedAgain(
            path: path, reason: "file is not a database", ago: 59)
        #expect(throws: again) { try open() }
        #expect(try aside() == 1)
        moments.advance(by: .seconds(1))
        _ = try open()
        #expect(try aside() == 2)
    }

    @Test func whoOnlyReadsSeesTheNewOneAndChangesNothing() throws {
        try makeHalfReplaced()
        let before = try directory.names()
        let store = try open(.readOnly)
        #expect(try modes(store)[edge]?.comment == "disk")
        #expect(store.takeWarnings().count == 1)
        #expect(try directory.names() == before)
    }

    /// Somebody has restored the database from a backup meanwhile: it is theirs that counts.
    @Test func aDatabaseThatWasPutBackStays() throws {
        try makeHalfReplaced()
        move("state.db.new", to: "kept")
        try FileManager.default.removeItem(atPath: directory("state.db-wal"))
        try FileManager.default.copyItem(atPath: directory("kept"), toPath: path)
        try SQLShell.run(path, "UPDATE mode SET comment = 'restored'")
        move("kept", to: "state.db.new")
        let store = try open()
        #expect(try modes(store)[edge]?.comment == "restored")
        #expect(store.takeWarnings().isEmpty)
        #expect(try !directory.names().contains { $0.hasSuffix(".new") || $0.hasSuffix("ing") })
    }

    /// Only the last step was missing.
    @Test func aReplacementThatWasDoneIsStillTold() throws {
        try makeHalfReplaced()
        try FileManager.default.removeItem(atPath: directory("state.db-wal"))
        move("state.db.new", to: "state.db")
        #expect(try open().takeWarnings().count == 1)
        #expect(try open().takeWarnings().isEmpty)
    }

    /// A writer waits for another one while the file is set aside: what it then writes must be in the file that
    /// has the name by then.
    @Test func aWriterThatWaitedWritesIntoTheNewOne() throws {
        try makeDatabase(with: ModeRecord(mode: .force, comment: "first"))
        let store = try open()
        _ = try modes(store)
        let other = Process()
        other.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        other.arguments = ["sqlite3", path]
        let (input, output) = (Pipe(), Pipe())
        other.standardInput = input
        other.standardOutput = output
        try other.run()
        try input.fileHandleForWriting.write(
            contentsOf: Data("BEGIN IMMEDIATE; SELECT 'begun';\n".utf8))
        let begun = output.fileHandleForReading.availableData
        #expect(String(decoding: begun, as: UTF8.self).contains("begun"))
        let isDone = DispatchSemaphore(value: 0)
        let failure = Mutex<String?>(nil)
        Thread.detachNewThread {
            do {
                try store.setMode(
                    network, edge: edge, to: ModeRecord(mode: .blindforce, comment: "second"),
                    actor: "bob", now: moments.now())
            } catch { failure.withLock { $0 = "\(error)" } }
            isDone.signal()
        }
        try SQLShell.run(path, ".backup \(directory("copy"))\n")
        for ending in ["-wal", "-shm", ""] { move("state.db\(ending)", to: "aside\(ending)") }
        move("copy", to: "state.db")
        try input.fileHandleForWriting.close()
        #expect(isDone.wait(timeout: .now() + 30) == .success)
        other.waitUntilExit()
        #expect(failure.withLock { $0 } == nil)
        #expect(try modes(open())[edge]?.comment == "second")
    }
}
