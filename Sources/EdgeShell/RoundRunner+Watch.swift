public import EdgeCore

/// How a daemon's round ended.
public enum RoundEnding: Sendable {
    case outcome(RoundOutcome)
    case refused(any Error)
}

extension RoundRunner {
    /// A daemon's look at the edges, apart from publishing: no lock is held, and nothing is changed but that
    /// `run_before` runs and the original's files are taken over.
    ///
    /// - Parameter spread: how the probes' starts are spread over the interval; nil: a round at once.
    /// - Throws: `RoundRefusal` when there could be no look.
    public func look(
        _ settings: NetworkSettings, spread: ProbeSpread?
    ) async throws -> Sighting {
        let options = RoundOptions()
        do {
            let known = try loadState(settings)
            await run(settings.commands.before, named: "run_before")
            try Task.checkCancellation()
            return try await look(settings, state: known, options: options, spread: spread)
        } catch {
            note(error, settings: settings, options: options)
            await keepMetrics(ofRefusal: settings)
            throw error
        }
    }

    /// A daemon's round from a sighting on: decides, publishes, and asks once who serves it.
    ///
    /// - Parameters:
    ///   - sighting: what was seen just now, or in the round before.
    ///   - asksServers: whether name servers are asked what they serve before anything is decided.
    /// - Throws: `RoundRefusal` when there could be no round; nothing was changed then.
    public func act(
        on sighting: Sighting, settings: NetworkSettings, options: RoundOptions = RoundOptions(),
        asksServers: Bool
    ) async throws -> RoundOutcome {
        do {
            // Commands that publish by themselves, such as rollback, take it between two rounds.
            let writer = try await lockNetwork(settings, waiting: Self.lockPatience)
            defer { writer.release() }
            let started = effects.clock.now()
            var survey = ServerSurvey()
            if asksServers { survey = await self.survey(settings, state: try loadState(settings)) }
            var outcome = try await act(
                on: sighting, survey: survey, settings: settings, options: options,
                started: started, writer: writer)
            await keepMetrics(of: &outcome, settings: settings)
            return outcome
        } catch {
            note(error, settings: settings, options: options)
            await keepMetrics(ofRefusal: settings)
            throw error
        }
    }

    /// Tells whoever wants to know what a daemon's round came to: apart from the rounds, for a receiver may take
    /// its time. A round that carried an order out has seen nothing new.
    public func tell(_ ending: RoundEnding, settings: NetworkSettings) async {
        switch ending {
        case .outcome(let outcome):
            guard !outcome.report.isStanding else { return }
            await effects.alarms?.attend(outcome, settings: settings, options: RoundOptions())
        case .refused(let error):
            await effects.alarms?.attend(
                refusal: error, settings: settings, options: RoundOptions())
        }
    }

    /// Takes the writer's lock, asked for again and again until `patience` is over.
    func lockNetwork(
        _ settings: NetworkSettings, waiting patience: Duration
    ) async throws -> any HeldLock {
        let begun = effects.clock.now()
        while true {
            do {
                return try lockNetwork(settings)
            } catch {
                guard effects.clock.now().elapsed(since: begun) < patience, !Task.isCancelled else {
                    throw error
                }
                await effects.clock.pause(.milliseconds(50))
            }
        }
    }
}
