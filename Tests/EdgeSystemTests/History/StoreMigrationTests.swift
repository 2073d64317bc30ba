import EdgeCore
import EdgeShell
import EdgeSystemHistory
import EdgeTesting
import Foundation
import Testing

/// Databases that older programs wrote.
@Suite struct StoreMigrationTests {
    let directory: TemporaryDirectory
    let path: String
    let old: String
    let network = NetworkName("web")
    let names: [ZoneName] = ["a.test", "b.test", "c.test"]
    let dns = DNSSettings(primary: "a.", mailbox: "b.", nameServers: ["ns."])

    init() throws {
        directory = try TemporaryDirectory()
        path = directory("now.db")
        old = directory("old.db")
    }

    private func record(
        _ number: Int, _ zones: [ZoneName], keeping kept: Int = 100, revision: Int = 1
    ) -> RoundRecord {
        var record = RoundRecord(
            network: network,
            moment: Moment(
                wall: UnixTime(seconds: 1_700_000_000 + Int64(number)), sinceBoot: .seconds(number),
                bootID: "boot"), generation: number,
            live: [LiveEdge(name: "192.0.2.1", addresses: EdgeAddresses(ipv4: .v4(1)))],
            publishedDNS: dns, basis: number - 1, keptGenerations: kept)
        var kept: [ZoneName: GenerationZone] = [:]
        for zone in zones {
            let published = PublishedZone(
                serial: SOASerial(UInt32(number)), contentKey: "key \(number)",
                includeRevision: revision)
            record.zones[zone] = published
            record.includes[zone] = AcceptedInclude(
                revision: revision, text: Array("\(zone) \(revision)".utf8))
            kept[zone] = GenerationZone(
                serial: published.serial, contentKey: published.contentKey,
                includeRevision: revision, causes: [.addresses])
        }
        record.plan = Generation(
            number: number, time: record.moment.wall, actor: "anna", cause: .round,
            live: record.live, dns: dns, zones: kept)
        return record
    }

    /// A database of version 1 after two generations, of which the second changed one zone alone.
    private func makeVersion1() throws {
        do {
            let store = try SQLiteStore(path: path, access: .readWrite)
            try store.begin(record(1, names), keptSamples: 5)
            try store.begin(record(2, [names[0]]), keptSamples: 5)
        }
        try SQLShell.run(old, OldDatabase.version1 + OldDatabase.copy1(of: path))
    }

    @Test func version1sZonesAreTheGroundOfWhatFollows() throws {
        try makeVersion1()
        let store = try SQLiteStore(path: old, access: .readWrite)
        let kept = try store.generations(network, limit: 10)
        #expect(kept.map(\.number) == [2])
        #expect(kept.first?.live.map(\.name) == ["192.0.2.1"])
        #expect(kept.first?.dns == dns)
        for number in 3...4 {
            try store.begin(record(number, [names[1]], revision: 2), keptSamples: 5)
        }
        let before = try #require(try store.contents(network, at: 2))
        #expect(before.zones.mapValues(\.serial.value) == [names[0]: 2, names[1]: 1, names[2]: 1])
        #expect(before.zones[names[2]]?.contentKey == "key 1")
        #expect(Set(before.includes.keys) == Set(names))
        #expect(before.includes[names[1]]?.text == Array("b.test 1".utf8))
        let after = try #require(try store.contents(network, at: 4))
        #expect(after.zones.mapValues(\.serial.value) == [names[0]: 2, names[1]: 4, names[2]: 1])
        #expect(after.includes[names[1]]?.text == Array("b.test 2".utf8))
        #expect(after.includes[names[2]]?.text == Array("c.test 1".utf8))
        // What is no longer kept is still the ground of what is.
        try store.begin(record(5, [names[0]], keeping: 1, revision: 3), keptSamples: 5)
        let last = try #require(try store.contents(network, at: 5))
        #expect(last.zones.mapValues(\.serial.value) == [names[0]: 5, names[1]: 4, names[2]: 1])
        #expect(Set(last.includes.keys) == Set(names))
    }

