public import EdgeCore

/// What the API asks the daemon beside what the page does.
public protocol APIFace: PageFace {
    /// What fires in a network and who was told; nil: the daemon runs no such one.
    func alarms(of network: NetworkName) throws -> AlarmView?
    /// How its edges did; nil: the daemon runs no such one.
    func uptime(of network: NetworkName) throws -> UptimeView?
    /// The newest lines of its audit log; nil: the daemon runs no such one.
    func events(of network: NetworkName, _ filter: EventFilter) throws -> LogView?
    /// The newest kept generations, at most so many; nil: the daemon runs no such network.
    func generations(of network: NetworkName, limit: Int) throws -> HistoryView?
    /// What a generation changed, record by record; nil: the daemon runs no such network.
    ///
    /// - Throws: `OrderRefusal` when it is not kept, or the one before it is not.
    func difference(of network: NetworkName, generation: Int) throws -> DiffView?
}

/// Which lines of the audit log are asked for.
public struct EventFilter: Hashable, Sendable {
    /// The edge or zone that they are about; nil: all.
    public var subject: String?
    /// What they are about; nil: all.
    public var kind: AuditEvent.Kind?
    /// Not those before it; nil: all.
    public var since: UnixTime?
    /// How many at most, the newest.
    public var limit: Int

    public init(
        subject: String? = nil, kind: AuditEvent.Kind? = nil, since: UnixTime? = nil, limit: Int
    ) {
        self.subject = subject
        self.kind = kind
        self.since = since
        self.limit = limit
    }
}
