import EdgeCore
import EdgeShell

/// Round after round, until a signal ends it: the original's `--daemonise`.
struct RoundLoop {
    var settings: [NetworkSettings]
    var isVerbose: Bool

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
