public import EdgeCore

/// What a look at a network's edges came to, and a round is decided from.
public struct Sighting: Sendable {
    public var inventory: Inventory
    public var observations: [Observation]
    /// The verdicts of the round that this was seen in, when it is acted on once more; nil: it is new.
    public var judged: JudgedRound?

    public init(
        inventory: Inventory, observations: [Observation], judged: JudgedRound? = nil
    ) {
        self.inventory = inventory
        self.observations = observations
        self.judged = judged
    }

    /// The same as a round judged it, for carrying operators' words out without asking the edges again.
    public func judged(by outcome: RoundOutcome) -> Sighting {
        var sighting = self
        sighting.judged = JudgedRound(outcome.decision)
        return sighting
    }
}

extension RoundRunner {
    /// Probes the edges; an operator's own word is not judged by it.
    ///
    /// - Parameter spread: how the probes' starts are spread; nil: they are not.
    func look(
        _ settings: NetworkSettings, state: NetworkState, options: RoundOptions,
        spread: ProbeSpread? = nil
    ) async throws -> Sighting {
        let isDirected = options.directive != nil
        let inventory = try await takeInventory(settings, state: state, resolves: !isDirected)
        guard !isDirected else { return Sighting(inventory: inventory, observations: []) }
        try adoptOriginalFiles(settings, inventory: inventory, state: state, options: options)
        let observations = try await probe(
            settings, inventory: inventory, state: state, spread: spread)
        return Sighting(inventory: inventory, observations: observations)
    }
}
