/// What is known of a network without probing anything: `status` prints it as text and JSON.
public struct StatusView: Sendable, Encodable {
    /// The version of this shape.
    public var schema = 1
    public var network: String
    public var generation: Int
    /// Unix time of the last run; nil: there was none.
    public var lastRun: Int64?
    public var secondsSinceLastRun: Int64?
    public var wanted: Int
    public var minimum: Int
    public var live: [String]
    /// Substitutions that health may still cause within the sliding ten minutes.
    public var budgetRemaining: Int
    public var budget: Int
    public var zones: Int
    public var edges: [StatusEdge]
    public var holds: [StatusHold]
    /// The fetch time under which an edge is simply fine.
    public var goodEnoughSeconds: Double
    /// The name servers, in the configuration's order.
    public var servers: [StatusServer]
    /// An operator's hold on the rotations, in words; nil: none.
    public var rotationHold: String?
    /// Unix time of this view.
    public var asOf: Int64
    /// What is not as it should be, worst first; empty when all is well.
    public var troubles: [String]
    /// Of `troubles`, why the last run could not be; nil: it could.
    public var lastFailure: String?
    /// Of `troubles`, that rounds do not come as often as they should; nil: they do.
    public var overdue: String?
    /// Of `troubles`, what is wrong with the live set; empty when nothing is.
    public var degraded: [String]

    /// One edge or canary.
    public struct StatusEdge: Sendable, Encodable {
        public var edge: String
        public var role: String
        /// `in` or `out`; canaries have none.
        public var state: String?
        public var mode: String
        public var health: String?
        public var fetchSeconds: Double?
        public var windowMeanSeconds: Double?
        public var meanSeconds: Double?
        public var lastOutcome: String?
        public var detail: String
        public var comment: String
        /// Unix time at which the mode ends by itself; nil: it lasts until it is changed.
        public var modeUntil: Int64?
        /// Unix time at which it came to its place, in or out; nil: it is not known.
        public var since: Int64?
        /// How it did in the last hour, oldest first; nil: nothing is known of it.
        public var hour: Sparkline?
        public var address: String?

        /// Whether it kept this monitor out: then its class is what it was before.
        var isBlocked: Bool { lastOutcome == Verdict.blockedWord }
        /// How much longer its mode lasts; empty when it does not end by itself.
        func timeLeft(at now: Int64) -> String {
            guard let modeUntil else { return "" }
            return "for \(TimeLeft.words(modeUntil - now))"
        }
        /// The class as the text shows it.
        var shownHealth: String { isBlocked ? Verdict.blockedWord : health ?? "-" }
    }

    /// One thing that waits.
    public struct StatusHold: Sendable, Encodable {
        /// `Hold.kind`: `sick_monitor`, `record_loss`, …
        public var kind: String
        public var message: String
        public var since: Int64
        public var approvable: Bool
        /// Whether it was let through already: the next run does it.
        public var approved: Bool

        init(_ hold: StoredHold, approvals: Set<String>) {
            kind = Hold.kind(of: hold.identity)
            message = hold.message
            since = hold.since.seconds
            approvable = hold.approvalKey != nil
            approved = hold.approvalKey.map(approvals.contains) ?? false
        }
    }

    public init(
        settings: NetworkSettings, state: NetworkState, inventory: [EdgeName],
        now: Moment, refusal: (time: UnixTime, message: String)? = nil,
        loss: (time: UnixTime, message: String)? = nil, past: StatusPast = StatusPast(),
        daemon: DaemonPresence = .unknown, troubles: [String] = []
    ) {
        goodEnoughSeconds = settings.judge.goodEnough.inSeconds
        network = settings.network.text
        generation = state.generation
        lastRun = state.lastRun?.wall.seconds
        secondsSinceLastRun = state.lastRun.map { Int64(now.elapsed(since: $0).inSeconds) }
        wanted = settings.selection.liveCount
        live = state.live.map(\.name.text)
        let budget = RotationBudget(
            log: state.substitutions, limit: settings.selection.substitutionBudget, now: now)
        budgetRemaining = budget.remaining
        self.budget = budget.limit
        zones = state.zones.values.count { !$0.isCatalog }
        let usable = inventory.count { state.mode(of: $0) != .unavailable }
        minimum = settings.selection.minimum(mayBeLive: usable, published: state.live.count)
        let rows = Self.rows(inventory, state: state).map { past.complete($0) }
        let standing = StandingPlaces(
            StandingRound(settings: settings, state: state, edges: inventory, now: now))
        edges = rows.map(standing.complete)
        // The operator's own hold has a line of its own, from the moment that it is said.
        holds = state.holds.filter { $0.identity != "rotations-held" }.map {
            StatusHold($0, approvals: state.approvals)
        }
        servers = settings.publish.servers.map {
            // Before the first publication there is nothing to ask for.
            StatusServer(
                $0, state: state.zones.isEmpty ? nil : state.servers[$0.name],
                patience: settings.publish.patience, now: now.wall)
        }
        asOf = now.wall.seconds
        rotationHold = state.rotationHold.flatMap { $0.holds(at: now) ? $0 : nil }.map { hold in
            let left = hold.length.map { $0 - now.elapsed(since: hold.since) }
            let until =
                left.map { " for \(TimeLeft.words(Int64($0.inSeconds)))" } ?? " until resumed"
            return "rotations are held by \(hold.actor)\(until): \(hold.reason)"
        }
        lastFailure = Self.lastFailure(refusal, state: state, now: now)
        overdue = Self.overdue(state, interval: settings.interval, now: now).map {
            "\($0): \(daemon.words)"
        }
        degraded =
            Self.unbegun(state, hasFailed: refusal != nil)
            + (state.lastRun == nil ? [] : Self.shortages(edges, wanted: wanted))
            + standing.budgetTroubles
        let first = [lastFailure].compactMap { $0 } + Self.lastLoss(loss, now: now) + degraded
        let later = servers.compactMap(\.trouble) + [overdue].compactMap { $0 }
        self.troubles =
            first + Self.unfinished(state, publish: settings.publish) + later
            + Self.blocked(edges) + troubles
    }

