public import EdgeCore
internal import EdgeShell
internal import GRDB

extension SQLiteStore {
    /// Notes what a run learned of name servers, in one transaction.
    public func note(
        _ updates: [ServerUpdate], network: NetworkName, generation: Int, servers: [ServerName]
    ) throws {
        try write { database in
            let id = try database.makeNetworkID(network)
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
        }
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
        let delete = try FastStatement(
            database,
            """
            DELETE FROM owed
            WHERE network = ? AND server = ? AND zone = ? AND generation <= ?
            """)
        for zone in update.settled {
            delete.bind(1, id)
            delete.bind(2, update.server.text)
            delete.bind(3, zone.text)
            delete.bind(4, generation)
            try delete.run()
        }
        try owe(update.owed, by: update.server, of: id, in: database)
    }

    /// Adds owed zones, except where a newer generation is owed already.
    static func owe(
        _ zones: [ZoneName: OwedZone], by server: ServerName, of id: Int, in database: Database
    ) throws {
        let insert = try FastStatement(
            database,
            """
            INSERT INTO owed(
                network, server, zone, generation, since, is_told, is_rewritten, difference)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(network, server, zone) DO UPDATE SET
                generation = excluded.generation, since = excluded.since,
                is_told = excluded.is_told, is_rewritten = excluded.is_rewritten,
                difference = excluded.difference
            WHERE owed.generation <= excluded.generation
            """)
        for (zone, owed) in zones.sorted(by: { $0.key < $1.key }) {
            insert.bind(1, id)
            insert.bind(2, server.text)
            insert.bind(3, zone.text)
            insert.bind(4, owed.generation)
            insert.bind(5, owed.since.nanoseconds)
            insert.bind(6, owed.isTold ? 1 : 0)
            insert.bind(7, owed.isRewritten ? 1 : 0)
            insert.bind(8, owed.difference)
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
            SELECT server, zone, generation, since, is_told, is_rewritten, difference
            FROM owed WHERE network = ?
            """)
        rows.bind(1, id)
        while try rows.step() {
            guard let server = rows.text(0).flatMap({ ServerName($0) }),
                let zone = rows.text(1).flatMap({ ZoneName($0) })
            else { continue }
            servers[server, default: ServerState()].owed[zone] = OwedZone(
                generation: rows.count(2), since: rows.time(3),
                isTold: rows.integer(4) != 0, isRewritten: rows.integer(5) != 0,
                difference: rows.text(6))
        }
    }
}
