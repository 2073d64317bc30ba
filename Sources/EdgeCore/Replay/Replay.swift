/// Decides recorded rounds as a network's own rounds would have been decided: judge, selection and guard, one
/// round after the other from a network that knows nothing yet. Nothing is probed, written or published.
///
/// No operator is there: every edge is available, no hold is approved, and the list of edges never changes.
public struct Replay: Sendable {
    /// An edge without a line for so long is known no more: it is nobody's replacement, and gives way when
    /// it is live. Until then it is judged as before.
    public static let memoryOfSilence: Duration = .seconds(600)
    /// Whose clocks the rounds' moments are told by.
    private static let boot = "trace"

    public let settings: NetworkSettings
    /// In the order of their names.
    private let edges: [ProbeTarget]
    private let inventory: Inventory
    private let named: Set<EdgeName>
    private var memory: RoundMemory
    private var begin: UnixTime?

    /// - Parameter edges: all edges of the trace. Those whose names are no addresses get addresses of
    ///   198.18.0.0/15, which is set aside for tests (RFC 2544, RFC 6890).
    public init(settings: NetworkSettings, edges names: [EdgeName]) {
        self.settings = settings
        let names = Set(names).sorted()
        named = Set(names.filter { $0.address == nil })
        let taken = Set(names.compactMap(\.address))
        var next: UInt32 = 0xC612_0000
        var inventory = Inventory(edges: names)
        for name in names {
            if let address = name.address {
                inventory.addresses[name, default: EdgeAddresses()][address.family] = address
                continue
            }
            repeat { next += 1 } while taken.contains(.v4(next))
            inventory.addresses[name] = EdgeAddresses(ipv4: .v4(next))
        }
        self.inventory = inventory
        edges = names.map {
            ProbeTarget(name: $0, family: inventory.addresses[$0]?.primary ?? .ipv4)
        }
        memory = RoundMemory(judge: settings.judge)
    }

    /// Decides the next round; its time must not be before that of the last one.
    public mutating func decide(_ round: TraceRound) -> ReplayedRound {
        let first = begin ?? round.time
        begin = first
        let now = Moment(
            wall: round.time, sinceBoot: round.time.since(first), bootID: Self.boot)
        forgetTheSilent(round)
        let state = memory.state(at: now)
        let inventory = inventory(of: round, state: state)
        let observations = round.probes.map { observation($0, inventory: inventory) }
        let decision = Round.decide(
            RoundInput(
                settings: settings, inventory: inventory, state: state,
                observations: observations, now: now))
        memory.take(decision, observations: observations, at: now)
        return replayed(decision, observations: observations, at: round.time)
    }

    /// What is known after the last round, at a time that is not before it.
    public mutating func state(at time: UnixTime) -> (state: NetworkState, now: Moment) {
        let first = begin ?? time
        let now = Moment(wall: time, sinceBoot: time.since(first), bootID: Self.boot)
        return (memory.state(at: now), now)
    }

    /// The one place where a recorded probe becomes what the judge sees: the last attempt counts.
    private func observation(_ probe: TraceProbe, inventory: Inventory) -> Observation {
        let attempts = probe.attempts.map(onTime)
        return Observation(
            target: probe.target,
            address: inventory.addresses[probe.target.name]?[probe.target.family],
            outcome: attempts.last ?? .localFault(reason: "nothing is recorded"),
            attempts: attempts.count, earlier: Array(attempts.dropLast()))
    }

    /// How long this configuration waits for an attempt's answer.
    private var deadline: Duration {
        settings.judge.steady?.attemptTimeout ?? settings.probe.timeout
    }

    /// An answer that took longer was none.
    private func onTime(_ outcome: ProbeOutcome) -> ProbeOutcome {
        guard let time = outcome.fetchTime, time > deadline else { return outcome }
        return .timeout(.transfer)
    }

    /// The edges as this round found them: a name that never resolved has no address, one that did keeps it.
    private func inventory(of round: TraceRound, state: NetworkState) -> Inventory {
        var inventory = inventory
        for probe in round.probes where probe.target.role == .edge {
            guard case .unresolvable(let reason)? = probe.attempts.last,
                named.contains(probe.target.name)
            else { continue }
            inventory.failedLookups += 1
            if state.targets[probe.target]?.lastAddress == nil {
                inventory.addresses[probe.target.name] = nil
                inventory.unresolvable[probe.target.name] = reason
            }
        }
        return inventory
    }

    private mutating func forgetTheSilent(_ round: TraceRound) {
        guard round.probes.count(where: { $0.target.role == .edge }) < edges.count else { return }
        let heard = Set(round.probes.map(\.target))
        for edge in edges where !heard.contains(edge) {
            guard let probed = memory.record(of: edge)?.lastProbed,
                round.time.since(probed) > Self.memoryOfSilence
            else { continue }
            memory.forgetHealth(of: edge)
        }
    }

