import ArgumentParser
import EdgeCore
import EdgeSystemConfiguration
import EdgeSystemReport

/// `edgemanage replay`: what would have been decided on recorded outcomes.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Decides recorded rounds anew; nothing is probed, written or published.",
        discussion: """
            TRACE is JSON Lines: {"time": 1700000000, "edge": "e1", "outcome": "ok", "seconds": 0.131}; lines \
            of one time are one round. It may also be a database of this program, an .edgestore file or a \
            directory of them; - reads standard input. docs/replay.md has all of it.

            Exit status: 0 done, 1 error, 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "What was recorded.")
    var trace: String

    @Option(help: "The network, where configuration or database have several.")
    var network: String?

    @Flag(help: "Print every round as JSON on one line.")
    var json = false

    @Option(
        help: ArgumentHelp("Decide by this configuration too, side by side.", valueName: "file"))
    var compare: String?

    func run() async throws {
        let record = try ReplayTrace(trace)
        let settings = try settings(source, known: record.networks, isOther: false)
        let from = try record.network(named: network, or: settings.network)
        let edges = try record.edges(of: from)
        guard !edges.isEmpty else {
            throw CommandFailure(message: "\(trace) tells of no edge: there is nothing to replay")
        }
        var output = ReplayOutput()
        let timeout = settings.probe.timeout
        let first = Replay(settings: settings, edges: edges)
        guard let compare else {
            try replay(record, of: from, by: first, timeout: timeout, to: &output)
            return
        }
        var other = ConfigurationOptions()
        other.config = compare
        let second = try self.settings(other, known: [settings.network], isOther: true)
        var comparison = ReplayComparison(
            first: first, second: Replay(settings: second, edges: edges))
        if !json { output.say("A  \(source.config)\nB  \(compare)\n") }
        try record.replay(of: from, timeout: timeout) { round in
            let both = comparison.decide(round)
            if json {
                output.append(both.appendJSON)
            } else if both.isNews {
                comparison.text(both, clock: \.rfc3339).forEach { output.say($0) }
            }
        }
        if !json { ([""] + comparison.text()).forEach { output.say($0) } }
        output.flush()
    }

    private func replay(
        _ record: ReplayTrace, of network: NetworkName, by replay: Replay, timeout: Duration,
        to output: inout ReplayOutput
    ) throws {
        var replay = replay
        var summary = ReplaySummary()
        var teller = ReplayTeller(wanted: replay.settings.selection.liveCount)
        try record.replay(of: network, timeout: timeout) { round in
            let replayed = replay.decide(round)
            if json {
                output.append(replayed.appendJSON)
                return
            }
            summary.add(replayed)
            teller.text(replayed, clock: \.rfc3339).forEach { output.say($0) }
        }
        if !json { ([""] + summary.text()).forEach { output.say($0) } }
        output.flush()
    }

    /// The settings of the network that is meant: the one named, the one that the trace is of, or the only one.
    ///
    /// - Parameter isOther: whether it is the second configuration, whose only network may have any name.
    private func settings(
        _ source: ConfigurationOptions, known: [NetworkName], isOther: Bool
    ) throws -> NetworkSettings {
        let configuration = try source.load()
        let wanted = try network.map { text in
            guard let name = NetworkName(text) else {
                throw CommandFailure(message: "\(text) is no network name", status: 2)
            }
            return name
        }
        do {
            if let wanted, !isOther { return try configuration.settings(for: wanted) }
            let declared = try declaredNetworks(of: configuration)
            let meant = declared.filter((wanted.map { [$0] } ?? known).contains)
            let chosen = meant.isEmpty ? declared : meant
            guard let name = chosen.first, chosen.count == 1 else {
                throw CommandFailure(
                    message: "\(source.config) has \(declared.count.counted("network")) "
                        + "(\(declared.fewWords)): name one with --network")
            }
            return try configuration.settings(for: name)
        } catch let error as ConfigurationError {
            throw CommandFailure(message: "\(error)")
        }
    }

    private func declaredNetworks(of configuration: Configuration) throws -> [NetworkName] {
        do {
            return try ConfigurationLoader().networks(of: configuration).names
        } catch {
            throw CommandFailure(message: "\(error); name the network with --network")
        }
    }
}

/// Lines for standard output, written some at a time: a long trace has a million.
struct ReplayOutput {
    private var bytes: [UInt8] = []

    /// Adds a line, in colour where there may be some.
    mutating func say(_ line: String) {
        bytes += Terminal.painted(line).utf8
        endLine()
    }

    /// Adds a line that is made by `body`.
    mutating func append(_ body: (inout [UInt8]) -> Void) {
        body(&bytes)
        endLine()
    }

    private mutating func endLine() {
        bytes.append(0x0A)
        if bytes.count >= 1 << 16 { flush() }
    }

    /// Writes what is left.
    mutating func flush() {
        Terminal.write(String(decoding: bytes, as: UTF8.self))
        bytes.removeAll(keepingCapacity: true)
    }
}
