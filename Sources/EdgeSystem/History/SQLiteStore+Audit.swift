public import EdgeCore
public import EdgeShell
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
            try database.run(
                "DELETE FROM audit WHERE network = ? AND kind = ?",
                [id, AuditEvent.Kind.refusal.rawValue])
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

    /// The last events of a network's audit log, newest last; all networks' when it is nil.
    public func recentEvents(_ network: NetworkName?, limit: Int) throws -> [RecordedEvent] {
        try read { database in
            var id: Int?
            if let network {
                id = try database.networkID(network)
                guard id != nil else { return [] }
            }
            let rows = try database.rows(
                """
                SELECT wall, kind, subject, actor, message FROM audit
                WHERE ?1 IS NULL OR network = ?1 ORDER BY id DESC LIMIT ?2
                """, [id, max(limit, 0)])
            var events: [RecordedEvent] = []
            while let row = try rows.next() {
                guard let kind = row.text(at: 1).flatMap(AuditEvent.Kind.init(rawValue:)),
                    let time = row.time(at: 0)
                else { continue }
                events.append(
                    RecordedEvent(
                        time: time,
                        event: AuditEvent(
                            kind: kind, subject: row.text(at: 2), actor: row.text(at: 3) ?? "",
                            message: row.text(at: 4) ?? "")))
            }
            return events.reversed()
        }
    }

    /// A network's last event of one kind, such as a run that could not be; nil when there was none.
    public func lastEvent(
        _ network: NetworkName, of kind: AuditEvent.Kind
    ) throws -> RecordedEvent? {
        try read { database in
            guard let id = try database.networkID(network) else { return nil }
            let rows = try database.rows(
                """
                SELECT wall, actor, message FROM audit WHERE network = ? AND kind = ?
                ORDER BY id DESC LIMIT 1
                """, [id, kind.rawValue])
            guard let row = try rows.next(), let time = row.time(at: 0) else { return nil }
            return RecordedEvent(
                time: time,
                event: AuditEvent(
                    kind: kind, actor: row.text(at: 1) ?? "", message: row.text(at: 2) ?? ""))
        }
    }

    /// Every hundredth round: lets go of rounds that no sample belongs to any more, and of targets
    /// that were gone for long.
    static func tidy(_ id: Int, round: Int, at moment: Moment, in database: Database) throws {
        guard round.isMultiple(of: 100) else { return }
        let horizon = moment.wall.nanoseconds.subtractingReportingOverflow(
            forgottenAfter.wall.inNanoseconds
        ).partialValue
        let gone = try database.integers(
            """
            SELECT id FROM target WHERE network = ? AND last_round < ?
            AND coalesce(probed, 0) < ? LIMIT 10
            """, [id, round - forgottenAfter.rounds, horizon])
        for target in gone { try forget(target, network: id, in: database) }
        let oldest =
            try database.number(
                "SELECT min(oldest) FROM target WHERE network = ? AND oldest > 0", [id]) ?? round
        // The window never looks back further than this many rounds.
        let bound = min(oldest, round - 4096)
        try database.run("DELETE FROM round WHERE network = ? AND number < ?", [id, bound])
        try database.run(
            "DELETE FROM adoption WHERE network = ? AND round < ?", [id, round - 4096])
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
