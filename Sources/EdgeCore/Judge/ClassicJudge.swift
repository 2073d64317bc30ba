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
                reason: .asBefore(outcome), mean: record.kept.mean)
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
    func classify(
        _ outcome: ProbeOutcome, window: SampleSum, kept: SampleSum
    ) -> (Health, VerdictReason) {
        let limit = settings.goodEnough
        guard let fetchTime = outcome.fetchTime else { return (.fail, .failed(outcome)) }
        if fetchTime < limit { return (.passThreshold, .fast(fetchTime, limit: limit)) }
        if let mean = window.mean, mean < limit {
            return (.passWindow, .slowWithFastWindow(fetchTime, limit: limit, mean: mean))
        }
        if let mean = kept.mean, mean < limit {
            return (.passAverage, .slowWithFastMean(fetchTime, limit: limit, mean: mean))
        }
        return (.pass, .slow(fetchTime, limit: limit))
    }
}
