/// One edge as the selector sees it.
public struct Candidate: Hashable, Sendable {
    public var name: EdgeName
    public var mode: Mode
    public var comment: String
    /// nil when it was never judged: it is then nobody's replacement.
    public var health: Health?
    /// The judge's words.
    public var reason: String
    /// The mean of all kept samples; nil when there are none, which ranks last.
    public var mean: Duration?
    public var isMismatch: Bool
    public var hasAddress: Bool

    public init(
        name: EdgeName, mode: Mode = .available, comment: String = "", health: Health?,
        reason: String = "", mean: Duration? = nil, isMismatch: Bool = false,
        hasAddress: Bool = true
    ) {
        self.name = name
        self.mode = mode
        self.comment = comment
        self.health = health
        self.reason = reason
        self.mean = mean
        self.isMismatch = isMismatch
        self.hasAddress = hasAddress
    }

    /// Whether it may be live at all.
    var mayBeLive: Bool { mode != .unavailable && hasAddress }

    /// Whether it answers with the object.
    var isPassing: Bool { health?.isPassing == true && !isMismatch }

    /// Whether an operator's word makes it live. A forced edge that fails is judged like any other.
    var isForced: Bool { hasAddress && (mode == .blindforce || mode == .force && isPassing) }

    /// Best first: by class, then by the mean of all kept samples, then by name.
    static func isBetter(_ left: Candidate, _ right: Candidate) -> Bool {
        let order = (left.health ?? .fail, right.health ?? .fail)
        if order.0 != order.1 { return order.0 < order.1 }
        let means = (left.mean ?? .seconds(Int64.max), right.mean ?? .seconds(Int64.max))
        if means.0 != means.1 { return means.0 < means.1 }
        return left.name < right.name
    }
}

/// The live set that follows from a round, each edge with its reason.
public struct Selection: Hashable, Sendable {
    /// In the order of their names.
    public var live: [EdgeName]
    /// Every edge of the list, and those that left it.
    public var reasons: [EdgeName: SelectionReason]
    public var added: [EdgeName]
    public var removed: [EdgeName]
    /// Those of `removed` that an operator's word removed; exempt from the budget.
    public var removedByOperator: Set<EdgeName>
    /// Edges that would leave, and stay for the budget's or the blast radius's sake.
    public var heldBack: [EdgeName]
    public var holds: [Hold]
    public var usedApprovals: Set<String>
    /// The budget after this round.
    public var budget: RotationBudget
    /// The fewest that may be live in this round.
    public var minimum: Int
}
