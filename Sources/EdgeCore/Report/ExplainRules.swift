/// One rule of an edge's judge, with its number and what it says.
public struct ExplainedRule: Hashable, Sendable, Codable {
    /// What a rule says.
    public enum Verdict: String, Hashable, Sendable, Codable {
        /// It is passed: it says nothing against the edge, or gives its class.
        case yes
        /// It is not.
        case no
        /// A rule before it decided, or it does not count now.
        case unasked
    }

    /// Counted from 1, in the order in which the judge asks.
    public var number: Int
    /// What is asked, in words.
    public var rule: String
    public var value: String
    public var limit: String
    public var verdict: Verdict
    /// Whether this rule put the edge where it is.
    public var decides: Bool
}

extension StandingRound {
    /// Every rule of the judge for a target, in order; empty: it was never judged.
    public func rules(of target: ProbeTarget) -> [ExplainedRule] {
        guard let record = state.targets[target], let verdict = verdict(of: target) else {
            return []
        }
        guard let steady = settings.judge.steady else { return classicRules(record, verdict) }
        let judge = SteadyJudge(
            settings: settings.judge, steady: steady, timeout: settings.probe.timeout)
        return steadyRules(judge, verdict)
    }

    private func classicRules(_ record: TargetRecord, _ verdict: Verdict) -> [ExplainedRule] {
        let limit = "under \(settings.judge.goodEnough.shortSeconds)"
        let window = DurationText.text(settings.judge.window)
        let outcome = outcome(of: verdict.target)
        func words(_ time: Duration?) -> String { time?.shortSeconds ?? "-" }
        let rules: [(rule: String, value: String, limit: String, health: Health)] = [
            ("the last probe failed", outcome.fetchTime == nil ? outcome.word : "no", "no", .fail),
            (
                "last fetch: pass_threshold", words(outcome.fetchTime), limit, .passThreshold
            ),
            ("mean of \(window): pass_window", words(record.window.mean), limit, .passWindow),
            (
                "mean of \(record.kept.count.counted("sample")): pass_average",
                words(record.kept.mean), limit, .passAverage
            ),
            ("it answers: pass", outcome.fetchTime == nil ? "no" : "yes", "yes", .pass),
        ]
        let deciding = rules.firstIndex { $0.health == verdict.health } ?? rules.count
        return rules.enumerated().map { index, rule in
            // The first rule is passed by not failing.
            let isMet = index == deciding && rule.health != .fail
            let answer: ExplainedRule.Verdict =
                index > deciding ? .unasked : isMet || index == 0 && deciding > 0 ? .yes : .no
            return ExplainedRule(
                number: index + 1, rule: rule.rule, value: rule.value, limit: rule.limit,
                verdict: answer, decides: index == deciding)
        }
    }

    private func steadyRules(_ judge: SteadyJudge, _ verdict: Verdict) -> [ExplainedRule] {
        guard let memory = verdict.steady?.memory else { return [] }
        var isDecided = verdict.isBlocked
        return SteadyTest.allCases.enumerated().map { index, test in
            let text = judge.text(of: test, memory, isMismatch: verdict.isMismatch)
            let isDown = SteadyTest.toGoDown.contains(test)
            let counts = isDown ? memory.isUp || test.countsWhileDown : !memory.isUp
            let speaks = judge.finding(test, memory, isMismatch: verdict.isMismatch) != nil
            let decides = counts && speaks && !isDecided
            defer { isDecided = isDecided || decides }
            return ExplainedRule(
                number: index + 1, rule: text.rule, value: text.value, limit: text.limit,
                verdict: !counts ? .unasked : speaks ? .no : .yes, decides: decides)
        }
    }
}

extension SteadyJudge {
    /// A rule's words, its number and its limit.
    fileprivate func text(
        of test: SteadyTest, _ memory: SteadyMemory, isMismatch: Bool
    ) -> (rule: String, value: String, limit: String) {
        func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
        let median = memory.recent.median?.shortSeconds ?? "-"
        let count = memory.recent.count
        switch test {
        case .wrongContent:
            return ("wrong content in the last round", isMismatch ? "yes" : "no", "no")
        case .failedRounds:
            return (
                "failed rounds in a row", "\(memory.failedRounds)",
                "under \(settings.failedRounds)"
            )
        case .score:
            return (
                "failure score", percent(memory.failureScore),
                "at most \(percent(settings.downScore))"
            )
        case .slowScore:
            return (
                "long failure score", percent(memory.slowFailureScore),
                "at most \(percent(settings.slowDownScore))"
            )
        case .median:
            return (
                "median of the last \(count)", median,
                "under \(goodEnough.shortSeconds)"
            )
        case .cleanRounds:
            let words =
                memory.penalty >= 0.05
                ? "clean rounds (penalty \(tenths(memory.penalty)))" : "clean rounds in a row"
            return (
                "to come up: \(words)", "\(memory.cleanRounds)",
                "at least \(cleanRoundsNeeded(memory))"
            )
        case .lowScore:
            return (
                "to come up: failure score", percent(memory.failureScore),
                "under \(percent(settings.upScore))"
            )
        case .lowSlowScore:
            return (
                "to come up: long failure score", percent(memory.slowFailureScore),
                "at most \(percent(settings.slowDownScore))"
            )
        case .lowMedian:
            return ("to come up: median", median, "under \(medianToComeUp.shortSeconds)")
        }
    }

    private func tenths(_ value: Double) -> String {
        let count = Int((value * 10).rounded())
        return "\(count / 10).\(count % 10)"
    }
}

extension StandingRound {
    /// What would bring an edge back, or take it out, in words and rounds.
    public func outlook(of target: ProbeTarget) -> [String] {
        let name = target.name
        guard edges.contains(name) || target.role == .canary else {
            return ["it comes back when it stands in the edge list again"]
        }
        if state.mode(of: name) == .unavailable {
            return ["an operator took it out: edgemanage edge set available \(name)"]
        }
        guard let record = state.targets[target], let verdict = verdict(of: target) else {
            return ["it was never judged: the next round does it"]
        }
        if verdict.isBlocked {
            return [
                "nothing is known of it while it keeps this monitor out: let its address through there"
            ]
        }
        guard let steady = settings.judge.steady else {
            guard record.health == .fail else { return [] }
            return [
                "one answer brings it back, about \(DurationText.text(settings.interval)); under "
                    + "\(settings.judge.goodEnough.shortSeconds) it ranks best"
            ]
        }
        let judge = SteadyJudge(
            settings: settings.judge, steady: steady, timeout: settings.probe.timeout)
        let memory = record.steady ?? judge.initial(record)
        if let recovery = Recovery(of: memory, by: judge, interval: settings.interval) {
            return [
                "\(recovery.rounds.counted("more clean round")) would bring it up, \(recovery.length): "
                    + "every attempt answered in under \(judge.medianToComeUp.shortSeconds)"
            ]
        }
        guard memory.isUp,
            let rounds = judge.rounds(of: .timeout(.connect), from: memory, untilUp: false)?.count
        else { return [] }
        let length = Recovery.length(of: rounds, interval: settings.interval)
        return ["\(rounds.counted("round")) without an answer would take it down, \(length)"]
    }
}
