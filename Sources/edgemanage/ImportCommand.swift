import ArgumentParser
import EdgeCore
import EdgeSystemConfiguration

#if canImport(Glibc)
    import Glibc
#endif

/// `edgemanage import`: an original configuration in the new format.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Turns an original configuration into the new format, and lists what changes.",
        discussion: """
            The new configuration goes to standard output, what changes and what never worked to standard \
            error. Every edge is asked once, to see which answers the original counted otherwise.

              edgemanage import /etc/edgemanage/edgemanage.yaml > /etc/edgemanage/networks.yaml

            Exit status: 0 done, 1 the old configuration has errors, 2 wrong usage.
            """)

    @Argument(help: "The original's configuration.")
    var file: String

    @Option(
        name: .customLong("network"),
        help: ArgumentHelp("Only this network; repeat it for more.", valueName: "name"))
    var networks: [String] = []

    @Flag(name: .customLong("no-probe"), help: "Do not probe the edges.")
    var skipsProbes = false

    func run() async throws {
        var source = try ConfigurationOptions.parse([])
        source.config = file
        let problems = ConfigurationLoader().load(file).problems
        let configuration = try source.load()
        guard configuration.format == .original else {
            throw CommandFailure(message: "\(file) is in the new format already (it has a version)")
        }
        let all = try source.settings(configuration, networks: networks)
        let imported = try ConfigurationImport.make(
            from: configuration, problems: problems, networks: all.map(\.network),
            startedIn: Self.workingDirectory())
        Terminal.write(imported.text)
        func list(_ title: String, _ lines: [String]) {
            guard !lines.isEmpty else { return }
            Terminal.say(title, to: .standardError)
            for line in lines { Terminal.say("  - \(line)", to: .standardError) }
        }
        list("what changes:", imported.changes)
        list("what never worked:", imported.neverWorked)
        list(
            "next, with the new file as NEW.yaml:",
            [
                "edgemanage check --config NEW.yaml", "edgemanage plan --config NEW.yaml",
                "in cron, edgemanage run --config NEW.yaml instead of edge_manage",
            ])
        guard !skipsProbes else { return }
        for settings in all { await EdgeSurvey(settings: settings, stream: .standardError).say() }
    }

    private static func workingDirectory() -> String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }
}
