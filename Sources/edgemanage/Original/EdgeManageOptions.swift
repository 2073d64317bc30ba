internal import EdgeCore

/// The arguments of `edge_manage`: one round of one network, or a daemon.
struct EdgeManageOptions: Hashable, Sendable {
    var network: NetworkName
    var configuration: String
    /// Decide and log, change nothing.
    var isDryRun: Bool
    /// Run even within 30 s of the last run.
    var isForced: Bool
    /// Write all zones whether they changed or not.
    var forcesUpdate: Bool
    var isDaemon: Bool
    /// Log to stderr.
    var isVerbose: Bool

    static let parser = OptionParser(
        command: .edgeManage,
        summary: "Probes a network's edges and publishes the zones that hand them out.",
        options: [
            CommonOptions.network, CommonOptions.configuration,
            .init(
                letter: "n", name: "dry-run",
                help: "decide and log, but change nothing and run no commands"),
            .init(name: "force", help: "run even if the last run was less than 30 seconds ago"),
            .init(name: "force-update", help: "write all zones, whether they changed or not"),
            .init(
                name: "daemonise",
                help:
                    "run on in the foreground, a round each run_frequency; SIGHUP means one at once"
            ),
            .init(letter: "v", name: "verbose", help: "log to standard error"),
            .init(name: "version", help: "show the version and exit"),
        ])

    static func parse(_ arguments: [String]) -> Result<EdgeManageOptions, UsageError> {
        Result { () throws(UsageError) in
            let parsed = try parser.parse(arguments).get()
            return EdgeManageOptions(
                network: try CommonOptions.network(parsed, parser),
                configuration: parsed["config"] ?? CommonOptions.defaultConfiguration,
                isDryRun: parsed.has("dry-run"), isForced: parsed.has("force"),
                forcesUpdate: parsed.has("force-update"), isDaemon: parsed.has("daemonise"),
                isVerbose: parsed.has("verbose"))
        }
    }
}
