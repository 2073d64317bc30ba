import ArgumentParser
import EdgeCore
import EdgeServer

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
        abstract:
            "Sets the mode of an edge; a running daemon obeys at once, else the next run does.",
        discussion: """
            available    live by its merits
            unavailable  never live: take it out for work
            force        live as long as it does not fail
            blindforce   live whatever it serves

            Every mode but available needs a comment (-m). A mode that would leave fewer than min_live \
            edges is refused unless --insist is given.

            Exit status: 0 set; 1 refused, the lock is busy, or set although the database was damaged and what \
            was said before may be lost; 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "available, unavailable, force or blindforce.")
    var mode: String

    @Argument(help: "The edge, as the edge list names it.")
    var edge: String

    @Option(help: "The network; needed when more than one has the edge.")
    var network: String?

    @Option(name: [.customShort("m"), .long], help: "Why; kept and shown with the mode.")
    var comment: String?

    @Flag(help: "Set it even if fewer than min_live edges are left.")
    var insist = false

    func run() async throws {
        let configuration = try source.loadInUse()
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
        let settings = try source.settings(configuration, ofEdge: edge, network: network)
        try await OrderDispatch(configuration: configuration, source: source).send(
            .mode(edge: edge, mode, comment: comment, length: nil, insists: insist),
            to: settings)
    }
}
