public import EdgeCore
public import EdgeShell

/// The original's files are written from what the database remembers.
extension SQLiteStore: EdgeHistorySource {
    public func samples(
        of edge: EdgeName, in network: NetworkName, limit: Int
    ) throws -> [EdgeStoreFile.Fetch] {
        for target in Self.targets(of: edge) {
            let samples = try samples(network, target: target, limit: limit)
            if !samples.isEmpty { return samples }
        }
        return []
    }

    public func hourlyMeans(
        of edge: EdgeName, in network: NetworkName
    ) throws -> [EdgeStoreFile.Fetch] {
        for target in Self.targets(of: edge) {
            let means = try hourlyMeans(network, target: target)
            if !means.isEmpty { return means }
        }
        return []
    }

    public func rotationHistory(
        of edge: EdgeName, in network: NetworkName
    ) throws -> [UnixTime] {
        try rotationHistory(network, edge: edge)
    }

    public func rotations(of network: NetworkName) throws -> [UnixTime] {
        try rotationTimes(network)
    }

    /// Where an edge's samples may stand, the primary address first.
    private static func targets(of edge: EdgeName) -> [ProbeTarget] {
        [ProbeTarget.Role.edge, .canary].flatMap { role in
            AddressFamily.allCases.map { ProbeTarget(role: role, name: edge, family: $0) }
        }
    }
}
