import EdgeCore
import EdgeShell
import EdgeSystemHistory

/// Round after round, until a signal ends it: the original's `--daemonise`.
struct RoundLoop {
    var settings: [NetworkSettings]
    var isVerbose: Bool
    /// Of every round; the first one may follow a run by hand closely, the loop keeping its own pace.
    var options: RoundOptions

    /// The least interval of an old configuration; a new one may go down to a second.
    static let shortestOriginal: Duration = .seconds(60)

    /// Refuses what the original refused: rounds closer than a minute.
    static func checkInterval(of settings: NetworkSettings) throws(CommandFailure) {
        guard settings.format == .original, settings.interval < shortestOriginal else { return }
        throw CommandFailure(
            message:
                "run_frequency is \(Int(settings.interval.inSeconds)): with --daemonise it must be "
                + "at least 60 seconds")
    }

    /// Runs every network's round each `run_frequency`, measured from start to start, the networks
    /// spread over their interval; a failed round is logged and the next one comes all the same.
    /// A signal lets the round in hand end.
    func run(
        _ round: @escaping @Sendable (NetworkSettings, RoundOptions, Workplace) async -> Bool
    ) async throws {
        let count = settings.count
        Interruption.listen()
        let options = options
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, settings) in settings.enumerated() {
                let bench = try Workplace(
                    settings: settings, isVerbose: isVerbose, isDry: options.isDry, sharers: count)
                group.addTask {
                    let clock = ContinuousClock()
                    var next = clock.now + settings.interval * index / count
                    while true {
                        await Interruption.sleep(until: next)
                        if Interruption.wasSeen || Task.isCancelled { return }
                        _ = await round(settings, options, bench)
                        for warning in bench.store.takeWarnings() {
                            bench.log.write(.warning, warning)
                        }
                        next = max(next + settings.interval, clock.now)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
