public import EdgeCore
internal import EdgeShell
internal import GRDB

extension SQLiteStore {
    /// The number of the last published plan.
    public func generation(_ network: NetworkName) throws -> Int {
        try read { database in
            guard let id = try database.networkID(network) else { return 0 }
            return try database.number("SELECT generation FROM network WHERE id = ?", [id]) ?? 0
        }
    }

    /// Notes what a run learned of name servers.
    public func note(
        _ updates: [ServerUpdate], network: NetworkName, generation: Int, servers: [ServerName]
    ) throws {}

    /// Holds a network's rotations.
    public func setRotationHold(
        _ network: NetworkName, _ hold: RotationHold?, actor: String, now: Moment
    ) throws {}

    /// The kept generations.
    public func generations(_ network: NetworkName, limit: Int) throws -> [Generation] { [] }

    /// Everything that was published at a generation.
    public func contents(_ network: NetworkName, at generation: Int) throws -> GenerationContents? {
        nil
    }
}