    /// The list's edges, those that are live and gone from it, and canaries.
    private static func rows(_ inventory: [EdgeName], state: NetworkState) -> [StatusEdge] {
        let live = Set(state.live.map(\.name))
        var edges = inventory.map { StatusEdge($0, state: state, isLive: live.contains($0)) }
        edges += state.live.filter { !inventory.contains($0.name) }.map { edge in
            var row = StatusEdge(edge.name, state: state, isLive: true)
            row.detail = "no longer in the edge list; \(row.detail)"
            return row
        }
        return edges
            + state.targets.keys.filter { $0.role == .canary }.sorted { $0.name < $1.name }
            .map { StatusEdge(canary: $0, state: state) }
    }

    /// Edges that nothing is known of as long as they keep this monitor out.
    private static func blocked(_ edges: [StatusEdge]) -> [String] {
        let names = edges.filter(\.isBlocked).map(\.edge)
        guard !names.isEmpty else { return [] }
        return [
            "\(names.joined(separator: " ")) \(names.count == 1 ? "keeps" : "keep") this monitor out "
                + "(blocked): let its address and its requests through there"
        ]
    }

    /// The last run that could not be, while none came to its end after it.
    private static func lastFailure(
        _ refusal: (time: UnixTime, message: String)?, state: NetworkState, now: Moment
    ) -> String? {
        guard let refusal, refusal.time <= now.wall,
            state.lastRun.map({ $0.wall < refusal.time }) ?? true
        else { return nil }
        let ago = now.wall.seconds - refusal.time.seconds
        return "the last run failed \(ago) s ago: \(refusal.message)"
    }

    /// What was lost with a database, for a day: an edge that was taken out may be live again.
    private static func lastLoss(
        _ loss: (time: UnixTime, message: String)?, now: Moment
    ) -> [String] {
        guard let loss else { return [] }
        let ago = now.wall.since(loss.time)
        guard ago >= .zero, ago < .seconds(86_400) else { return [] }
        return ["\(Int(ago.inSeconds) / 60) minutes ago: \(loss.message)"]
    }

    private static func keptLabels(_ state: NetworkState) -> [String] {
        let kept = state.zones.mapValues { PublishedContent.keptLabels(of: $0.contentKey) }
        return kept.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { zone, labels in
            "zone \(zone) has records of its own at \(labels.joined(separator: ", ")), which do not "
                + "rotate before its include is mended"
        }
    }

    private static func unbegun(_ state: NetworkState, hasFailed: Bool) -> [String] {
        if state.lastRun == nil {
            return [
                hasFailed ? "no round has succeeded yet" : "no round has run yet: edgemanage run"
            ]
        }
        return state.live.isEmpty ? ["nothing is live: no edge ever passed"] : []
    }

    private static func unfinished(
        _ state: NetworkState, publish: PublishSettings
    ) -> [String] {
        var troubles: [String] = []
        if state.afterChangesPending {
            troubles.append("run_after_changes is still owed: the name server may serve old zones")
        }
        let unwritten = state.zones.filter { $0.value.fileStamp?.isOutdated ?? true }.keys.sorted()
        if !unwritten.isEmpty, publish.method == .files {
            troubles.append(
                "\(unwritten.count.counted("zone file")) \(unwritten.count == 1 ? "is" : "are") not known "
                    + "to be written: \(unwritten.fewWords)")
        }
        return troubles + keptLabels(state)
    }

    /// Whether rounds do not come as often as they should; nil: they do.
    public static func overdue(
        _ state: NetworkState, interval: Duration, now: Moment
    ) -> String? {
        guard let last = state.lastRun else { return nil }
        let ago = now.elapsed(since: last)
        guard ago > interval * 3 else { return nil }
        return "the last run was \(Int(ago.inSeconds).counted("second")) ago"
    }
}

extension StatusView.StatusEdge {
    init(_ name: EdgeName, state: NetworkState, isLive: Bool) {
        let families = AddressFamily.allCases.map { ProbeTarget(name: name, family: $0) }
        let target = families.first { state.targets[$0] != nil } ?? families[0]
        let mode = state.modes[name] ?? ModeRecord()
        self.init(
            target, record: state.targets[target] ?? TargetRecord(), mode: mode,
            state: isLive ? "in" : "out")
    }

    init(canary target: ProbeTarget, state: NetworkState) {
        self.init(
            target, record: state.targets[target] ?? TargetRecord(), mode: ModeRecord(), state: nil)
    }

    private init(
        _ target: ProbeTarget, record: TargetRecord, mode: ModeRecord, state: String?
    ) {
        edge = target.name.text
        role = target.role.rawValue
        self.state = state
        self.mode = mode.mode.rawValue
        health = record.health?.rawValue
        fetchSeconds = record.lastOutcome == "ok" ? record.lastSample?.inSeconds : nil
        windowMeanSeconds = record.window.mean?.inSeconds
        meanSeconds = record.kept.mean?.inSeconds
        lastOutcome = record.lastOutcome
        detail = record.lastDetail ?? "not probed yet"
        comment = mode.comment
        modeUntil = mode.limit?.until.seconds
        address = record.lastAddress?.description
    }
}
