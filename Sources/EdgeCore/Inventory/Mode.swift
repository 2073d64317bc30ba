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

    public init(mode: Mode = .available, comment: String = "", changed: UnixTime? = nil) {
        self.mode = mode
        self.comment = comment
        self.changed = changed
    }
}
