/// Why something is as it is, from stored evidence: `explain` prints it as text and JSON. One of `edge`, `zone` and
/// `overview` is there.
public struct ExplainView: Sendable, Codable {
    /// The version of this shape.
    public var schema = 1
    public var network: String
    /// Unix time that is spoken of.
    public var asOf: Int64
    /// Unix time from which on evidence is kept, for a time in the past; nil: it is about now.
    public var evidenceSince: Int64?
    /// What is not known, a sentence each.
    public var notes: [String]
    public var edge: ExplainedEdge?
    public var zone: ExplainedZone?
    public var overview: ExplainedNetwork?

    public init(
        network: NetworkName, asOf: UnixTime, evidenceSince: UnixTime? = nil,
        notes: [String] = [], edge: ExplainedEdge? = nil, zone: ExplainedZone? = nil,
        overview: ExplainedNetwork? = nil
    ) {
        self.network = network.text
        self.asOf = asOf.seconds
        self.evidenceSince = evidenceSince?.seconds
        self.notes = notes
        self.edge = edge
        self.zone = zone
        self.overview = overview
    }
}

/// One edge: its mode, its place, its judge's rules, its last probes, and what would become of it.
public struct ExplainedEdge: Sendable, Codable {
    public var edge: String
    /// `edge` or `canary`.
    public var role: String
    /// Whether it stands in the edge list.
    public var isListed: Bool
    public var mode: String
    public var comment: String
    /// Unix time since when it has this mode; nil: it never had another.
    public var modeSince: Int64?
    /// Who set it; nil: not known.
    public var modeBy: String?
    public var isLive: Bool
    /// Unix time since when it is live, or is not; nil: not known.
    public var placeSince: Int64?
    /// Why it is where it is: what a round would say now.
    public var why: String
    public var judge: String
    public var health: String?
    public var rules: [ExplainedRule]
    /// What would bring it back, or take it out.
    public var outlook: [String]
    public var drain: DrainForecast
    /// Oldest first, by family.
    public var probes: [ExplainedProbe]
    /// The last decisions and commands about it, oldest first.
    public var events: [LogView.Event]
}

/// One kept round of an edge.
public struct ExplainedProbe: Sendable, Codable {
    public var family: String
    /// Unix time of the round.
    public var time: Int64
    /// What its last attempt came to: a word, with the status or the phase.
    public var outcome: String
    public var isAnswered: Bool
    /// nil: an older version kept the sample alone, or it was taken over.
    public var attempts: Int?
    /// The best answer's time, or what the failure was counted as.
    public var seconds: Double
    /// The parts of the last attempt, by name.
    public var phaseSeconds: [String: Double]

    public init(_ probe: KeptProbe, family: AddressFamily, timeout: Duration) {
        self.family = family.rawValue
        time = probe.time.seconds
        let last = probe.evidence?.last ?? .recorded(probe.sample, timeout: timeout)
        isAnswered = (probe.evidence?.fetchTime ?? last.fetchTime) != nil
        outcome = Self.words(last)
        attempts = probe.evidence?.attempts
        seconds = probe.sample.inSeconds
        phaseSeconds = probe.evidence?.phases.seconds ?? [:]
    }

    private static func words(_ outcome: ProbeOutcome) -> String {
        switch outcome {
        case .http(let status), .redirect(let status, _): "\(outcome.word) \(status)"
        case .timeout(let phase), .reset(let phase): "\(outcome.word) \(phase.rawValue)"
        case .ok, .unresolvable, .refused, .unreachable, .tls, .mismatch, .tooLarge, .protocolError,
            .localFault:
            outcome.word
        }
    }
}

extension ExplainedEdge {
    /// - Parameters:
    ///   - probes: the last kept samples of the edge, by target.
    ///   - spans: when it was live.
    ///   - events: what the audit log has of it, oldest first.
    public init(
        _ name: EdgeName, in round: StandingRound, probes: [ProbeTarget: [KeptProbe]],
        spans: [LiveSpan], events: [LogView.Event]
    ) {
        let target = round.target(of: name)
        let state = round.state
        let record = state.modes[name] ?? ModeRecord()
        edge = name.text
        role = target.role.rawValue
        isListed = round.edges.contains(name)
        mode = record.mode.rawValue
        comment = record.comment
        modeSince = record.changed?.seconds
        modeBy = events.last { $0.kind == AuditEvent.Kind.mode.rawValue }?.actor
        let isLive = state.live.contains { $0.name == name }
        self.isLive = isLive
        placeSince =
            (isLive
            ? spans.last { $0.edge == name && $0.ended == nil }?.began
            : spans.last { $0.edge == name }?.ended)?.seconds
        let reason = round.selection().reasons[name]
        let zones = state.zones.filter { $0.value.canary.map { EdgeName($0) } == name }.keys
        let used = zones.isEmpty ? "not in use" : "in use in \(zones.sorted().fewWords)"
        why =
            reason.map { "\($0)" }
            ?? (target.role == .canary
                ? "a canary, \(used)" : isLive ? "live as published" : "not in the edge list")
        judge = round.settings.judge.steady == nil ? "classic" : "steady"
        health =
            state.targets[target]?.lastOutcome == Verdict.blockedWord
            ? Verdict.blockedWord : state.targets[target]?.health?.rawValue
        rules = round.rules(of: target)
        outlook = round.outlook(of: target)
        drain = DrainForecast(of: name, in: round)
        let timeout = round.settings.probe.timeout
        self.probes = StandingRound.targets(of: name).filter { $0.role == target.role }
            .flatMap { target in
                (probes[target] ?? []).map {
                    ExplainedProbe($0, family: target.family, timeout: timeout)
                }
            }
        self.events = events
    }
}