    /// Whatever random work left in a database of version 2 is read from it as it was.
    @Test(arguments: UInt64(1)...4)
    func version2SaysTheSameAfterwards(seed: UInt64) throws {
        let memory = InMemoryStore()
        var work = StoreOperations(seed: seed)
        do {
            let store = try SQLiteStore(path: path, access: .readWrite)
            for _ in 0..<40 {
                work.pass()
                let network = work.networks[work.random.once(in: 4) ? 1 : 0]
                var record = work.round(network)
                // What is published is in a plan.
                if record.plan == nil { (record.zones, record.includes) = ([:], [:]) }
                try store.begin(record, keptSamples: 7)
                try memory.begin(record, keptSamples: 7)
            }
        }
        var sql = OldDatabase.version1 + OldDatabase.version2 + OldDatabase.copy2(of: path)
        for (id, network) in try ids() { sql += try zoneRows(id, network, memory) }
        try SQLShell.run(old, sql)
        let reader = try SQLiteStore(path: old, access: .readOnly)
        let store = try SQLiteStore(path: old, access: .readWrite)
        for network in work.networks {
            for found in [reader, store] {
                let kept = try memory.generations(network, limit: 10)
                #expect(try found.generations(network, limit: 10) == kept)
                for generation in kept {
                    #expect(
                        try found.contents(network, at: generation.number)
                            == memory.contents(network, at: generation.number))
                }
                var known = try memory.load(
                    network, judge: JudgeSettings(), now: work.moments.now())
                // Versions before the fifth knew no steady judge.
                for target in known.targets.keys { known.targets[target]?.steady = nil }
                // Versions before the fourth began a lag anew with each publication, and kept what has to go
                // with the zone.
                for server in known.servers.keys {
                    for (zone, owed) in known.servers[server]?.owed ?? [:] {
                        known.servers[server]?.owed[zone]?.since = owed.published
                        known.servers[server]?.owed[zone]?.gone = []
                    }
                }
                #expect(
                    try found.load(network, judge: JudgeSettings(), now: work.moments.now())
                        == known)
            }
        }
        #expect(try SQLShell.run(old, "PRAGMA integrity_check; PRAGMA foreign_key_check") == "ok\n")
    }

    private func ids() throws -> [(Int, NetworkName)] {
        try SQLShell.run(path, "SELECT id, name FROM network").split(separator: "\n").compactMap {
            let words = $0.split(separator: "|")
            guard let id = Int(words[0]), let name = NetworkName(String(words[1])) else {
                return nil
            }
            return (id, name)
        }
    }

    /// A network's rows of `generation_zone` as version 2 wrote them.
    private func zoneRows(
        _ id: Int, _ network: NetworkName, _ memory: InMemoryStore
    ) throws -> String {
        let kept = try memory.generations(network, limit: 10)
        guard let oldest = kept.last,
            let ground = try memory.contents(network, at: oldest.number)
        else { return "" }
        func row(_ zone: ZoneName, _ content: GenerationZone, _ number: Int, _ isGround: Bool)
            -> String
        {
            let key = SQLShell.quoted(content.contentKey)
            return "INSERT OR IGNORE INTO content(key) VALUES (\(key));\n"
                + "INSERT INTO generation_zone VALUES (\(id), \(SQLShell.quoted(zone.text)), "
                + "\(number), \(isGround ? 1 : 0), \(content.serial.value), "
                + "(SELECT id FROM content WHERE key = \(key)), \(content.includeRevision), "
                + "\(SQLShell.quoted(content.canary?.description)), "
                + "\(SQLShell.quoted(content.canaryReplaces?.text)), "
                + "\(SQLShell.quoted(content.causes.map(\.rawValue).joined(separator: " "))));\n"
        }
        var sql = ""
        for generation in kept {
            for (zone, content) in generation.zones {
                sql += row(zone, content, generation.number, false)
            }
        }
        for (zone, content) in ground.zones where oldest.zones[zone] == nil {
            sql += row(zone, content, oldest.number, true)
        }
        return sql
    }

    /// A zone that version 2 gave up goes on counting where kept generations have it.
    @Test func version2sGivenUpZoneCountsOn() throws {
        do {
            let store = try SQLiteStore(path: path, access: .readWrite)
            try store.begin(record(1, names, revision: 7), keptSamples: 5)
        }
        try SQLShell.run(
            old,
            OldDatabase.version1 + OldDatabase.version2 + OldDatabase.copy2(of: path)
                + """
                INSERT INTO generation_zone
                    SELECT network, name, 1, 0, serial, content, include_revision, NULL, NULL, 'new'
                    FROM zone;
                DELETE FROM zone WHERE name = 'b.test';
                DELETE FROM include WHERE zone = 'b.test';
                """)
        let store = try SQLiteStore(path: old, access: .readWrite)
        let now = Moment(wall: UnixTime(seconds: 1), sinceBoot: .zero, bootID: "")
        let state = try store.load(network, judge: JudgeSettings(), now: now)
        #expect(state.givenUp == ["b.test": 7])
        #expect(state.includeRevision(of: "b.test") == 7)
        #expect(try store.contents(network, at: 1)?.zones["b.test"]?.includeRevision == 7)
    }

    /// Who only reads needs no newer file: it is brought up to date in memory (I21).
    @Test(arguments: [1, 2])
    func readersNeedNoMigration(version: Int) throws {
        try makeVersion1()
        if version == 2 { try SQLShell.run(old, OldDatabase.version2) }
        try FileManager.default.removeItem(atPath: path)
        for name in try directory.names() where !name.hasSuffix(".db") {
            try FileManager.default.removeItem(atPath: directory(name))
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: old))
        do {
            let reader = try SQLiteStore(path: old, access: .readOnly)
            #expect(!reader.wasReset)
            let now = Moment(wall: UnixTime(seconds: 2), sinceBoot: .seconds(9), bootID: "boot")
            let state = try reader.load(network, judge: JudgeSettings(), now: now)
            #expect(state.generation == 2 && state.zones.count == 3)
            #expect(try reader.generations(network, limit: 5).map(\.number) == [2])
            #expect(throws: StoreError.readOnly(path: old)) {
                try reader.begin(record(3, names), keptSamples: 5)
            }
            #expect(try reader.adopt(network, edges: [:], state: nil, now: now).isEmpty)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: old)) == before)
        #expect(
            try directory.names().filter { !$0.hasSuffix("-shm") && !$0.hasSuffix("-wal") } == [
                "old.db"
            ])
        #expect(try SQLShell.run(old, "PRAGMA user_version") == "\(version)\n")
    }

    /// A database of version 4 goes on, and from then on holds what the steady judge remembers.
    @Test func version4LearnsToRemember() throws {
        let target = ProbeTarget(name: "192.0.2.1", family: .ipv4)
        var first = record(1, names)
        first.targets = [
            TargetUpdate(
                target: target, address: .v4(1), sample: .milliseconds(80), health: .pass,
                outcome: "ok", detail: "answered in 80 ms")
        ]
        do {
            let store = try SQLiteStore(path: path, access: .readWrite)
            try store.begin(first, keptSamples: 5)
        }
        try SQLShell.run(
            path, OldDatabase.withoutHistory + OldDatabase.from7To4)
        let now = Moment(wall: UnixTime(seconds: 1), sinceBoot: .zero, bootID: "")
        let reader = try SQLiteStore(path: path, access: .readOnly)
        let store = try SQLiteStore(path: path, access: .readWrite)
        for found in [reader, store] {
            let loaded = try found.load(network, judge: JudgeSettings(), now: now)
            #expect(loaded.targets[target]?.health == .pass)
            #expect(loaded.targets[target]?.steady == nil)
        }
        var second = record(2, names)
        second.targets = first.targets
        let memory = SteadyMemory(
            isUp: true, failureScore: 0.1 + 0.2, slowFailureScore: 1.0 / 3,
            failedShare: .leastNonzeroMagnitude, fetchSeconds: 0.08,
            recent: RecentFetchTimes([.milliseconds(80), .nanoseconds(1)]),
            failedRounds: 1, cleanRounds: 2, penalty: 0.7)
        second.targets[0].steady = memory
        try store.begin(second, keptSamples: 5)
        let loaded = try store.load(network, judge: JudgeSettings(), now: now)
        #expect(loaded.targets[target]?.steady == memory)
        // What can't be read is as none, and the rest of the target stays.
        for text in ["", "steady1 up", "steady1 up nan 0 0 - 0 0 0", "steady9 up 0 0 0 - 0 0 0"] {
            try SQLShell.run(path, "UPDATE target SET steady = '\(text)'")
            let loaded = try store.load(network, judge: JudgeSettings(), now: now)
            #expect(loaded.targets[target]?.steady == nil)
            #expect(loaded.targets[target]?.kept.count == 2)
        }
    }

    /// A new database and one that was brought up to date have the same tables.
    @Test func everyWayLeadsToTheSameTables() throws {
        try makeVersion1()
        _ = try SQLiteStore(path: old, access: .readWrite)
        let tables = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
        #expect(try SQLShell.run(old, tables) == SQLShell.run(path, tables))
    }
}
