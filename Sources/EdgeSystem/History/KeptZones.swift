internal import EdgeCore
internal import GRDB

/// What generations say of zones, by the zones' rows in `zone_name`.
struct KeptZones {
    /// What thousands of zones have in common.
    struct Group: Hashable {
        /// The row in `content`.
        var content: Int64
        var canary: String?
        var canaryReplaces: String?
        /// `ZoneCause`s in ascending order, a space between them.
        var causes: String
    }

    /// One zone.
    struct Zone {
        /// The place in `groups`.
        var group: Int
        var serial: UInt32
        var revision: Int64
    }

    private(set) var groups: [Group] = []
    private(set) var zones: [Int64: Zone] = [:]
    private var places: [Group: Int] = [:]

    /// Where a group stands, which it does from here on.
    mutating func place(of group: Group) -> Int {
        if let place = places[group] { return place }
        places[group] = groups.count
        groups.append(group)
        return groups.count - 1
    }

    /// What a zone is from here on.
    mutating func set(_ id: Int64, to zone: Zone) { zones[id] = zone }

    /// The zone is published no longer.
    mutating func remove(_ id: Int64) { zones[id] = nil }

    /// Whether nothing is said.
    var isEmpty: Bool { zones.isEmpty }

    /// Makes room for so many zones.
    mutating func reserve(_ count: Int) { zones.reserveCapacity(count) }

    /// The generation under which what zones were before the oldest kept one is stored.
    static let ground = 0
}

