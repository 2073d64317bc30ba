public import EdgeCore
public import EdgeShell
internal import GRDB

extension SQLiteStore {
    /// The last events of a network's audit log, newest last; all networks' when it is nil.
    public func recentEvents(_ network: NetworkName?, limit: Int) throws -> [RecordedEvent] {
        guard let network else { return try read { try AuditQuery(limit: limit).events(in: $0) } }
        return try events(network, limit: limit)
    }

    /// A network's last event of one kind, such as a run that could not be; nil when there was none.
    public func lastEvent(
        _ network: NetworkName, of kind: AuditEvent.Kind
    ) throws -> RecordedEvent? {
        try events(network, kind: kind, limit: 1).last
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
            return try AuditQuery(
                network: id, subject: subject, kind: kind, start: start, end: end, limit: limit
            ).events(in: database)
        }
    }
}
