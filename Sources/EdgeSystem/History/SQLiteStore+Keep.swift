internal import EdgeCore
internal import EdgeShell
internal import Foundation
internal import GRDB

extension SQLiteStore {
    /// Keeps the plan of a round, makes the name servers owe it, and lets go of the oldest kept ones.
    static func keep(_ record: RoundRecord, of id: Int, in database: Database) throws {
        try saveTexts(record.includes, of: id, in: database)
        guard let plan = record.plan else { return }
        try save(plan, of: id, in: database)
        let owed = plan.zones.mapValues {
            OwedZone(of: $0, generation: plan.number, since: plan.time)
        }
        for server in record.servers { try owe(owed, by: server, of: id, in: database) }
        try prune(id, keeping: max(1, record.keptGenerations), in: database)
    }

    private static func saveTexts(
        _ includes: [ZoneName: AcceptedInclude], of id: Int, in database: Database
    ) throws {
        for (zone, include) in includes.sorted(by: { $0.key < $1.key }) {
            try database.run(
                """
                INSERT INTO include_text(network, zone, revision, text) VALUES (?, ?, ?, ?)
                ON CONFLICT(network, zone, revision) DO UPDATE SET text = excluded.text
                """, [id, zone.text, include.revision, Data(include.text)])
        }
    }

    private static func save(_ plan: Generation, of id: Int, in database: Database) throws {
        let dns = String(decoding: try JSONEncoder().encode(plan.dns), as: UTF8.self)
        // A lost and recovered count may come to a number that is kept already.
        for table in ["generation_edge", "generation_zone"] {
            try database.run(
                "DELETE FROM \(table) WHERE network = ? AND generation = ?", [id, plan.number])
        }
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
        try saveZones(of: plan, of: id, in: database)
    }

    private static func saveZones(
        of plan: Generation, of id: Int, in database: Database
    ) throws {
        let insert = try FastStatement(
            database,
            """
            INSERT INTO generation_zone(
                network, zone, generation, serial, content, include_revision, canary,
                canary_replaces, causes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        var contents: [String: Int64] = [:]
        var isGrown = false
        for (zone, content) in plan.zones.sorted(by: { $0.key < $1.key }) {
            let key = content.contentKey
            let contentID =
                try contents[key] ?? contentID(key, in: database, isGrown: &isGrown)
            contents[key] = contentID
            insert.bind(1, id)
            insert.bind(2, zone.text)
            insert.bind(3, plan.number)
            insert.bind(4, Int64(content.serial.value))
            insert.bind(5, contentID)
            insert.bind(6, content.includeRevision)
            insert.bind(7, content.canary?.description)
            insert.bind(8, content.canaryReplaces?.text)
            insert.bind(9, content.causes.map(\.rawValue).joined(separator: " "))
            try insert.run()
        }
    }

    /// Lets go of what is too old: what it said of zones that no kept generation changed goes on as the
    /// oldest kept one's ground (I6).
    private static func prune(_ id: Int, keeping count: Int, in database: Database) throws {
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
        // The newest row below the oldest kept generation is moved up to it, unless it has one itself.
        try database.run(
            """
            DELETE FROM generation_zone AS old WHERE network = ?1 AND generation < ?2
                AND EXISTS (
                    SELECT 1 FROM generation_zone AS newer WHERE newer.network = ?1
                    AND newer.zone = old.zone AND newer.generation > old.generation
                    AND newer.generation <= ?2)
            """, [id, oldest])
        try database.run(
            """
            UPDATE generation_zone SET generation = ?2, is_baseline = 1
            WHERE network = ?1 AND generation < ?2
            """, [id, oldest])
        for table in ["generation_edge", "generation"] {
            let column = table == "generation" ? "number" : "generation"
            try database.run(
                "DELETE FROM \(table) WHERE network = ? AND \(column) < ?", [id, oldest])
        }
        try database.run(
            """
            DELETE FROM include_text AS old WHERE network = ?1
                AND NOT EXISTS (
                    SELECT 1 FROM generation_zone AS kept WHERE kept.network = ?1
                    AND kept.zone = old.zone AND kept.include_revision = old.revision)
                AND NOT EXISTS (
                    SELECT 1 FROM include WHERE include.network = ?1
                    AND include.zone = old.zone AND include.revision = old.revision)
            """, [id])
    }
}
