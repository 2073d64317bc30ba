import EdgeCore
import EdgeShell
import EdgeSystemHistory

/// What all networks' rounds of a daemon share.
struct WatchPlan: Sendable {
    /// Takes what a round came to, to print it.
    typealias Carried = @Sendable (RoundOutcome, NetworkSettings, Workplace) async -> Void

    /// The configuration's file.
    var configuration: String
    var isVerbose: Bool
    /// Whether trouble is told on standard error too, besides the log.
    var speaks: Bool
    /// Of every round.
    var options: RoundOptions
    var carried: Carried = { _, _, _ in }
    /// Called when a round of any network ended.
    var noteEnd: @Sendable () -> Void = {}

    /// How often name servers are asked what they serve where that is many questions; else every round.
    static let surveyInterval: Duration = .seconds(30)
    /// So many questions are few.
    static let fewQuestions = 2000

    func workplace(_ settings: NetworkSettings, sharers: Int) throws -> Workplace {
        var bench = try Workplace(
            settings: settings, isVerbose: isVerbose, sharers: sharers,
            repeated: RepeatedLines(interval: settings.interval))
        bench.reader = try SQLiteStore(
            path: settings.database, access: .alongside, network: settings.network)
        return bench
    }

    /// - Parameter questions: how many zones there are, times how many name servers.
    func isSurveyDue(since last: ContinuousClock.Instant?, questions: Int) -> Bool {
        guard let last, questions > Self.fewQuestions else { return true }
        return ContinuousClock().now - last >= Self.surveyInterval
    }

    /// How a round's probes are spread over the network's interval.
    func spread(of settings: NetworkSettings) -> ProbeSpread {
        let longest = settings.judge.steady?.roundTime ?? settings.probe.timeout
        return ProbeSpread(
            over: ProbeSpread.length(interval: settings.interval, longest: longest),
            seed: .random(in: .min ... .max))
    }

    func speak(of network: NetworkName, _ trouble: String) {
        guard speaks, !isVerbose else { return }
        Terminal.say("edgemanage: network \(network): \(trouble)", to: .standardError)
    }
}
