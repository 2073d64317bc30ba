public import EdgeCore
internal import EdgeShell
internal import GRDB

extension SQLiteStore {
    /// Everything known of a network; a last run from the future is written down as now (I25).
    public func load(
        _ network: NetworkName, judge: JudgeSettings, now: Moment
    ) throws -> NetworkState {
        let mayMend = access == .readWrite
        var state = try read { database in
            if mayMend { try Self.lookThrough(network, in: database) }
            return try Self.load(network, judge: judge, now: now, from: database)
        }
        if let restamped = Self.restamp(&state, at: now), canWrite {
            try write { try Self.setLastRun(restamped, of: network, in: $0) }
        }
        return state
    }

    /// Has a last run from the future be now (I25); nil: it is none.
    static func restamp(_ state: inout NetworkState, at now: Moment) -> Moment? {
        guard let last = state.lastRun, now.isOvertaken(by: last) else { return nil }
        let restamped = now.restamped(last)
        state.lastRun = restamped
        return restamped
    }

    /// Damage in what a run does not read would go on unseen, while `status` and `history` stop at it.
    private static func lookThrough(_ network: NetworkName, in database: Database) throws {
        let round = try database.number(
            "SELECT last_round FROM network WHERE name = ?", [network.text])
        guard let round, round > 0, round.isMultiple(of: 60),
            let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)"),
            verdict != "ok"
        else { return }
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict)
    }

    static func load(
        _ network: NetworkName, judge: JudgeSettings, now: Moment, from database: Database
    ) throws -> NetworkState {
        var state = NetworkState()
        guard let id = try database.networkID(network) else {
            state.foreignZones = try foreignZones(0, from: database)
            return state
        }
        let rows = try database.rows(
            """
            SELECT generation, sick_rounds_left, after_changes_pending, published_dns,
                last_run_wall, last_run_boot, last_run_boot_id FROM network WHERE id = ?
            """, [id])
        while let row = try rows.next() {
            state.generation = row.count(at: 0)
            state.sickRoundsLeft = row.count(at: 1)
            state.afterChangesPending = row.flag(at: 2)
            state.publishedDNS = row.settings(at: 3)
            state.lastRun = row.moment(at: 4)
        }
        state.targets = try targets(id, judge: judge, now: now, from: database)
        state.live = try live(id, from: database)
        state.modes = try modes(id, from: database)
        state.substitutions = try substitutions(id, from: database)
        state.approvals = Set(
            try database.texts("SELECT key FROM approval WHERE network = ?", [id]))
        state.holds = try holds(id, from: database).map(\.hold)
        state.zones = try zones(id, from: database)
        state.givenUp = try givenUp(id, from: database)
        state.foreignZones = try foreignZones(id, from: database)
        state.rotations = try rotations(id, from: database)
        state.servers = try servers(id, from: database)
        state.rotationHold = try rotationHold(id, from: database).flatMap {
            $0.holds(at: now) ? $0 : nil
        }
        return state
    }

    static func live(_ id: Int, from database: Database) throws -> [LiveEdge] {
        let rows = try database.rows(
            "SELECT edge, ipv4, ipv6 FROM live WHERE network = ? ORDER BY position", [id])
        var live: [LiveEdge] = []
        while let row = try rows.next() {
            guard let name = row.edge(at: 0) else { continue }
            live.append(
                LiveEdge(
                    name: name,
                    addresses: EdgeAddresses(ipv4: row.address(at: 1), ipv6: row.address(at: 2))))
        }
        return live
    }

    static func modes(_ id: Int, from database: Database) throws -> [EdgeName: ModeRecord] {
        let rows = try database.rows(
            """
            SELECT edge, mode, comment, changed, limit_wall, limit_boot, limit_boot_id, limit_ns
            FROM mode WHERE network = ?
            """, [id])
        var modes: [EdgeName: ModeRecord] = [:]
        while let row = try rows.next() {
            guard let edge = row.edge(at: 0),
                let mode = row.text(at: 1).flatMap(Mode.init(rawValue:))
            else { continue }
            modes[edge] = ModeRecord(
                mode: mode, comment: row.text(at: 2) ?? "", changed: row.time(at: 3),
                limit: row.timeLimit(at: 4))
        }
        return modes
    }

    static func substitutions(_ id: Int, from database: Database) throws -> [Substitution] {
        let rows = try database.rows(
            """
            SELECT wall, boot, boot_id, edge, by_operator FROM substitution
            WHERE network = ? ORDER BY position
            """, [id])
        var substitutions: [Substitution] = []
        while let row = try rows.next() {
            guard let moment = row.moment(at: 0), let edge = row.edge(at: 3) else { continue }
            substitutions.append(
                Substitution(moment: moment, edge: edge, byOperator: row.flag(at: 4)))
        }
        return substitutions
    }

    static func holds(
        _ id: Int, from database: Database
    ) throws -> [(identity: String, hold: StoredHold)] {
        let rows = try database.rows(
            """
            SELECT identity, approval_key, zone, message, since FROM hold
            WHERE network = ? ORDER BY position
            """, [id])
        var holds: [(identity: String, hold: StoredHold)] = []
        while let row = try rows.next() {
            guard let identity = row.text(at: 0), let since = row.time(at: 4) else { continue }
            let hold = StoredHold(
                approvalKey: row.text(at: 1), identity: identity,
                zone: row.text(at: 2).flatMap { ZoneName($0) },
                message: row.text(at: 3) ?? "", since: since)
            holds.append((identity, hold))
        }
        return holds
    }

    /// The times of the last 100 rotations, oldest first.
    static func rotations(_ id: Int, from database: Database) throws -> [UnixTime] {
        let times = try database.integers(
            "SELECT wall FROM rotation WHERE network = ? ORDER BY number DESC LIMIT 100", [id])
        return times.reversed().map(UnixTime.stored)
    }

    static func setLastRun(_ moment: Moment, of network: NetworkName, in database: Database) throws
    {
        try database.run(
            """
            UPDATE network SET last_run_wall = ?, last_run_boot = ?, last_run_boot_id = ?
            WHERE name = ?
            """,
            [
                moment.wall.nanoseconds, moment.sinceBoot.inNanoseconds, moment.bootID,
                network.text,
            ])
    }
}
