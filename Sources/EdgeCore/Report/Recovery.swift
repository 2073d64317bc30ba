/// How an edge comes up again that the steady judge took down, were all its rounds clean from now on.
struct Recovery: Hashable, Sendable {
    /// The more rounds that it takes.
    let rounds: Int
    /// How long they take, in words.
    let length: String
    /// The rule that takes the longest, as it stands now, in words.
    private let rule: String

    /// - Returns: nil for one that is up.
    init?(of memory: SteadyMemory, by judge: SteadyJudge, interval: Duration) {
        let half = judge.medianToComeUp / 2
        let answer = min(memory.fetchSeconds.map { .seconds($0) } ?? half, half)
        guard
            let (rounds, last) = judge.rounds(
                of: .ok(fetchTime: answer), from: memory, untilUp: true)
        else { return nil }
        self.rounds = rounds
        length = Self.length(of: rounds, interval: interval)
        rule = Self.words(last, memory, judge)
    }

    /// `53 more clean rounds, about 53 min, before its long failure score of 48 % is 10 % or less`.
    var words: String { "\(rounds.counted("more clean round")), \(length), before \(rule)" }

    private static func words(
        _ rule: SteadyRule?, _ memory: SteadyMemory, _ judge: SteadyJudge
    ) -> String {
        func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
        switch rule {
        case .waitingForScore(_, let limit):
            return "its failure score of \(percent(memory.failureScore)) is below \(percent(limit))"
        case .waitingForSlowScore(_, let limit):
            return "its long failure score of \(percent(memory.slowFailureScore)) is "
                + "\(percent(limit)) or less"
        case .waitingForMedian(_, let limit):
            let median = memory.recent.median.map { " of \($0.shortSeconds)" } ?? ""
            return "the median\(median) of its fetch times is under \(limit.shortSeconds)"
        default:
            let needed = judge.cleanRoundsNeeded(memory)
            return "it has \(needed.counted("clean round")) in a row (now \(memory.cleanRounds))"
        }
    }

    /// How long rounds take: `about 3 min`.
    static func length(of rounds: Int, interval: Duration) -> String {
        let seconds = Int((interval * rounds).inSeconds.rounded())
        return seconds < 120 ? "about \(seconds) s" : "about \((seconds + 30) / 60) min"
    }
}

extension StandingRound {
    /// How a target comes up again of which nothing but time is wanted; nil: it is up, it goes on failing, or it was
    /// never judged.
    func recovery(of target: ProbeTarget) -> Recovery? {
        guard let steady = settings.judge.steady,
            let memory = state.targets[target]?.steady, !memory.isUp,
            case .steady(_, let rule)? = verdict(of: target)?.reason, rule.isWaiting
        else { return nil }
        let judge = SteadyJudge(
            settings: settings.judge, steady: steady, timeout: settings.probe.timeout)
        return Recovery(of: memory, by: judge, interval: settings.interval)
    }
}
