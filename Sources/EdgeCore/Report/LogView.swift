/// Lines of the audit log: `log` prints them as text and JSON.
public struct LogView: Sendable, Codable {
    /// The version of this shape.
    public var schema = 1
    public var network: String
    /// Oldest first.
    public var events: [Event]

    /// One decision or command.
    public struct Event: Sendable, Codable {
        /// Unix time.
        public var time: Int64
        public var kind: String
        /// The edge or zone, when there is one.
        public var subject: String?
        /// Who caused it: a user's name, or `edgemanage`.
        public var actor: String
        public var message: String

        public init(time: UnixTime, _ event: AuditEvent) {
            self.time = time.seconds
            kind = event.kind.rawValue
            subject = event.subject
            actor = event.actor
            message = event.message
        }
    }

    public init(network: NetworkName, events: [Event]) {
        self.network = network.text
        self.events = events
    }

    /// A line an event: when, what about, who, what.
    public func text() -> [String] {
        var table = TextTable()
        for event in events {
            table.add([
                UnixTime(seconds: event.time).words, event.kind, event.actor, event.message,
            ])
        }
        return table.lines()
    }
}
