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

    /// A row that can't be read.
    struct Damage {
        var generation: Int
        /// Zones that later generations say something of: whatever the row says of them counts no more.
        var later: Set<Int64> = []
    }

    private(set) var damages: [Damage] = []
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
    mutating func remove(_ id: Int64) {
        zones[id] = nil
        for index in damages.indices { damages[index].later.insert(id) }
    }

    /// Whether nothing is said.
    var isEmpty: Bool { zones.isEmpty }

    /// Forgets damaged rows that say nothing of any zone any more: all of `names` are said of later.
    mutating func dropOvertakenDamages(_ names: ZoneNames) {
        damages.removeAll { damage in names.ids.values.allSatisfy(damage.later.contains) }
    }

    /// Why they are not what was published at `generation`; nil: they are.
    func damage(at generation: Int) -> GenerationDamage? {
        damages.first.map { damage in
            let place =
                damage.generation == Self.ground
                ? "from before the oldest kept generation"
                : "of generation \(damage.generation)"
            return GenerationDamage(
                generation: generation, what: "a row of zones \(place) can't be read")
        }
    }

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
            kept.take(rows, of: rows.count(0), from: 1, limit: names.count)
        }
        drop(before: number)
        kept.dropOvertakenDamages(names)
        return kept
    }

    /// Everything that was published at a generation.
    static func standing(
        at number: Int, of network: Int, names: ZoneNames, in database: Database
    ) throws -> KeptZones {
        var kept = try standing(before: number, of: network, names: names, in: database)
        kept.merge(try changed(at: number, of: network, limit: names.count, in: database))
        kept.dropOvertakenDamages(names)
        return kept
    }

    /// Takes in what a later generation changed.
    private mutating func merge(_ later: KeptZones) {
        let places = later.groups.map { place(of: $0) }
        for (id, zone) in later.zones {
            note(id, at: .max)
            set(
                id,
                to: Zone(
                    group: places[zone.group], serial: zone.serial, revision: zone.revision))
        }
        damages += later.damages
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
        while try rows.step() { kept.take(rows, of: number, from: 0, limit: limit) }
        return kept
    }

    /// Takes in one row of `zone_run`, or notes that it can't be read.
    private mutating func take(
        _ row: FastStatement, of generation: Int, from column: Int32, limit: Int
    ) {
        let bytes = row.bytes(column + 4)
        guard !bytes.isEmpty, let zones = ZoneRuns.decode(bytes, limit: limit) else {
            damages.append(Damage(generation: generation))
            return
        }
        let place = place(
            of: Group(
                content: row.integer(column), canary: row.text(column + 1),
                canaryReplaces: row.text(column + 2), causes: row.text(column + 3) ?? ""))
        for zone in zones {
            note(zone.id, at: generation)
            self.zones[zone.id] = Zone(
                group: place, serial: zone.serial, revision: zone.revision)
        }
    }

    /// A generation says something of a zone: what damaged rows of earlier ones say of it counts no more.
    private mutating func note(_ id: Int64, at generation: Int) {
        guard !damages.isEmpty else { return }
        for index in damages.indices where damages[index].generation < generation {
            damages[index].later.insert(id)
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

    /// The zones as the core knows them.
    ///
    /// - Throws: `GenerationDamage` when a zone's name, content or canary can't be read: without it the
    ///   rest is not what was published.
    func generationZones(
        at number: Int, names: ZoneNames, in database: Database
    ) throws -> [ZoneName: GenerationZone] {
        let parts = try groups.map { try part($0, in: database) }
        var found: [ZoneName: GenerationZone] = [:]
        found.reserveCapacity(zones.count)
        func fail(_ what: String) -> GenerationDamage {
            GenerationDamage(generation: number, what: what)
        }
        for (text, id) in names.ids {
            guard let zone = zones[id] else { continue }
            guard let name = ZoneName(text) else {
                throw fail("what should be a zone's name is none")
            }
            guard var part = parts[zone.group] else {
                throw fail("the content of zone \(name) can't be read")
            }
            part.serial = SOASerial(zone.serial)
            part.includeRevision = Int(clamping: zone.revision)
            found[name] = part
        }
        guard found.count == zones.count else { throw fail("names of zones are lost") }
        return found
    }

    /// What a group's zones have in common; nil when it can't be read.
    private func part(_ group: Group, in database: Database) throws -> GenerationZone? {
        let key = try FastStatement(database, "SELECT key FROM content WHERE id = ?")
        key.bind(1, group.content)
        var found: String?
        while try key.step() { found = key.text(0) }
        let canary = group.canary.map { IPAddress($0) }
        let replaced = group.canaryReplaces.map { EdgeName($0) }
        guard let found, canary != .some(nil), replaced != .some(nil) else { return nil }
        return GenerationZone(
            serial: SOASerial(0), contentKey: found, includeRevision: 0, canary: canary ?? nil,
            canaryReplaces: replaced ?? nil,
            causes: group.causes.split(separator: " ").compactMap {
                ZoneCause(rawValue: String($0))
            })
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
