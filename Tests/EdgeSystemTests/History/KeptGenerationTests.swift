import EdgeCore
import EdgeShell
import EdgeTesting
import Foundation
import Testing

@testable import EdgeSystemHistory

/// What kept generations cost, and what they refer to.
@Suite struct KeptGenerationTests {
    let directory: TemporaryDirectory
    let path: String
    let network = NetworkName("web")
    let dns = DNSSettings(primary: "a.", mailbox: "b.", nameServers: ["ns."])

    init() throws {
        directory = try TemporaryDirectory()
        path = directory("state.db")
    }

    /// Publishes these zones with these includes as a generation.
    private func publish(
        _ zones: [ZoneName: AcceptedInclude], as number: Int, to store: any StateStore,
        keeping count: Int = 100, newTexts: Bool = true
    ) throws {
        var record = RoundRecord(
            network: network,
            moment: Moment(
                wall: UnixTime(seconds: 1_700_000_000 + Int64(number)), sinceBoot: .seconds(number),
                bootID: "boot"), generation: number, includes: newTexts ? zones : [:],
            basis: number - 1, keptGenerations: count)
        var kept: [ZoneName: GenerationZone] = [:]
        for (zone, include) in zones {
            let serial = SOASerial(UInt32(number))
            record.zones[zone] = PublishedZone(
                serial: serial, contentKey: "key \(number)", includeRevision: include.revision)
            kept[zone] = GenerationZone(
                serial: serial, contentKey: "key \(number)", includeRevision: include.revision,
                causes: [.addresses])
        }
        record.plan = Generation(
            number: number, time: record.moment.wall, actor: "anna", cause: .round, live: [],
            dns: dns, zones: kept)
        try store.begin(record, keptSamples: 5)
    }

    private func load(_ store: any StateStore) throws -> NetworkState {
        let now = Moment(wall: UnixTime(seconds: 1_800_000_000), sinceBoot: .zero, bootID: "later")
        return try store.load(network, judge: JudgeSettings(), now: now)
    }

