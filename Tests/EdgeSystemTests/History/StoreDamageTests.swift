import EdgeCore
import EdgeShell
import EdgeSystemFiles
import EdgeSystemHistory
import EdgeTesting
import Foundation
import Testing

/// Damaged, foreign, newer and unwritable databases (I21, I23, I26).
@Suite struct StoreDamageTests {
    let directory: TemporaryDirectory
    let path: String
    let moments = ManualMoments()
    let network = NetworkName("net")
    let edge = EdgeName("a.example")

    init() throws {
        directory = try TemporaryDirectory()
        path = directory("state.db")
    }

    private func open(_ access: SQLiteStore.Access = .readWrite) throws -> SQLiteStore {
        try SQLiteStore(path: path, access: access, moments: moments)
    }

    private func record(_ number: Int) -> RoundRecord {
        RoundRecord(
            network: network, moment: moments.now(), generation: number,
            targets: [
                TargetUpdate(
                    target: ProbeTarget(name: edge, family: .ipv4), address: .v4(1),
                    sample: .seconds(1), health: .pass, outcome: "ok", detail: "")
            ], live: [LiveEdge(name: edge, addresses: EdgeAddresses())])
    }

    /// Makes a database with a few rounds, closed and checkpointed into one file.
    private func makeDatabase() throws {
        do {
            let store = try open()
            for number in 1...50 { try store.begin(record(number), keptSamples: 2000) }
        }
        #expect(try run("sqlite3", path, "PRAGMA wal_checkpoint(TRUNCATE)") == 0)
    }

    private func run(_ arguments: String...) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    enum Damage: String, CaseIterable {
        case garbage, zeroed, halved, header, middle, shortGarbage

        func apply(to bytes: [UInt8]) -> [UInt8] {
            var random = SeededRandom(seed: 1)
            switch self {
            case .garbage: return bytes.map { _ in UInt8(truncatingIfNeeded: random.next()) }
            case .zeroed: return bytes.map { _ in 0 }
            case .halved: return Array(bytes.prefix(bytes.count / 2 + 100))
            case .header: return [UInt8](repeating: 0xFF, count: 100) + bytes.dropFirst(100)
            case .middle: return bytes.prefix(4096) + bytes.dropFirst(4096).map { _ in 0xA5 }
            case .shortGarbage: return Array("not a database".utf8)
            }
        }
    }

    @Test(arguments: Damage.allCases)
    func damagedDatabaseIsSetAside(damage: Damage) throws {
        try makeDatabase()
        let bytes = damage.apply(to: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let store = try open()
        let state = try store.load(network, judge: JudgeSettings(), now: moments.now())
        #expect(store.wasReset)
        #expect(state == NetworkState())
        let aside = "\(path).corrupt-\(moments.now().wall.seconds)"
        #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: aside))) == bytes)
        let warnings = store.takeWarnings()
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains(aside) == true)
        #expect(store.takeWarnings().isEmpty)
        try store.begin(record(1), keptSamples: 2000)
        let again = try open()
        #expect(!again.wasReset)
        #expect(try again.load(network, judge: JudgeSettings(), now: moments.now()).generation == 1)
    }

    @Test func damageUnderAnOpenStoreLosesNoRound() throws {
        try makeDatabase()
        let store = try open()
        _ = try store.load(network, judge: JudgeSettings(), now: moments.now())
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        let size = try handle.seekToEnd()
        for page in stride(from: UInt64(4096), to: size, by: 4096) {
            try handle.seek(toOffset: page)
            try handle.write(contentsOf: Data(repeating: 0xA5, count: 4096))
        }
        // Not closed: that would drop SQLite's locks in this process.
        let other = try open()
        try other.begin(record(99), keptSamples: 2000)
        #expect(other.wasReset)
        let state = try store.load(network, judge: JudgeSettings(), now: moments.now())
        #expect(state.generation == 99)
        #expect(store.wasReset)
        withExtendedLifetime(handle) {}
    }

