import EdgeCore
import EdgeShell
import EdgeSystemHistory
import EdgeTesting
import Testing

extension SQLiteStore: ReadableStore {
    func recentEvents(of network: NetworkName, limit: Int) throws -> [RecordedEvent] {
        try recentEvents(network, limit: limit)
    }
    func rotations(of network: NetworkName, edge: EdgeName) throws -> [UnixTime] {
        try rotationHistory(network, edge: edge)
    }
    func samples(of network: NetworkName, target: ProbeTarget) throws -> [EdgeStoreFile.Fetch] {
        try samples(network, target: target, limit: .max)
    }
    func forget(_ zones: [ZoneName], of network: NetworkName) throws {
        try forgetZones(network, zones: zones)
    }
}

/// The same random work on the store in memory and on SQLite: they must always say the same.
@Suite struct StoreDifferentialTests {
    @Test(arguments: UInt64(1)...6)
    func memoryAndDatabaseAgree(seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        var work = StoreOperations(seed: seed)
        let memory = InMemoryStore()
        var database = try SQLiteStore(path: directory("state.db"), access: .readWrite)
        let judge = JudgeSettings(keptSamples: 7)
        for step in 0..<120 {
            work.pass()
            let network = work.networks[work.random.once(in: 4) ? 1 : 0]
            var split = work
            try Self.apply(&split, step, network, to: memory)
            try Self.apply(&work, step, network, to: database)
            // The process ends and another one begins.
            if work.random.once(in: 20) {
                database = try SQLiteStore(path: directory("state.db"), access: .readWrite)
            }
            try compare(memory, database, work, judge: judge, "seed \(seed), step \(step)")
        }
    }

    private static func apply(
        _ work: inout StoreOperations, _ step: Int, _ network: NetworkName,
        to store: any ReadableStore
    ) throws {
        let now = work.moments.now()
        let edge = work.edges.randomElement(using: &work.random) ?? work.edges[0]
        switch Int.random(in: 0..<(step < 5 ? 14 : 22), using: &work.random) {
        case 0:
            let mode = ModeRecord(
                mode: .unavailable, comment: "[op] why",
                changed: work.random.once(in: 2) ? now.wall : nil)
            try store.setMode(network, edge: edge, to: mode, actor: "op", now: now)
        case 1: try store.approve(network, keys: ["a", "c", "a"], actor: "op", now: now)
        case 2: try store.setAfterChangesPending(network, work.random.once(in: 2))
        case 3, 4, 5:
            var files = [edge: work.edgeStore()]
            files[work.edges[7]] = work.edgeStore()
            _ = try store.adopt(network, edges: files, state: work.originalState(), now: now)
        case 6:
            var written: [ZoneName: FileStamp?] = [:]
            for number in 0..<3 {
                if let zone = ZoneName("zone\(number).example") {
                    written[zone] = .some(
                        number == 0
                            ? nil : FileStamp(inode: 1, size: 2, modified: -3, changed: 4))
                }
            }
            try store.finish(network, written: written)
        case 7:
            let event = AuditEvent(kind: .command, actor: "me", message: "ran")
            try store.record([event, event], network: network, now: now)
        case 9:
            let generation = work.generations[network] ?? 0
            let servers = work.random.once(in: 8) ? Array(work.servers.prefix(1)) : work.servers
            try store.note(
                work.updates(network).filter { servers.contains($0.server) },
                network: network, generation: generation, servers: servers)
        case 10:
            try store.setRotationHold(network, work.rotationHold(), actor: "anna", now: now)
        case 11:
            // A plan made from another generation is taken in by nobody.
            let isKnown = try store.generations(network, limit: 1).first != nil
            guard isKnown else { return }
            var record = work.round(network)
            work.generations[network] = record.basis
            record.basis += 1
            record.generation += 1
            #expect(throws: StaleGeneration.self) {
                try store.begin(record, keptSamples: 7)
            }
        case 8: try store.forget([ZoneName("zone1.example")].compactMap { $0 }, of: network)
        default:
            let limit = work.random.once(in: 40) ? 3 : 7
            try store.begin(work.round(network), keptSamples: limit)
        }
    }

    /// Everything that can be read of one network.
    private struct View: Equatable {
        var state: NetworkState
        var known: Set<EdgeName>
        var includes: [ZoneName: AcceptedInclude]
        var events: [RecordedEvent]
        var rotations: [[UnixTime]]
        var samples: [[EdgeStoreFile.Fetch]]
        var generation: Int
        var generations: [Generation]
        var contents: [GenerationContents?]

        init(
            of network: NetworkName, in store: some ReadableStore, _ work: StoreOperations,
            judge: JudgeSettings
        ) throws {
            state = try store.load(network, judge: judge, now: work.moments.now())
            known = try store.knownEdges(network)
            let zones = (0..<16).compactMap { ZoneName("zone\($0).example") }
            includes = try store.acceptedIncludes(network, zones: zones)
            events = try store.recentEvents(of: network, limit: 4)
            rotations = try work.edges.map { try store.rotations(of: network, edge: $0) }
            samples = try work.targets.map { try store.samples(of: network, target: $0) }
            generation = try store.generation(network)
            generations = try store.generations(network, limit: 10)
            contents = try (0...8).map {
                try store.contents(network, at: max(0, (work.generations[network] ?? 0) - $0))
            }
        }
    }

    private func compare(
        _ memory: InMemoryStore, _ database: SQLiteStore, _ work: StoreOperations,
        judge: JudgeSettings, _ place: Comment
    ) throws {
        for network in work.networks {
            let expected = try View(of: network, in: memory, work, judge: judge)
            let found = try View(of: network, in: database, work, judge: judge)
            for (target, record) in expected.state.targets {
                try #require(found.state.targets[target] == record, place)
            }
            for server in Set(expected.state.servers.keys).union(found.state.servers.keys) {
                try #require(
                    found.state.servers[server] == expected.state.servers[server], place)
            }
            try #require(found.state.rotationHold == expected.state.rotationHold, place)
            try #require(found.state == expected.state, place)
            try #require(found.samples == expected.samples, place)
            try #require(found.generations == expected.generations, place)
            try #require(found.contents == expected.contents, place)
            try #require(found == expected, place)
        }
    }
}
