import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemFiles

/// `edgemanage plan`: what a run would do, record by record.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what a run would change, record by record, with reasons; changes nothing.",
        discussion: """
            Probes all edges and decides as run does, but writes no file, runs no command and makes no \
            database.

            Exit status: 0 done, 1 error, 2 wrong usage. With --detailed-exitcode: 0 nothing would \
            change, 2 something would, 1 error.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The networks to plan; all of them when none is named.")
    var networks: [String] = []

    @Flag(help: "Plan as run --force-update would: every zone, held plans let through.")
    var forceUpdate = false

    @Flag(help: "Exit with 2 when something would change.")
    var detailedExitcode = false

    @Flag(name: [.short, .long], help: "Log decisions to standard error too.")
    var verbose = false

    @Option(
        name: .customLong("out"),
        help: ArgumentHelp(
            "Save the plan of one network, for edgemanage apply.", valueName: "file"))
    var savedPlan: String?

    @Flag(help: "Print the plan as JSON, one object a network, each on one line.")
    var json = false

    func run() async throws {
        let configuration = try source.load()
        let planned = try source.settings(configuration, networks: networks)
        if savedPlan != nil, planned.count != 1 {
            throw CommandFailure(message: "--out needs the name of one network", status: 2)
        }
        var changes = false
        var failed = false
        for settings in planned {
            do {
                let bench = try Workplace(
                    settings: settings, isVerbose: verbose, isDry: true, isSilent: true)
                for warning in bench.warnings {
                    Terminal.say(
                        "edgemanage: network \(settings.network): \(warning)", to: .standardError)
                    failed = true
                }
                let options = RoundOptions(
                    isDry: true, ignoresLastRun: true, forcesUpdate: forceUpdate,
                    comparesFiles: true)
                let outcome = try await bench.runner.run(settings, options: options)
                let view = outcome.planView(settings)
                if let savedPlan {
                    let text = try JSONText.line(outcome.saved) + "\n"
                    try AtomicFile.write(savedPlan, Array(text.utf8))
                }
                changes = changes || view.changes
                failed = failed || outcome.hasFailures
                if json {
                    Terminal.say(try JSONText.line(view))
                } else {
                    view.text().forEach { Terminal.say(Terminal.painted($0)) }
                }
            } catch {
                // One network's trouble stops no other.
                let message = (error as? CommandFailure)?.message ?? "\(error)"
                Terminal.say(
                    "edgemanage: network \(settings.network): \(message)", to: .standardError)
                failed = true
            }
        }
        if failed { throw ExitCode(1) }
        if changes && detailedExitcode { throw ExitCode(2) }
    }
}
