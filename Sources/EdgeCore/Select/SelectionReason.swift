/// Why an edge is in the live set, or is not, in words an operator can act on.
public enum SelectionReason: Hashable, Sendable {
    // In.
    case blindForced
    case forced
    /// It was live and still is fine.
    case stays(Health)
    /// It was live, failed in this round, and has not failed enough to go down.
    case endures(String)
    /// It took a free place.
    case chosen(Health)
    /// It fails, and no healthy spare is left for it: the others are live, or meant for one that is worse.
    case noReplacement(String)
    /// It would leave, but the rotation budget is used up.
    case budgetSpent(limit: Int, why: String)
    /// It would leave, but half of the live set is the most that may leave at a time for slowness.
    case tooManyAtOnce(why: String)
    /// It is slow, and without it the load could be too much for the others.
    case guardsLoad(why: String, LoadEstimate)
    /// It serves other content, and the live set must not become smaller than `min_live`.
    case heldByMinimum(minimum: Int)
    /// The plan is held, and the live set stays as it was.
    case held
    /// A command of an operator's published it.
    case directed(by: String)
    // Out.
    case unavailable(comment: String)
    /// It is fine, and no place is free.
    case spare(Health)
    case failing(String)
    /// It answers, and others answer better.
    case outdone(String)
    case wrongContent(String)
    /// An operator's force, or a lower count, took its place.
    case displaced
    case leftList
    case noAddress
    case neverJudged
    /// A command of an operator's published a set without it.
    case directedOut(by: String)

    /// Whether the edge would have left its place, had something not kept it.
    public var isReprieve: Bool { stayWords != nil }

    /// Whether the reason is one to be live.
    public var isLive: Bool {
        switch self {
        case .blindForced, .forced, .stays, .endures, .chosen, .noReplacement, .budgetSpent,
            .tooManyAtOnce, .guardsLoad, .heldByMinimum, .held, .directed:
            true
        case .unavailable, .spare, .failing, .outdone, .wrongContent, .displaced, .leftList,
            .noAddress, .neverJudged, .directedOut:
            false
        }
    }
}

extension SelectionReason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .blindForced: "blindforced by an operator, whatever its health"
        case .forced: "forced by an operator"
        case .stays(let health): "stays: \(health.words)"
        case .endures(let why): "\(why); stays, since that is not yet enough to go down"
        case .chosen(let health): "chosen: \(health.words), the best for a free place"
        case .noReplacement(let why), .budgetSpent(_, let why), .tooManyAtOnce(let why),
            .guardsLoad(let why, _):
            "\(why); \(stayWords ?? "")"
        case .heldByMinimum: "serves other content; \(stayWords ?? "")"
        case .held: "stays as published: the plan is held"
        case .unavailable(let comment):
            "unavailable by an operator" + (comment.isEmpty ? "" : ": \(comment)")
        case .spare(let health): "spare: \(health.words), no place is free"
        case .failing(let why): "out: \(why)"
        case .outdone(let why): "out: \(why), and others answer better"
        case .wrongContent(let why): "out: \(why)"
        case .displaced: "out: an operator's force or a lower count took its place"
        case .leftList: "out: no longer in the edge list"
        case .noAddress: "out: no address is known for it"
        case .neverJudged: "out: not judged yet"
        case .directed(let words): "published by edgemanage \(words)"
        case .directedOut(let words): "out: edgemanage \(words) published a set without it"
        }
    }
}

extension SelectionReason {
    /// What kept an edge that would have left; nil: nothing did.
    public var stayWords: String? {
        switch self {
        case .noReplacement: "stays, since no healthy spare is left for it"
        case .budgetSpent(let limit, _):
            "stays, since \(limit.counted("substitution")) in 10 minutes "
                + "\(limit == 1 ? "is" : "are") used up (the rotation budget)"
        case .tooManyAtOnce:
            "stays, since at most half of the live set leaves at a time for slowness"
        case .guardsLoad(_, let estimate): "stays, since \(estimate)"
        case .heldByMinimum(let minimum):
            "stays, since the live set must keep \(minimum) (min_live)"
        case .blindForced, .forced, .stays, .endures, .chosen, .held, .directed, .unavailable,
            .spare, .failing, .outdone, .wrongContent, .displaced, .leftList, .noAddress,
            .neverJudged, .directedOut:
            nil
        }
    }

    /// The reason alone, for lines that say themselves where the edge is: without a leading `out: `.
    public var cause: String {
        let words = description
        let place = "out: "
        return words.hasPrefix(place) ? String(words.dropFirst(place.count)) : words
    }
}
