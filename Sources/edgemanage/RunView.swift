import EdgeCore
import EdgeShell

/// What a run did, for standard output.
struct RunView: Encodable {
    var schema = 1
    var network: String
    var generation: Int
    var live: [String]
    var added: [Change]
    var removed: [Change]
    /// Edges that would have left, and what kept them.
    var keptBack: [Change]
    var written: Int
    /// Which zones were written and why, a line a cause.
    var published: [String]
    /// By updates, in how many zones each name server was updated.
    var updated: [String: Int]
    var held: [String]
    var failures: [String]
    /// Name servers that do not serve yet what was published.
    var lagging: [String]
    var warnings: [String]
    var seconds: Double

    /// One edge that went in or out, and why.
    struct Change: Encodable {
        var edge: String
        var reason: String
    }

    private let count: LiveCount
    /// Those of `lagging` that no failure tells of.
    private let late: [String]

    enum CodingKeys: String, CodingKey {
        case schema, network, generation, live, added, removed, keptBack, written, published
        case updated, held, failures, lagging, warnings, seconds
    }

    init(_ outcome: RoundOutcome, settings: NetworkSettings) {
        let report = outcome.report
        let reasons = outcome.decision.selection.reasons
        func change(_ name: EdgeName) -> Change {
            Change(edge: name.text, reason: reasons[name].map { "\($0)" } ?? "")
        }
        network = settings.network.text
        generation = outcome.generation
        count = outcome.liveCount(wanted: settings.selection.liveCount)
        live = report.live.map(\.name.text)
        added = report.added.map(change)
        removed = report.removed.map(change)
        keptBack = outcome.decision.selection.heldBack.map(change)
        written = report.written.count
        let writtenZones = Set(report.written)
        published = PublicationWords.lines(
            of: outcome.settlements.filter {
                $0.action == .write && writtenZones.contains($0.step.zone)
            })
        held = report.holds.map { "\($0)" }
        failures =
            FailureWords.lines(of: outcome.failures) + outcome.troubles
        func words(_ lag: ServerLag) -> String {
            lag.example + (lag.zones - 1).furtherWords("zone")
        }
        lagging = outcome.lags.map(words)
        late = outcome.lags.filter { !outcome.saidServers.contains($0.server) }.map(words)
        updated = Dictionary(
            outcome.updated.map { ($0.key.text, $0.value) }, uniquingKeysWith: { first, _ in first }
        )
        let silent = outcome.silentServers.filter { !outcome.saidServers.contains($0) }
        warnings = report.warnings + silent.map { "name server \($0) does not answer" }
        seconds = report.duration.inSeconds
    }

    func text() -> [String] { [head.text] + details }

    /// Prints it, the first line coloured by how many of the live edges pass.
    func show(indent: String = "") {
        Terminal.say(indent + Terminal.painted(head, isPlain: false))
        details.forEach { Terminal.say(indent + Terminal.painted($0)) }
    }

    private var head: BoardLine {
        var line = BoardLine("\(network): ")
        line.add(count.words, count.tone)
        line.add(
            ", \(added.count) in, \(removed.count) out, \(written.counted("zone")) written, "
                + "\(held.count) held, \(Duration.seconds(seconds).shortSeconds)")
        return line
    }

    private var details: [String] {
        var lines = removed.map { "  - \($0.edge)  \($0.reason)" }
        lines += added.map { "  + \($0.edge)  \($0.reason)" }
        lines += keptBack.map { "  ! \($0.edge)  \($0.reason)" }
        lines += published.map { "  \($0)" }
        lines += updated.sorted { $0.key < $1.key }.map {
            "  \($0.key) was updated in \($0.value.counted("zone"))"
        }
        lines += held.map { "  held: \($0)" }
        lines += failures.map { "  failed: \($0)" }
        lines += late.map { "  not served yet: \($0)" }
        lines += warnings.map { "  warning: \($0)" }
        return lines
    }
}

extension RoundOutcome {
    /// How many edges are live after the round, and how many of them passed in it.
    func liveCount(wanted: Int) -> LiveCount {
        let passing = report.live.count { edge in
            let target = ProbeTarget(name: edge.name, family: edge.addresses.primary)
            let health = decision.verdicts[target]?.health ?? state.targets[target]?.health
            return health?.isPassing ?? false
        }
        return LiveCount(live: report.live.count, passing: passing, wanted: wanted)
    }
}
