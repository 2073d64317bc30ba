import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemFiles
import FoundationEssentials

/// `edgemanage apply`: publishes a saved plan.
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Publishes a plan saved by plan --out, exactly as it was shown.",
        discussion: """
            The plan's live set goes out as it is. It is refused when anything it was made from \
            has changed since (another plan was published, a mode or an include was changed, the \
            configuration would give other zones), when it is older than 15 minutes, or when fewer than \
            min_live of its edges answer now: they are asked once.

            Exit status: 0 published, 1 refused or something failed, 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The plan's file.")
    var file: String

    @Flag(help: "Publish it however few of its edges answer.")
    var insist = false

    @Flag(help: "Wait until the name servers serve it, publish.wait (60 s) at most.")
    var wait = false

    @Flag(name: [.short, .long], help: "Log to standard error instead of the log file or syslog.")
    var verbose = false

    func run() async throws {
        let saved = try Self.read(file)
        let configuration = try source.load()
        guard var directive = saved.directive(file: file) else {
            throw CommandFailure(message: "\(file) holds a name or an address that is none")
        }
        directive.insists = insist
        for settings in try source.settings(configuration, networks: [saved.network]) {
            let bench = try Workplace(settings: settings, isVerbose: verbose)
            try await bench.heed {
                try await DirectedRound(settings: settings, bench: bench, waits: wait).publish(
                    directive)
            }
        }
    }

    /// Reads a plan's file.
    static func read(_ file: String) throws -> SavedPlan {
        let bytes: [UInt8]
        do {
            bytes = try FileReading.read(file, limit: 64 << 20).bytes
        } catch {
            throw CommandFailure(message: "\(error)")
        }
        guard let plan = try? JSONDecoder().decode(SavedPlan.self, from: Data(bytes)) else {
            throw CommandFailure(message: "\(file) is no plan that edgemanage plan --out saved")
        }
        guard plan.schema == SavedPlan.schema else {
            throw CommandFailure(
                message: "\(file) was saved by another version of edgemanage: make a new plan")
        }
        return plan
    }
}

/// A round that publishes what an operator says instead of what probing would come to.
struct DirectedRound {
    let settings: NetworkSettings
    let bench: Workplace
    let waits: Bool

    /// Publishes and prints what came of it.
    func publish(_ directive: RoundDirective) async throws {
        let options = RoundOptions(
            ignoresLastRun: true, waits: waits, directive: directive, actor: Actor.name)
        let outcome: RoundOutcome
        do {
            outcome = try await bench.runner.run(settings, options: options)
        } catch {
            throw CommandFailure(message: "\(error)")
        }
        RunView(outcome, settings: settings).show()
        if outcome.hasFailures { throw ExitCode(1) }
    }
}
