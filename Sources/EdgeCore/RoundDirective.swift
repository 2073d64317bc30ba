/// An operator's word that takes the place of probing and judging in a round: publish this (a saved
/// plan, or what was published at an earlier generation).
public struct RoundDirective: Hashable, Sendable {
    public var cause: GenerationCause
    /// The live set, with the addresses to publish.
    public var live: [LiveEdge]
    /// Canaries in use, by zone, with the edge whose place each has.
    public var canaries: [ZoneName: IPAddress]
    /// The parameters to publish with; nil: those in effect.
    public var dns: DNSSettings?
    /// Includes that are brought back, by zone: published until their files change.
    public var includes: [ZoneName: [UInt8]]
    /// The saved plan that it must come to, exactly; nil: none.
    public var plan: SavedPlan?
    /// Edges of the live set that did not answer as they should when they were asked for it just now, and
    /// what they answered.
    public var failing: [EdgeName: String] = [:]
    /// Addresses that were left out since they did not answer; a sentence each.
    public private(set) var leftOut: [String] = []
    /// Whether it is published however few of its edges answer (`--insist`).
    public var insists = false

    public init(
        cause: GenerationCause, live: [LiveEdge], canaries: [ZoneName: IPAddress] = [:],
        dns: DNSSettings? = nil, includes: [ZoneName: [UInt8]] = [:], plan: SavedPlan? = nil
    ) {
        self.cause = cause
        self.live = live
        self.canaries = canaries
        self.dns = dns
        self.includes = includes
        self.plan = plan
    }
}

extension RoundDirective {
    /// Takes in what one of its edges or canaries answered. An edge is asked at the address that it is judged
    /// by; as in every round, its other address and a canary only go out while they answer, unless the
    /// operator insists.
    public mutating func note(_ observation: Observation) {
        if observation.fetchTime != nil, !observation.outcome.isMismatch { return }
        let target = observation.target
        switch target.role {
        case .edge:
            guard let place = live.firstIndex(where: { $0.name == target.name }) else { return }
            guard live[place].addresses.primary != target.family else {
                failing[target.name] = "\(observation.outcome)"
                return
            }
            guard !insists, let address = live[place].addresses.ipv6 else { return }
            live[place].addresses.ipv6 = nil
            leftOut.append("\(target.name) goes out without \(address): \(observation.outcome)")
        case .canary:
            let zones = canaries.keys.sorted().filter {
                canaries[$0].map { EdgeName($0) } == target.name
            }
            guard !insists else { return }
            for zone in zones {
                canaries[zone] = nil
                leftOut.append(
                    "zone \(zone) goes out without its canary \(target.name): \(observation.outcome)"
                )
            }
        case .reference: return
        }
    }

    /// Dead edges do not go out by an operator's mistake: at least `min_live` of the set must answer, or be
    /// blindforced (I1), unless the operator insists.
    fileprivate func sicknessHold(
        of live: [EdgeName], minimum: Int, state: NetworkState
    ) -> Hold? {
        guard !insists else { return nil }
        let sick = live.filter { failing[$0] != nil && state.mode(of: $0) != .blindforce }.sorted()
        let needed = max(1, min(minimum, live.count))
        guard live.count - sick.count < needed else { return nil }
        return .directiveFails(
            answering: live.count - sick.count, of: live.count, needed: needed,
            failures: sick.map { "\($0): \(failing[$0] ?? "")" })
    }

    /// Whether an edge stays out since it failed just now. A saved plan goes out as it was shown.
    fileprivate func leavesOut(_ name: EdgeName, state: NetworkState) -> Bool {
        guard case .rollback = cause, !insists, state.mode(of: name) != .blindforce else {
            return false
        }
        return failing[name] != nil
    }

    /// What an operator must hear of the set that goes out: who fails, and who stays out.
    func warnings(on selection: Selection, input: RoundInput) -> [String] {
        guard selection.holds.isEmpty else { return [] }
        let listed = Set(input.inventory.edges)
        let edges = live.map(\.name).sorted().compactMap { name -> String? in
            guard listed.contains(name) else {
                return "\(name) stays out: it is no longer in the edge list"
            }
            let mode = input.state.modes[name] ?? ModeRecord()
            if mode.mode == .unavailable {
                let reason = SelectionReason.unavailable(comment: mode.comment)
                return "\(name) stays out: \(reason)"
            }
            let how =
                leavesOut(name, state: input.state) ? "stays out: it" : "goes out although it"
            return failing[name].map { "\(name) \(how) fails: \($0)" }
        }
        return edges + leftOut
    }
}

extension Selection {
    /// The selection that an operator's word makes.
    ///
    /// Edges that may not be live now are left out: those gone from the list, whose address may belong to
    /// somebody else by now, and those made unavailable (I17). A set smaller than `min_live` is held (I1).
    static func directed(
        _ directive: RoundDirective, input: RoundInput, budget: RotationBudget
    ) -> Selection {
        let listed = Set(input.inventory.edges)
        let published = input.state.live.map(\.name)
        let usable = input.inventory.edges.count { input.state.mode(of: $0) != .unavailable }
        let minimum = input.settings.selection.minimum(
            mayBeLive: usable, published: published.count)
        let live = directive.live.map(\.name).filter {
            listed.contains($0) && input.state.mode(of: $0) != .unavailable
        }
        var selection = Selection(
            live: live.sorted(), reasons: [:], added: [], removed: [], removedByOperator: [],
            heldBack: [], holds: [], usedApprovals: [], budget: budget, minimum: minimum)
        let words = directive.cause.text
        let hold =
            live.count < minimum && (!published.isEmpty || live.isEmpty)
            ? Hold.directiveTooSmall(wouldBe: live.count, minimum: minimum)
            : directive.sicknessHold(of: live, minimum: minimum, state: input.state)
        if let hold {
            selection.live = published.sorted()
            selection.holds = [hold]
            for name in published { selection.reasons[name] = .held }
            return selection
        }
        let going = live.filter { !directive.leavesOut($0, state: input.state) }
        selection.live = going.sorted()
        for name in going { selection.reasons[name] = .directed(by: words) }
        for name in published where !going.contains(name) {
            selection.reasons[name] =
                listed.contains(name) ? .directedOut(by: words) : .leftList
            selection.removedByOperator.insert(name)
            selection.budget.spend(name, byOperator: true, now: input.now)
        }
        selection.added = going.filter { !published.contains($0) }.sorted()
        selection.removed = published.filter { !going.contains($0) }.sorted()
        return selection
    }
}
