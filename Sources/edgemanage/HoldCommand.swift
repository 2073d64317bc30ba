import ArgumentParser
import EdgeCore
import EdgeServer

/// `edgemanage hold`: a network's live set stays as it is.
struct HoldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Holds a network's rotations: health changes nothing until resumed.",
        discussion: """
            Modes, edited includes and approvals still go out. Edges are probed and judged all the same, \
            and status shows the hold.

            Exit status: 0 held; 1 error, or held although the database was damaged and what was said before \
            may be lost; 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The network.")
    var network: String

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("For how long, such as 30m; otherwise until resumed.", valueName: "time")
    )
    var length: String?

    @Argument(help: "Why: shown by status.")
    var reason: [String]

    func run() async throws {
        let length = try length.map { try Self.parse($0, option: "--for") }
        let words = try OperatorWords.checked(reason.joined(separator: " "), named: "the reason")
        let configuration = try source.loadInUse()
        for settings in try source.settings(configuration, networks: [network]) {
            try await OrderDispatch(configuration: configuration, source: source).send(
                .hold(reason: words, length: length), to: settings)
        }
    }

    /// A time that is above zero.
    static func parse(_ text: String, option: String) throws -> Duration {
        guard let length = DurationText.parse(text), length > .zero else {
            throw CommandFailure(
                message: "\(option) takes a time such as 30m or 2h, not \(text)", status: 2)
        }
        return length
    }
}

/// `edgemanage resume`: takes a hold back.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Lets a network's held rotations go on.",
        discussion: """
            A running daemon goes on at once, else the next run does.

            Exit status: 0 resumed, or nothing was held; 1 error, or the database was damaged and what was \
            said before may be lost; 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The network.")
    var network: String

    func run() async throws {
        let configuration = try source.loadInUse()
        for settings in try source.settings(configuration, networks: [network]) {
            try await OrderDispatch(configuration: configuration, source: source).send(
                .resume, to: settings)
        }
    }
}
