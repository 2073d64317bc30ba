/// What a round would decide if every probe came to what the last one did: what `explain` reads a network's state by.
///
/// Judge and selector are the round's own.
public struct StandingRound: Sendable {
    public let settings: NetworkSettings
    public let state: NetworkState
    /// The edge list.
    public let edges: [EdgeName]
    public let now: Moment
    /// What the last round came to, by target: where it is known, and that round was the last one.
    private let latest: [ProbeTarget: ProbeEvidence]

    /// - Parameter probes: the last kept samples; of each target the newest one counts.
    public init(
        settings: NetworkSettings, state: NetworkState, edges: [EdgeName], now: Moment,
        probes: [ProbeTarget: [KeptProbe]] = [:]
    ) {
        self.settings = settings
        self.state = state
        self.edges = edges
        self.now = now
        var latest: [ProbeTarget: ProbeEvidence] = [:]
        for (target, kept) in probes {
            // A round that is not held against the edge leaves no sample.
            guard let probe = kept.last, probe.time == state.targets[target]?.lastProbed else {
                continue
            }
            latest[target] = probe.evidence
        }
        self.latest = latest
    }

    /// The family that decides whether an edge is live; a canary, where the name is no edge's.
    public func target(of edge: EdgeName) -> ProbeTarget {
        let targets = Self.targets(of: edge)
        return targets.first { state.targets[$0] != nil }
            ?? ProbeTarget(name: edge, family: edge.address?.family ?? .ipv4)
    }

    /// All targets that a name may have, in the order in which they count.
    public static func targets(of name: EdgeName) -> [ProbeTarget] {
        [ProbeTarget.Role.edge, .canary].flatMap { role in
            AddressFamily.allCases.map { ProbeTarget(role: role, name: name, family: $0) }
        }
    }

    /// Whether nothing would change for health's sake.
    var holdsHealth: Bool { state.sickRoundsLeft > 0 || input(state).rotationHold != nil }

    /// The live set that would follow, with every edge's reason.
    public func selection() -> Selection { selection(of: state) }

    /// The same, had an edge this mode.
    public func selection(with edge: EdgeName, _ mode: ModeRecord) -> Selection {
        var changed = state
        changed.modes[edge] = mode
        return selection(of: changed)
    }

    /// The edges of the list, best first: the order in which places are filled.
    public func candidates() -> [Candidate] {
        Round.candidates(input(state), verdicts: verdicts(state)).sorted(by: Candidate.isBetter)
    }

    private func selection(of state: NetworkState) -> Selection {
        Round.select(input(state), verdicts: verdicts(state), holdsHealth: holdsHealth)
    }

    private func input(_ state: NetworkState) -> RoundInput {
        var inventory = Inventory(edges: edges)
        for edge in edges {
            for family in AddressFamily.allCases {
                let record = state.targets[ProbeTarget(name: edge, family: family)]
                inventory.addresses[edge, default: EdgeAddresses()][family] = record?.lastAddress
            }
            if let address = edge.address {
                inventory.addresses[edge] = EdgeAddresses()
                inventory.addresses[edge]?[address.family] = address
            }
        }
        return RoundInput(
            settings: settings, inventory: inventory, state: state, observations: [], now: now)
    }

    private func verdicts(_ state: NetworkState) -> [ProbeTarget: Verdict] {
        var verdicts: [ProbeTarget: Verdict] = [:]
        for edge in edges {
            for family in AddressFamily.allCases {
                let target = ProbeTarget(name: edge, family: family)
                verdicts[target] = verdict(of: target)
            }
        }
        return verdicts
    }

    /// What the judge said of a target last; nil: it never judged it.
    func verdict(of target: ProbeTarget) -> Verdict? {
        guard let record = state.targets[target], record.health != nil else { return nil }
        let outcome = outcome(of: target)
        let isMismatch =
            latest[target]?.outcomes.contains(where: \.isMismatch) ?? outcome.isMismatch
        if let steady = settings.judge.steady {
            return SteadyJudge(
                settings: settings.judge, steady: steady, timeout: settings.probe.timeout
            ).standing(
                of: target, record: record, outcome: outcome, isMismatch: isMismatch,
                isBlocked: record.lastOutcome == Verdict.blockedWord)
        }
        let (health, reason) = ClassicJudge(
            settings: settings.judge, timeout: settings.probe.timeout
        ).classify(outcome, window: record.window, kept: record.kept)
        // A round that was not held against the edge left its class as it was.
        let isHeld = health == record.health
        return Verdict(
            target: target, health: record.health, reason: isHeld ? reason : .asBefore(outcome),
            mean: record.kept.mean, isMismatch: isMismatch)
    }

    /// What the last round came to, as far as it is known.
    func outcome(of target: ProbeTarget) -> ProbeOutcome {
        if let known = latest[target]?.last { return known }
        let record = state.targets[target]
        let word = record?.lastOutcome ?? ""
        return TraceOutcome(rawValue: word)?.outcome(fetchTime: record?.lastSample ?? .zero)
            ?? .protocolError(reason: ProbeEvidence.silence)
    }
}
