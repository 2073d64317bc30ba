public import EdgeCore
internal import EdgeShell
internal import GRDB

extension SQLiteStore {
    /// Sets an edge's mode and records an audit event by `actor`, unless `check` throws; returns the network as
    /// it was before.
    public func setMode(
        _ network: NetworkName, edge: EdgeName, to mode: ModeRecord, actor: String, now: Moment,
        judge: JudgeSettings, check: (NetworkState) throws -> [String]
    ) throws -> NetworkState {
        let result: Result<NetworkState, any Error> = try write { database in
            var state = try Self.load(network, judge: judge, now: now, from: database)
            _ = Self.restamp(&state, at: now)
            let keys: [String]
            do {
                keys = try check(state)
            } catch {
                // No trouble of the database's, which would have a name of its own.
                return .failure(error)
            }
            let id = try database.makeNetworkID(network)
            try Self.save(mode, edge, of: id, in: database)
            let event = AuditEvent.modeChange(of: edge, to: mode, actor: actor)
            try Self.note([event], of: id, at: now, in: database)
            try Self.add(approvals: keys, of: id, actor: actor, now: now, in: database)
            return .success(state)
        }
        return try result.get()
    }

    static func save(
        _ mode: ModeRecord, _ edge: EdgeName, of id: Int, in database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO mode(network, edge, mode, comment, changed,
                limit_wall, limit_boot, limit_boot_id, limit_ns)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(network, edge) DO UPDATE SET
                mode = excluded.mode, comment = excluded.comment, changed = excluded.changed,
                limit_wall = excluded.limit_wall, limit_boot = excluded.limit_boot,
                limit_boot_id = excluded.limit_boot_id, limit_ns = excluded.limit_ns
            """,
            [
                id, edge.text, mode.mode.rawValue, mode.comment, mode.changed?.nanoseconds,
                mode.limit?.since.wall.nanoseconds, mode.limit?.since.sinceBoot.inNanoseconds,
                mode.limit?.since.bootID, mode.limit?.length.inNanoseconds,
            ])
    }

    /// Makes edges available whose modes' time is over, where they are still what they were.
    static func end(
        _ modes: [EdgeName: ModeRecord], of id: Int, at now: Moment, in database: Database
    ) throws {
        guard !modes.isEmpty else { return }
        let present = try Self.modes(id, from: database)
        for (edge, mode) in modes where present[edge] == mode {
            try save(ModeRecord(changed: now.wall), edge, of: id, in: database)
        }
    }

    /// Adds approval keys, each once, and records an audit event by `actor` for each.
    public func approve(
        _ network: NetworkName, keys: [String], actor: String, now: Moment
    ) throws {
        guard !keys.isEmpty else { return }
        try write { database in
            let id = try database.makeNetworkID(network)
            try Self.add(approvals: keys, of: id, actor: actor, now: now, in: database)
        }
    }

    private static func add(
        approvals keys: [String], of id: Int, actor: String, now: Moment, in database: Database
    ) throws {
        for key in keys {
            try database.run(
                "INSERT OR IGNORE INTO approval(network, key) VALUES (?, ?)", [id, key])
        }
        let events = keys.map { AuditEvent.approval(of: $0, actor: actor) }
        try note(events, of: id, at: now, in: database)
    }

    /// Notes that nothing is owed by `run_after_changes`, unless a newer generation was begun meanwhile.
    public func settleAfterChanges(_ network: NetworkName, of generation: Int) throws {
        try write { database in
            let id = try database.makeNetworkID(network)
            try database.run(
                "UPDATE network SET after_changes_pending = 0 WHERE id = ? AND generation = ?",
                [id, generation])
        }
    }

    /// Adds lines to the audit log.
    public func record(_ events: [AuditEvent], network: NetworkName, now: Moment) throws {
        guard !events.isEmpty else { return }
        try write { database in
            let id = try database.makeNetworkID(network)
            try Self.note(events, of: id, at: now, in: database)
        }
    }

    /// Edges and canaries that were probed or taken over; a mode alone makes none known.
    public func knownEdges(_ network: NetworkName) throws -> Set<EdgeName> {
        try read { database in
            guard let id = try database.networkID(network) else { return [] }
            return try Self.knownEdges(id, from: database)
        }
    }

    static func knownEdges(_ id: Int, from database: Database) throws -> Set<EdgeName> {
        let rows = try database.rows(
            "SELECT name FROM target WHERE network = ? AND role <> 'reference'", [id])
        var names: Set<EdgeName> = []
        while let row = try rows.next() {
            if let name = row.edge(at: 0) { names.insert(name) }
        }
        return names
    }
}
