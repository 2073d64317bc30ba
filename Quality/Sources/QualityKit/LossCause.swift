/// Why users met an edge that was dead or slow.
public enum LossCause: Int, Hashable, Sendable, CaseIterable {
    /// The edge had left, and resolvers still knew it.
    case lag
    /// It was live and up by the rule: not seen, or not yet believed.
    case unseen
    /// It was live though it was bad, or would be under a live edge's load, when it was chosen.
    case choice
    /// It waited for the rotation budget.
    case budget
    /// It waited since too many would have left at once.
    case tooMany
    /// Nobody could take its place.
    case nobody
    /// The monitor was in doubt.
    case doubt
    /// Fewer than one request in twenty: no rule is asked to see that.
    case trifle

    /// A word for the report.
    public var word: String {
        switch self {
        case .lag: "lag"
        case .unseen: "unseen"
        case .choice: "choice"
        case .budget: "budget"
        case .tooMany: "too many"
        case .nobody: "nobody"
        case .doubt: "doubt"
        case .trifle: "trifle"
        }
    }
}
