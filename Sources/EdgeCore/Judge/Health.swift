/// The judge's class of an edge, best first: a lower case is a better one.
public enum Health: String, Hashable, Sendable, CaseIterable, Comparable {
    /// The last fetch was under good enough.
    case passThreshold = "pass_threshold"
    /// The mean of the last five minutes is.
    case passWindow = "pass_window"
    /// The mean of all kept samples is.
    case passAverage = "pass_average"
    /// It answers, slowly.
    case pass
    /// The last probe failed.
    case fail

    /// Better before worse: `passThreshold < fail`.
    public static func < (left: Health, right: Health) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .passThreshold: 0
        case .passWindow: 1
        case .passAverage: 2
        case .pass: 3
        case .fail: 4
        }
    }

    /// Whether the edge answers with the object at all.
    public var isPassing: Bool { self != .fail }
}

extension Health {
    /// The class as operators are told it, whichever judge gave it.
    var words: String {
        switch self {
        case .passThreshold: "it is fine"
        case .passWindow: "it is fine on the whole"
        case .passAverage: "it answers well enough"
        case .pass: "it answers"
        case .fail: "it fails"
        }
    }
}
