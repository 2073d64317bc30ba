public import EdgeCore

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
            return try await look(settings, state: known, options: options, spread: spread)
        } catch {
            await conclude(refusal: error, settings: settings, options: options)
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
            await conclude(&outcome, settings: settings, options: options)
            return outcome
        } catch {
            await conclude(refusal: error, settings: settings, options: options)
            throw error
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
