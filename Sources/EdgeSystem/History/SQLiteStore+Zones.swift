public import EdgeCore
internal import EdgeShell
internal import Foundation
internal import GRDB

extension SQLiteStore {
    static func zones(
        _ network: Int, from database: Database
    ) throws -> [ZoneName: PublishedZone] {
        var keys: [Int64: String] = [:]
        let contents = try database.rows("SELECT id, key FROM content", [])
        while let row = try contents.next() {
            if let id = row.integer(at: 0), let key = row.text(at: 1) { keys[id] = key }
        }
        let count = try database.number("SELECT COUNT(*) FROM zone WHERE network = ?", [network])
        var zones: [ZoneName: PublishedZone] = [:]
        zones.reserveCapacity(count ?? 0)
        let rows = try FastStatement(
            database,
            """
            SELECT name, serial, content, include_revision, canary, canary_replaces,
                include_inode, include_size, include_modified, include_changed,
                file_inode, file_size, file_modified, file_changed
            FROM zone WHERE network = ?
            """)
        rows.bind(1, network)
        while try rows.step() {
            guard let name = rows.text(0).flatMap({ ZoneName($0) }) else { continue }
            // Without its content a zone is written anew, and its serial still rises (I3).
            let key = keys[rows.integer(2)] ?? ""
            zones[name] = PublishedZone(
                serial: SOASerial(UInt32(truncatingIfNeeded: rows.integer(1))), contentKey: key,
                includeRevision: rows.count(3),
                canary: rows.text(4).flatMap { IPAddress($0) },
                canaryReplaces: rows.text(5).flatMap { EdgeName($0) },
                includeStamp: rows.stamp(at: 6), fileStamp: rows.stamp(at: 10))
        }
        return zones
    }

    static func foreignZones(
        _ network: Int, from database: Database
    ) throws -> [ZoneName: NetworkName] {
        var zones: [ZoneName: NetworkName] = [:]
        let others = try Row.fetchAll(
            database,
            sql: "SELECT id, name FROM network WHERE id <> ? ORDER BY name", arguments: [network])
        for other in others {
            guard let id = other.integer(at: 0),
                let name = other.text(at: 1).flatMap({ NetworkName($0) })
            else { continue }
            let rows = try FastStatement(database, "SELECT name FROM zone WHERE network = ?")
            rows.bind(1, id)
            while try rows.step() {
                if let zone = rows.text(0).flatMap({ ZoneName($0) }) { zones[zone] = name }
            }
        }
        return zones
    }

    static func save(
        _ zones: [ZoneName: PublishedZone], of network: Int, in database: Database
    ) throws {
        guard !zones.isEmpty else { return }
        var contents: [String: Int64] = [:]
        var isGrown = false
        let upsert = try FastStatement(database, upsertZone)
        upsert.bind(1, network)
        for (name, zone) in zones.sorted(by: { $0.key < $1.key }) {
            let content: Int64
            if let known = contents[zone.contentKey] {
                content = known
            } else {
                content = try contentID(zone.contentKey, in: database, isGrown: &isGrown)
                contents[zone.contentKey] = content
            }
            try save(name, zone, content: content, by: upsert)
        }
        if isGrown {
            try database.run(
                """
                DELETE FROM content WHERE id NOT IN (SELECT content FROM zone)
                    AND id NOT IN (SELECT content FROM zone_run)
                """, [])
        }
    }

    static func contentID(
        _ key: String, in database: Database, isGrown: inout Bool
    ) throws -> Int64 {
        if let id = try database.number("SELECT id FROM content WHERE key = ?", [key]) {
            return Int64(id)
        }
        try database.run("INSERT INTO content(key) VALUES (?)", [key])
        isGrown = true
        return database.lastInsertedRowID
    }

    private static let upsertZone = """
        INSERT INTO zone(
            network, name, serial, content, include_revision, canary, canary_replaces,
            include_inode, include_size, include_modified, include_changed,
            file_inode, file_size, file_modified, file_changed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT(network, name) DO UPDATE SET
            serial = excluded.serial, content = excluded.content,
            include_revision = excluded.include_revision, canary = excluded.canary,
            canary_replaces = excluded.canary_replaces,
            include_inode = excluded.include_inode, include_size = excluded.include_size,
            include_modified = excluded.include_modified,
            include_changed = excluded.include_changed,
            file_inode = excluded.file_inode, file_size = excluded.file_size,
            file_modified = excluded.file_modified, file_changed = excluded.file_changed
        """

