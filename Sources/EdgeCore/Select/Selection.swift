/// One edge as the selector sees it.
public struct Candidate: Hashable, Sendable {
    public var name: EdgeName
    public var mode: Mode
    public var comment: String
    /// nil when it was never judged: it is then nobody's replacement.
    public var health: Health?
    /// The judge's rule.
    public var reason: VerdictReason
    /// The mean of all kept samples; nil when there are none, which ranks last.
    public var mean: Duration?
    public var isMismatch: Bool
    public var hasAddress: Bool
    /// Where the steady judge puts it; nil: the classic one judged.
    public var steady: SteadyPlace?
    /// What it can carry, above zero, in the configuration's unit.
    public var capacity: Double
    /// Whether it is a spare that may not carry one place's share of the load: the last choice of its class.
    var isTooSmall = false

    public init(
        name: EdgeName, mode: Mode = .available, comment: String = "", health: Health?,
        reason: VerdictReason = .none, mean: Duration? = nil, isMismatch: Bool = false,
        hasAddress: Bool = true, steady: SteadyPlace? = nil, capacity: Double = 1
    ) {
        self.steady = steady
        self.capacity = capacity
        self.name = name
        self.mode = mode
        self.comment = comment
        self.health = health
        self.reason = reason
        self.mean = mean
        self.isMismatch = isMismatch
        self.hasAddress = hasAddress
    }

    /// The judge's rule in words.
    var words: String { reason.description }

    /// Whether it may be live at all.
    var mayBeLive: Bool { mode != .unavailable && hasAddress }

    /// Whether it answers with the object.
    public var isPassing: Bool { health?.isPassing == true && !isMismatch }

    /// Whether this round shows that it does well under the load that it has. An edge that keeps the monitor out
    /// shows nothing.
    var isKnownToBeWell: Bool { isPassing && steady?.standing != .blocked }

    /// Whether an operator's word makes it live. A forced edge that fails is judged like any other.
    var isForced: Bool { hasAddress && (mode == .blindforce || mode == .force && isPassing) }

    /// Best first: by class, then by the mean of all kept samples, then by name. With the steady judge: by
    /// standing, then those that are live, unless they are up anyway, then by rank, then by name. Within a
    /// class or standing, spares that may be too small for the load come last.
    static func isBetter(_ left: Candidate, _ right: Candidate) -> Bool {
        if let first = left.steady, let second = right.steady {
            let order = first.compare(with: second)
            if left.isTooSmall != right.isTooSmall, first.isOfOneTier(with: second) {
                return right.isTooSmall
            }
            return order == 0 ? left.name < right.name : order < 0
        }
        let order = (left.health ?? .fail, right.health ?? .fail)
        if order.0 != order.1 { return order.0 < order.1 }
        if left.isTooSmall != right.isTooSmall { return right.isTooSmall }
        let means = (left.mean ?? .seconds(Int64.max), right.mean ?? .seconds(Int64.max))
        if means.0 != means.1 { return means.0 < means.1 }
        return left.name < right.name
    }
}

/// What the steady judge's verdict means for a place in the live set.
public struct SteadyPlace: Hashable, Sendable {
    public var standing: Standing
    /// Lower is better, among those of one standing.
    public var rank: Double
    /// Whether it may stay where it is: it is up, or nobody could take its place when it went down, and it has
    /// been clean since.
    public var keepsItsPlace: Bool
    /// Whether it was live before this round.
    public var isLive: Bool

    public init(standing: Standing, rank: Double, keepsItsPlace: Bool, isLive: Bool) {
        self.standing = standing
        self.rank = rank
        self.keepsItsPlace = keepsItsPlace
        self.isLive = isLive
    }

    /// The place of a target with this verdict.
    init(_ verdict: SteadyVerdict, isLive: Bool) {
        self.init(
            standing: verdict.standing, rank: verdict.rank,
            keepsItsPlace: verdict.memory.isUp || verdict.standing == .recovering,
            isLive: isLive)
    }

    /// Whether only rank tells them apart.
    func isOfOneTier(with other: SteadyPlace) -> Bool {
        standing == other.standing && (standing == .up || isLive == other.isLive)
    }

    /// Below zero when it is the better one, above when `other` is.
    ///
    /// Among those who are not up nobody is exchanged for his like: that would change DNS for nothing.
    func compare(with other: SteadyPlace) -> Int {
        if standing != other.standing { return standing < other.standing ? -1 : 1 }
        guard isOfOneTier(with: other) else { return isLive ? -1 : 1 }
        return rank < other.rank ? -1 : rank > other.rank ? 1 : 0
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
    /// Edges that would leave, and stay for the budget's, the blast radius's or the load's sake.
    public var heldBack: [EdgeName]
    public var holds: [Hold]
    public var usedApprovals: Set<String>
    /// The budget after this round.
    public var budget: RotationBudget
    /// The fewest that may be live in this round.
    public var minimum: Int
}
