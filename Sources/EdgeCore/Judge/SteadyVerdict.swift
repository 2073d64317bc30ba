/// Where a target stands with the steady judge after a round, best first: the order in which spares are
/// chosen.
public enum Standing: Int, Hashable, Sendable, CaseIterable, Comparable {
    /// Fit to be live: it keeps its place.
    case up
    /// Down, but clean in the last rounds: it may fill a place that nobody who is up can fill.
    case recovering
    /// It keeps this monitor out ("too many requests"): nothing is known of it. One that was up keeps its
    /// place, and nobody is replaced by it.
    case blocked
    /// Down, and it answers.
    case answering
    /// Down, and it does not answer.
    case failing

    /// Better before worse: `up < failing`.
    public static func < (left: Standing, right: Standing) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What the steady judge says of a target, beside its class of old.
public struct SteadyVerdict: Hashable, Sendable {
    /// What to remember for the next round.
    public var memory: SteadyMemory
    public var standing: Standing
    /// Lower is better, among those of one standing: seconds.
    public var rank: Double

    public init(memory: SteadyMemory, standing: Standing, rank: Double) {
        self.memory = memory
        self.standing = standing
        self.rank = rank
    }

    /// Whether the target is up.
    public var isUp: Bool { memory.isUp }
}

extension Health {
    /// The class of old that commands of old show for a standing: it tells how the target did in this very
    /// round, as it always has.
    ///
    /// | class | steady judge |
    /// |---|---|
    /// | `pass_threshold` | up, answered under good enough in this round |
    /// | `pass_window` | up, answered slowly in this round or keeps the monitor out |
    /// | `pass_average` | down, clean in this round |
    /// | `pass` | down, answered or keeps the monitor out |
    /// | `fail` | no good answer in this round, up or down |
    ///
    /// - Parameter fetchTime: the best answer's; nil when there was none.
    static func shown(
        _ standing: Standing, isUp: Bool, fetchTime: Duration?, goodEnough: Duration
    ) -> Health {
        guard standing != .blocked else { return isUp ? .passWindow : .pass }
        guard let fetchTime else { return .fail }
        if isUp { return fetchTime < goodEnough ? .passThreshold : .passWindow }
        return standing == .recovering ? .passAverage : .pass
    }
}
