/// What the operator says of an edge.
public enum Mode: String, Hashable, Sendable, CaseIterable {
    /// Live by its merits.
    case available
    /// Live as long as it is not failing.
    case force
    /// Live whatever its health, wrong content included.
    case blindforce
    /// Never live.
    case unavailable
}

/// An edge's mode with who set it, when and why.
public struct ModeRecord: Hashable, Sendable {
    /// The mode in force.
    public var mode: Mode
    /// `[user] comment` as the original stores it; empty when cleared.
    public var comment: String
    /// When the mode was last changed; nil when it never was.
    public var changed: UnixTime?
    /// How long it is meant to last, then the edge is available again; nil: until it is changed.
    public var limit: TimeLimit?

    public init(
        mode: Mode = .available, comment: String = "", changed: UnixTime? = nil,
        limit: TimeLimit? = nil
    ) {
        self.limit = limit
        self.mode = mode
        self.comment = comment
        self.changed = changed
    }

    /// Whether its time is over: the next round makes the edge available again.
    public func isOver(at now: Moment) -> Bool { limit?.isOver(at: now) ?? false }
}

extension NetworkState {
    /// Makes edges available whose modes' time is over; returns what they were.
    public mutating func endModes(at now: Moment) -> [EdgeName: ModeRecord] {
        let ended = modes.filter { $0.value.isOver(at: now) }
        for edge in ended.keys { modes[edge] = ModeRecord(changed: now.wall) }
        return ended
    }
}
