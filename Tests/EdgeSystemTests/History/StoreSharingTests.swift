import EdgeCore
import EdgeShell
import EdgeSystemHistory
import EdgeTesting
import Foundation
import Synchronization
import Testing

/// Several connections and processes at one database.
@Suite struct StoreSharingTests {
    let directory: TemporaryDirectory
    let path: String
    let moments = ManualMoments()
    let network = NetworkName("net")
    let edge = EdgeName("a.example")

    init() throws {
        directory = try TemporaryDirectory()
        path = directory("state.db")
    }

    private func open() throws -> SQLiteStore {
        try SQLiteStore(path: path, access: .readWrite, moments: moments)
    }

    @Test func manyOpenAtTheSameTime() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let store = try open()
                    let name = try #require(EdgeName("e\(number).example"))
                    try store.setMode(
                        network, edge: name, to: ModeRecord(mode: .force), actor: "op",
                        now: moments.now())
                }
            }
            try await group.waitForAll()
        }
        let state = try open().load(network, judge: JudgeSettings(), now: moments.now())
        #expect(state.modes.count == 20)
    }

    @Test func modesAreSetWhileRoundsRun() async throws {
        let rounds = try open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 1...40 {
                    try rounds.begin(
                        RoundRecord(
                            network: network, moment: moments.now(), generation: number),
                        keptSamples: 5)
                }
            }
            group.addTask {
                let operatorsStore = try open()
                for number in 1...40 {
                    try operatorsStore.setMode(
                        network, edge: edge,
                        to: ModeRecord(mode: .force, comment: "\(number)"), actor: "op",
                        now: moments.now())
                }
            }
            try await group.waitForAll()
        }
        let state = try rounds.load(network, judge: JudgeSettings(), now: moments.now())
        #expect(state.generation == 40)
        #expect(state.modes[edge]?.comment == "40")
        #expect(try rounds.recentEvents(network, limit: 100).count == 40)
    }

    private struct Refused: Error {}

    /// What was asked before a mode is set holds when it is set: two that drain at once know of each other.
    @Test func nobodySetsAModeBetweenQuestionAndAnswer() async throws {
        let first = try open()
        let second = try open()
        let other = EdgeName("b.example")
        let mode = ModeRecord(mode: .unavailable, comment: "work")
        let seen = Mutex<Set<EdgeName>?>(nil)
        let sql = """
            CREATE TABLE probe(x); SELECT name FROM sqlite_schema WHERE name = 'probe';
            DROP TABLE probe;
            """
        let berta: @Sendable () throws -> Void = { [network, moments] in
            _ = try second.setMode(
                network, edge: other, to: mode, actor: "berta", now: moments.now(),
                judge: JudgeSettings()
            ) { (state) throws -> [String] in
                seen.withLock { $0 = Set(state.modes.keys) }
                throw Refused()
            }
        }
        var task: Task<Void, any Error>?
        _ = try first.setMode(
            network, edge: edge, to: mode, actor: "anna", now: moments.now(),
            judge: JudgeSettings()
        ) { (state) throws -> [String] in
            #expect(state.modes.isEmpty)
            task = Task { try berta() }
            // Nobody can have come to write by now, nor can anybody until this is done.
            let written = try SQLShell.run(path, sql, skipping: true)
            #expect(written == "")
            return ["let through"]
        }
        let late = await task?.result
        #expect(throws: Refused.self) { try late?.get() }
        #expect(seen.withLock { $0 } == [edge])
        // Refused, and nothing was changed.
        let state = try first.load(network, judge: JudgeSettings(), now: moments.now())
        #expect(state.modes.count == 1 && state.approvals == ["let through"])
        #expect(try first.recentEvents(network, limit: 10).map(\.event.actor) == ["anna", "anna"])
        #expect(try SQLShell.run(path, sql) == "probe\n")
    }

    /// Another process takes the write lock, writes, and is killed before it commits.
    @Test func killedWriterLeavesNothing() throws {
        let store = try open()
        try store.setMode(
            network, edge: edge, to: ModeRecord(mode: .force), actor: "op", now: moments.now())
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", path]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(
            contentsOf: Data(
                """
                PRAGMA cache_size = 1; BEGIN IMMEDIATE; DELETE FROM mode;
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
                INSERT INTO audit(network, wall, kind, actor, message)
                SELECT 1, i, 'mode', 'x', hex(zeroblob(500)) FROM n; SELECT 'begun';

                """.utf8))
        let begun = output.fileHandleForReading.availableData
        #expect(String(decoding: begun, as: UTF8.self).contains("begun"))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try store.approve(network, keys: ["k"], actor: "op", now: moments.now())
        let state = try store.load(network, judge: JudgeSettings(), now: moments.now())
        #expect(state.modes[edge]?.mode == .force)
        #expect(state.approvals == ["k"])
        #expect(try store.recentEvents(network, limit: 10_000).count == 2)
    }

    @Test func removedDatabaseIsMadeAgain() throws {
        let store = try open()
        try store.approve(network, keys: ["k"], actor: "op", now: moments.now())
        try FileManager.default.removeItem(atPath: path)
        try store.approve(network, keys: ["l"], actor: "op", now: moments.now())
        #expect(store.wasReset)
        #expect(store.takeWarnings().count == 1)
        let state = try open().load(network, judge: JudgeSettings(), now: moments.now())
        #expect(state.approvals == ["l"])
    }
}
