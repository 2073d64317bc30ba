public import EdgeCore
internal import EdgeShell
internal import Synchronization

extension InMemoryStore {
    /// The number of the last published plan.
    public func generation(_ network: NetworkName) throws -> Int {
        networks.withLock { $0[network]?.state.generation ?? 0 }
    }

    /// Everything of a network but its targets, as it stands; nil before its first round.
    public func network(_ network: NetworkName) -> NetworkState? {
        networks.withLock { $0[network]?.state }
    }

    /// Notes what a run learned of name servers, if it is the last one; owed zones of a newer generation
    /// stay owed.
    public func note(
        _ updates: [ServerUpdate], network: NetworkName, generation: Int, round: Moment,
        servers: [ServerName]
    ) throws -> Bool {
        networks.withLock {
            $0[network]?.note(updates, generation: generation, round: round, servers: servers)
                ?? false
        }
    }

    /// Holds a network's rotations, or lets them go on.
    public func setRotationHold(
        _ network: NetworkName, _ hold: RotationHold?, actor: String, now: Moment
    ) throws {
        networks.withLock { networks in
            networks[network, default: MemoryNetwork()].state.rotationHold = hold
            networks[network]?.note([.rotationHold(hold, actor: actor)], at: now)
        }
    }

    /// The kept generations, newest first.
    public func generations(_ network: NetworkName, limit: Int) throws -> [Generation] {
        networks.withLock { Array(($0[network]?.generations ?? []).reversed().prefix(limit)) }
    }

    /// Everything that was published at a generation.
    public func contents(_ network: NetworkName, at generation: Int) throws -> GenerationContents? {
        networks.withLock { $0[network]?.contents(at: generation) }
    }
}
