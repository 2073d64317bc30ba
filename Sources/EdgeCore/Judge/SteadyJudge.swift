/// The steady judge: an edge goes down for what it does repeatedly, at once for wrong content, and comes up
/// again when it has been clean for a while.
///
/// It counts attempts, not rounds alone: a failure score of all attempts, wholly failed rounds in a row, and
/// the median of the last fetch times. How well spares do over days ranks them.
public struct SteadyJudge: Sendable {
    public var settings: SteadySettings
    /// The fetch time under which an edge is simply fine.
    public var goodEnough: Duration
    /// What a failed round counts as in the means.
    public var timeout: Duration

    /// - Parameter steady: the numbers to judge by.
    public init(settings: JudgeSettings, steady: SteadySettings, timeout: Duration) {
        self.settings = steady
        goodEnough = settings.goodEnough
        self.timeout = timeout
        decay = Self.decay(halfLife: steady.penaltyHalfLife)
    }

    /// What is left of a penalty after a round.
    private let decay: Double

    /// Judges one round's attempts against what is known of their target.
    ///
    /// - Parameter answersElsewhere: whether the same edge answers well at its other address, so that a reset
    ///   here is meant for the monitor alone.
    public func judge(
        _ observation: Observation, record: TargetRecord, answersElsewhere: Bool = false
    ) -> Verdict {
        let before = record.steady ?? initial(record)
        let round = RoundOfAttempts(
            observation, deadline: max(settings.attemptTimeout, goodEnough),
            goodEnough: goodEnough, resetsBlock: answersElsewhere)
        guard round.saysSomething else { return asBefore(observation, before, record, round) }
        var memory = before
        learn(round, into: &memory)
        let rule = settle(round, into: &memory)
        let standing = standing(round, memory)
        let sample = round.fetchTime ?? timeout
        var kept = record.kept.adding(sample)
        if let expiring = record.expiring { kept = kept.removing(expiring) }
        let health = Health.shown(
            standing, isUp: memory.isUp, fetchTime: round.fetchTime, goodEnough: goodEnough)
        return Verdict(
            target: observation.target, health: health,
            reason: .steady(observation.outcome, rule), sample: sample, mean: kept.mean,
            isMismatch: round.isMismatch,
            steady: SteadyVerdict(memory: memory, standing: standing, rank: rank(memory)))
    }

    /// Edges that reset the monitor at one address and answer well at another.
    static func answeringBesideAReset(_ observations: [Observation]) -> Set<EdgeName> {
        var resetting: Set<EdgeName> = []
        for observation in observations {
            let outcomes = observation.earlier + [observation.outcome]
            if outcomes.contains(where: \.isReset) { resetting.insert(observation.target.name) }
        }
        guard !resetting.isEmpty else { return [] }
        return Set(
            observations.filter {
                $0.target.role == .edge && $0.fetchTime != nil
                    && resetting.contains($0.target.name)
            }.map(\.target.name))
    }

    /// A target that the steady judge never saw: up if the classic one passed it last.
    func initial(_ record: TargetRecord) -> SteadyMemory {
        SteadyMemory(
            isUp: record.health?.isPassing == true,
            fetchSeconds: record.kept.mean.map { min($0, settings.fetchTimeLimit).inSeconds })
    }

    /// A round that says nothing of the edge leaves it as it was.
    private func asBefore(
        _ observation: Observation, _ memory: SteadyMemory, _ record: TargetRecord,
        _ round: RoundOfAttempts
    ) -> Verdict {
        var verdict = Verdict(
            target: observation.target, health: record.health,
            reason: .asBefore(observation.outcome), mean: record.kept.mean)
        var standing = restored(memory)
        if round.isBlocked {
            standing = memory.isUp ? .blocked : standing
            verdict.health = .shown(
                .blocked, isUp: memory.isUp, fetchTime: nil, goodEnough: goodEnough)
            verdict.reason = .steady(observation.outcome, .blocked(isUp: memory.isUp))
        }
        verdict.steady = SteadyVerdict(memory: memory, standing: standing, rank: rank(memory))
        return verdict
    }

    /// What is left of a verdict while the monitor is in doubt: a clean round is believed, since it can't come of
    /// a broken network, and nothing else is.
    func doubted(
        _ verdict: Verdict, _ observation: Observation, record: TargetRecord, allMismatch: Bool
    ) -> Verdict {
        // Who keeps this monitor out is neither worse nor better for its doubts.
        if verdict.isBlocked { return verdict }
        var left = verdict.believedFromASickMonitor(
            observation, record: record, allMismatch: allMismatch)
        let isClean = verdict.sample != nil && (verdict.steady?.memory.cleanRounds ?? 0) > 0
        guard !isClean else { return left }
        let memory = record.steady ?? initial(record)
        left.steady = SteadyVerdict(
            memory: memory, standing: restored(memory), rank: rank(memory))
        return left
    }

    /// The standing of a target of which the round says nothing: as its last round left it.
    func restored(_ memory: SteadyMemory) -> Standing {
        if memory.isUp { return .up }
        if memory.cleanRounds >= settings.recallRounds { return .recovering }
        return memory.failedRounds > 0 ? .failing : .answering
    }

    // MARK: What a round teaches