    /// A rotation takes one row, however many zones rotate, and content and texts that nothing refers to
    /// any more go.
    @Test func aRotationTakesOneRow() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        let zones = Dictionary(
            uniqueKeysWithValues: (0..<500).compactMap { ZoneName("zone\($0).test") }.map {
                ($0, AcceptedInclude(revision: 1, text: [1]))
            })
        for number in 1...30 {
            try publish(zones, as: number, to: store, keeping: 10, newTexts: number == 1)
        }
        #expect(
            try SQLShell.run(path, "SELECT count(*), count(distinct generation) FROM zone_run")
                == "11|11\n")
        #expect(try SQLShell.run(path, "SELECT max(length(zones)) < 20 FROM zone_run") == "1\n")
        #expect(try SQLShell.run(path, "SELECT count(*) FROM include_text") == "500\n")
        #expect(try SQLShell.run(path, "SELECT count(*) <= 12 FROM content") == "1\n")
        #expect(try store.contents(network, at: 21)?.zones.count == 500)
        #expect(try store.contents(network, at: 21)?.includes.count == 500)
        #expect(try store.contents(network, at: 20) == nil)
    }

    @Test func textsGoWithTheLastGenerationThatHadThem() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        for number in 1...9 {
            try publish(
                ["a.test": AcceptedInclude(revision: number, text: [UInt8(number)])], as: number,
                to: store, keeping: 3)
        }
        let texts = "SELECT revision, until FROM include_text ORDER BY revision"
        #expect(try SQLShell.run(path, texts) == "7|8\n8|9\n9|\n")
        for number in 7...9 {
            let contents = try store.contents(network, at: number)
            #expect(contents?.includes["a.test"]?.text == [UInt8(number)])
        }
        // A zone that did not change since keeps its text though its generation is gone.
        for number in 10...14 {
            try publish(
                ["b.test": AcceptedInclude(revision: number, text: [UInt8(number)])], as: number,
                to: store, keeping: 3)
        }
        #expect(try store.contents(network, at: 14)?.includes["a.test"]?.text == [9])
    }

    /// A zone that was given up and comes back: old generations say what they said, and its includes
    /// count on from there.
    @Test(arguments: [false, true])
    func aZoneThatComesBackCountsOn(inMemory: Bool) throws {
        let database = try SQLiteStore(path: path, access: .readWrite)
        let memory = InMemoryStore()
        let store: any ReadableStore = inMemory ? memory : database
        let zone: ZoneName = "a.test"
        let other: ZoneName = "b.test"
        let text = AcceptedInclude(revision: 1, text: Array("old".utf8))
        try publish([zone: text, other: text], as: 1, to: store)
        try store.forget([zone], of: network)
        let state = try load(store)
        #expect(state.zones[zone] == nil && state.givenUp == [zone: 1])
        try publish([other: text], as: 2, to: store, newTexts: false)
        #expect(try store.contents(network, at: 1)?.includes[zone] == text)
        #expect(try store.contents(network, at: 2)?.zones[zone] == nil)
        let next = AcceptedInclude(
            revision: state.includeRevision(of: zone) + 1, text: Array("new".utf8))
        #expect(next.revision == 2)
        try publish([zone: next], as: 3, to: store)
        #expect(try store.contents(network, at: 1)?.includes[zone] == text)
        #expect(try store.contents(network, at: 3)?.includes[zone] == next)
        #expect(try store.contents(network, at: 3)?.includes[other] == text)
        // Nothing kept refers to the old one any more.
        try publish([other: text], as: 4, to: store, keeping: 2, newTexts: false)
        #expect(try load(store).givenUp.isEmpty)
        #expect(try load(store).includeRevision(of: zone) == 2)
        #expect(try store.contents(network, at: 4)?.includes[zone] == next)
    }

    /// Zones that come and go for ever leave nothing (I27).
    @Test func givenUpZonesLeaveNothing() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        for number in 1...40 {
            let zone = try #require(ZoneName("zone\(number).test"))
            try publish(
                [zone: AcceptedInclude(revision: 1, text: [7])], as: number, to: store, keeping: 3)
            try store.forgetZones(network, zones: [zone])
        }
        for table in ["zone_name", "given_up", "include_text", "zone_run"] {
            let count = try SQLShell.run(path, "SELECT count(*) <= 4 FROM \(table)")
            #expect(count == "1\n", "\(table)")
        }
    }

    @Test(arguments: UInt64(1)...20)
    func runsAreReadBack(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var zones: [ZoneRuns.Zone] = []
        var id: Int64 = 0
        for _ in 0..<Int.random(in: 0...400, using: &random) {
            id += random.once(in: 3) ? Int64.random(in: 1...(1 << 40), using: &random) : 1
            let last = zones.last
            zones.append(
                ZoneRuns.Zone(
                    id: id,
                    serial: random.once(in: 3)
                        ? UInt32.random(in: 0 ... .max, using: &random) : last?.serial ?? 0,
                    revision: random.once(in: 3)
                        ? Int64.random(in: .min ... .max, using: &random) : last?.revision ?? 1))
        }
        let bytes = ZoneRuns.encode(zones)
        #expect(ZoneRuns.decode(bytes, limit: zones.count) == zones)
        if !zones.isEmpty { #expect(ZoneRuns.decode(bytes, limit: zones.count - 1) == nil) }
        // Nothing that stands in a column ends the process.
        for _ in 0..<200 {
            var damaged = bytes
            for _ in 0..<3 where !damaged.isEmpty {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            let read = ZoneRuns.decode(damaged, limit: 500) ?? []
            #expect(read.count <= 500)
            #expect(zip(read, read.dropFirst()).allSatisfy { $0.id < $1.id })
        }
    }
}
