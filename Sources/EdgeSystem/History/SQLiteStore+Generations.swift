public import EdgeCore
internal import EdgeShell
internal import GRDB

extension SQLiteStore {
    /// The number of the last published plan, read anew (I5).
    public func generation(_ network: NetworkName) throws -> Int {
        try read { database in
            try database.count("SELECT generation FROM network WHERE name = ?", [network.text])
        }
    }

    /// The kept generations, newest first; of one that can't be read whole `damage` says what is missing.
    public func generations(_ network: NetworkName, limit: Int) throws -> [Generation] {
        try read { database in
            guard let id = try database.networkID(network) else { return [] }
            let numbers = try database.integers(
                """
                SELECT number FROM generation WHERE network = ? AND number BETWEEN 1 AND ?
                ORDER BY number DESC LIMIT ?
                """, [id, Int.tooMany, max(0, min(limit, Int(Int32.max)))])
            let names = try ZoneNames(of: id, in: database)
            return try numbers.compactMap {
                try Self.generation(Int($0), of: id, names: names, from: database)
            }
        }
    }

    /// Everything that was published at a generation; nil when it is not kept.
    ///
    /// - Throws: `StoreError.damagedGeneration` when a part of it can't be read: a part that is left out
    ///   would be taken for one that was not published.
    public func contents(_ network: NetworkName, at number: Int) throws -> GenerationContents? {
        try read { database in
            guard let id = try database.networkID(network) else { return nil }
            let names = try ZoneNames(of: id, in: database)
            guard
                let generation = try Self.generation(number, of: id, names: names, from: database)
            else { return nil }
            if let damage = generation.damage {
                throw GenerationDamage(generation: number, what: damage)
            }
            let standing = try KeptZones.standing(
                at: number, of: id, names: names, in: database)
            if let damage = standing.damage(at: number) { throw damage }
            let zones = try standing.generationZones(at: number, names: names, in: database)
            return GenerationContents(
                generation: generation, zones: zones,
                includes: try Self.texts(of: zones, of: id, from: database))
        }
    }

    private static func texts(
        of zones: [ZoneName: GenerationZone], of id: Int, from database: Database
    ) throws -> [ZoneName: AcceptedInclude] {
        let rows = try FastStatement(
            database,
            "SELECT text FROM include_text WHERE network = ? AND zone = ? AND revision = ?")
        rows.bind(1, id)
        var includes: [ZoneName: AcceptedInclude] = [:]
        for (zone, content) in zones {
            rows.bind(2, zone.text)
            rows.bind(3, content.includeRevision)
            while try rows.step() {
                includes[zone] = AcceptedInclude(
                    revision: content.includeRevision, text: rows.bytes(0))
            }
        }
        return includes
    }

    private static func generation(
        _ number: Int, of id: Int, names: ZoneNames, from database: Database
    ) throws -> Generation? {
        let rows = try database.rows(
            "SELECT wall, actor, cause, dns FROM generation WHERE network = ? AND number = ?",
            [id, number])
        var found: Generation?
        while let row = try rows.next() {
            found = Generation(
                number: number, time: row.time(at: 0) ?? UnixTime(seconds: 0),
                actor: row.text(at: 1) ?? "", cause: GenerationCause(text: row.text(at: 2) ?? ""),
                live: [],
                dns: row.settings(at: 3)
                    ?? DNSSettings(primary: "", mailbox: "", nameServers: []),
                damage: row.settings(at: 3) == nil
                    ? "the parameters of generation \(number) can't be read" : nil)
        }
        guard var generation = found else { return nil }
        try readEdges(of: id, from: database, into: &generation)
        let changed = try KeptZones.changed(
            at: number, of: id, limit: names.count, in: database)
        generation.damage = generation.damage ?? changed.damage(at: number)?.what
        do {
            generation.zones = try changed.generationZones(at: number, names: names, in: database)
        } catch let damage as GenerationDamage {
            generation.damage = generation.damage ?? damage.what
        }
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
            guard let name = row.edge(at: 0) else {
                generation.damage = "an edge of generation \(generation.number) can't be read"
                continue
            }
            let change = row.text(at: 3)
            if change != "out" {
                let addresses = EdgeAddresses(ipv4: row.address(at: 1), ipv6: row.address(at: 2))
                if (addresses.ipv4 == nil && !row.isNull(at: 1))
                    || (addresses.ipv6 == nil && !row.isNull(at: 2))
                {
                    generation.damage =
                        "an address of \(name) in generation \(generation.number) can't be read"
                }
                generation.live.append(LiveEdge(name: name, addresses: addresses))
            }
            if change == "in" { generation.added.append(name) }
            if change == "out" { generation.removed.append(name) }
            if let reason = row.text(at: 4) { generation.reasons[name] = reason }
        }
    }
}
