import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemFiles
import EdgeSystemHistory

/// `edgemanage uptime`: how edges did over an hour, a day, a week and a month.
struct UptimeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uptime",
        abstract:
            "Shows how edges did over 1 h, 24 h, 7 d and 30 d: uptime, fetch times, time live.",
        discussion: """
            UP is the share of rounds that an edge answered with the object; P50, P95 and P99 are the fetch times \
            that so many of a hundred answers did not exceed; LIVE is the share of the time that it was in the \
            live set. With an edge's name all of it is shown for each length of time. How long it is kept: \
            history, in docs/configuration.md.

            Exit status: 0 done, 1 error, 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The edge or the network.")
    var name: String

    @Option(help: "The network, where several have the edge.")
    var network: String?

    @Option(help: "The time that fetch times and LIVE are of: 1h, 24h, 7d or 30d.")
    var over = "24h"

    @Flag(help: "Print all of it as JSON on one line.")
    var json = false

    func run() async throws {
        guard UptimeView.windows.contains(where: { $0.word == over }) else {
            let words = UptimeView.windows.map(\.word).joined(separator: ", ")
            throw CommandFailure(message: "--over must be one of \(words), not \(over)", status: 2)
        }
        let part = try NamedPart.find(name, network: network, source: source)
        let view: UptimeView
        switch part.kind {
        case .network: view = try part.uptime(of: part.edges)
        case .edge(let edge): view = try part.uptime(of: [edge])
        case .zone(let zone):
            throw CommandFailure(
                message: "\(zone) is a zone: uptime is of an edge or a network")
        }
        if json {
            Terminal.say(try JSONText.line(view))
        } else if case .edge = part.kind, let edge = view.edges.first {
            Terminal.show(view.text(of: edge))
        } else {
            Terminal.show(view.text(over: over))
        }
        try part.finish()
    }
}

extension NamedPart {
    /// How these edges did, each by the family that decides whether it is live.
    func uptime(of edges: [EdgeName]) throws -> UptimeView {
        let now = bench.clock.now().wall
        let store = bench.store
        do {
            let histories = try UptimeView.windows.map { window in
                try store.history(
                    settings.network, from: now.adding(.zero - window.length), now: now)
            }
            let longest = UptimeView.windows.map(\.length).max() ?? .zero
            let spans = try store.liveSpans(
                settings.network, from: now.adding(.zero - longest))
            let known = Set(histories.flatMap(\.summaries.keys))
            let targets = edges.map { edge in
                let targets = StandingRound.targets(of: edge)
                return targets.first(where: known.contains) ?? targets[0]
            }
            return UptimeView(
                network: settings.network, targets: targets, histories: histories, spans: spans,
                now: now)
        } catch {
            throw CommandFailure(message: "\(error)")
        }
    }
}
