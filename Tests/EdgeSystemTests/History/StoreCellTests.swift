import EdgeCore
import EdgeShell
import EdgeSystemHistory
import EdgeTesting
import Foundation
import Testing

/// Whatever somebody wrote into a cell, the program goes on (I23): it reads what can be read, ends no
/// process, and its next round is taken in.
@Suite struct StoreCellTests {
    let directory: TemporaryDirectory
    let base: String

    init() throws {
        directory = try TemporaryDirectory()
        base = directory("base.db")
    }

    private static let values = [
        "NULL", "''", "'abc'", "-1", "0", "1", "9223372036854775807", "-9223372036854775808",
        "9007199254740992", "9007199254740991", "1e300", "-0.5", "x''", "x'ff00fe'",
        "zeroblob(70000)", "'192.0.2.77'", "'web.example'", "'{\"primary\":'", "'-1'",
        "cast(x'c3' AS TEXT)", "'a' || char(0) || 'b'", "printf('%.70000c', '[')", "4294967296",
        "-4611686018427387905",
    ]

    /// One table's columns and key.
    private struct Table {
        var name: String
        var columns: [String] = []
        var key: [String] = []
    }

    /// A database with everything in it, into which NULL may be written anywhere.
    private func makeBase(seed: UInt64) throws -> StoreOperations {
        var work = StoreOperations(seed: seed)
        do {
            let store = try SQLiteStore(path: base, access: .readWrite)
            for step in 0..<60 {
                work.pass()
                let network = work.networks[step % 3 == 0 ? 1 : 0]
                try work.apply(step, network, to: store)
            }
        }
        try SQLShell.run(
            base,
            """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') WHERE type = 'table';
            PRAGMA writable_schema = RESET;
            PRAGMA wal_checkpoint(TRUNCATE);
            """)
        return work
    }

    private func tables() throws -> [Table] {
        let rows = try SQLShell.run(
            base,
            """
            SELECT m.name, c.name, c.pk FROM sqlite_master AS m, pragma_table_info(m.name) AS c
            WHERE m.type = 'table' ORDER BY m.name, c.cid
            """)
        var tables: [Table] = []
        for row in rows.split(separator: "\n") {
            let words = row.split(separator: "|").map(String.init)
            if tables.last?.name != words[0] { tables.append(Table(name: words[0])) }
            tables[tables.count - 1].columns.append(words[1])
            if words[2] != "0" { tables[tables.count - 1].key.append(words[1]) }
        }
        return tables
    }

    /// Overwrites one row's cell, or one column in all rows.
    private func overwriting(_ tables: [Table], _ random: inout SeededRandom) -> String {
        guard let table = tables.randomElement(using: &random),
            let column = table.columns.randomElement(using: &random),
            let value = Self.values.randomElement(using: &random)
        else { return "" }
        let update = "UPDATE OR IGNORE \(table.name) SET \(column) = \(value)"
        guard !random.once(in: 3), !table.key.isEmpty else { return update + ";\n" }
        let key = table.key.joined(separator: ", ")
        let place = Int.random(in: 0..<20, using: &random)
        return update + " WHERE (\(key)) = (SELECT \(key) FROM \(table.name) LIMIT 1 OFFSET "
            + "\(place) % max(1, (SELECT count(*) FROM \(table.name))));\n"
    }

    @Test(arguments: UInt64(1)...4)
    func noCellEndsTheProgram(seed: UInt64) throws {
        let work = try makeBase(seed: seed)
        let tables = try tables()
        #expect(tables.map(\.name).contains("zone_run") && tables.count > 20)
        var random = SeededRandom(seed: seed)
        for attempt in 0..<100 {
            let path = directory("\(attempt).db")
            try FileManager.default.copyItem(atPath: base, toPath: path)
            var sql = "PRAGMA foreign_keys = OFF;\n"
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                sql += overwriting(tables, &random)
            }
            // A row's number can't be a text.
            try SQLShell.run(path, sql, skipping: true)
            try goOn(path, work, Comment(rawValue: "seed \(seed), attempt \(attempt): \(sql)"))
            for ending in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: path + ending)
            }
        }
    }

    /// Reads everything, runs a round, and reads again.
    private func goOn(_ path: String, _ before: StoreOperations, _ what: Comment) throws {
        var work = before
        let store = try SQLiteStore(path: path, access: .readWrite)
        let now = work.moments.now()
        _ = try store.networks()
        for _ in 0..<2 {
            for network in work.networks {
                let state = try store.load(network, judge: JudgeSettings(keptSamples: 7), now: now)
                try readAll(network, state, work, store)
                work.generations[network] = state.generation
                let record = work.round(network)
                #expect(throws: Never.self, what) { try store.begin(record, keptSamples: 7) }
                #expect(try store.generation(network) == record.generation, what)
                #expect(throws: Never.self, what) {
                    let isNoted = try store.note(
                        work.updates(network), network: network, generation: record.generation,
                        round: record.moment, servers: work.servers)
                    #expect(isNoted, what)
                    try store.setMode(
                        network, edge: work.edges[0], to: ModeRecord(mode: .force), actor: "op",
                        now: now)
                    _ = try store.adopt(
                        network, edges: [work.edges[7]: work.edgeStore()], state: nil, now: now)
                    try store.forget([ZoneName("zone1.example")].compactMap { $0 }, of: network)
                }
            }
        }
        #expect(!store.wasReset, what)
    }

    private func readAll(
        _ network: NetworkName, _ state: NetworkState, _ work: StoreOperations,
        _ store: SQLiteStore
    ) throws {
        let now = work.moments.now()
        // What is counted and timed from here on fits.
        _ = state.generation + 1
        _ = state.lastRun.map { now.elapsed(since: $0) + .seconds(30) }
        for record in state.targets.values {
            _ = record.kept.adding(.seconds(10)).mean
            _ = record.window.adding(.seconds(10)).mean
            _ = record.expiring.map { record.kept.removing($0) }
        }
        for zone in state.zones.keys { _ = state.includeRevision(of: zone) + 1 }
        for hold in state.holds { _ = now.wall.since(hold.since) }
        for server in state.servers.values { _ = server.mayBeTold(at: now) }
        _ = state.rotationHold?.until
        _ = try store.knownEdges(network)
        _ = try store.acceptedIncludes(network, zones: Array(state.zones.keys))
        _ = try store.recentEvents(network, limit: 10)
        for edge in work.edges { _ = try store.rotationHistory(network, edge: edge) }
        for target in work.targets {
            _ = try store.samples(network, target: target, limit: 100)
            _ = try store.hourlyMeans(network, target: target)
        }
        _ = try store.latestSamples(network)
        _ = try store.hourMeans(network, hourOf: now.wall)
        for generation in try store.generations(network, limit: 10) {
            for number in [generation.number, generation.number - 1] {
                do {
                    _ = try store.contents(network, at: number)
                } catch StoreError.damagedGeneration(_, number, _) {
                    // What can't be read whole is said, and not read in part.
                }
            }
        }
    }
}
