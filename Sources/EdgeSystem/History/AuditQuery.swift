internal import EdgeCore
internal import EdgeShell
internal import GRDB

/// Which lines of the audit log are read, the newest ones.
///
/// Only what is asked for stands in the statement: `?1 IS NULL OR column = ?1` would have SQLite choose no index, and
/// read the whole log to find nothing.
struct AuditQuery {
    /// The network's number; nil: all networks.
    var network: Int?
    /// The edge or zone that they are about; nil: all.
    var subject: String?
    /// What they are about; nil: all.
    var kind: AuditEvent.Kind?
    /// Not those before it; nil: all.
    var start: UnixTime?
    /// Not those after it; nil: all.
    var end: UnixTime?
    /// How many at most.
    var limit: Int

    private var conditions: [(sql: String, value: any DatabaseValueConvertible)] {
        var conditions: [(String, any DatabaseValueConvertible)] = []
        if let network { conditions.append(("network = ?", network)) }
        if let subject { conditions.append(("subject = ?", subject)) }
        if let kind {
            // Fewer lines are about one edge than of one kind: the sign has SQLite take the index for those.
            conditions.append((subject == nil ? "kind = ?" : "+kind = ?", kind.rawValue))
        }
        if let start { conditions.append(("wall >= ?", start.nanoseconds)) }
        if let end { conditions.append(("wall <= ?", end.nanoseconds)) }
        return conditions
    }

    var sql: String {
        let conditions = conditions.map(\.sql)
        return "SELECT wall, kind, subject, actor, message FROM audit"
            + (conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND "))
            + " ORDER BY id DESC LIMIT ?"
    }

    /// The lines, newest last; those that can't be read are left out.
    func events(in database: Database) throws -> [RecordedEvent] {
        let rows = try database.rows(
            sql, StatementArguments(conditions.map(\.value) + [max(limit, 0)]))
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

    /// Drops a network's lines of one kind.
    static let dropping = "DELETE FROM audit WHERE network = ? AND kind = ?"
}
