public import EdgeCore
internal import EdgeShell
internal import Foundation
internal import GRDB

extension SQLiteStore {
    /// The number of the last published plan, read anew (I5).
    public func generation(_ network: NetworkName) throws -> Int {
        try read { database in
            try database.number(
                "SELECT generation FROM network WHERE name = ?", [network.text]) ?? 0
        }
    }

    /// The kept generations, newest first.
    public func generations(_ network: NetworkName, limit: Int) throws -> [Generation] {
        try read { database in
            guard let id = try database.networkID(network) else { return [] }
            let numbers = try Int.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT number FROM generation WHERE network = ?
                        ORDER BY number DESC LIMIT ?
                        """), arguments: [id, min(limit, Int(Int32.max))])
            return try numbers.compactMap { try Self.generation($0, of: id, from: database) }
        }
    }

    /// Everything that was published at a generation; nil when it is not kept.
    public func contents(_ network: NetworkName, at number: Int) throws -> GenerationContents? {
        try read { database in
            guard let id = try database.networkID(network),
                let generation = try Self.generation(number, of: id, from: database)
            else { return nil }
            let zones = try Self.zones(
                """
                SELECT zone, serial, key, include_revision, canary, canary_replaces, causes
                FROM generation_zone JOIN content ON content.id = content
                WHERE network = ? AND generation <= ? ORDER BY generation
                """, of: id, at: number, from: database)
            var includes: [ZoneName: AcceptedInclude] = [:]
            for (zone, content) in zones {
                let rows = try database.rows(
                    """
                    SELECT text FROM include_text
                    WHERE network = ? AND zone = ? AND revision = ?
                    """, [id, zone.text, content.includeRevision])
                while let row = try rows.next() {
                    includes[zone] = AcceptedInclude(
                        revision: content.includeRevision, text: [UInt8](row[0] as Data))
                }
            }
            return GenerationContents(generation: generation, zones: zones, includes: includes)
        }
    }

    private static func generation(
        _ number: Int, of id: Int, from database: Database
    ) throws -> Generation? {
        let rows = try database.rows(
            "SELECT wall, actor, cause, dns FROM generation WHERE network = ? AND number = ?",
            [id, number])
        var found: Generation?
        while let row = try rows.next() {
            let text: String = row[3]
            guard let dns = try? JSONDecoder().decode(DNSSettings.self, from: Data(text.utf8))
            else { continue }
            found = Generation(
                number: number, time: UnixTime(nanoseconds: row[0]), actor: row[1],
                cause: GenerationCause(text: row[2]), live: [], dns: dns)
        }
        guard var generation = found else { return nil }
        try readEdges(of: id, from: database, into: &generation)
        generation.zones = try zones(
            """
            SELECT zone, serial, key, include_revision, canary, canary_replaces, causes
            FROM generation_zone JOIN content ON content.id = content
            WHERE network = ? AND generation = ? AND is_baseline = 0
            """, of: id, at: number, from: database)
        return generation
    }

    private static func readEdges(
        of id: Int, from database: Database, into generation: inout Generation
    ) throws {
        let rows = try database.rows(
            """
            SELECT edge, ipv4, ipv6, change, reason FROM generation_edge
            WHERE network = ? AND generation = ? ORDER BY position
            """, [id, generation.number])
        while let row = try rows.next() {
            guard let name = EdgeName(row[0] as String) else { continue }
            let change: String? = row[3]
            if change != "out" {
                generation.live.append(
                    LiveEdge(
                        name: name,
                        addresses: EdgeAddresses(
                            ipv4: row.address(at: 1), ipv6: row.address(at: 2))))
            }
            if change == "in" { generation.added.append(name) }
            if change == "out" { generation.removed.append(name) }
            if let reason: String = row[4] { generation.reasons[name] = reason }
        }
    }

    /// A later row of a zone wins.
    private static func zones(
        _ sql: String, of id: Int, at number: Int, from database: Database
    ) throws -> [ZoneName: GenerationZone] {
        let rows = try FastStatement(database, sql)
        rows.bind(1, id)
        rows.bind(2, number)
        var zones: [ZoneName: GenerationZone] = [:]
        while try rows.step() {
            guard let zone = rows.text(0).flatMap({ ZoneName($0) }) else { continue }
            let causes = (rows.text(6) ?? "").split(separator: " ").compactMap {
                ZoneCause(rawValue: String($0))
            }
            zones[zone] = GenerationZone(
                serial: SOASerial(UInt32(truncatingIfNeeded: rows.integer(1))),
                contentKey: rows.text(2) ?? "", includeRevision: Int(rows.integer(3)),
                canary: rows.text(4).flatMap { IPAddress($0) },
                canaryReplaces: rows.text(5).flatMap { EdgeName($0) }, causes: causes)
        }
        return zones
    }
}
