internal import EdgeCore
internal import GRDB

extension Schema {
    /// Kept generations whose size does not depend on how many zones rotate together, and zones that
    /// were given up.
    ///
    /// - `zone_run` holds what a generation changed, a row for all zones that share content, canary and
    ///   causes (`ZoneRuns`); generation 0 is what zones were before the oldest kept one.
    /// - `zone_name` numbers the zones that `zone_run` speaks of.
    /// - `include_text.until` is the first generation that has another text; NULL: none has.
    /// - `given_up` says which generation was the last that had a zone, and the highest revision of its
    ///   includes, as long as a kept generation may have had it.
    private static let tables = """
        CREATE TABLE zone_name(
            id INTEGER PRIMARY KEY, network INTEGER NOT NULL, name TEXT NOT NULL,
            UNIQUE(network, name));
        CREATE TABLE zone_run(
            network INTEGER NOT NULL, generation INTEGER NOT NULL, position INTEGER NOT NULL,
            content INTEGER NOT NULL, canary TEXT, canary_replaces TEXT, causes TEXT NOT NULL,
            zones BLOB NOT NULL, PRIMARY KEY(network, generation, position));
        CREATE TABLE given_up(
            network INTEGER NOT NULL, zone TEXT NOT NULL, generation INTEGER NOT NULL,
            revision INTEGER NOT NULL, PRIMARY KEY(network, zone, generation)) WITHOUT ROWID;
        ALTER TABLE include_text ADD COLUMN until INTEGER;
        CREATE INDEX include_text_until ON include_text(network, until) WHERE until IS NOT NULL;
        INSERT INTO zone_name(network, name)
            SELECT network, name FROM zone UNION SELECT network, zone FROM generation_zone
            ORDER BY 1, 2;
        """

    /// What a database from before generations were kept has of its zones becomes the generation that
    /// it published last.
    private static let first = """
        INSERT INTO generation(network, number, wall, actor, cause, dns)
            SELECT id, generation, coalesce(last_run_wall, 0), 'edgemanage', 'round', published_dns
            FROM network WHERE generation > 0 AND published_dns IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM generation WHERE network = network.id);
        INSERT INTO generation_edge(network, generation, position, edge, ipv4, ipv6)
            SELECT live.network, network.generation, position, edge, ipv4, ipv6
            FROM live JOIN network ON network.id = live.network
            WHERE EXISTS (
                SELECT 1 FROM generation
                WHERE network = live.network AND number = network.generation)
            AND NOT EXISTS (SELECT 1 FROM generation_edge WHERE network = live.network);
        INSERT INTO given_up(network, zone, generation, revision)
            SELECT kept.network, kept.zone, network.generation, max(kept.include_revision)
            FROM generation_zone AS kept JOIN network ON network.id = kept.network
            WHERE NOT EXISTS (
                SELECT 1 FROM zone WHERE zone.network = kept.network AND name = kept.zone)
            GROUP BY kept.network, kept.zone;
        INSERT OR IGNORE INTO include_text(network, zone, revision, text)
            SELECT include.network, include.zone, include.revision, text
            FROM include JOIN zone ON zone.network = include.network AND zone.name = include.zone
                AND zone.include_revision = include.revision;
        UPDATE include_text SET until = (
                SELECT generation + 1 FROM network WHERE network.id = include_text.network)
            WHERE NOT EXISTS (
                SELECT 1 FROM include WHERE include.network = include_text.network
                AND include.zone = include_text.zone AND include.revision = include_text.revision);
        """

    static func migrateToVersion3(_ database: Database) throws {
        try database.execute(sql: tables)
        try database.execute(sql: first)
        for id in try Int.fetchAll(database, sql: "SELECT id FROM network") {
            let ground = try moveZones(of: id, in: database)
            try ground.save(as: KeptZones.ground, of: id, in: database)
        }
        try database.execute(sql: "DROP TABLE generation_zone")
    }

    /// Moves what `generation_zone` says of a network into `zone_run`; returns what zones were before
    /// the oldest kept generation, a zone that no generation changed as it still is.
    private static func moveZones(of id: Int, in database: Database) throws -> KeptZones {
        var ground = try unchanged(of: id, in: database)
        var changed = KeptZones()
        var generation = 0
        let rows = try FastStatement(
            database,
            """
            SELECT generation, is_baseline, zone_name.id, serial, content, include_revision,
                canary, canary_replaces, causes
            FROM generation_zone
            JOIN zone_name ON zone_name.network = generation_zone.network AND name = zone
            WHERE generation_zone.network = ? ORDER BY generation
            """)
        rows.bind(1, id)
        while try rows.step() {
            if rows.count(0) != generation {
                if !changed.isEmpty { try changed.save(as: generation, of: id, in: database) }
                changed = KeptZones()
                generation = rows.count(0)
            }
            if rows.integer(1) != 0 {
                ground.add(rows, from: 2)
            } else {
                changed.add(rows, from: 2)
            }
        }
        if !changed.isEmpty { try changed.save(as: generation, of: id, in: database) }
        return ground
    }

    private static func unchanged(of id: Int, in database: Database) throws -> KeptZones {
        var zones = KeptZones()
        let rows = try FastStatement(
            database,
            """
            SELECT zone_name.id, serial, content, include_revision, canary, canary_replaces, ''
            FROM zone JOIN zone_name ON zone_name.network = zone.network
                AND zone_name.name = zone.name
            WHERE zone.network = ? AND NOT EXISTS (
                SELECT 1 FROM generation_zone
                WHERE generation_zone.network = zone.network AND zone = zone.name)
            """)
        rows.bind(1, id)
        while try rows.step() { zones.add(rows, from: 0) }
        return zones
    }
}

extension KeptZones {
    /// One zone in seven columns that follow each other.
    fileprivate mutating func add(_ row: FastStatement, from column: Int32) {
        let group = place(
            of: Group(
                content: row.integer(column + 2), canary: row.text(column + 4),
                canaryReplaces: row.text(column + 5), causes: row.text(column + 6) ?? ""))
        set(
            row.integer(column),
            to: Zone(
                group: group, serial: UInt32(truncatingIfNeeded: row.integer(column + 1)),
                revision: row.integer(column + 3)))
    }
}
