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
        if live.count < minimum, !published.isEmpty || live.isEmpty {
            selection.live = published.sorted()
            selection.holds = [.directiveTooSmall(wouldBe: live.count, minimum: minimum)]
            for name in published { selection.reasons[name] = .held }
            return selection
        }
        for name in live { selection.reasons[name] = .directed(by: words) }
        for name in published where !live.contains(name) {
            selection.reasons[name] =
                listed.contains(name) ? .directedOut(by: words) : .leftList
            selection.removedByOperator.insert(name)
            selection.budget.spend(name, byOperator: true, now: input.now)
        }
        selection.added = live.filter { !published.contains($0) }.sorted()
        selection.removed = published.filter { !live.contains($0) }.sorted()
        return selection
    }
}
