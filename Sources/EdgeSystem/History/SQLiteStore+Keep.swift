internal import EdgeCore
internal import EdgeShell
internal import Foundation
internal import GRDB

extension SQLiteStore {
    /// Keeps the plan of a round, makes the name servers owe it, and lets go of the oldest kept ones.
    static func keep(_ record: RoundRecord, of id: Int, in database: Database) throws {
        try saveTexts(record, of: id, in: database)
        guard let plan = record.plan else { return }
        var names = try ZoneNames(of: id, in: database)
        try save(plan, of: id, names: &names, in: database)
        for server in record.servers {
            try forget(
                record.settled[server] ?? [], by: server, of: id, upTo: plan.number, in: database)
            try owe(
                plan, by: server, rewrites: record.rewrites[server] ?? [],
                gone: record.gone[server] ?? [:], of: id, in: database)
        }
        try prune(id, keeping: max(1, record.keptGenerations), names: names, in: database)
    }

    /// Keeps the accepted texts, and notes from which generation on no zone has the ones before.
    private static func saveTexts(
        _ record: RoundRecord, of id: Int, in database: Database
    ) throws {
        for (zone, include) in record.includes.sorted(by: { $0.key < $1.key }) {
            try database.run(
                """
                INSERT INTO include_text(network, zone, revision, text) VALUES (?, ?, ?, ?)
                ON CONFLICT(network, zone, revision) DO UPDATE SET
                    text = excluded.text, until = NULL
                """, [id, zone.text, include.revision, Data(include.text)])
            guard let plan = record.plan,
                plan.zones[zone]?.includeRevision == include.revision
            else { continue }
            try database.run(
                """
                UPDATE include_text SET until = ?
                WHERE network = ? AND zone = ? AND revision <> ? AND until IS NULL
                """, [plan.number, id, zone.text, include.revision])
        }
    }

    private static func save(
        _ plan: Generation, of id: Int, names: inout ZoneNames, in database: Database
    ) throws {
        let dns = String(decoding: try JSONEncoder().encode(plan.dns), as: UTF8.self)
        // A lost and recovered count may come to a number that is kept already.
        try database.run(
            "DELETE FROM generation_edge WHERE network = ? AND generation = ?", [id, plan.number])
        try database.run(
            """
            INSERT OR REPLACE INTO generation(network, number, wall, actor, cause, dns)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [id, plan.number, plan.time.nanoseconds, plan.actor, plan.cause.text, dns])
        var position = 0
        func save(_ edge: LiveEdge, change: String?) throws {
            try database.run(
                """
                INSERT INTO generation_edge(
                    network, generation, position, edge, ipv4, ipv6, change, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    id, plan.number, position, edge.name.text,
                    edge.addresses.ipv4?.description, edge.addresses.ipv6?.description, change,
                    plan.reasons[edge.name],
                ])
            position += 1
        }
        for edge in plan.live {
            try save(edge, change: plan.added.contains(edge.name) ? "in" : nil)
        }
        for name in plan.removed {
            try save(LiveEdge(name: name, addresses: EdgeAddresses()), change: "out")
        }
        try keptZones(of: plan, names: &names, in: database)
            .save(as: plan.number, of: id, in: database)
    }

    private static func keptZones(
        of plan: Generation, names: inout ZoneNames, in database: Database
    ) throws -> KeptZones {
        var contents: [String: Int64] = [:]
        var isGrown = false
        var kept = KeptZones()
        kept.reserve(plan.zones.count)
        for (zone, content) in plan.zones.sorted(by: { $0.key < $1.key }) {
            let key = content.contentKey
            let contentID =
                try contents[key] ?? contentID(key, in: database, isGrown: &isGrown)
            contents[key] = contentID
            let group = kept.place(
                of: KeptZones.Group(
                    content: contentID, canary: content.canary?.description,
                    canaryReplaces: content.canaryReplaces?.text,
                    causes: content.causes.map(\.rawValue).joined(separator: " ")))
            kept.set(
                try names.id(of: zone.text, in: database),
                to: KeptZones.Zone(
                    group: group, serial: content.serial.value,
                    revision: Int64(content.includeRevision)))
        }
        return kept
    }

    /// Lets go of what is too old: what it said of zones goes on as the ground of the oldest kept one
    /// (I6).
    private static func prune(
        _ id: Int, keeping count: Int, names: ZoneNames, in database: Database
    ) throws {
        let oldest = try database.number(
            """
            SELECT number FROM generation WHERE network = ?
            ORDER BY number DESC LIMIT 1 OFFSET ?
            """, [id, count - 1])
        guard let oldest,
            try database.number(
                "SELECT COUNT(*) FROM generation WHERE network = ? AND number < ?", [id, oldest])
                ?? 0 > 0
        else { return }
        for (table, column) in [("generation_edge", "generation"), ("generation", "number")] {
            try database.run(
                "DELETE FROM \(table) WHERE network = ? AND \(column) < ?", [id, oldest])
        }
        guard let first = try ground(id, before: oldest, names: names, in: database) else { return }
        try database.run(
            "DELETE FROM zone_run WHERE network = ? AND generation < ? AND generation <> ?",
            [id, first, KeptZones.ground])
        try database.run(
            "DELETE FROM include_text WHERE network = ? AND until <= ?", [id, first])
        try forgetGivenUp(id, before: first, in: database)
    }

    /// Puts what generations say of zones together as the ground of those that follow; returns the first
    /// that follows. That is `oldest`, unless a row can't be read that still says something of a zone: it
    /// and all after it stay as they are, so that nothing is lost with them that a backup could mend. nil:
    /// the ground itself can't be read.
    private static func ground(
        _ id: Int, before oldest: Int, names: ZoneNames, in database: Database
    ) throws -> Int? {
        var first = oldest
        while true {
            let kept = try KeptZones.standing(before: first, of: id, names: names, in: database)
            guard let damaged = kept.damages.map(\.generation).min() else {
                try kept.save(as: KeptZones.ground, of: id, in: database)
                return first
            }
            guard damaged != KeptZones.ground else { return nil }
            first = damaged
        }
    }

    /// No kept generation has had these zones: their names and revisions may be used anew.
    private static func forgetGivenUp(
        _ id: Int, before oldest: Int, in database: Database
    ) throws {
        let gone = try Set(
            database.texts(
                "SELECT zone FROM given_up WHERE network = ? AND generation < ?", [id, oldest]))
        guard !gone.isEmpty else { return }
        try database.run(
            "DELETE FROM given_up WHERE network = ? AND generation < ?", [id, oldest])
        for zone in gone.sorted() {
            try database.run(
                """
                DELETE FROM zone_name WHERE network = ?1 AND name = ?2
                    AND NOT EXISTS (SELECT 1 FROM zone WHERE network = ?1 AND name = ?2)
                    AND NOT EXISTS (SELECT 1 FROM given_up WHERE network = ?1 AND zone = ?2)
                """, [id, zone])
        }
    }
}
