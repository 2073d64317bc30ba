import ArgumentParser
import EdgeCore
import EdgeServer
import EdgeSystemConfiguration

/// What the commands that set one edge's mode share.
struct EdgeWord: ParsableArguments {
    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The edge, as the edge list names it.")
    var edge: String

    @Option(help: "The network; needed when more than one has the edge.")
    var network: String?

    /// Has an edge set to a mode.
    func set(
        _ mode: Mode, comment: String?, length: Duration? = nil, insists: Bool = false
    ) async throws {
        let configuration = try source.loadInUse()
        let settings = try source.settings(configuration, ofEdge: edge, network: network)
        try await OrderDispatch(configuration: configuration, source: source).send(
            .mode(edge: edge, mode, comment: comment, length: length, insists: insists),
            to: settings)
    }
}

/// Why, and for how long.
struct EdgeReason: ParsableArguments {
    @Option(name: [.customShort("m"), .long], help: "Why; kept and shown with the mode.")
    var comment: String

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "For how long, such as 30m or 2h; then the edge is available again. Otherwise until undrain.",
            valueName: "time"))
    var length: String?

    @Flag(help: "Do it even if fewer than min_live edges are left.")
    var insist = false

    func set(_ mode: Mode, _ word: EdgeWord) async throws {
        let words = try OperatorWords.checked(comment, named: "the comment")
        let length = try length.map { try HoldCommand.parse($0, option: "--for") }
        try await word.set(mode, comment: words, length: length, insists: insist)
    }
}

/// `edgemanage drain`: takes an edge out.
struct DrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Takes an edge out of the DNS, for work on it.",
        discussion: """
            A running daemon takes it out at once and the command returns when the zones say so; without one \
            the next run does. Refused when fewer than min_live edges would be live and pass, unless --insist is \
            given; the last one never leaves. Visitors follow as their resolvers' copies expire (dns.ttl): the \
            answer says until when.

            Exit status: 0 done, 1 refused or something failed, 2 wrong usage.
            """)

    @OptionGroup var word: EdgeWord
    @OptionGroup var reason: EdgeReason

    func run() async throws { try await reason.set(.unavailable, word) }
}

/// `edgemanage undrain`: makes an edge available again.
struct UndrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undrain",
        abstract: "Makes an edge available again: after drain, force and blindforce alike.",
        discussion: """
            It goes live by its merits, which need not be at once.

            Exit status: 0 done, 1 something failed, 2 wrong usage.
            """)

    @OptionGroup var word: EdgeWord

    @Option(name: [.customShort("m"), .long], help: "A comment to keep with it.")
    var comment: String?

    func run() async throws { try await word.set(.available, comment: comment) }
}

/// `edgemanage force`: keeps an edge live as long as it does not fail.
struct ForceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "force",
        abstract: "Keeps an edge live as long as it does not fail.",
        discussion: """
            Exit status: 0 done, 1 refused or something failed, 2 wrong usage.
            """)

    @OptionGroup var word: EdgeWord
    @OptionGroup var reason: EdgeReason

    func run() async throws { try await reason.set(.force, word) }
}

/// `edgemanage blindforce`: keeps an edge live whatever it serves.
struct BlindforceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blindforce",
        abstract: "Keeps an edge live whatever it serves, failing or not.",
        discussion: """
            Exit status: 0 done, 1 refused or something failed, 2 wrong usage.
            """)

    @OptionGroup var word: EdgeWord
    @OptionGroup var reason: EdgeReason

    func run() async throws { try await reason.set(.blindforce, word) }
}

extension ConfigurationOptions {
    /// The settings of the network that has an edge; of the one asked for, when one is.
    func settings(
        _ configuration: Configuration, ofEdge edge: String, network: String?
    ) throws -> NetworkSettings {
        let all = try settings(configuration, networks: network.map { [$0] } ?? [])
        if all.count == 1, let only = all.first { return only }
        let reader = FileInventoryReader()
        let having = all.filter { settings in
            let listed = (try? reader.edges(from: settings.edges).names) ?? []
            let canaries = (try? reader.canaries(from: settings.canaries).map) ?? [:]
            return listed.contains { $0.text == edge }
                || canaries.values.contains { EdgeName($0).text == edge }
        }
        if having.count == 1, let only = having.first { return only }
        let names = (having.isEmpty ? all : having).map(\.network.text).joined(separator: ", ")
        throw CommandFailure(
            message: having.isEmpty
                ? "no network has an edge \(edge): there are \(names)"
                : "networks \(names) have an edge \(edge): name one with --network", status: 2)
    }
}
