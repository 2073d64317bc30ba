public import EdgeCore
internal import EdgeShell
internal import GRDB

extension SQLiteStore {
    /// Holds a network's rotations, or (nil) lets them go on, with an audit event by `actor`.
    public func setRotationHold(
        _ network: NetworkName, _ hold: RotationHold?, actor: String, now: Moment
    ) throws {
        try write { database in
            let id = try database.makeNetworkID(network)
            try Self.save(hold, of: id, in: database)
            try Self.note([.rotationHold(hold, actor: actor)], of: id, at: now, in: database)
        }
    }

    static func save(_ hold: RotationHold?, of id: Int, in database: Database) throws {
        try database.run(
            """
            UPDATE network SET hold_wall = ?, hold_boot = ?, hold_boot_id = ?, hold_ns = ?,
                hold_actor = ?, hold_reason = ? WHERE id = ?
            """,
            [
                hold?.since.wall.nanoseconds, hold?.since.sinceBoot.inNanoseconds,
                hold?.since.bootID, hold?.length?.inNanoseconds, hold?.actor, hold?.reason, id,
            ])
    }

    static func rotationHold(_ id: Int, from database: Database) throws -> RotationHold? {
        let rows = try database.rows(
            """
            SELECT hold_wall, hold_boot, hold_boot_id, hold_ns, hold_actor, hold_reason
            FROM network WHERE id = ?
            """, [id])
        while let row = try rows.next() {
            guard let since = row.moment(at: 0) else { continue }
            return RotationHold(
                since: since, length: row.duration(at: 3), actor: row.text(at: 4) ?? "",
                reason: row.text(at: 5) ?? "")
        }
        return nil
    }
}
