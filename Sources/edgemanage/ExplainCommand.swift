import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemFiles
import EdgeSystemHistory

/// `edgemanage explain`: why something is as it is, and what would become of it.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says why an edge, a zone or a network is as it is, and what would happen next.",
        discussion: """
            Of an edge: its mode, every rule of its judge with number, limit and verdict (> marks the one that \
            decided), what would bring it back, whether it is safe to drain, its last probes. Of a zone: what is \
            published, why, and what name servers owe. Of a network: the live set, what is held, and who is next. \
            All of it is read from the database: nothing is probed or asked.

            TIME is RFC 3339 (2026-11-22T21:34:27Z), a duration (-2h: so long ago) or a time of day (14:05, UTC); \
            the rules are then asked anew on the kept samples (docs/history.md).

            Exit status: 0 done, 1 error, 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The edge, the zone or the network.")
    var name: String

    @Option(help: "The network, where several have that edge.")
    var network: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Tell of this time instead of now.", valueName: "time"))
    var at: String?

    @Flag(help: "Print it as JSON on one line.")
    var json = false

    func run() async throws {
        let now = SystemMomentSource().now().wall
        let time = try at.map { try OperatorTime.read($0, option: "--at", now: now) }
        if let time, time > now {
            throw CommandFailure(
                message: "\(at ?? "") is in the future: explain tells of what was", status: 2)
        }
        let part = try NamedPart.find(name, network: network, source: source)
        let view: ExplainView
        do {
            view = try Explainer(part: part, time: time).view()
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(message: "\(error)")
        }
        if json {
            Terminal.say(try JSONText.line(view))
        } else {
            for line in view.text() {
                if let count = view.overview?.count, line.hasPrefix(count.words) {
                    Terminal.say(
                        Terminal.painted(BoardLine(line, count.tone), isPlain: false))
                } else {
                    Terminal.show([line])
                }
            }
        }
        try part.finish()
    }
}

/// Gathers what the database knows of one thing, now or at a time in the past.
struct Explainer {
    let part: NamedPart
    /// nil: now.
    let time: UnixTime?

    private static let shownProbes = 5
    private static let shownEvents = 5

    private var store: SQLiteStore { part.bench.store }
    private var settings: NetworkSettings { part.settings }
    private var network: NetworkName { part.settings.network }

    /// A network's state, and what is known of where it comes from.
    private struct Ground {
        var state: NetworkState
        var now: Moment
        var evidenceSince: UnixTime?
        var notes: [String] = []
    }

    func view() throws -> ExplainView {
        let ground = try time.map(past) ?? present()
        var view = ExplainView(
            network: network, asOf: ground.now.wall, evidenceSince: ground.evidenceSince,
            notes: ground.notes)
        var edges = part.edges
        if case .edge(let edge) = part.kind, time != nil, !edges.contains(edge) {
            // The list of that time is not kept.
            edges.append(edge)
        }
        var probes: [ProbeTarget: [KeptProbe]] = [:]
        if case .edge(let edge) = part.kind {
            for target in StandingRound.targets(of: edge) {
                probes[target] = try store.probes(
                    network, target: target, until: ground.now.wall, limit: Self.shownProbes)
            }
        }
        let round = StandingRound(
            settings: settings, state: ground.state, edges: edges, now: ground.now, probes: probes)
        let spans = try self.spans(at: ground.now.wall)
        switch part.kind {
        case .edge(let edge):
            view.edge = ExplainedEdge(
                edge, in: round, probes: probes, spans: spans,
                events: try events(edge.text, until: ground.now.wall))
        case .zone(let zone): view.zone = try explained(zone, in: round)
        case .network:
            view.overview = ExplainedNetwork(
                round, spans: spans, events: try events(nil, until: ground.now.wall))
        }
        return view
    }

    private func explained(_ zone: ZoneName, in round: StandingRound) throws -> ExplainedZone {
        guard let published = round.state.zones[zone] else {
            throw CommandFailure(
                message: time == nil
                    ? "zone \(zone) is not published yet: edgemanage plan \(network) says why"
                    : "zone \(zone) was not published at that time, or its generation is not kept")
        }
        let last = try store.generations(network, limit: .max).first {
            $0.time <= round.now.wall && $0.zones[zone] != nil
        }
        return ExplainedZone(
            zone, published, in: round, generation: last, knowsServers: time == nil,
            events: try events(zone.text, until: round.now.wall))
    }

    private func events(_ subject: String?, until time: UnixTime) throws -> [LogView.Event] {
        try store.events(network, subject: subject, until: time, limit: Self.shownEvents)
            .map { LogView.Event(time: $0.time, $0.event) }
    }

    /// When edges were live, as it was known at a time.
    private func spans(at time: UnixTime) throws -> [LiveSpan] {
        let all = try store.liveSpans(network, from: UnixTime(seconds: 0))
        return all.filter { $0.began <= time }.map { span in
            var span = span
            if let ended = span.ended, ended > time { span.ended = nil }
            return span
        }
    }

    private func present() throws -> Ground {
        let now = part.bench.clock.now()
        let state = try store.load(network, judge: settings.judge, now: now)
        guard state.lastRun != nil else {
            throw CommandFailure(
                message: "network \(network) had no round yet: edgemanage run \(network)")
        }
        return Ground(state: state, now: now)
    }

    /// The state of that time: kept samples judged anew, with the places, modes and zones of then.
    private func past(_ time: UnixTime) throws -> Ground {
        var edges = try store.tracedEdges(network)
        if edges.isEmpty { edges = part.edges }
        var replay = Replay(settings: settings, edges: edges)
        var first: UnixTime?
        var last: UnixTime?
        try store.replaySamples(network, timeout: settings.probe.timeout) { round in
            guard !round.probes.isEmpty else { return }
            if isAbout(round) { first = first ?? round.time }
            guard round.time <= time else { return }
            last = round.time
            _ = replay.decide(round)
        }
        guard let first else {
            throw CommandFailure(
                message: "no sample of \(subject) is kept: nothing is known of then")
        }
        guard first <= time, let last else {
            throw CommandFailure(
                message:
                    "nothing is known of \(time.words): the kept samples of \(subject) begin at "
                    + "\(first.words) (judge.samples)")
        }
        let generation = try store.generations(network, limit: .max).first { $0.time <= time }
        let contents = try generation.flatMap { try store.contents(network, at: $0.number) }
        let past = PastState(
            &replay, at: time, spans: try spans(at: time), modes: try modes(at: time),
            contents: contents)
        var ground = Ground(state: past.state, now: past.now, evidenceSince: first)
        ground.notes = [
            "rules as of the kept samples, which begin at \(first.words); the last round before that "
                + "time was at \(last.words)",
            "the edge list and the configuration are today's, and what was held is in the events",
        ]
        if contents == nil { ground.notes.append("no generation of that time is kept") }
        return ground
    }

    private var subject: String {
        switch part.kind {
        case .edge(let edge): edge.text
        case .zone, .network: "network \(network)"
        }
    }

    private func isAbout(_ round: TraceRound) -> Bool {
        guard case .edge(let edge) = part.kind else { return true }
        return round.probes.contains { $0.target.name == edge }
    }

    /// The modes of a time: as the audit log says, else those that have not changed since.
    private func modes(at time: UnixTime) throws -> [EdgeName: ModeRecord] {
        let state = try store.load(network, judge: settings.judge, now: part.bench.clock.now())
        var modes = state.modes.filter { $0.value.changed.map { $0 <= time } ?? true }
        let events = try store.events(network, kind: .mode, until: time, limit: .max)
        for event in events {
            guard let edge = event.event.subject.flatMap({ EdgeName($0) }),
                let mode = event.event.modeSet,
                modes[edge]?.changed.map({ $0 < event.time }) ?? true
            else { continue }
            modes[edge] = ModeRecord(
                mode: mode, comment: event.event.comment, changed: event.time)
        }
        return modes
    }
}
