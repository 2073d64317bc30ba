import EdgeCore

extension RoundRunner {
    /// Asks the edges that an operator's word would publish, once and at the addresses that would go out:
    /// an old generation or a saved plan may hold edges that died since. Nothing of it is kept as history.
    func asking(
        _ options: RoundOptions, settings: NetworkSettings, state: NetworkState
    ) async throws -> RoundOptions {
        guard var directive = options.directive else { return options }
        var inventory = Inventory()
        for edge in directive.live where state.mode(of: edge.name) != .unavailable {
            inventory.edges.append(edge.name)
            inventory.addresses[edge.name] = edge.addresses
        }
        inventory.canaries = directive.canaries.filter {
            state.mode(of: EdgeName($0.value)) != .unavailable
        }
        var asked = settings
        asked.references = []
        do {
            let observations = try await probe(asked, inventory: inventory, state: state)
            for observation in observations { directive.note(observation) }
        } catch {
            // Who insists wants it published, whatever can be known of it.
            guard directive.insists else { throw error }
            effects.log.write(.warning, "the edges could not be asked: \(error)")
        }
        var options = options
        options.directive = directive
        return options
    }

    /// A saved plan is published as it was shown, or not at all; and neither is half of any set published,
    /// the includes and parameters of edges that may not go out.
    func refuseDirected(_ plan: RoundPlan, options: RoundOptions) throws {
        func stale(_ reason: String?) throws {
            guard let reason else { return }
            let why = (options.directive?.leftOut ?? []).map { "; \($0)" }.joined()
            throw RoundRefusal.stale(
                "the plan is stale: \(reason)\(why); make a new one by edgemanage plan --out")
        }
        let saved = options.directive?.plan
        try stale(saved?.staleness(state: plan.state, now: plan.now))
        for hold in plan.decision.selection.holds {
            switch hold {
            case .directiveTooSmall, .directiveFails: throw RoundRefusal.tooSmall("\(hold)")
            case .sickMonitor, .allMismatch, .massRemoval, .belowMinimum, .parameters,
                .foreignParameters, .recordLoss, .templateLoss, .rotationsHeld,
                .serialNotComparable:
                continue
            }
        }
        // What is held is not the plan: compared with it, it would only seem to be another one.
        try stale(saved?.difference(from: plan.saved()))
    }

    /// Leaves a trace of zones that a run could not publish, or not by their template, for `status`; the next
    /// run takes it away.
    func noteFailures(
        of outcome: RoundOutcome, settings: NetworkSettings, options: RoundOptions
    ) {
        let lines = FailureWords.lines(of: outcome.failures) + outcome.templateTroubles
        guard !options.isDry, let line = lines.first else { return }
        try? effects.store.record(
            [AuditEvent(kind: .refusal, message: line)], network: settings.network,
            now: effects.clock.now())
    }

    /// Leaves a trace of a run that could not be, for `status`; one that came too soon, or beside another,
    /// is no failure, and a command of an operator's has told the operator.
    func note(_ error: any Error, settings: NetworkSettings, options: RoundOptions) {
        guard !options.isDry, options.directive == nil else { return }
        switch error as? RoundRefusal {
        case .tooSoon?, .busy?: return
        case .inventory?, .state?, .stale?, .tooSmall?, nil: break
        }
        // Where the database is the trouble there is nowhere to say it.
        try? effects.store.record(
            [AuditEvent(kind: .refusal, message: "\(error)")], network: settings.network,
            now: effects.clock.now())
    }
}
