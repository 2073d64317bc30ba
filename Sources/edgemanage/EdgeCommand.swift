import ArgumentParser
import EdgeCore
import EdgeShell

/// `edgemanage edge`: what operators say of single edges.
struct EdgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edge",
        abstract: "Sets an edge's mode.",
        subcommands: [EdgeSetCommand.self])
}

/// `edgemanage edge set`: sets a mode.
struct EdgeSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets the mode of an edge; the next run obeys it.",
        discussion: """
            available    live by its merits
            unavailable  never live: take it out for work
            force        live as long as it does not fail
            blindforce   live whatever it serves

            Every mode but available needs a comment (-m). A mode that would leave fewer than min_live \
            edges is refused unless --insist is given.

            Exit status: 0 set; 1 refused, or set although the database was damaged and what was said before \
            may be lost; 2 wrong usage or the lock is busy.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "available, unavailable, force or blindforce.")
    var mode: String

    @Argument(help: "The edge, as the edge list names it.")
    var edge: String

    @Option(help: "The network; needed when there is more than one.")
    var network: String?

    @Option(name: [.customShort("m"), .long], help: "Why; kept and shown with the mode.")
    var comment: String?

    @Flag(help: "Set it even if fewer than min_live edges are left.")
    var insist = false

    func run() async throws {
        let configuration = try source.load()
        guard let mode = Mode(rawValue: mode) else {
            throw CommandFailure(
                message: "\(mode) is no mode: say available, unavailable, force or blindforce",
                status: 2)
        }
        let comment = try comment.map {
            mode == .available && $0.isEmpty
                ? $0 : try OperatorWords.checked($0, named: "the comment")
        }
        guard mode == .available || comment?.isEmpty == false else {
            throw CommandFailure(
                message: "say why with -m: every mode but available needs it", status: 2)
        }
        let all = try source.settings(configuration, networks: network.map { [$0] } ?? [])
        guard all.count == 1, let settings = all.first else {
            throw CommandFailure(
                message: "there are \(all.count) networks: name one with --network", status: 2)
        }
        let outcome = await EdgeConf.run(
            EdgeConfOptions(
                network: settings.network, configuration: source.config, mode: mode,
                comment: comment, edge: edge, usesSyslog: true, insists: insist),
            settings: settings, as: "edgemanage")
        Terminal.write(outcome.output, to: .standardOutput)
        Terminal.write(outcome.errors, to: .standardError)
        if !outcome.output.isEmpty {
            Terminal.say("the next run of network \(settings.network) obeys it")
        }
        if outcome.status != 0 { throw ExitCode(outcome.status) }
    }
}
