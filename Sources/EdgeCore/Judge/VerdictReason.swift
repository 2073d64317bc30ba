/// The rule that gave a verdict: its words are made when somebody reads them, which in most rounds nobody
/// does.
public enum VerdictReason: Hashable, Sendable {
    /// Nothing was said of the target in this round.
    case none
    /// The fetch time is under good enough.
    case fast(Duration, limit: Duration)
    /// It is not, but the mean of the window is.
    case slowWithFastWindow(Duration, limit: Duration, mean: Duration)
    /// Neither is, but the mean of all kept samples is.
    case slowWithFastMean(Duration, limit: Duration, mean: Duration)
    case slow(Duration, limit: Duration)
    case failed(ProbeOutcome)
    /// The round did not look at it.
    case unobserved(wasJudged: Bool)
    /// The outcome says nothing about the edge, or is not believed.
    case asBefore(ProbeOutcome)
    /// The steady judge's rule, and the outcome that it was applied to.
    case steady(ProbeOutcome, SteadyRule)
}

extension VerdictReason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .none: return ""
        case .fast(let time, let limit):
            return "answered in \(time.shortSeconds), under \(limit.shortSeconds)"
        case .slowWithFastWindow(let time, let limit, let mean):
            return Self.slow(time, limit)
                + ", but \(mean.shortSeconds) in the last five minutes' mean"
        case .slowWithFastMean(let time, let limit, let mean):
            return Self.slow(time, limit) + ", but \(mean.shortSeconds) in the long mean"
        case .slow(let time, let limit):
            return Self.slow(time, limit) + ", and slow in its means too"
        case .failed(let outcome): return "\(outcome)"
        case .unobserved(let wasJudged):
            return wasJudged ? "was not probed; judged as before" : "was not probed lately"
        case .asBefore(let outcome): return "\(outcome); judged as before"
        case .steady(let outcome, let rule):
            let words = rule.description
            return words.isEmpty ? "\(outcome)" : "\(outcome); \(words)"
        }
    }

    /// What was seen: without what keeps a clean target from coming up, which is counted anew by who asks.
    public var seen: String {
        if case .steady(let outcome, let rule) = self, rule.isWaiting { return "\(outcome)" }
        return description
    }

    private static func slow(_ time: Duration, _ limit: Duration) -> String {
        "answered in \(time.shortSeconds), not under \(limit.shortSeconds)"
    }
}

/// The rule of the steady judge that a verdict came from.
public enum SteadyRule: Hashable, Sendable {
    /// It is up, and nothing speaks against it.
    case up
    /// It came up in this round.
    case cameUp(cleanRounds: Int)
    /// It refuses the monitor alone: judged as before.
    case blocked(isUp: Bool)
    // Down, in the order in which the rules are asked.
    case wrongContent
    case failedRounds(Int)
    case score(Double, limit: Double)
    case slowScore(Double, limit: Double)
    case median(Duration, limit: Duration)
    /// It is down, and not yet fit to come up: clean rounds so far, and how many it needs.
    case waiting(clean: Int, needed: Int)
    /// The same: it has been clean for long enough, and a score or the median is still too high.
    case waitingForScore(Double, below: Double)
    case waitingForSlowScore(Double, limit: Double)
    case waitingForMedian(Duration, below: Duration)
}

extension SteadyRule {
    /// Whether the target is down and nothing but time keeps it from coming up.
    var isWaiting: Bool {
        switch self {
        case .waiting, .waitingForScore, .waitingForSlowScore, .waitingForMedian: true
        case .up, .cameUp, .blocked, .wrongContent, .failedRounds, .score, .slowScore, .median:
            false
        }
    }
}

extension SteadyRule: CustomStringConvertible {
    public var description: String {
        switch self {
        case .up: ""
        case .cameUp(let rounds): "up after \(rounds.counted("clean round"))"
        case .blocked(let isUp):
            "it keeps this monitor out and counts as \(isUp ? "up" : "down"), as before"
        case .wrongContent: "down: wrong content counts at once"
        case .failedRounds(let count): "down: \(count.counted("round")) in a row without an answer"
        case .score(let score, let limit):
            "down: a failure score of \(Self.percent(score)), above \(Self.percent(limit))"
        case .slowScore(let score, let limit):
            "down: a long failure score of \(Self.percent(score)), above \(Self.percent(limit))"
        case .median(let median, let limit):
            "down: a median of \(median.shortSeconds), not under \(limit.shortSeconds)"
        case .waiting(let clean, let needed):
            "not up yet: \(clean) of \(needed.counted("clean round")) in a row"
        case .waitingForScore(let score, let limit):
            "not up yet: a failure score of \(Self.percent(score)), not below \(Self.percent(limit))"
        case .waitingForSlowScore(let score, let limit):
            "not up yet: a long failure score of \(Self.percent(score)), above \(Self.percent(limit))"
        case .waitingForMedian(let median, let limit):
            "not up yet: a median of \(median.shortSeconds), not under \(limit.shortSeconds)"
        }
    }

    private static func percent(_ share: Double) -> String {
        "\(Int((share * 100).rounded())) %"
    }
}
