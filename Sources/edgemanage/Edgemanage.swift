import ArgumentParser

#if canImport(Glibc)
    import Glibc
#endif

/// The program: its own commands, and the original's as names of the same binary.
@main
enum Edgemanage {
    static func main() async {
        // A closed pipe is an ordinary error of a write, not the end of a round.
        signal(SIGPIPE, SIG_IGN)
        let arguments = CommandLine.arguments
        if let original = OriginalCommandName(invokedAs: arguments.first ?? "") {
            exit(
                Terminal.status(
                    await OriginalEntry.run(original, arguments: Array(arguments.dropFirst()))))
        }
        if arguments.count > 1, let original = OriginalCommandName(arguments[1]) {
            exit(
                Terminal.status(
                    await OriginalEntry.run(original, arguments: Array(arguments.dropFirst(2)))))
        }
        await runRoot(Array(arguments.dropFirst()))
    }

    /// Parses and runs one of the program's own commands; exits 2 on a usage error, as the original does.
    private static func runRoot(_ arguments: [String]) async {
        do {
            var command = try RootCommand.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            exit(Terminal.status(0))
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch let failure as CommandFailure {
            Terminal.say("edgemanage: \(failure.message)", to: .standardError)
            exit(failure.status)
        } catch {
            let status = RootCommand.exitCode(for: error)
            let message = RootCommand.fullMessage(for: error)
            if status.isSuccess {
                Terminal.say(message, to: .standardOutput)
                exit(Terminal.status(0))
            }
            Terminal.say(message, to: .standardError)
            exit(status == .validationFailure ? 2 : 1)
        }
    }
}

/// A command that could not do its work: one sentence and the exit status.
struct CommandFailure: Error {
    var message: String
    var status: Int32 = 1
}

/// `edgemanage`: the commands, in the order in which an operator meets them.
struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edgemanage",
        abstract:
            "Keeps web edges reachable: probes them, judges them, publishes the live ones as DNS.",
        discussion: """
            One round goes from configuration to published zones: every edge is asked for a known object, \
            judged by how it answers, and the best are written as address records into the zones.

            First look:     edgemanage demo
            New cluster:    edgemanage init > edgemanage.yaml; edgemanage check; edgemanage plan; edgemanage run
            From the original: edgemanage import /etc/edgemanage/edgemanage.yaml

            The original's commands (edge_manage, edge_conf, edge_query, check_edgemanage_rotation, \
            check_edgemanage_latency, check_edgemanage_integrity) are names of this program, and so is \
            check_edgemanage, a Nagios plugin: link them to it, or write edgemanage edge_query ….

            Exit status: 0 done, 1 something failed, 2 wrong usage.
            """,
        version: Version.text,
        subcommands: [
            DemoCommand.self, InitCommand.self, ImportCommand.self, CheckCommand.self,

            PlanCommand.self, RunCommand.self, WatchCommand.self, StatusCommand.self,
            DrainCommand.self, UndrainCommand.self, ForceCommand.self, BlindforceCommand.self,
            ApproveCommand.self, EdgeCommand.self, ZoneCommand.self, NetworkCommand.self,
            ApplyCommand.self,
            HistoryCommand.self, DiffCommand.self, RollbackCommand.self, HoldCommand.self,
            ResumeCommand.self, ExplainCommand.self, UptimeCommand.self, LogCommand.self,
            AlarmsCommand.self, ReplayCommand.self, SimulateCommand.self,
        ])
}

/// The program's version.
enum Version {
    static let text = "3.0.0"
}
