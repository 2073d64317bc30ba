public import EdgeCore
public import EdgeShell
internal import GRDB

extension SQLiteStore: EdgeHistorySource {
    /// An address that is edge and canary is an edge; of two families the one that was sampled last
    /// is the primary one, IPv4 when both were.
    public func samples(
        of edge: EdgeName, in network: NetworkName, limit: Int
    ) throws -> [EdgeStoreFile.Fetch] {
        guard let target = try primaryTarget(of: edge, in: network) else { return [] }
        return try samples(network, target: target, limit: limit)
    }

    /// Of the same target, as many as a file takes.
    public func hourlyMeans(
        of edge: EdgeName, in network: NetworkName
    ) throws -> [EdgeStoreFile.Fetch] {
        guard let target = try primaryTarget(of: edge, in: network) else { return [] }
        return Array(
            try hourlyMeans(network, target: target).suffix(EdgeStoreFile.maximumEntries))
    }

    /// The edge's, at most 2,000.
    public func rotationHistory(
        of edge: EdgeName, in network: NetworkName
    ) throws -> [UnixTime] {
        try rotationHistory(network, edge: edge)
    }

    /// The network's, at most 100.
    public func rotations(of network: NetworkName) throws -> [UnixTime] {
        try read { database in
            guard let id = try database.networkID(network) else { return [] }
            return try Self.rotations(id, from: database)
        }
    }

    private func primaryTarget(
        of edge: EdgeName, in network: NetworkName
    ) throws -> ProbeTarget? {
        try read { database in
            guard let id = try database.networkID(network) else { return nil }
            // "edge" sorts after "canary", "ipv4" before "ipv6".
            let row = try Row.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT role, name, family FROM target
                        WHERE network = ? AND name = ? AND role IN ('edge', 'canary')
                            AND newest IS NOT NULL
                        ORDER BY role DESC, newest DESC, family LIMIT 1
                        """), arguments: [id, edge.text])
            return row.flatMap { $0.target(at: 0) }
        }
    }
}
