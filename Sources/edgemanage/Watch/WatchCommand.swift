import ArgumentParser
import EdgeCore
import EdgeShell

/// `edgemanage watch`: the daemon.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Runs all networks' rounds as a daemon, and takes commands while it runs.",
        discussion: """
            Each network's edges are probed every probe.interval, the probes spread over it; what changes is \
            published at once. The configuration is read anew when its file changes and at SIGHUP, which \
            means a round at once too; one that can't be used is named, and the rounds go on by the one \
            before. SIGTERM and SIGINT end it after what is in hand.

            drain, undrain, force, blindforce, hold, resume and approve reach it through server.socket and \
            return when what they say is in effect. It tells systemd that it is ready (Type=notify), how it \
            is, and that rounds really end (WatchdogSec=).

            Exit status: 0 ended by a signal, 1 it can't begin, 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The networks to run; all of the configuration when none is named.")
    var networks: [String] = []

    @Flag(name: [.short, .long], help: "Log to standard error instead of the log file or syslog.")
    var verbose = false

    func run() async throws {
        let configuration = try source.load()
        let all = try source.settings(configuration, networks: networks)
        let daemon = Daemon(
            configuration: configuration, settings: all,
            named: networks.isEmpty ? [] : all.map(\.network),
            plan: WatchPlan(
                configuration: source.config, isVerbose: verbose, speaks: true,
                options: RoundOptions(ignoresLastRun: true)))
        try await daemon.run()
    }
}