    /// Damage in what no run reads is found in every 60th.
    @Test func damageThatNobodyReadsIsFound() throws {
        try makeDatabase()
        let page = try #require(
            Int(
                try SQLShell.run(path, "SELECT rootpage FROM sqlite_master WHERE name = 'audit'")
                    .trimmingCharacters(in: .newlines)))
        do {
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            try handle.seek(toOffset: UInt64(page - 1) * 4096)
            try handle.write(contentsOf: Data(repeating: 0xA5, count: 4096))
        }
        let store = try open()
        for number in 51...60 {
            let state = try store.load(network, judge: JudgeSettings(), now: moments.now())
            #expect(!store.wasReset && state.generation == number - 1)
            var record = record(number)
            record.events = []
            try store.begin(record, keptSamples: 2000)
        }
        _ = try store.load(network, judge: JudgeSettings(), now: moments.now())
        #expect(store.wasReset && store.takeWarnings().count == 1)
    }

    /// Words that were brought over make the network known, without a generation: a round that was decided
    /// before the damage came to light stands all the same.
    @Test func operatorsWordsAreBroughtOverAndNoRoundIsLost() throws {
        try makeDatabase()
        let store = try open()
        let mode = ModeRecord(mode: .unavailable, comment: "disk")
        try store.setMode(network, edge: edge, to: mode, actor: "anna", now: moments.now())
        let hold = RotationHold(since: moments.now(), length: nil, actor: "anna", reason: "night")
        try store.setRotationHold(network, hold, actor: "anna", now: moments.now())
        #expect(try run("sqlite3", path, "DROP TABLE hold") == 0)
        try store.begin(record(51), keptSamples: 2000)
        let state = try store.load(network, judge: JudgeSettings(), now: moments.now())
        #expect(state.generation == 51)
        #expect(state.modes[edge] == mode)
        #expect(state.rotationHold == hold)
        let said = store.takeWarnings()
        #expect(said.count == 1)
        #expect(said.first?.contains("no such table: hold") == true, "\(said)")
        #expect(
            said.first?.contains("1 mode and 1 hold of rotations could be read") == true, "\(said)")
    }

    /// A newer program migrated the database while this one had it open: what is missing is no damage.
    @Test func aNewerSchemaIsNoDamage() throws {
        try makeDatabase()
        let store = try open()
        #expect(try run("sqlite3", path, "PRAGMA user_version = 99; DROP TABLE hold") == 0)
        #expect(throws: StoreError.newerSchema(path: path, found: 99, known: 9)) {
            try store.load(network, judge: JudgeSettings(), now: moments.now())
        }
        let names = try FileManager.default.contentsOfDirectory(
            atPath: URL(filePath: path).deletingLastPathComponent().path)
        #expect(!names.contains { $0.contains("corrupt") }, "\(names)")
    }

    /// One line a network, however many runs fail.
    @Test func theLastRefusalAloneIsKept() throws {
        let store = try open()
        #expect(try store.lastEvent(network, of: .refusal) == nil)
        for number in 1...3 {
            try store.record(
                [AuditEvent(kind: .refusal, message: "failed \(number)")], network: network,
                now: moments.now())
            try store.record(
                [AuditEvent(kind: .refusal, message: "other")], network: "other",
                now: moments.now())
        }
        #expect(try store.lastEvent(network, of: .refusal)?.event.message == "failed 3")
        #expect(
            try store.recentEvents(nil, limit: 10).map(\.event.message) == ["failed 3", "other"])
    }

    /// Older ones are there when another program added them: the newest counts.
    @Test func theNewestRefusalIsTheLast() throws {
        let store = try open()
        try store.record(
            [AuditEvent(kind: .refusal, message: "first")], network: network, now: moments.now())
        try SQLShell.run(
            path,
            "INSERT INTO audit(network, wall, kind, actor, message) "
                + "SELECT network, wall, kind, actor, 'second' FROM audit")
        #expect(try store.lastEvent(network, of: .refusal)?.event.message == "second")
    }

    @Test func readOnlyLeavesDamagedFileAlone() throws {
        try Data("not a database, and long enough to be looked at".utf8)
            .write(to: URL(fileURLWithPath: path))
        let store = try open(.readOnly)
        #expect(store.wasReset)
        #expect(try store.load(network, judge: JudgeSettings(), now: moments.now()).live.isEmpty)
        #expect(try directory.names() == ["state.db"])
    }

    @Test func readOnlyMakesNoFile() throws {
        let store = try open(.readOnly)
        #expect(!store.wasReset)
        let files = [edge: EdgeStoreFile(isLive: true)]
        #expect(
            try store.adopt(network, edges: files, state: nil, now: moments.now()) == [edge])
        let state = try store.load(network, judge: JudgeSettings(), now: moments.now())
        #expect(state.live.map(\.name) == [edge])
        #expect(try directory.names().isEmpty)
    }

    @Test func readOnlyReadsAndRefusesToWrite() throws {
        try makeDatabase()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let store = try open(.readOnly)
        let state = try store.load(network, judge: JudgeSettings(), now: moments.now())
        #expect(state.generation == 50)
        #expect(throws: StoreError.readOnly(path: path)) {
            try store.begin(record(51), keptSamples: 2000)
        }
        #expect(try store.adopt(network, edges: [:], state: nil, now: moments.now()).isEmpty)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test func newerSchemaIsRefused() throws {
        try makeDatabase()
        #expect(try run("sqlite3", path, "PRAGMA user_version = 42") == 0)
        for access in [SQLiteStore.Access.readWrite, .readOnly] {
            #expect(throws: StoreError.newerSchema(path: path, found: 42, known: 9)) {
                try open(access)
            }
        }
        #expect(
            StoreError.newerSchema(path: path, found: 42, known: 9).description
                == "the database \(path) has schema 42 and this program knows 9 at most: use the "
                + "newer program that wrote it, or another database")
    }

    @Test func anotherProgramsDatabaseIsRefused() throws {
        #expect(try run("sqlite3", path, "CREATE TABLE theirs(a); PRAGMA application_id = 7") == 0)
        #expect(throws: StoreError.foreign(path: path)) { try open() }
        #expect(throws: StoreError.foreign(path: path)) { try open(.readOnly) }
        #expect(try run("sqlite3", path, "PRAGMA application_id = 0") == 0)
        #expect(throws: StoreError.foreign(path: path)) { try open() }
        #expect(try directory.names().contains("state.db"))
    }

    @Test func missingDirectoryIsNamed() throws {
        let missing = directory("nowhere/state.db")
        #expect {
            try SQLiteStore(path: missing, access: .readWrite, moments: moments)
        } throws: { error in
            "\(error)".contains(missing)
        }
    }

    /// A file system of 512 KiB that fills up, where this user may mount one.
    @Test func fullDiskLosesNothing() throws {
        guard geteuid() == 0,
            try run("mount", "-t", "tmpfs", "-o", "size=512k", "x", directory.path) == 0
        else { return }
        defer { _ = try? run("umount", "-l", directory.path) }
        let store = try open()
        try store.begin(record(1), keptSamples: 2000)
        try Data(count: 200_000).write(to: URL(fileURLWithPath: directory("filler")))
        var number = 1
        #expect(throws: StoreError.diskFull(path: path)) {
            while number < 10_000 {
                var next = record(number + 1)
                next.events = [
                    AuditEvent(kind: .state, message: String(repeating: "x", count: 999))
                ]
                try store.begin(next, keptSamples: 2000)
                number += 1
            }
        }
        let state = try store.load(network, judge: JudgeSettings(), now: moments.now())
        #expect(state.generation == number)
        #expect(state.targets.values.first?.kept.count == number)
        // Room again, and nobody has to do anything else.
        try FileManager.default.removeItem(atPath: directory("filler"))
        try store.begin(record(number + 1), keptSamples: 2000)
        let again = try open()
        #expect(
            try again.load(network, judge: JudgeSettings(), now: moments.now()).generation
                == number + 1)
        #expect(!store.wasReset)
    }
}
