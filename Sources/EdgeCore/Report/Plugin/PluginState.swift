/// What a monitoring plugin says of what it looked at; the raw value is its exit status.
public enum PluginState: Int32, Hashable, Sendable, CaseIterable, Comparable {
    case ok = 0
    case warning = 1
    case critical = 2
    /// There is nothing to judge by, or the plugin was asked wrongly.
    case unknown = 3

    public var word: String {
        switch self {
        case .ok: "OK"
        case .warning: "WARNING"
        case .critical: "CRITICAL"
        case .unknown: "UNKNOWN"
        }
    }

    /// The worst counts: what can't be seen may be worse than a warning, and is no proof of an outage.
    private var rank: Int {
        switch self {
        case .ok: 0
        case .warning: 1
        case .unknown: 2
        case .critical: 3
        }
    }

    public static func < (left: PluginState, right: PluginState) -> Bool { left.rank < right.rank }
}
