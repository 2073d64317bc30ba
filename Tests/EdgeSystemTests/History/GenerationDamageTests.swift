import EdgeCore
import EdgeShell
import EdgeTesting
import Testing

@testable import EdgeSystemHistory

/// Kept generations that somebody damaged: what can't be read is said, and neither deleted nor read in
/// part.
@Suite struct GenerationDamageTests {
    let directory: TemporaryDirectory
    let path: String
    let network = NetworkName("web")
    let dns = DNSSettings(primary: "a.", mailbox: "b.", nameServers: ["ns."])

    init() throws {
        directory = try TemporaryDirectory()
        path = directory("state.db")
    }

    /// Publishes these zones as a generation.
    private func publish(
        _ zones: [ZoneName], as number: Int, to store: SQLiteStore, keeping count: Int = 100
    ) throws {
        var record = RoundRecord(
            network: network,
            moment: Moment(
                wall: UnixTime(seconds: Int64(number)), sinceBoot: .seconds(number),
                bootID: "boot"), generation: number, basis: number - 1, keptGenerations: count)
        var kept: [ZoneName: GenerationZone] = [:]
        for zone in zones {
            record.zones[zone] = PublishedZone(
                serial: SOASerial(UInt32(number)), contentKey: "key", includeRevision: 1)
            kept[zone] = GenerationZone(
                serial: SOASerial(UInt32(number)), contentKey: "key", includeRevision: 1,
                canary: .v4(1), causes: [.addresses])
        }
        record.plan = Generation(
            number: number, time: record.moment.wall, actor: "anna", cause: .round,
            live: [LiveEdge(name: "192.0.2.1", addresses: EdgeAddresses(ipv4: .v4(7)))],
            dns: dns, zones: kept)
        try store.begin(record, keptSamples: 5)
    }

    private func damage(of store: SQLiteStore, at number: Int) -> String? {
        do {
            _ = try store.contents(network, at: number)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static let cells = [
        ("UPDATE zone_run SET zones = x'ff'", "a row of zones of generation 2 can't be read"),
        ("UPDATE zone_run SET zones = NULL", "a row of zones of generation 2 can't be read"),
        ("UPDATE zone_run SET content = 99", "the content of zone b.test can't be read"),
        ("UPDATE zone_run SET canary = 'x'", "the content of zone b.test can't be read"),
    ]

    /// A row of zones is damaged: the generations that it counts for are not put together without it.
    @Test(arguments: cells)
    func aDamagedRowIsSaid(statement: String, words: String) throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        try publish(["a.test", "b.test"], as: 1, to: store)
        try publish(["b.test"], as: 2, to: store)
        try publish(["a.test"], as: 3, to: store)
        try SQLShell.run(
            path,
            """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'zone_run';
            PRAGMA writable_schema = RESET;
            PRAGMA foreign_keys = OFF;
            \(statement) WHERE generation = 2;
            """)
        let other = try SQLiteStore(path: path, access: .readWrite)
        #expect(damage(of: other, at: 1) == nil)
        for number in 2...3 {
            let said = try #require(damage(of: other, at: number))
            #expect(said.contains(words) && said.contains("\(path)"), "\(said)")
            #expect(said.contains("generation \(number) can't be put together"), "\(said)")
        }
        let listed = try other.generations(network, limit: 10)
        #expect(listed.map(\.number) == [3, 2, 1])
        #expect(listed.map { $0.damage == nil } == [true, false, true])
        // Once every zone is published anew, what follows is whole.
        try publish(["a.test", "b.test"], as: 4, to: other)
        #expect(damage(of: other, at: 4) == nil)
        #expect(try other.contents(network, at: 4)?.zones.count == 2)
    }

    /// What is let go of must not take a row along that says something of a kept generation.
    @Test func pruningKeepsWhatItCantRead() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        try publish(["a.test", "b.test"], as: 1, to: store)
        try publish(["b.test"], as: 2, to: store)
        try SQLShell.run(path, "UPDATE zone_run SET zones = x'ff' WHERE generation = 2")
        for number in 3...8 { try publish(["a.test"], as: number, to: store, keeping: 2) }
        #expect(try store.generations(network, limit: 9).map(\.number) == [8, 7])
        #expect(
            try SQLShell.run(path, "SELECT count(*) FROM zone_run WHERE zones = x'ff'") == "1\n")
        let said = try #require(damage(of: store, at: 8))
        #expect(said.contains("a row of zones of generation 2 can't be read"), "\(said)")
        // Put right from a copy, it says what it said.
        let right = ZoneRuns.encode([ZoneRuns.Zone(id: 2, serial: 2, revision: 1)])
        let hex = right.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let mended = directory("mended.db")
        try SQLShell.run(path, "VACUUM INTO '\(mended)'")
        try SQLShell.run(mended, "UPDATE zone_run SET zones = x'\(hex)' WHERE zones = x'ff'")
        let copy = try SQLiteStore(path: mended, access: .readWrite)
        #expect(
            try copy.contents(network, at: 8)?.zones.mapValues(\.serial.value)
                == ["a.test": 8, "b.test": 2])
        // Or overtaken, it goes.
        try publish(["a.test", "b.test"], as: 9, to: store, keeping: 2)
        #expect(damage(of: store, at: 9) == nil)
        for number in 10...12 { try publish(["a.test"], as: number, to: store, keeping: 2) }
        #expect(try SQLShell.run(path, "SELECT count(*) FROM zone_run") == "3\n")
        #expect(try store.contents(network, at: 12)?.zones.count == 2)
    }

    private static let parts = [
        ("UPDATE generation SET dns = '{' WHERE number = 1", "the parameters of generation 1"),
        ("UPDATE generation_edge SET ipv6 = 'x' WHERE generation = 1", "an address of 192.0.2.1"),
        ("UPDATE generation_edge SET edge = '/' WHERE generation = 1", "an edge of generation 1"),
        ("UPDATE generation_edge SET ipv4 = 'x' WHERE generation = 1", "an address of 192.0.2.1"),
        ("UPDATE zone_name SET name = '/' WHERE id = 1", "what should be a zone's name is none"),
        ("UPDATE zone_name SET id = 77 WHERE id = 1", "names of zones are lost"),
    ]

    @Test(arguments: parts)
    func everyLostPartIsSaid(statement: String, words: String) throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        try publish(["a.test", "b.test"], as: 1, to: store)
        try SQLShell.run(path, statement)
        let said = try #require(damage(of: store, at: 1))
        #expect(said.contains(words), "\(said)")
        #expect(try store.generations(network, limit: 9).first?.damage?.contains(words) == true)
    }
}
