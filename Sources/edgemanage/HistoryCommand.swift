import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemFiles
import EdgeSystemHistory

/// `edgemanage history`: what was published, when, by whom and why.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Lists what was published, newest first: when, by whom, which edges, and why.",
        discussion: """
            publish.generations (100) are kept. diff shows what one changed, rollback publishes it anew.

            Exit status: 0 done, 1 error, 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The network.")
    var network: String

    @Option(help: "How many are shown at most.")
    var limit = 20

    @Flag(help: "Print them as JSON on one line.")
    var json = false

    func run() async throws {
        guard limit > 0 else { throw CommandFailure(message: "--limit must be above 0", status: 2) }
        let configuration = try source.loadInUse()
        let former = try source.formerSettings(configuration, network: network)
        for settings in try former.map({ [$0] })
            ?? source.settings(configuration, networks: [network])
        {
            let bench = try Workplace(
                settings: settings, isVerbose: false, isDry: true, isSilent: true)
            let kept = try bench.store.generations(settings.network, limit: limit)
            let view = HistoryView(network: settings.network, generations: kept)
            if json {
                Terminal.say(try JSONText.line(view))
            } else {
                Terminal.show(view.text { UnixTime(seconds: $0).words })
            }
        }
    }
}

/// Finds kept generations for commands, and says which are kept when one is not.
struct GenerationShelf {
    let settings: NetworkSettings
    let store: SQLiteStore

    /// What was published at a generation.
    func contents(_ number: Int) throws -> GenerationContents {
        if let contents = try store.contents(settings.network, at: number) { return contents }
        let kept = try store.generations(settings.network, limit: .max).map(\.number)
        guard let newest = kept.first, let oldest = kept.last else {
            throw CommandFailure(
                message: "network \(settings.network) has published nothing yet")
        }
        throw CommandFailure(
            message:
                "generation \(number) of network \(settings.network) is not kept: \(oldest) to "
                + "\(newest) are")
    }
}
