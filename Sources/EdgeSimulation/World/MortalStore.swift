import EdgeCore
import EdgeShell
import EdgeTesting

/// A store as a process sees it that may die: after death nothing reaches it.
struct MortalStore: StateStore {
    private let store: any StateStore
    private let process: WorldProcess

    init(_ store: any StateStore, process: WorldProcess) {
        self.store = store
        self.process = process
    }

    /// The store, unless its process is dead or the disk in trouble.
    private func live(writes: Bool = false) throws -> any StateStore {
        if !process.act() { throw WorldDeath() }
        let trouble = process.world.change { state -> StoreTrouble? in
            let isMet = state.storeTrouble == .isBroken || writes && state.storeTrouble != nil
            state.storeRefused = state.storeRefused || isMet
            return isMet ? state.storeTrouble : nil
        }
        switch trouble {
        case .isFull: throw RoundRefusal.state("database: database or disk is full")
        case .isBroken: throw RoundRefusal.state("database: disk I/O error")
        case nil: return store
        }
    }

    func load(
        _ network: NetworkName, judge: JudgeSettings, now: Moment
    ) throws -> NetworkState {
        try live().load(network, judge: judge, now: now)
    }

    func acceptedIncludes(
        _ network: NetworkName, zones: [ZoneName]
    ) throws -> [ZoneName: AcceptedInclude] {
        try live().acceptedIncludes(network, zones: zones)
    }

    func begin(_ record: RoundRecord, keptSamples: Int) throws {
        let instant = process.world.instant
        process.world.change { $0.decisions[process.number] = instant }
        try live(writes: true).begin(record, keptSamples: keptSamples)
    }

    func finish(_ network: NetworkName, written: [ZoneName: FileStamp?]) throws {
        try live(writes: true).finish(network, written: written)
    }

    func settleAfterChanges(_ network: NetworkName, of generation: Int) throws {
        // A database that can't say its generation can't compare it either.
        _ = try self.generation(network)
        try live(writes: true).settleAfterChanges(network, of: generation)
    }

    func setMode(
        _ network: NetworkName, edge: EdgeName, to mode: ModeRecord, actor: String, now: Moment,
        judge: JudgeSettings, check: (NetworkState) throws -> [String]
    ) throws -> NetworkState {
        try live(writes: true).setMode(
            network, edge: edge, to: mode, actor: actor, now: now, judge: judge, check: check)
    }

    func approve(_ network: NetworkName, keys: [String], actor: String, now: Moment) throws {
        try live(writes: true).approve(network, keys: keys, actor: actor, now: now)
    }

    func adopt(
        _ network: NetworkName, edges: [EdgeName: EdgeStoreFile], state: OriginalStateFile?,
        now: Moment
    ) throws -> [EdgeName] {
        try live(writes: true).adopt(network, edges: edges, state: state, now: now)
    }

    func knownEdges(_ network: NetworkName) throws -> Set<EdgeName> {
        try live().knownEdges(network)
    }

    func record(_ events: [AuditEvent], network: NetworkName, now: Moment) throws {
        try live(writes: true).record(events, network: network, now: now)
    }

    func generation(_ network: NetworkName) throws -> Int {
        let store = try live()
        if process.world.change({ $0.generationIsUnreadable }) {
            throw RoundRefusal.state("database: disk I/O error")
        }
        return try store.generation(network)
    }

    func note(
        _ updates: [ServerUpdate], network: NetworkName, generation: Int, round: Moment,
        servers: [ServerName]
    ) throws -> Bool {
        try live(writes: true).note(
            updates, network: network, generation: generation, round: round, servers: servers)
    }

    func setRotationHold(
        _ network: NetworkName, _ hold: RotationHold?, actor: String, now: Moment
    ) throws {
        try live(writes: true).setRotationHold(network, hold, actor: actor, now: now)
    }

    func generations(_ network: NetworkName, limit: Int) throws -> [Generation] {
        try live().generations(network, limit: limit)
    }

    func contents(_ network: NetworkName, at generation: Int) throws -> GenerationContents? {
        try live().contents(network, at: generation)
    }
}
