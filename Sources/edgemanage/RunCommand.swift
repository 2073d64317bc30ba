import ArgumentParser
import EdgeCore
import EdgeShell

/// `edgemanage run`: one round of each network.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs one round: probe, judge, select, and publish what changed.",
        discussion: """
            Made for cron: every 60 seconds is usual. DNS changes only when it must; each change is \
            printed with its reason. A round refuses to start within 30 seconds of the last one.

            Exit status: 0 done (a held plan is no failure: it is printed, and shown by status), \
            1 a zone, another file or a command failed, a name server has not got what was published for \
            longer than publish.wait (60 s) or since an attempt that failed, or there could be no round, \
            2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The networks to run; all of them when none is named.")
    var networks: [String] = []

    @Flag(help: "Run although the last run was less than 30 seconds ago.")
    var force = false

    @Flag(help: "Write every zone anew, and let held plans through.")
    var forceUpdate = false

    @Flag(
        help:
            "Run round after round (probe.interval, run_frequency), the configuration read anew before each; SIGHUP means a round at once, SIGTERM and SIGINT end it after the round in hand."
    )
    var daemonise = false

    @Flag(
        help: "Wait until the name servers serve what was published, publish.wait (60 s) at most.")
    var wait = false

    @Flag(name: [.short, .long], help: "Log to standard error instead of the log file or syslog.")
    var verbose = false

    @Flag(name: [.short, .long], help: "Print only rounds that changed, held or failed something.")
    var quiet = false

    @Flag(help: "Print what happened as JSON, one object a network, each on one line.")
    var json = false

    func run() async throws {
        let configuration = try source.load()
        let all = try source.settings(configuration, networks: networks)
        if daemonise {
            try await Daemon(
                configuration: configuration, settings: all,
                named: networks.isEmpty ? [] : all.map(\.network),
                plan: WatchPlan(
                    configuration: source.config, isVerbose: verbose, speaks: true,
                    options: RoundOptions(
                        ignoresLastRun: true, forcesUpdate: forceUpdate, waits: wait),
                    carried: { outcome, settings, bench in
                        _ = show(outcome, settings)
                        _ = bench.sayLateWarnings()
                    })
            ).run()
            return
        }
        var failed = false
        for settings in all {
            let options = RoundOptions(
                ignoresLastRun: force, forcesUpdate: forceUpdate, waits: wait)
            do {
                try DaemonSeat.check(settings)
                let bench = try Workplace(settings: settings, isVerbose: verbose)
                for warning in bench.warnings where !verbose {
                    Terminal.say(
                        "edgemanage: network \(settings.network): \(warning)", to: .standardError)
                }
                // What operators said may be lost: that is no round like any other.
                failed = failed || !bench.warnings.isEmpty
                failed = await !runOne(settings, options: options, bench: bench) || failed
            } catch let failure as CommandFailure {
                // One network's trouble stops no other.
                Terminal.say(
                    "edgemanage: network \(settings.network): \(failure.message)",
                    to: .standardError)
                failed = true
            }
        }
        if failed { throw ExitCode(1) }
    }

    /// Runs one network's round and prints it; whether nothing failed.
    private func runOne(
        _ settings: NetworkSettings, options: RoundOptions, bench: Workplace
    ) async -> Bool {
        let succeeded = await carryOut(settings, options: options, bench: bench)
        // A database that is damaged inside shows it only when it is read.
        return !bench.sayLateWarnings() && succeeded
    }

    private func carryOut(
        _ settings: NetworkSettings, options: RoundOptions, bench: Workplace
    ) async -> Bool {
        do {
            let outcome = try await bench.runner.run(settings, options: options)
            DaemonSeat.clear(settings)
            return show(outcome, settings)
        } catch {
            bench.log.write(.error, "\(error)")
            Terminal.say("edgemanage: network \(settings.network): \(error)", to: .standardError)
            return false
        }
    }

    /// Prints what a round came to; whether nothing failed.
    private func show(_ outcome: RoundOutcome, _ settings: NetworkSettings) -> Bool {
        if quiet, outcome.isUneventful { return true }
        let view = RunView(outcome, settings: settings)
        if json, let line = try? JSONText.line(view) {
            Terminal.say(line)
        } else {
            view.show()
        }
        return !outcome.hasFailures
    }
}

extension RoundOutcome {
    /// Whether nothing changed, waits or failed.
    var isUneventful: Bool {
        report.added.isEmpty && report.removed.isEmpty && report.written.isEmpty
            && updated.isEmpty && report.holds.isEmpty && decision.selection.heldBack.isEmpty
            && !hasFailures
            // The first round by a database says whether an earlier one's words are lost.
            && state.lastRun != nil
    }
}