    private func learn(_ round: RoundOfAttempts, into memory: inout SteadyMemory) {
        for attempt in 0..<round.attempts {
            let failed = round.hasFailed(attempt) ? 1.0 : 0.0
            memory.failureScore += settings.scoreWeight * (failed - memory.failureScore)
            let bad = round.wasBad(attempt) ? 1.0 : 0.0
            memory.slowFailureScore +=
                settings.slowScoreWeight * (bad - memory.slowFailureScore)
        }
        memory.recent.add(contentsOf: round.times, keeping: settings.medianOf)
        if let fetchTime = round.fetchTime {
            let seconds = min(fetchTime, settings.fetchTimeLimit).inSeconds
            let smoothed = memory.fetchSeconds ?? seconds
            memory.fetchSeconds = smoothed + settings.fetchTimeWeight * (seconds - smoothed)
            memory.failedRounds = 0
        } else {
            memory.failedRounds += 1
        }
        let failed = round.fetchTime == nil ? 1.0 : 0.0
        memory.failedShare += settings.memoryWeight * (failed - memory.failedShare)
        memory.penalty *= decay
        let isClean = !round.hasFailure && isFast(round.fetchTime)
        memory.cleanRounds = isClean ? memory.cleanRounds + 1 : 0
    }

    private func isFast(_ fetchTime: Duration?) -> Bool {
        fetchTime.map { $0 < goodEnough } ?? false
    }

    // MARK: Down and up

    /// Lets it go down or come up, and says by which rule.
    private func settle(_ round: RoundOfAttempts, into memory: inout SteadyMemory) -> SteadyRule {
        if let rule = ruleToGoDown(memory, isMismatch: round.isMismatch) {
            if memory.isUp {
                memory.isUp = false
                memory.penalty = min(memory.penalty + 1, settings.penaltyLimit)
            }
            memory.cleanRounds = 0
            return rule
        }
        guard !memory.isUp else { return .up }
        if let rule = ruleToWait(memory) { return rule }
        memory.isUp = true
        return .cameUp(cleanRounds: memory.cleanRounds)
    }

    /// What keeps it from coming up; nil: nothing does.
    func ruleToWait(_ memory: SteadyMemory) -> SteadyRule? {
        for test in SteadyTest.toComeUp {
            if let rule = finding(test, memory, isMismatch: false) { return rule }
        }
        return nil
    }

    /// The first rule that says down; nil: none does.
    func ruleToGoDown(_ memory: SteadyMemory, isMismatch: Bool) -> SteadyRule? {
        for test in SteadyTest.toGoDown where memory.isUp || test.countsWhileDown {
            if let rule = finding(test, memory, isMismatch: isMismatch) { return rule }
        }
        return nil
    }

    /// What one rule says against a target; nil: nothing.
    ///
    /// - Parameter isMismatch: whether an attempt of the last round was served something else.
    func finding(
        _ test: SteadyTest, _ memory: SteadyMemory, isMismatch: Bool
    ) -> SteadyRule? {
        switch test {
        case .wrongContent: return isMismatch ? .wrongContent : nil
        case .failedRounds:
            let count = memory.failedRounds
            return count >= settings.failedRounds ? .failedRounds(count) : nil
        case .score:
            let (score, limit) = (memory.failureScore, settings.downScore)
            return score > limit ? .score(score, limit: limit) : nil
        case .slowScore:
            let (score, limit) = (memory.slowFailureScore, settings.slowDownScore)
            return score > limit ? .slowScore(score, limit: limit) : nil
        case .median:
            guard memory.recent.count >= settings.medianAtLeast, let median = memory.recent.median,
                median >= goodEnough
            else { return nil }
            return .median(median, limit: goodEnough)
        case .cleanRounds:
            let (clean, needed) = (memory.cleanRounds, cleanRoundsNeeded(memory))
            guard clean >= needed, memory.recent.median != nil else {
                return .waiting(clean: clean, needed: needed)
            }
            return nil
        case .lowScore:
            let (score, limit) = (memory.failureScore, settings.upScore)
            return score >= limit ? .waitingForScore(score, below: limit) : nil
        case .lowSlowScore:
            let (score, limit) = (memory.slowFailureScore, settings.slowDownScore)
            return score > limit ? .waitingForSlowScore(score, limit: limit) : nil
        case .lowMedian:
            guard let median = memory.recent.median, median >= medianToComeUp else { return nil }
            return .waitingForMedian(median, below: medianToComeUp)
        }
    }

    /// The median below which a target may come up.
    var medianToComeUp: Duration { goodEnough * settings.returnShare }

    /// Clean rounds in a row before it comes up: more for one that went down again and again.
    func cleanRoundsNeeded(_ memory: SteadyMemory) -> Int {
        Int((Double(settings.cleanRounds) * (1 + memory.penalty)).rounded())
    }

    // MARK: Ranking

    private func standing(_ round: RoundOfAttempts, _ memory: SteadyMemory) -> Standing {
        if memory.isUp { return .up }
        if memory.cleanRounds >= settings.recallRounds { return .recovering }
        return round.fetchTime != nil && !round.isMismatch ? .answering : .failing
    }

    /// Lower is better: the smoothed fetch time, dearer for one that went down lately, and what it failed
    /// over days. One that never answered ranks as the slowest.
    func rank(_ memory: SteadyMemory) -> Double {
        let seconds = memory.fetchSeconds ?? settings.fetchTimeLimit.inSeconds
        return seconds * (1 + memory.penalty) + settings.memoryCost * memory.failedShare
    }

    /// 0.5 to the power of 1/`halfLife`, by Newton's method: the core links no library of mathematics.
    static func decay(halfLife: Int) -> Double {
        let count = max(1, halfLife)
        var root = 1.0
        // From above, where no step can overshoot; a handful is enough.
        for _ in 0..<32 {
            let lower = power(root, count - 1)
            let step = (lower * root - 0.5) / (Double(count) * lower)
            root -= step
            if step < 1e-16 { break }
        }
        return root
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
