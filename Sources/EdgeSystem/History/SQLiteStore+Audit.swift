internal import EdgeCore
internal import EdgeShell
internal import GRDB

extension SQLiteStore {
    /// How many lines the audit log keeps, all networks together.
    static let keptEvents = 100_000
    /// Targets that no round named for so long, in rounds and by the wall, are forgotten (I27).
    private static let forgottenAfter = (rounds: 10_000, wall: Duration.seconds(90 * 86_400))

    static func note(
        _ events: [AuditEvent], of id: Int, at moment: Moment, in database: Database
    ) throws {
        try note(events, of: id, at: moment.wall, in: database)
    }

    static func note(
        _ events: [AuditEvent], of id: Int, at wall: UnixTime, in database: Database
    ) throws {
        guard !events.isEmpty else { return }
        // A failing run a minute would drive everything else out.
        if events.contains(where: { $0.kind == .refusal }) {
            try database.run(AuditQuery.dropping, [id, AuditEvent.Kind.refusal.rawValue])
        }
        for event in events {
            try database.run(
                """
                INSERT INTO audit(network, wall, kind, subject, actor, message)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    id, wall.nanoseconds, event.kind.rawValue, event.subject, event.actor,
                    event.message,
                ])
        }
        try database.run(
            "DELETE FROM audit WHERE id <= ?", [database.lastInsertedRowID - Int64(keptEvents)])
    }

    /// Every hundredth round: lets go of rounds that no sample belongs to any more, and of targets
    /// that were gone for long.
    static func tidy(
        _ id: Int, round: Int, _ record: RoundRecord, in database: Database
    ) throws {
        guard round.isMultiple(of: 100) else { return }
        try forgetEvents(of: id, at: record.moment.wall, record.history, in: database)
        try forgetSpans(of: id, at: record.moment.wall, record.history, in: database)
        let horizon = record.moment.wall.nanoseconds.subtractingReportingOverflow(
            forgottenAfter.wall.inNanoseconds
        ).partialValue
        let gone = try database.integers(
            """
            SELECT id FROM target WHERE network = ? AND last_round < ?
            AND coalesce(probed, 0) < ? LIMIT 10
            """, [id, round - forgottenAfter.rounds, horizon])
        for target in gone { try forget(target, network: id, in: database) }
        try Rollup.forget(gone, network: id, in: database)
        let oldest =
            try database.number(
                "SELECT min(oldest) FROM target WHERE network = ? AND oldest > 0", [id]) ?? round
        // The window never looks back further than this many rounds.
        let bound = min(oldest, round - 4096)
        try database.run("DELETE FROM round WHERE network = ? AND number < ?", [id, bound])
        try database.run(
            "DELETE FROM adoption WHERE network = ? AND round < ?", [id, round - 4096])
    }

    /// Lets go of lines that were kept for long enough, of which no round has to drop many.
    private static func forgetEvents(
        of id: Int, at wall: UnixTime, _ settings: HistorySettings, in database: Database
    ) throws {
        let horizon = wall.adding(.zero - settings.audit)
        try database.run(
            """
            DELETE FROM audit WHERE id IN (
                SELECT id FROM (SELECT id, wall FROM audit WHERE network = ? ORDER BY id LIMIT 1000)
                WHERE wall < ?)
            """, [id, horizon.nanoseconds])
    }

    private static func forget(_ target: Int64, network: Int, in database: Database) throws {
        let rounds = try samplePlaces(of: target, limit: .max, in: database)
        for round in rounds {
            try database.run(
                "DELETE FROM sample WHERE network = ? AND round = ? AND target = ?",
                [network, round, target])
        }
        try database.run("DELETE FROM gap WHERE target = ?", [target])
        try database.run("DELETE FROM target WHERE id = ?", [target])
    }
}