/// A network: its live set, what waits, and who is next.
public struct ExplainedNetwork: Sendable, Codable {
    /// One edge of the list.
    public struct Edge: Sendable, Codable {
        public var edge: String
        public var isLive: Bool
        public var mode: String
        public var health: String?
        /// Why it is where it is: what a round would say now.
        public var why: String
        /// Unix time since when it is live; nil: it is not, or that is not known.
        public var liveSince: Int64?
    }

    public var generation: Int
    public var wanted: Int
    public var minimum: Int
    public var budget: Int
    public var budgetRemaining: Int
    /// Whether this monitor is believed, in words.
    public var monitor: String
    /// What waits, a sentence each.
    public var holds: [String]
    /// The live set by name, then the others in the order in which they would be chosen.
    public var edges: [Edge]
    /// The last decisions and commands, oldest first.
    public var events: [LogView.Event]

    public init(_ round: StandingRound, spans: [LiveSpan], events: [LogView.Event]) {
        let state = round.state
        let selection = round.selection()
        let live = Set(state.live.map(\.name))
        generation = state.generation
        wanted = round.settings.selection.liveCount
        minimum = selection.minimum
        let budget = RotationBudget(
            log: state.substitutions, limit: round.settings.selection.substitutionBudget,
            now: round.now)
        self.budget = budget.limit
        budgetRemaining = budget.remaining
        let left = state.sickRoundsLeft
        monitor =
            left > 0
            ? "in doubt: for \(left.counted("more round")) nothing changes for health's sake"
            : "believed"
        var holds = state.holds.filter { $0.identity != "rotations-held" }.map(\.message)
        if let hold = state.rotationHold, hold.holds(at: round.now) {
            let until = hold.until.map { "until \($0.words)" } ?? "until resumed"
            holds.append("rotations are held by \(hold.actor) \(until): \(hold.reason)")
        }
        self.holds = holds
        let order = round.candidates().filter { !live.contains($0.name) }.map(\.name)
        edges = (state.live.map(\.name).sorted() + order).map { name in
            let record = state.targets[round.target(of: name)]
            return Edge(
                edge: name.text, isLive: live.contains(name), mode: state.mode(of: name).rawValue,
                health: record?.lastOutcome == Verdict.blockedWord
                    ? Verdict.blockedWord : record?.health?.rawValue,
                why: selection.reasons[name].map { "\($0)" } ?? "no longer in the edge list",
                liveSince: spans.last { $0.edge == name && $0.ended == nil }?.began.seconds)
        }
        self.events = events
    }
}

/// A zone: what is published, why, and what name servers are known to serve.
public struct ExplainedZone: Sendable, Codable {
    /// One name server.
    public struct Server: Sendable, Codable {
        public var server: String
        /// `serves`, `owes`, `silent`, or `unknown` of a time in the past.
        public var state: String
        /// In words.
        public var detail: String
    }

    public var zone: String
    public var serial: UInt32
    public var addresses: [String]
    public var canary: String?
    /// The live edge whose place the canary has; nil: it was added.
    public var canaryReplaces: String?
    /// How many texts its include had so far.
    public var includeRevision: Int
    /// Whether the include's file is the accepted one, as far as the last round saw.
    public var isIncludeAccepted: Bool
    /// The zone template; nil: the built-in text.
    public var template: String?
    /// The generation that changed it last, with its Unix time, who made it, and why; nil: it is no more kept.
    public var generation: Int?
    public var published: Int64?
    public var actor: String?
    public var causes: [String]
    /// Why it waits, a sentence each.
    public var holds: [String]
    public var servers: [Server]
    public var events: [LogView.Event]

    /// - Parameters:
    ///   - published: what is published of it.
    ///   - generation: the last one that changed it.
    ///   - knowsServers: whether `state` tells of name servers, which it does of now alone.
    public init(
        _ zone: ZoneName, _ published: PublishedZone, in round: StandingRound,
        generation: Generation?, knowsServers: Bool, events: [LogView.Event]
    ) {
        let state = round.state
        self.zone = zone.text
        serial = published.serial.value
        addresses =
            (published.canary.map {
                ZoneAddresses(
                    live: state.live, canary: $0, zone: zone, previous: published.canaryReplaces)
            } ?? ZoneAddresses(live: state.live)).addresses.map(\.description)
        canary = published.canary?.description
        canaryReplaces = published.canaryReplaces?.text
        includeRevision = published.includeRevision
        isIncludeAccepted = !knowsServers || published.includeStamp != nil
        template = round.settings.publish.template
        self.generation = generation?.number
        self.published = generation?.time.seconds
        actor = generation?.actor
        causes = generation?.zones[zone]?.causes.map { $0.words(of: 1) } ?? []
        holds = state.holds.filter { $0.zone == zone || $0.zone == nil }.map(\.message)
        servers = round.settings.publish.servers.map { server in
            guard knowsServers else {
                return Server(
                    server: server.name.text, state: "unknown", detail: "not kept of the past")
            }
            return Server(server.name, zone, state: state.servers[server.name], now: round.now.wall)
        }
        self.events = events
    }
}

extension ExplainedZone.Server {
    fileprivate init(
        _ name: ServerName, _ zone: ZoneName, state known: ServerState?, now: UnixTime
    ) {
        server = name.text
        if let owed = known?.owed[zone] {
            state = "owes"
            let told = owed.isTold ? "told" : "not told yet"
            detail =
                "owes it since \(owed.since.words) (\(told)): "
                + (owed.difference ?? "not asked since")
        } else if let silent = known?.silentSince {
            state = "silent"
            detail = "does not answer since \(silent.words)"
        } else {
            state = "serves"
            detail = "served it as published when it was last asked"
        }
    }
}
