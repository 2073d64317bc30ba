public import EdgeCore

/// Remembers more of an edge than a round needs: what the original's files are written from when
/// they can't be spliced. Edges and canaries alike are asked for by their names.
public protocol EdgeHistorySource: Sendable {
    /// The newest `limit` kept samples of the edge's primary address, newest last; a round's own
    /// sample is among them once `StateStore.begin` returned.
    func samples(
        of edge: EdgeName, in network: NetworkName, limit: Int
    ) throws -> [EdgeStoreFile.Fetch]
    /// Means by hour, oldest first, at most 2,000; the time is the hour's beginning.
    func hourlyMeans(
        of edge: EdgeName, in network: NetworkName
    ) throws -> [EdgeStoreFile.Fetch]
    /// When the edge went in or out, oldest first, at most 2,000.
    func rotationHistory(of edge: EdgeName, in network: NetworkName) throws -> [UnixTime]
    /// When the network's live set changed, oldest first, at most 100.
    func rotations(of network: NetworkName) throws -> [UnixTime]
}
