import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemFiles
import EdgeSystemHistory

/// `edgemanage log`: what was decided and commanded, by whom and when.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract:
            "Shows the audit log, newest last: every decision and command with who caused it.",
        discussion: """
            Kinds are \(AuditEvent.Kind.allCases.map(\.rawValue).joined(separator: ", ")). \
            TIME is RFC 3339 (2026-11-22T21:34:27Z), a duration (2h: so long ago) or a time of day (14:05, UTC).

            Exit status: 0 done, 1 error, 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The network.")
    var network: String

    @Option(help: "Only what is about this edge or zone.")
    var edge: String?

    @Option(help: ArgumentHelp("Not what was before.", valueName: "time"))
    var since: String?

    @Option(help: "Only this kind.")
    var kind: String?

    @Option(help: "How many lines are shown at most, the newest.")
    var limit = 100

    @Flag(help: "Print the lines as JSON, all on one line.")
    var json = false

    func run() async throws {
        guard limit > 0 else { throw CommandFailure(message: "--limit must be above 0", status: 2) }
        let wanted = try kind.map { word in
            guard let kind = AuditEvent.Kind(rawValue: word) else {
                let words = AuditEvent.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure(message: "--kind must be one of \(words)", status: 2)
            }
            return kind
        }
        let now = SystemMomentSource().now().wall
        let start = try since.map { try OperatorTime.read($0, option: "--since", now: now) }
        let configuration = try source.loadInUse()
        let former = try source.formerSettings(configuration, network: network)
        for settings in try former.map({ [$0] })
            ?? source.settings(configuration, networks: [network])
        {
            let bench = try Workplace(
                settings: settings, isVerbose: false, isDry: true, isSilent: true)
            let events: [RecordedEvent]
            do {
                events = try bench.store.events(
                    settings.network, subject: edge, kind: wanted, since: start, limit: limit)
            } catch {
                throw CommandFailure(message: "\(error)")
            }
            let view = LogView(
                network: settings.network,
                events: events.map { LogView.Event(time: $0.time, $0.event) })
            if json {
                Terminal.say(try JSONText.line(view))
            } else {
                Terminal.show(view.text())
            }
        }
    }
}

/// Points of time that operators write on the command line.
enum OperatorTime {
    /// Reads a time; wrong usage when it is none.
    static func read(_ text: String, option: String, now: UnixTime) throws -> UnixTime {
        guard let time = TimeText.parse(text, now: now) else {
            throw CommandFailure(
                message: "\(option) must be \(TimeText.words), not \(text)", status: 2)
        }
        return time
    }
}
