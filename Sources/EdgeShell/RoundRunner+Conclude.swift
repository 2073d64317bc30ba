public import EdgeCore

/// Counts what rounds come to, and shows it to whoever asks.
public protocol MetricsKeeper: Sendable {
    /// Takes a round in, and writes the file that its settings name.
    ///
    /// - Parameter lastPublication: asked when nothing is known of it: the time of the network's last published
    ///   plan; nil: there is none.
    /// - Returns: a sentence for each thing that went wrong.
    func note(
        _ round: MetricsRound, lastPublication: @escaping @Sendable () -> UnixTime?
    ) async -> ReportProblems
    /// Counts a round that could not be run.
    func noteRefusal(_ settings: NetworkSettings) async -> ReportProblems
}

extension RoundRunner {
    /// What others hear of a round once all of it is known.
    func conclude(
        _ outcome: inout RoundOutcome, settings: NetworkSettings, options: RoundOptions
    ) async {
        if !options.isDry { await keepMetrics(of: &outcome, settings: settings) }
        await effects.alarms?.attend(outcome, settings: settings, options: options)
    }

    /// The same of one that could not be.
    func conclude(
        refusal error: any Error, settings: NetworkSettings, options: RoundOptions
    ) async {
        note(error, settings: settings, options: options)
        if !options.isDry { await keepMetrics(ofRefusal: settings) }
        await effects.alarms?.attend(refusal: error, settings: settings, options: options)
    }

    /// Hands the round to the keeper, once all of it is known.
    func keepMetrics(of outcome: inout RoundOutcome, settings: NetworkSettings) async {
        guard let metrics = effects.metrics else { return }
        let store = effects.store
        let round = outcome.metricsRound(settings: settings, end: effects.clock.now().wall)
        let problems = await metrics.note(round) {
            (try? store.generations(settings.network, limit: 1))?.first?.time
        }
        take(problems, into: &outcome)
    }

    /// The refusal is what is told: trouble with the metrics is only logged.
    func keepMetrics(ofRefusal settings: NetworkSettings) async {
        guard let problems = await effects.metrics?.noteRefusal(settings) else { return }
        for problem in problems.all { effects.log.write(.warning, problem) }
    }
}

extension RoundOutcome {
    /// The round as metrics tell of it.
    public func metricsRound(settings: NetworkSettings, end: UnixTime) -> MetricsRound {
        MetricsRound(
            settings: settings, report: report, decision: decision, state: state,
            observations: report.isStanding ? [] : observations, settlements: settlements,
            generation: generation,
            failures: Set(failures.keys), troubles: troubles.count, lags: lags,
            silentServers: silentServers, end: end)
    }
}
