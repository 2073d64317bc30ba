import EdgeCore
import EdgeShell

/// Round after round, until a signal ends it: the original's `--daemonise`.
struct RoundLoop {
    var settings: [NetworkSettings]
    var isVerbose: Bool

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

    /// Runs every network's round each `run_frequency`, measured from start to start; a failed round is logged
    /// and the next one comes all the same.
    func run(
        _ round: @escaping @Sendable (NetworkSettings, RoundOptions, Workplace) async -> Bool
    ) async throws {
        let isVerbose = isVerbose
        try await withThrowingTaskGroup(of: Void.self) { group in
            for settings in settings {
                let bench = try Workplace(settings: settings, isVerbose: isVerbose)
                group.addTask {
                    // The first round may follow a manual run closely; the loop keeps its own pace.
                    let options = RoundOptions(ignoresLastRun: true)
                    let clock = ContinuousClock()
                    var next = clock.now
                    while !Task.isCancelled {
                        _ = await round(settings, options, bench)
                        next += settings.interval
                        if next < clock.now { next = clock.now }
                        try await clock.sleep(until: next, tolerance: .milliseconds(100))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
