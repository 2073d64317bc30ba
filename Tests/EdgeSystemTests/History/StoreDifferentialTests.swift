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
    func histories(
        of network: NetworkName, from start: UnixTime, now: UnixTime
    ) throws -> (HistoryWindow, [LiveSpan]) {
        (
            try history(network, from: start, now: now),
            try liveSpans(network, from: start)
        )
    }
    func keptProbes(
        of network: NetworkName, target: ProbeTarget, until time: UnixTime
    ) throws -> [KeptProbe] {
        try probes(network, target: target, until: time, limit: 5)
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
            try split.apply(step, network, to: memory)
            try work.apply(step, network, to: database)
            // The process ends and another one begins.
            if work.random.once(in: 20) {
                database = try SQLiteStore(path: directory("state.db"), access: .readWrite)
            }
            try compare(memory, database, work, judge: judge, "seed \(seed), step \(step)")
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
        var histories: [HistoryWindow] = []
        var spans: [[LiveSpan]] = []
        var probes: [[KeptProbe]]
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
            let now = work.moments.now().wall
            for length in [600, 5000, 90_000, 400_000_000] {
                let (history, spans) = try store.histories(
                    of: network, from: now.adding(.seconds(-length)), now: now)
                histories.append(history)
                self.spans.append(spans)
            }
            probes = try work.targets.map {
                try store.keptProbes(
                    of: network, target: $0, until: now.adding(.seconds(-200)))
            }
            generation = try store.generation(network)
            generations = try store.generations(network, limit: 10)
            contents = try (0...10).map {
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
            try #require(found.state.givenUp == expected.state.givenUp, place)
            try #require(found.state == expected.state, place)
            try #require(found.samples == expected.samples, place)
            try #require(found.spans == expected.spans, place)
            try #require(found.histories == expected.histories, place)
            try #require(found.probes == expected.probes, place)
            try #require(found.generations == expected.generations, place)
            try #require(found.contents == expected.contents, place)
            try #require(found == expected, place)
        }
    }
}
