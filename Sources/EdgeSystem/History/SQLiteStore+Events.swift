public import EdgeCore
public import EdgeShell
internal import GRDB

extension SQLiteStore {
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
            return try Self.events(of: rows)
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

    /// The newest `limit` events of a network's audit log that are meant, newest last.
    ///
    /// - Parameters:
    ///   - subject: the edge or zone that they are about; nil: all.
    ///   - kind: what they are about; nil: all.
    ///   - start: not those before it; nil: all.
    ///   - end: not those after it; nil: all.
    public func events(
        _ network: NetworkName, subject: String? = nil, kind: AuditEvent.Kind? = nil,
        since start: UnixTime? = nil, until end: UnixTime? = nil, limit: Int
    ) throws -> [RecordedEvent] {
        try read { database in
            guard let id = try database.networkID(network) else { return [] }
            let rows = try database.rows(
                """
                SELECT wall, kind, subject, actor, message FROM audit
                WHERE network = ?1 AND (?2 IS NULL OR subject = ?2) AND (?3 IS NULL OR kind = ?3)
                    AND (?4 IS NULL OR wall >= ?4) AND (?5 IS NULL OR wall <= ?5)
                ORDER BY id DESC LIMIT ?6
                """,
                [
                    id, subject, kind?.rawValue, start?.nanoseconds, end?.nanoseconds,
                    max(limit, 0),
                ])
            return try Self.events(of: rows)
        }
    }

    /// Events in rows of time, kind, subject, actor and message, the last one first; those that can't be read are
    /// left out.
    private static func events(of rows: RowCursor) throws -> [RecordedEvent] {
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