extension KeptZones {
    /// Writes them as one generation's, in place of what that said.
    func save(as generation: Int, of network: Int, in database: Database) throws {
        try database.run(
            "DELETE FROM zone_run WHERE network = ? AND generation = ?", [network, generation])
        var runs = [[ZoneRuns.Zone]](repeating: [], count: groups.count)
        for (id, zone) in zones {
            runs[zone.group].append(
                ZoneRuns.Zone(id: id, serial: zone.serial, revision: zone.revision))
        }
        let insert = try FastStatement(
            database,
            """
            INSERT INTO zone_run(
                network, generation, position, content, canary, canary_replaces, causes, zones)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        var position = 0
        for (group, members) in zip(groups, runs) where !members.isEmpty {
            insert.bind(1, network)
            insert.bind(2, generation)
            insert.bind(3, position)
            insert.bind(4, group.content)
            insert.bind(5, group.canary)
            insert.bind(6, group.canaryReplaces)
            insert.bind(7, group.causes)
            insert.bind(8, ZoneRuns.encode(members.sorted { $0.id < $1.id }))
            try insert.run()
            position += 1
        }
    }

    /// What was published when a generation came: each zone as the last one that changed it says, those
    /// that were given up before left out.
    static func standing(
        before number: Int, of network: Int, names: ZoneNames, in database: Database
    ) throws -> KeptZones {
        var kept = KeptZones()
        kept.reserve(names.count)
        var gone = try givenUp(of: network, names: names, in: database)[...]
        func drop(before generation: Int) {
            while let first = gone.first, first.generation < generation {
                kept.remove(first.id)
                gone.removeFirst()
            }
        }
        let rows = try FastStatement(
            database,
            """
            SELECT generation, content, canary, canary_replaces, causes, zones FROM zone_run
            WHERE network = ? AND generation < ? ORDER BY generation, position
            """)
        rows.bind(1, network)
        rows.bind(2, number)
        while try rows.step() {
            drop(before: rows.count(0))
            kept.take(rows, from: 1, limit: names.count)
        }
        drop(before: number)
        return kept
    }

    /// Everything that was published at a generation.
    static func standing(
        at number: Int, of network: Int, names: ZoneNames, in database: Database
    ) throws -> KeptZones {
        var kept = try standing(before: number, of: network, names: names, in: database)
        kept.merge(try changed(at: number, of: network, limit: names.count, in: database))
        return kept
    }

    /// Takes in what a later generation changed.
    private mutating func merge(_ later: KeptZones) {
        let places = later.groups.map { place(of: $0) }
        for (id, zone) in later.zones {
            set(
                id,
                to: Zone(
                    group: places[zone.group], serial: zone.serial, revision: zone.revision))
        }
    }

    /// What one generation changed.
    static func changed(
        at number: Int, of network: Int, limit: Int, in database: Database
    ) throws -> KeptZones {
        let rows = try FastStatement(
            database,
            """
            SELECT content, canary, canary_replaces, causes, zones FROM zone_run
            WHERE network = ? AND generation = ? ORDER BY position
            """)
        rows.bind(1, network)
        rows.bind(2, number)
        var kept = KeptZones()
        while try rows.step() { kept.take(rows, from: 0, limit: limit) }
        return kept
    }

    /// Takes in one row of `zone_run`; one that somebody damaged is left out.
    private mutating func take(_ row: FastStatement, from column: Int32, limit: Int) {
        guard let zones = ZoneRuns.decode(row.bytes(column + 4), limit: limit) else { return }
        let group = place(
            of: Group(
                content: row.integer(column), canary: row.text(column + 1),
                canaryReplaces: row.text(column + 2), causes: row.text(column + 3) ?? ""))
        for zone in zones {
            self.zones[zone.id] = Zone(
                group: group, serial: zone.serial, revision: zone.revision)
        }
    }

    /// Zones that were given up, the earliest first, with the last generation that had them.
    private static func givenUp(
        of network: Int, names: ZoneNames, in database: Database
    ) throws -> [(generation: Int, id: Int64)] {
        let rows = try FastStatement(
            database,
            "SELECT generation, zone FROM given_up WHERE network = ? ORDER BY generation")
        rows.bind(1, network)
        var zones: [(generation: Int, id: Int64)] = []
        while try rows.step() {
            guard let id = rows.text(1).flatMap({ names.ids[$0] }) else { continue }
            zones.append((rows.count(0), id))
        }
        return zones
    }

    /// The zones as the core knows them; those with a name or a content that is not there are left
    /// out.
    func generationZones(
        names: ZoneNames, in database: Database
    ) throws -> [ZoneName: GenerationZone] {
        let parts = try groups.map { group -> GenerationZone? in
            let key = try FastStatement(database, "SELECT key FROM content WHERE id = ?")
            key.bind(1, group.content)
            var found: String?
            while try key.step() { found = key.text(0) }
            return found.map {
                GenerationZone(
                    serial: SOASerial(0), contentKey: $0, includeRevision: 0,
                    canary: group.canary.flatMap { IPAddress($0) },
                    canaryReplaces: group.canaryReplaces.flatMap { EdgeName($0) },
                    causes: group.causes.split(separator: " ").compactMap {
                        ZoneCause(rawValue: String($0))
                    })
            }
        }
        var found: [ZoneName: GenerationZone] = [:]
        found.reserveCapacity(zones.count)
        for (text, id) in names.ids {
            guard let zone = zones[id], var part = parts[zone.group], let name = ZoneName(text)
            else { continue }
            part.serial = SOASerial(zone.serial)
            part.includeRevision = Int(clamping: zone.revision)
            found[name] = part
        }
        return found
    }
}

/// The rows of a network's zones in `zone_name`.
struct ZoneNames {
    private(set) var ids: [String: Int64] = [:]
    private let network: Int

    /// All of them.
    init(of network: Int, in database: Database) throws {
        self.network = network
        let count = try database.number(
            "SELECT COUNT(*) FROM zone_name WHERE network = ?", [network])
        ids.reserveCapacity(count ?? 0)
        let rows = try FastStatement(
            database, "SELECT id, name FROM zone_name WHERE network = ?")
        rows.bind(1, network)
        while try rows.step() {
            if let name = rows.text(1) { ids[name] = rows.integer(0) }
        }
    }

    /// How many there are.
    var count: Int { ids.count }

    /// A zone's row, made when it is new.
    mutating func id(of zone: String, in database: Database) throws -> Int64 {
        if let id = ids[zone] { return id }
        let insert = try FastStatement(
            database, "INSERT INTO zone_name(network, name) VALUES (?, ?)")
        insert.bind(1, network)
        insert.bind(2, zone)
        try insert.run()
        ids[zone] = database.lastInsertedRowID
        return database.lastInsertedRowID
    }
}
