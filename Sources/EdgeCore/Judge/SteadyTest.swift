/// The rules of the steady judge, in the order in which it asks them: first those by which a target goes down, then
/// those that it must pass to come up.
public enum SteadyTest: Hashable, Sendable, CaseIterable {
    /// Something else than the object was served in the last round.
    case wrongContent
    /// Wholly failed rounds in a row.
    case failedRounds
    /// The failure score.
    case score
    /// The failure score over a longer time, slow answers included.
    case slowScore
    /// The median of the last fetch times.
    case median
    /// Clean rounds in a row.
    case cleanRounds
    /// The failure score, lower than the one that it went down by.
    case lowScore
    case lowSlowScore
    /// The median, lower likewise.
    case lowMedian

    static let toGoDown: [SteadyTest] = [.wrongContent, .failedRounds, .score, .slowScore, .median]
    static let toComeUp: [SteadyTest] = [.cleanRounds, .lowScore, .lowSlowScore, .lowMedian]

    /// Whether it is held against a target that is down already: then it begins anew to be clean.
    var countsWhileDown: Bool {
        switch self {
        case .wrongContent, .failedRounds: true
        case .score, .slowScore, .median, .cleanRounds, .lowScore, .lowSlowScore, .lowMedian: false
        }
    }
}

extension SteadyJudge {
    /// What the last round left of a target, as the next one would find it were nothing new.
    ///
    /// - Parameters:
    ///   - outcome: what the last round came to.
    ///   - isMismatch: whether an attempt of it was served something else.
    ///   - isBlocked: whether it kept the monitor out.
    func standing(
        of target: ProbeTarget, record: TargetRecord, outcome: ProbeOutcome, isMismatch: Bool,
        isBlocked: Bool
    ) -> Verdict {
        let memory = record.steady ?? initial(record)
        var standing = restored(memory)
        if isBlocked, memory.isUp { standing = .blocked }
        let rule: SteadyRule =
            isBlocked
            ? .blocked(isUp: memory.isUp)
            : ruleToGoDown(memory, isMismatch: isMismatch)
                ?? (memory.isUp ? .up : ruleToWait(memory) ?? .up)
        return Verdict(
            target: target, health: record.health, reason: .steady(outcome, rule),
            mean: record.kept.mean, isMismatch: isMismatch,
            steady: SteadyVerdict(memory: memory, standing: standing, rank: rank(memory)))
    }

    /// How many rounds of one attempt each, all of them like this, make a target come up or go down; nil: it is so
    /// already, or ten thousand don't.
    ///
    /// - Returns: the number of rounds, and the rule that stood in the way to the last.
    func rounds(
        of outcome: ProbeOutcome, from memory: SteadyMemory, untilUp isUp: Bool
    ) -> (count: Int, rule: SteadyRule?)? {
        guard memory.isUp != isUp else { return nil }
        var rule = ruleToWait(memory)
        let target = ProbeTarget(name: EdgeName(IPAddress.v4(0)), family: .ipv4)
        let observation = Observation(target: target, address: nil, outcome: outcome)
        var record = TargetRecord(steady: memory)
        for count in 1...10_000 {
            let verdict = judge(observation, record: record)
            record.steady = verdict.steady?.memory
            if record.steady?.isUp == isUp { return (count, rule) }
            if case .steady(_, let next) = verdict.reason { rule = next }
        }
        return nil
    }
}
