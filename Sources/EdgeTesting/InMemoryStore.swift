public import EdgeCore
public import EdgeShell
internal import Synchronization

/// A `StateStore` in memory with the meaning of the SQLite one, for the simulation and for tests:
/// what it holds outlives nothing but the processes that the simulation kills.
///
/// Operations either happen or do not, as transactions would.
public final class InMemoryStore: StateStore {
    let networks = Mutex<[NetworkName: MemoryNetwork]>([:])

    /// An empty store.
    public init() {}

    /// Another store that holds what this one does now: a backup.
    public func copy() -> InMemoryStore {
        let copy = InMemoryStore()
        let held = networks.withLock { $0 }
        copy.networks.withLock { $0 = held }
        return copy
    }

    /// Everything known of a network; a last run from the future is written down as now (I25).
    public func load(
        _ network: NetworkName, judge: JudgeSettings, now: Moment
    ) throws -> NetworkState {
        networks.withLock { Self.load(network, judge: judge, now: now, from: &$0) }
    }

    private static func load(
        _ network: NetworkName, judge: JudgeSettings, now: Moment,
        from networks: inout [NetworkName: MemoryNetwork]
    ) -> NetworkState {
        var state = networks[network, default: MemoryNetwork()].load(judge: judge, now: now)
        for (other, memory) in networks.sorted(by: { $0.key < $1.key }) where other != network {
            for zone in memory.state.zones.keys { state.foreignZones[zone] = other }
        }
        return state
    }

    /// The last accepted includes of these zones; zones without one are left out.
    public func acceptedIncludes(
        _ network: NetworkName, zones: [ZoneName]
    ) throws -> [ZoneName: AcceptedInclude] {
        networks.withLock { networks in
            guard let includes = networks[network]?.includes else { return [:] }
            return Dictionary(
                zones.compactMap { zone in includes[zone].map { (zone, $0) } },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// Adds a round, whole or not at all; at most eight samples of a target fall out at once.
    ///
    /// - Throws: `StaleGeneration` when another round published since the record's basis (I5).
    public func begin(_ record: RoundRecord, keptSamples: Int) throws {
        try networks.withLock { networks in
            if let found = networks[record.network]?.state.generation, found != record.basis {
                throw StaleGeneration(
                    network: record.network, basis: record.basis, found: found)
            }
            networks[record.network, default: MemoryNetwork()]
                .begin(record, keptSamples: keptSamples)
        }
    }

    /// Notes the files that were written or adopted; `nil` for zones that could not be.
    public func finish(_ network: NetworkName, written: [ZoneName: FileStamp?]) throws {
        networks.withLock { networks in
            for (zone, stamp) in written {
                networks[network]?.state.zones[zone]?.fileStamp = stamp
            }
        }
    }

    /// Notes that nothing is owed by `run_after_changes`, unless a newer generation was begun meanwhile.
    public func settleAfterChanges(_ network: NetworkName, of generation: Int) throws {
        networks.withLock { networks in
            guard networks[network, default: MemoryNetwork()].state.generation == generation else {
                return
            }
            networks[network]?.state.afterChangesPending = false
        }
    }

    /// Sets an edge's mode and records an audit event by `actor`, unless `check` throws; returns the network as
    /// it was before.
    public func setMode(
        _ network: NetworkName, edge: EdgeName, to mode: ModeRecord, actor: String, now: Moment,
        judge: JudgeSettings, check: (NetworkState) throws -> [String]
    ) throws -> NetworkState {
        try networks.withLock { networks in
            // A copy is asked: a last run from the future is written down by `load` alone.
            var copy = networks
            let state = Self.load(network, judge: judge, now: now, from: &copy)
            let keys = try check(state)
            networks[network, default: MemoryNetwork()].state.modes[edge] = mode
            networks[network]?.note([.modeChange(of: edge, to: mode, actor: actor)], at: now)
            networks[network]?.state.approvals.formUnion(keys)
            networks[network]?.note(keys.map { .approval(of: $0, actor: actor) }, at: now)
            return state
        }
    }

    /// Adds approval keys, each once, and records an audit event by `actor` for each.
    public func approve(
        _ network: NetworkName, keys: [String], actor: String, now: Moment
    ) throws {
        networks.withLock { networks in
            networks[network, default: MemoryNetwork()].state.approvals.formUnion(keys)
            networks[network]?.note(keys.map { .approval(of: $0, actor: actor) }, at: now)
        }
    }

    /// Takes over what the original's files say of unknown edges; returns those, sorted.
    public func adopt(
        _ network: NetworkName, edges: [EdgeName: EdgeStoreFile], state: OriginalStateFile?,
        now: Moment
    ) throws -> [EdgeName] {
        networks.withLock {
            $0[network, default: MemoryNetwork()].adopt(edges: edges, state: state, now: now)
        }
    }

    /// Edges and canaries that were probed or taken over; a mode alone makes none known.
    public func knownEdges(_ network: NetworkName) throws -> Set<EdgeName> {
        networks.withLock { $0[network]?.knownEdges ?? [] }
    }

    /// Adds lines to the audit log.
    public func record(_ events: [AuditEvent], network: NetworkName, now: Moment) throws {
        networks.withLock { $0[network, default: MemoryNetwork()].note(events, at: now) }
    }

    /// The last events of the audit log, newest last.
    public func recentEvents(_ network: NetworkName, limit: Int) -> [RecordedEvent] {
        networks.withLock { Array(($0[network]?.events ?? []).suffix(max(limit, 0))) }
    }

    /// When an edge went in or out, oldest first; at most 2,000.
    public func rotationHistory(_ network: NetworkName, edge: EdgeName) -> [UnixTime] {
        networks.withLock { $0[network]?.edgeRotations[edge] ?? [] }
    }

    /// The newest `limit` kept samples of a target, newest last.
    public func samples(
        _ network: NetworkName, target: ProbeTarget, limit: Int
    ) -> [EdgeStoreFile.Fetch] {
        networks.withLock { networks in
            let kept = networks[network]?.targets[target]?.kept ?? []
            return kept.suffix(max(limit, 0))
                .map { EdgeStoreFile.Fetch(time: $0.time, duration: $0.duration) }
        }
    }

    /// Forgets what was published of these zones, so that another network may publish them.
    public func forgetZones(_ network: NetworkName, zones: [ZoneName]) {
        networks.withLock { networks in
            for zone in zones {
                networks[network]?.giveUp(zone)
            }
        }
    }
}
