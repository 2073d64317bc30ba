/// What the judge says of one target in one round.
public struct Verdict: Hashable, Sendable {
    public var target: ProbeTarget
    /// The class; nil when the target was never judged and this round says nothing about it.
    public var health: Health?
    /// The rule that gave the class.
    public var reason: VerdictReason
    /// The sample that enters the history: the fetch time, or the full timeout for a failure; nil when the
    /// outcome says nothing about the edge.
    public var sample: Duration?
    /// The mean of all kept samples, this one included.
    public var mean: Duration?
    /// Whether it served something else than the object.
    public var isMismatch: Bool
    /// What the steady judge says; nil when the classic one judged.
    public var steady: SteadyVerdict?

    public init(
        target: ProbeTarget, health: Health?, reason: VerdictReason, sample: Duration? = nil,
        mean: Duration? = nil, isMismatch: Bool = false, steady: SteadyVerdict? = nil
    ) {
        self.target = target
        self.health = health
        self.reason = reason
        self.sample = sample
        self.mean = mean
        self.isMismatch = isMismatch
        self.steady = steady
    }

    /// Whether its address may be handed out: a second family's, a canary's.
    public var isFit: Bool { steady?.isUp ?? health?.isPassing ?? false }

    /// Whether the target keeps this monitor out: a class of its own, neither up nor down by this round.
    public var isBlocked: Bool {
        if case .steady(_, .blocked) = reason { true } else { false }
    }

    /// The word for what came of probing the target, in status, plans and JSON.
    public func word(for outcome: ProbeOutcome) -> String {
        isBlocked ? Self.blockedWord : outcome.word
    }

    /// The word for a target that keeps this monitor out, in place of an outcome's and a class's.
    public static let blockedWord = "blocked"
}

extension Verdict {
    /// What is said of a target that a round did not look at, as in a trace with gaps: it is judged as before,
    /// and chosen last.
    static func unobserved(_ target: ProbeTarget, state: NetworkState) -> Verdict {
        let record = state.targets[target] ?? TargetRecord()
        let steady = record.steady.map {
            SteadyVerdict(memory: $0, standing: $0.isUp ? .up : .answering, rank: .infinity)
        }
        return Verdict(
            target: target, health: record.health,
            reason: .unobserved(wasJudged: record.health != nil), mean: record.kept.mean,
            steady: steady)
    }

    /// What is left of a verdict while the monitor is in doubt: no sample, and no worse class than before.
    ///
    /// A good answer can't come of a broken network, so it counts: otherwise edges that came up during a
    /// real outage of the others would never be known as healthy, and the doubt would never end.
    ///
    /// - Parameter allMismatch: whether everybody served other content, so that the local object is the suspect:
    ///   otherwise nobody comes in who was just seen serving it.
    func believedFromASickMonitor(
        _ observation: Observation, record: TargetRecord, allMismatch: Bool
    ) -> Verdict {
        var verdict = self
        verdict.sample = nil
        if allMismatch { verdict.isMismatch = false }
        verdict.mean = record.kept.mean
        let isBetter = health.map { $0 < record.health ?? .fail } ?? false
        let isGood = observation.outcome.fetchTime != nil
        guard !isGood || !isBetter else { return verdict }
        verdict.health = record.health
        verdict.reason = .asBefore(observation.outcome)
        return verdict
    }
}