    private static func save(
        _ name: ZoneName, _ zone: PublishedZone, content: Int64, by upsert: FastStatement
    ) throws {
        upsert.bind(2, name.text)
        upsert.bind(3, Int64(zone.serial.value))
        upsert.bind(4, content)
        upsert.bind(5, zone.includeRevision)
        upsert.bind(6, zone.canary?.description)
        upsert.bind(7, zone.canaryReplaces?.text)
        let stamps = FileStamp.columns(zone.includeStamp) + FileStamp.columns(zone.fileStamp)
        for (column, value) in zip(Int32(8)..., stamps) { upsert.bind(column, value) }
        try upsert.run()
    }

    static func save(
        _ includes: [ZoneName: AcceptedInclude], of network: Int, in database: Database
    ) throws {
        for (zone, include) in includes.sorted(by: { $0.key < $1.key }) {
            try database.run(
                """
                INSERT INTO include(network, zone, revision, text) VALUES (?, ?, ?, ?)
                ON CONFLICT(network, zone) DO UPDATE SET
                    revision = excluded.revision, text = excluded.text
                """, [network, zone.text, include.revision, Data(include.text)])
        }
    }

    /// Notes the files that were written or adopted; `nil` for zones that could not be.
    public func finish(_ network: NetworkName, written: [ZoneName: FileStamp?]) throws {
        guard !written.isEmpty else { return }
        try write { database in
            guard let id = try database.networkID(network) else { return }
            let update = try FastStatement(
                database,
                """
                UPDATE zone SET file_inode = ?, file_size = ?, file_modified = ?, file_changed = ?
                WHERE network = ? AND name = ?
                """)
            for (zone, stamp) in written.sorted(by: { $0.key < $1.key }) {
                for (column, value) in zip(Int32(1)..., FileStamp.columns(stamp)) {
                    update.bind(column, value)
                }
                update.bind(5, id)
                update.bind(6, zone.text)
                try update.run()
            }
        }
    }

    /// The last accepted includes of these zones; zones without one are left out.
    public func acceptedIncludes(
        _ network: NetworkName, zones: [ZoneName]
    ) throws -> [ZoneName: AcceptedInclude] {
        guard !zones.isEmpty else { return [:] }
        return try read { database in
            guard let id = try database.networkID(network) else { return [:] }
            var includes: [ZoneName: AcceptedInclude] = [:]
            for zone in zones {
                let rows = try database.rows(
                    "SELECT revision, text FROM include WHERE network = ? AND zone = ?",
                    [id, zone.text])
                while let row = try rows.next() {
                    guard let text = row.bytes(at: 1) else { continue }
                    includes[zone] = AcceptedInclude(revision: row.count(at: 0), text: text)
                }
            }
            return includes
        }
    }

    /// Forgets what is published of these zones, so that another network may publish them; kept
    /// generations say further what they said.
    public func forgetZones(_ network: NetworkName, zones: [ZoneName]) throws {
        try write { database in
            guard let id = try database.networkID(network) else { return }
            for zone in zones { try Self.forget(zone, of: id, in: database) }
        }
    }

    private static func forget(_ zone: ZoneName, of id: Int, in database: Database) throws {
        // Kept, so that a zone that comes back counts its includes on.
        try database.run(
            """
            INSERT INTO given_up(network, zone, generation, revision)
                SELECT network.id, zone.name, network.generation, zone.include_revision
                FROM zone JOIN network ON network.id = zone.network
                WHERE zone.network = ? AND zone.name = ?
            ON CONFLICT(network, zone, generation) DO UPDATE SET
                revision = max(revision, excluded.revision)
            """, [id, zone.text])
        try database.run(
            """
            UPDATE include_text SET until = (SELECT generation + 1 FROM network WHERE id = ?1)
            WHERE network = ?1 AND zone = ?2 AND until IS NULL
            """, [id, zone.text])
        try database.run("DELETE FROM zone WHERE network = ? AND name = ?", [id, zone.text])
        for table in ["include", "owed"] {
            try database.run(
                "DELETE FROM \(table) WHERE network = ? AND zone = ?", [id, zone.text])
        }
    }

    /// The highest include revisions of zones that were given up while a kept generation may refer to
    /// them.
    static func givenUp(_ network: Int, from database: Database) throws -> [ZoneName: Int] {
        let rows = try FastStatement(
            database, "SELECT zone, max(revision) FROM given_up WHERE network = ? GROUP BY zone")
        rows.bind(1, network)
        var zones: [ZoneName: Int] = [:]
        while try rows.step() {
            if let zone = rows.text(0).flatMap({ ZoneName($0) }) { zones[zone] = rows.count(1) }
        }
        return zones
    }
}

extension FastStatement {
    /// A file's state in four columns that follow each other; nil where the first is NULL.
    func stamp(at column: Int32) -> FileStamp? {
        guard !isNull(column) else { return nil }
        return FileStamp(
            inode: UInt64(bitPattern: integer(column)), size: integer(column + 1),
            modified: integer(column + 2), changed: integer(column + 3))
    }
}
