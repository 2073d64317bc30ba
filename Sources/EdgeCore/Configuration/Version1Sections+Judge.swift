extension Version1Sections {
    /// How edges are judged: the classic judge unless the section says otherwise.
    ///
    /// - Parameter timeout: the deadline of a probe for the classic judge.
    func readJudge(timeout: Duration) -> JudgeSettings {
        var judge = JudgeSettings(keep: .window)
        guard let section = judgeSection() else { return judge }
        judge.steady = readSteady(section)
        let day = Duration.seconds(86_400)
        let usual: Duration = judge.steady == nil ? .seconds(5) : .seconds(2)
        judge.goodEnough = section.duration("good_enough", atMost: day) ?? usual
        judge.keep = section.word("keep", as: JudgeSettings.Keep.self) ?? .window
        judge.window =
            section.duration("window", atLeast: .seconds(1), atMost: day) ?? judge.window
        judge.keptSamples = section.integer("samples", in: 1...2000) ?? 2000
        let deadline = judge.steady?.attemptTimeout ?? timeout
        if judge.goodEnough >= deadline {
            let name = judge.steady == nil ? "timeout" : "attempt_timeout"
            problems.warning(
                "\"judge.good_enough\" is not below the \(name) of "
                    + "\(DurationText.text(deadline)): every answer in time is good enough",
                at: section.place("good_enough"))
        }
        return judge
    }

    private enum Rule: String, CaseIterable {
        case classic, steady
    }

    /// The steady judge's numbers; nil: the classic judge. Numbers without a rule ask for it too.
    private func readSteady(_ section: SectionReader) -> SteadySettings? {
        let stated = section.word("rule", as: Rule.self)
        let hasNumbers = section.node("steady") != nil
        guard let numbers = section.section("steady", keys: Version1Keys.steady) else {
            return stated == .classic ? nil : SteadySettings()
        }
        let steady = read(numbers)
        for contradiction in steady.contradictions {
            problems.error(
                "\"judge.steady\": \(contradiction.message)",
                at: numbers.place(contradiction.key))
        }
        if steady.contradictions.isEmpty, steady.fittingAttempts < steady.attempts {
            problems.warning(
                "\"judge.steady\": only \(steady.fittingAttempts) of \(steady.attempts) attempts fit "
                    + "round_time (\(DurationText.text(steady.roundTime))) when an edge does not "
                    + "answer, so that it takes longer to go down; shorten attempt_timeout",
                at: numbers.place("attempts"))
        }
        switch stated {
        case .steady: return steady
        case nil: return hasNumbers ? steady : nil
        case .classic:
            if hasNumbers {
                problems.warning(
                    "\"judge.steady\" has no effect with the rule classic; leave it out, or write "
                        + "rule: steady", at: section.entry("steady")?.keyPosition)
            }
            return nil
        }
    }

    private func read(_ section: SectionReader) -> SteadySettings {
        typealias Limits = SteadySettings.Limits
        var steady = SteadySettings()
        let time = { (key: String, limits: ClosedRange<Duration>, value: inout Duration) in
            value =
                section.duration(key, atLeast: limits.lowerBound, atMost: limits.upperBound)
                ?? value
        }
        let count = { (key: String, limits: ClosedRange<Int>, value: inout Int) in
            value = section.integer(key, in: limits) ?? value
        }
        let share = { (key: String, value: inout Double) in
            value = section.number(key, in: Limits.share) ?? value
        }
        count("attempts", Limits.attempts, &steady.attempts)
        time("attempt_timeout", Limits.attemptTimeout, &steady.attemptTimeout)
        time("attempt_pause", Limits.attemptPause, &steady.attemptPause)
        time("round_time", Limits.roundTime, &steady.roundTime)
        steady.retriesSlow = section.flag("retry_slow") ?? steady.retriesSlow
        steady.retriesServerErrors =
            section.flag("retry_server_errors") ?? steady.retriesServerErrors
        share("score_weight", &steady.scoreWeight)
        share("down_score", &steady.downScore)
        share("slow_score_weight", &steady.slowScoreWeight)
        share("slow_down_score", &steady.slowDownScore)
        share("watch_score", &steady.watchScore)
        count("failed_rounds", Limits.failedRounds, &steady.failedRounds)
        count("median_of", Limits.medianOf, &steady.medianOf)
        count("median_at_least", Limits.medianAtLeast, &steady.medianAtLeast)
        share("up_score", &steady.upScore)
        share("return_share", &steady.returnShare)
        count("clean_rounds", Limits.cleanRounds, &steady.cleanRounds)
        count("penalty_half_life", Limits.penaltyHalfLife, &steady.penaltyHalfLife)
        steady.penaltyLimit =
            section.number("penalty_limit", in: Limits.penaltyLimit) ?? steady.penaltyLimit
        count("recall_rounds", Limits.recallRounds, &steady.recallRounds)
        share("fetch_time_weight", &steady.fetchTimeWeight)
        time("fetch_time_limit", Limits.fetchTimeLimit, &steady.fetchTimeLimit)
        share("memory_weight", &steady.memoryWeight)
        steady.memoryCost =
            section.number("memory_cost", in: Limits.memoryCost) ?? steady.memoryCost
        return steady
    }
}
