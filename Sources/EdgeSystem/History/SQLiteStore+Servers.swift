public import EdgeCore
internal import EdgeShell
internal import GRDB

extension SQLiteStore {
    /// Notes what a run learned of name servers, in one transaction; nothing when a newer run has begun.
    public func note(
        _ updates: [ServerUpdate], network: NetworkName, generation: Int, round: Moment,
        servers: [ServerName]
    ) throws -> Bool {
        try write { database in
            guard let id = try database.networkID(network),
                try isNewest(round, of: id, in: database)
            else { return false }
            for update in updates {
                try Self.save(update, of: id, in: database)
                try Self.settle(update, of: id, upTo: generation, in: database)
            }
            for table in ["server", "owed"] {
                let column = table == "server" ? "name" : "server"
                let known = try database.texts(
                    "SELECT DISTINCT \(column) FROM \(table) WHERE network = ?", [id])
                for name in known where !servers.contains(where: { $0.text == name }) {
                    try database.run(
                        "DELETE FROM \(table) WHERE network = ? AND \(column) = ?", [id, name])
                }
            }
            return true
        }
    }

    /// Whether no round was begun after the one that was begun at `moment`. It is compared as it is: no
    /// order of clocks counts here (I25).
    private func isNewest(_ moment: Moment, of id: Int, in database: Database) throws -> Bool {
        try database.number(
            """
            SELECT wall = ? AND boot = ? AND boot_id = ?
            FROM round JOIN network ON round.network = network.id AND number = last_round
            WHERE network.id = ?
            """,
            [moment.wall.nanoseconds, moment.sinceBoot.inNanoseconds, moment.bootID, id]) == 1
    }

