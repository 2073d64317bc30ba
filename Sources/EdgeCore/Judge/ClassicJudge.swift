/// What the judge says of one target in one round.
public struct Verdict: Hashable, Sendable {
    public var target: ProbeTarget
    /// The class; nil when the target was never judged and this round says nothing about it.
    public var health: Health?
    /// The rule that gave the class, in words.
    public var reason: String
    /// The sample that enters the history: the fetch time, or the full timeout for a failure; nil when the
    /// outcome says nothing about the edge.
    public var sample: Duration?
    /// The mean of all kept samples, this one included.
    public var mean: Duration?
    /// Whether it served something else than the object.
    public var isMismatch: Bool

    public init(
        target: ProbeTarget, health: Health?, reason: String, sample: Duration? = nil,
        mean: Duration? = nil, isMismatch: Bool = false
    ) {
        self.target = target
        self.health = health
        self.reason = reason
        self.sample = sample
        self.mean = mean
        self.isMismatch = isMismatch
    }
}

extension Verdict {
    /// What is left of a verdict while the monitor is in doubt: no sample, and no worse class than before.
    ///
    /// A good answer can't come of a broken network, so it counts: otherwise edges that came up during a
    /// real outage of the others would never be known as healthy, and the doubt would never end.
    func believedFromASickMonitor(
        _ observation: Observation, record: TargetRecord
    ) -> Verdict {
        var verdict = self
        verdict.sample = nil
        verdict.isMismatch = false
        verdict.mean = record.kept.mean
        let isBetter = health.map { $0 < record.health ?? .fail } ?? false
        guard observation.outcome.fetchTime == nil || !isBetter else { return verdict }
        verdict.health = record.health
        verdict.reason = "\(observation.outcome); judged as before"
        return verdict
    }
}

/// The original's rule: five classes from the last fetch, the mean of five minutes and the mean of all.
public struct ClassicJudge: Sendable {
    public var settings: JudgeSettings
    /// What a failed probe counts as in the means.
    public var timeout: Duration

    public init(settings: JudgeSettings, timeout: Duration) {
        self.settings = settings
        self.timeout = timeout
    }

    /// Judges one outcome against what is known of its target.
    public func judge(_ observation: Observation, record: TargetRecord) -> Verdict {
        let outcome = observation.outcome
        guard !outcome.isLocalFault else {
            return Verdict(
                target: observation.target, health: record.health,
                reason: "\(outcome); judged as before", mean: record.kept.mean)
        }
        let sample = outcome.fetchTime ?? timeout
        let window = record.window.adding(sample)
        var kept = record.kept.adding(sample)
        if let expiring = record.expiring { kept = kept.removing(expiring) }
        let (health, reason) = classify(outcome, window: window, kept: kept)
        return Verdict(
            target: observation.target, health: health, reason: reason, sample: sample,
            mean: kept.mean, isMismatch: outcome.isMismatch)
    }

    /// The rules, in their order.
    private func classify(
        _ outcome: ProbeOutcome, window: SampleSum, kept: SampleSum
    ) -> (Health, String) {
        let limit = settings.goodEnough
        guard let fetchTime = outcome.fetchTime else { return (.fail, "\(outcome)") }
        if fetchTime < limit {
            return (
                .passThreshold, "answered in \(fetchTime.shortSeconds), under \(limit.shortSeconds)"
            )
        }
        let slow = "answered in \(fetchTime.shortSeconds), not under \(limit.shortSeconds)"
        if let mean = window.mean, mean < limit {
            return (.passWindow, "\(slow), but \(mean.shortSeconds) in the last five minutes' mean")
        }
        if let mean = kept.mean, mean < limit {
            return (.passAverage, "\(slow), but \(mean.shortSeconds) in the long mean")
        }
        return (.pass, "\(slow), and slow in its means too")
    }
}
