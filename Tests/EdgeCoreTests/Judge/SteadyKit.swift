import EdgeTesting

@testable import EdgeCore

/// One target judged round after round: what the tests of the steady judge are written with.
struct SteadyBench {
    static let target = ProbeTarget(name: "e1", family: .ipv4)
    static let lost = ProbeOutcome.timeout(.connect)
    static let wrong = ProbeOutcome.mismatch(.content(firstDifference: 1))
    static let fault = ProbeOutcome.localFault(reason: "no descriptors")

    /// The numbers that most tests were written with: three attempts, and fewer fetch times than by default.
    static let three = SteadySettings(
        attempts: 3, attemptTimeout: .seconds(4), downScore: 0.30, medianOf: 5, medianAtLeast: 3)

    var settings = SteadyBench.three
    var record = TargetRecord()
    var goodEnough = Duration.seconds(1)
    private(set) var last: Verdict?

    /// A target that is up and has answered in `milliseconds` before.
    static func up(_ settings: SteadySettings = three, milliseconds: Int = 100) -> Self {
        var bench = SteadyBench(settings: settings)
        bench.record.steady = SteadyMemory(
            isUp: true, fetchSeconds: Double(milliseconds) / 1000,
            recent: RecentFetchTimes(
                Array(repeating: Duration.milliseconds(milliseconds), count: settings.medianOf)))
        return bench
    }

    var judge: SteadyJudge {
        SteadyJudge(
            settings: JudgeSettings(goodEnough: goodEnough), steady: settings, timeout: .seconds(10)
        )
    }

    var memory: SteadyMemory { record.steady ?? SteadyMemory() }

    /// One round of these attempts.
    @discardableResult
    mutating func round(_ attempts: ProbeOutcome..., answersElsewhere: Bool = false) -> Verdict {
        let observation = Observation(
            target: Self.target, address: nil, outcome: attempts.last ?? Self.fault,
            attempts: attempts.count, earlier: attempts.dropLast())
        let verdict = judge.judge(
            observation, record: record, answersElsewhere: answersElsewhere)
        record.steady = verdict.steady?.memory
        record.health = verdict.health
        last = verdict
        return verdict
    }

    /// Rounds that answer in time; how many until it is up, `limit` at most.
    mutating func roundsUntilUp(milliseconds: Int = 100, limit: Int = 500) -> Int {
        for count in 1...limit {
            round(.ok(fetchTime: .milliseconds(milliseconds)))
            if memory.isUp { return count }
        }
        return limit + 1
    }
}

extension ProbeOutcome {
    static func ok(_ milliseconds: Int) -> ProbeOutcome {
        .ok(fetchTime: .milliseconds(milliseconds))
    }
}