    private static func save(
        _ update: ServerUpdate, of id: Int, in database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO server(network, name, failures, silent_since) VALUES (?, ?, ?, ?)
            ON CONFLICT(network, name) DO UPDATE SET
                failures = excluded.failures, silent_since = excluded.silent_since
            """, [id, update.server.text, update.failures, update.silentSince?.nanoseconds])
        if let last = update.lastTry {
            try database.run(
                """
                UPDATE server SET try_wall = ?, try_boot = ?, try_boot_id = ?
                WHERE network = ? AND name = ?
                """,
                [
                    last.wall.nanoseconds, last.sinceBoot.inNanoseconds, last.bootID, id,
                    update.server.text,
                ])
        }
        if let raise = update.lastRaise {
            try database.run(
                """
                UPDATE server SET raise_wall = ?, raise_boot = ?, raise_boot_id = ?
                WHERE network = ? AND name = ?
                """,
                [
                    raise.wall.nanoseconds, raise.sinceBoot.inNanoseconds, raise.bootID, id,
                    update.server.text,
                ])
        }
        guard let control = update.control else { return }
        try database.run(
            """
            UPDATE server SET told = ?, command = ?, ending = ?, output = ?, duration = ?,
                failure = ? WHERE network = ? AND name = ?
            """,
            [
                control.time.nanoseconds, control.command, control.ending,
                String(control.output.prefix(4096)), control.duration.inNanoseconds,
                control.failure, id, update.server.text,
            ])
    }

    /// Deletes what is served as planned, and notes what is owed; what a newer plan owes stays as it is.
    private static func settle(
        _ update: ServerUpdate, of id: Int, upTo generation: Int, in database: Database
    ) throws {
        try forget(update.settled, by: update.server, of: id, upTo: generation, in: database)
        try owe(update.owed, by: update.server, of: id, in: database)
    }

    /// Deletes what is served as planned; what a newer plan owes stays.
    static func forget(
        _ settled: Set<ZoneName>, by server: ServerName, of id: Int, upTo generation: Int,
        in database: Database
    ) throws {
        let delete = try FastStatement(
            database,
            """
            DELETE FROM owed
            WHERE network = ? AND server = ? AND zone = ? AND generation <= ?
            """)
        for zone in settled {
            delete.bind(1, id)
            delete.bind(2, server.text)
            delete.bind(3, zone.text)
            delete.bind(4, generation)
            try delete.run()
        }
    }

    /// What becomes owed when a plan is published: since when it is, and how often it was published anew for
    /// the server's sake, goes on being counted until it is settled.
    static func owe(
        _ plan: Generation, by server: ServerName, rewrites: Set<ZoneName>,
        gone: [ZoneName: [WithdrawnLabel]], of id: Int, in database: Database
    ) throws {
        let insert = try FastStatement(
            database,
            """
            INSERT INTO owed(
                network, server, zone, generation, since, is_told, is_rewritten, difference,
                published, gone)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(network, server, zone) DO UPDATE SET
                generation = excluded.generation, since = min(since, excluded.since),
                published = excluded.published, gone = excluded.gone, is_told = 0,
                is_rewritten = min(is_rewritten, 1 << 20) + excluded.is_rewritten,
                difference = NULL
            WHERE owed.generation <= excluded.generation
            """)
        for (zone, content) in plan.zones.sorted(by: { $0.key < $1.key }) {
            let owed = OwedZone(
                of: content, generation: plan.number, published: plan.time, after: nil,
                isForItsSake: rewrites.contains(zone), gone: gone[zone] ?? [])
            try owed.bind(to: insert, zone: zone, server: server, network: id)
            try insert.run()
        }
    }

    /// Adds what is owed of zones that are published, except where a newer generation is owed already.
    private static func owe(
        _ zones: [ZoneName: OwedZone], by server: ServerName, of id: Int, in database: Database
    ) throws {
        let insert = try FastStatement(
            database,
            """
            INSERT INTO owed(
                network, server, zone, generation, since, is_told, is_rewritten, difference,
                published, gone)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
            WHERE EXISTS (SELECT 1 FROM zone WHERE network = ?1 AND name = ?3)
            ON CONFLICT(network, server, zone) DO UPDATE SET
                generation = excluded.generation, since = excluded.since,
                published = excluded.published, gone = excluded.gone,
                is_told = excluded.is_told, is_rewritten = excluded.is_rewritten,
                difference = excluded.difference
            WHERE owed.generation <= excluded.generation
            """)
        for (zone, owed) in zones.sorted(by: { $0.key < $1.key }) {
            try owed.bind(to: insert, zone: zone, server: server, network: id)
            try insert.run()
        }
    }

    static func servers(
        _ id: Int, from database: Database
    ) throws -> [ServerName: ServerState] {
        var servers: [ServerName: ServerState] = [:]
        let rows = try database.rows(
            """
            SELECT name, failures, try_wall, try_boot, try_boot_id, silent_since, told, command,
                ending, output, duration, failure, raise_wall, raise_boot, raise_boot_id
            FROM server WHERE network = ?
            """, [id])
        while let row = try rows.next() {
            guard let name = row.text(at: 0).flatMap({ ServerName($0) }) else { continue }
            var state = ServerState(
                failures: row.count(at: 1), lastTry: row.moment(at: 2),
                silentSince: row.time(at: 5),
                lastRaise: row.moment(at: 12))
            if let time = row.time(at: 6) {
                state.lastControl = StoredControl(
                    time: time, command: row.text(at: 7) ?? "", ending: row.text(at: 8) ?? "",
                    output: row.text(at: 9) ?? "", duration: row.duration(at: 10) ?? .zero,
                    failure: row.text(at: 11))
            }
            servers[name] = state
        }
        try readOwed(id, from: database, into: &servers)
        return servers
    }

    private static func readOwed(
        _ id: Int, from database: Database, into servers: inout [ServerName: ServerState]
    ) throws {
        let rows = try FastStatement(
            database,
            """
            SELECT server, zone, generation, since, is_told, is_rewritten, difference, published,
                gone
            FROM owed WHERE network = ?
            """)
        rows.bind(1, id)
        while try rows.step() {
            guard let server = rows.text(0).flatMap({ ServerName($0) }),
                let zone = rows.text(1).flatMap({ ZoneName($0) })
            else { continue }
            servers[server, default: ServerState()].owed[zone] = OwedZone(
                generation: rows.count(2), since: rows.time(3),
                published: rows.isNull(7) ? nil : rows.time(7),
                told: rows.integer(4) == 0 ? nil : rows.time(4), rewrites: rows.count(5),
                difference: rows.text(6),
                gone: rows.text(8).map { WithdrawnLabel.labels(in: $0) } ?? [])
        }
    }
}

extension OwedZone {
    /// Sets the ten parameters of an owed row. `is_told` is the time of telling in nanoseconds since the
    /// epoch, and 0 for none; older programs wrote 1, which is long ago, so that `since` counts.
    /// `is_rewritten` is the number of publications for the server's sake, of which older programs knew
    /// one.
    fileprivate func bind(
        to statement: FastStatement, zone: ZoneName, server: ServerName, network: Int
    ) throws {
        statement.bind(1, network)
        statement.bind(2, server.text)
        statement.bind(3, zone.text)
        statement.bind(4, generation)
        statement.bind(5, since.nanoseconds)
        statement.bind(6, told.map { $0.nanoseconds == 0 ? 1 : $0.nanoseconds } ?? 0)
        statement.bind(7, rewrites)
        statement.bind(8, difference)
        statement.bind(9, published.nanoseconds)
        statement.bind(10, WithdrawnLabel.text(of: gone))
    }
}