    private func replayed(
        _ decision: RoundDecision, observations: [Observation], at time: UnixTime
    ) -> ReplayedRound {
        let selection = decision.selection
        let told = selection.reasons.filter { name, reason in
            reason.isReprieve || selection.added.contains(name) || selection.removed.contains(name)
        }
        return ReplayedRound(
            time: time, live: decision.live.map(\.name),
            healths: edges.compactMap { edge in
                memory.record(of: edge).flatMap { .init(edge.name, $0) }
            },
            held: decision.holds.first.map { "\($0)" }, removed: selection.removed,
            added: selection.added,
            reasons: told.sorted { $0.key < $1.key }
                .map { .init(edge: $0.key, words: "\($0.value)") },
            failing: observations.compactMap { observation in
                let isFailure =
                    observation.target.role == .edge && observation.fetchTime == nil
                    && !observation.outcome.isLocalFault
                    && decision.verdicts[observation.target]?.isBlocked != true
                return isFailure ? observation.target.name : nil
            })
    }
}

/// What one recorded round came to.
public struct ReplayedRound: Hashable, Sendable {
    /// An edge's class after the round.
    public struct EdgeHealth: Hashable, Sendable {
        public var edge: EdgeName
        public var health: Health
        /// Whether it kept the monitor out: its class is then what it was before, and `blocked` is shown.
        public var isBlocked = false

        /// The class as it is shown.
        public var word: String { isBlocked ? Verdict.blockedWord : health.rawValue }
    }

    /// Why an edge is where it is.
    public struct Reason: Hashable, Sendable {
        public var edge: EdgeName
        public var words: String
    }

    public var time: UnixTime
    /// In the order of their names, as everything here.
    public var live: [EdgeName]
    /// Of the edges that were ever judged.
    public var healths: [EdgeHealth]
    /// The first hold's sentence; nil: nothing was held.
    public var held: String?
    public var removed: [EdgeName]
    public var added: [EdgeName]
    /// Of the edges that came or went, and of those that stay for want of better ones.
    public var reasons: [Reason]
    /// The edges whose probe failed in this round.
    public var failing: [EdgeName]

    /// A round with its parts; see there.
    public init(
        time: UnixTime, live: [EdgeName], healths: [EdgeHealth], held: String?,
        removed: [EdgeName], added: [EdgeName], reasons: [Reason], failing: [EdgeName]
    ) {
        self.time = time
        self.live = live
        self.healths = healths
        self.held = held
        self.removed = removed
        self.added = added
        self.reasons = reasons
        self.failing = failing
    }

    /// Whether zones would have been published: the first live set, or another one than before.
    public var published: Bool { !added.isEmpty || !removed.isEmpty }
}

extension ReplayedRound.EdgeHealth {
    /// What is known of an edge after the round; nil: it was never judged.
    init?(_ edge: EdgeName, _ record: TargetRecord) {
        guard let health = record.health else { return nil }
        self.init(
            edge: edge, health: health, isBlocked: record.lastOutcome == Verdict.blockedWord)
    }
}

extension ReplayedRound {
    /// Appends the round as one line of JSON, its members in a fixed order, without a line break.
    public func appendJSON(to bytes: inout [UInt8]) {
        bytes += #"{"time": "#.utf8
        DecimalSeconds.append(time.nanoseconds, keepsPoint: false, to: &bytes)
        bytes += ", ".utf8
        appendMembers(to: &bytes)
        bytes += "}".utf8
    }

    /// Appends all members but the time.
    func appendMembers(to bytes: inout [UInt8]) {
        bytes += #""live": "#.utf8
        Self.append(live, to: &bytes)
        bytes += #", "healths": {"#.utf8
        for (index, entry) in healths.enumerated() {
            if index > 0 { bytes += ", ".utf8 }
            JSONValue.append(entry.edge.text, to: &bytes)
            bytes += ": ".utf8
            JSONValue.append(entry.word, to: &bytes)
        }
        bytes += #"}, "published": "#.utf8
        bytes += (published ? "true" : "false").utf8
        bytes += #", "held": "#.utf8
        if let held { JSONValue.append(held, to: &bytes) } else { bytes += "null".utf8 }
        bytes += #", "removed": "#.utf8
        Self.append(removed, to: &bytes)
        bytes += #", "added": "#.utf8
        Self.append(added, to: &bytes)
        bytes += #", "reasons": {"#.utf8
        for (index, reason) in reasons.enumerated() {
            if index > 0 { bytes += ", ".utf8 }
            JSONValue.append(reason.edge.text, to: &bytes)
            bytes += ": ".utf8
            JSONValue.append(reason.words, to: &bytes)
        }
        bytes += "}".utf8
    }

    private static func append(_ names: [EdgeName], to bytes: inout [UInt8]) {
        bytes += "[".utf8
        for (index, name) in names.enumerated() {
            if index > 0 { bytes += ", ".utf8 }
            JSONValue.append(name.text, to: &bytes)
        }
        bytes += "]".utf8
    }
}
