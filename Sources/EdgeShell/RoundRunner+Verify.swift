import EdgeCore

extension RoundRunner {
    /// How long a run without `--wait` asks whether the name servers serve what was published.
    static let glance: Duration = .seconds(2)

    /// Asks the name servers whether they serve what was published: once, or again and again until they
    /// do or `patience` is over (I13). No lock is held meanwhile.
    func verify(
        _ delivery: inout Delivery, settings: NetworkSettings, patience: Duration?
    ) async {
        guard let asker = effects.nameServers?.asker else { return }
        let begun = effects.clock.now()
        var pause: Duration = .milliseconds(20)
        var toldAgain = Moment?.none
        var patienceWithServers: Duration = .seconds(2)
        while true {
            let left = (patience ?? Self.glance) - effects.clock.now().elapsed(since: begun)
            await ask(
                asker, &delivery, settings: settings, asksSilent: patience != nil,
                // A server is given the time to answer, however late it is.
                within: max(.milliseconds(500), min(left, Self.glance)))
            if patience != nil, isOvertaken(delivery, settings: settings) {
                delivery.updates = [:]
                return
            }
            // Who says nothing is not known to serve anything.
            guard let patience,
                delivery.updates.values.contains(where: {
                    !$0.owed.isEmpty || $0.silentSince != nil
                }),
                effects.clock.now().elapsed(since: begun) < patience
            else { return }
            await effects.clock.pause(pause)
            if effects.clock.now().elapsed(since: toldAgain ?? begun) >= patienceWithServers {
                await tellAgain(&delivery, settings: settings)
                await notifyAgain(delivery, except: [], settings: settings)
                toldAgain = effects.clock.now()
                patienceWithServers = min(patienceWithServers * 2, .seconds(30))
            }
            pause = min(pause * 2, .seconds(1))
        }
    }

    /// Whether a newer plan took this one's place: then nothing of it is waited for, told again, or called late.
    private func isOvertaken(_ delivery: Delivery, settings: NetworkSettings) -> Bool {
        let isCurrent = stillCurrent(settings.network, generation: delivery.generation)
        guard (try? isCurrent()) == false else { return false }
        effects.log.write(
            .info, "a newer plan was published meanwhile: the name servers are its to wait for")
        return true
    }

    /// A server that was told in vain, or serves something else still, is told once more.
    private func tellAgain(_ delivery: inout Delivery, settings: NetworkSettings) async {
        guard settings.publish.method == .files, let control = effects.nameServers?.control else {
            return
        }
        let known = delivery
        let results = await withTaskGroup(of: DeliveryResult.self) { group in
            for server in settings.publish.servers {
                guard let update = known.updates[server.name] else { continue }
                group.addTask {
                    await tell(
                        DeliveryResult(update: update), of: server, through: control,
                        settings: settings,
                        serving: known.served[server.name] ?? [], isAgain: true)
                }
            }
            return await group.reduce(into: [DeliveryResult]()) { $0.append($1) }
        }
        for result in results.sorted(by: { $0.update.server < $1.update.server }) {
            let server = result.update.server
            delivery.updates[server] = result.update
            // A success does not undo what went wrong before: it is worth a look.
            guard let trouble = result.trouble else { continue }
            effects.log.write(.error, trouble)
            delivery.troubles[server] = trouble
        }
    }

    /// - Parameter asksSilent: ask a server that did not answer of every zone, whatever it owes.
    private func ask(
        _ asker: any NameServerAsker, _ delivery: inout Delivery, settings: NetworkSettings,
        asksSilent: Bool, within patience: Duration
    ) async {
        let expected = delivery.expected
        let open = settings.publish.servers.compactMap { server -> OpenServer? in
            let update = delivery.updates[server.name]
            let isSilent = asksSilent && update?.silentSince != nil
            let zones = isSilent ? expected.keys.sorted() : update?.owed.keys.sorted() ?? []
            let expectations = zones.compactMap { zone in
                expected[zone]?.withoutSerial(settings, server)
                    .withdrawing(update?.owed[zone]?.gone ?? [])
            }
            return expectations.isEmpty ? nil : OpenServer(server: server, expected: expectations)
        }
        let answers = await withTaskGroup(of: (Int, ServerSurvey.Answers).self) { group in
            for (index, open) in open.enumerated() {
                group.addTask {
                    let questions = open.expected.map(\.question)
                    let given = await asker.ask(questions, of: open.server, within: patience)
                    let doubts = ServerSurvey.doubtful(given, published: open.expected)
                    let answers = await confirm(
                        given, doubts, of: open.server, through: asker, within: patience)
                    return (index, answers)
                }
            }
            return await group.reduce(into: [Int: ServerSurvey.Answers]()) { $0[$1.0] = $1.1 }
        }
        let now = effects.clock.now()
        for (index, open) in open.enumerated() {
            guard var update = delivery.updates[open.server.name] else { continue }
            update.take(
                answers[index] ?? [:], expected: open.expected,
                generation: delivery.generation, now: now)
            delivery.updates[open.server.name] = update
        }
    }

    private struct OpenServer: Sendable {
        var server: NameServerSettings
        var expected: [ServedExpectation]
    }

    /// Name servers that do not serve in time what was published; a sentence each.
    ///
    /// - Parameter said: servers of which failures tell it already.
    func lateness(
        _ outcome: RoundOutcome, settings: NetworkSettings, except said: Set<ServerName>
    ) -> [String] {
        let patience = Int(settings.publish.patience.inSeconds)
        let lagging = Set(outcome.lags.map(\.server))
        return outcome.lags.filter { !said.contains($0.server) }.map { lag in
            "not served everywhere after \(patience.counted("second")): \(lag.example)"
                + (lag.zones - 1).furtherWords("zone")
        }
            + outcome.silentServers.filter { !lagging.contains($0) }.map {
                "not known to be served everywhere: name server \($0) did not answer for "
                    + patience.counted("second")
            }
    }

    /// Keeps what was learned of the name servers, unless a newer run has begun; what went wrong, if anything.
    func note(_ delivery: Delivery, settings: NetworkSettings) -> String? {
        let servers = settings.publish.servers.map(\.name)
        guard !servers.isEmpty else { return nil }
        do {
            let isNoted = try effects.store.note(
                servers.compactMap { delivery.updates[$0] }, network: settings.network,
                generation: delivery.generation, round: delivery.round, servers: servers)
            if !isNoted {
                effects.log.write(
                    .info,
                    "a newer run has begun: what this one learned of the name servers is not kept")
            }
            return nil
        } catch {
            return "\(error); the name servers are told again next round"
        }
    }

    /// Keeps what was learned of the name servers, and says who lags.
    func settle(
        _ delivery: Delivery, settings: NetworkSettings, into outcome: inout RoundOutcome
    ) {
        let servers = settings.publish.servers.map(\.name)
        guard !servers.isEmpty else { return }
        let updates = servers.compactMap { delivery.updates[$0] }
        if let trouble = note(delivery, settings: settings) {
            effects.log.write(.error, trouble)
            outcome.troubles.append(trouble)
        }
        // Told in vain, and served all the same: worth a look, no failure.
        for (server, trouble) in delivery.troubles.sorted(by: { $0.key < $1.key }) {
            if delivery.updates[server]?.owed.isEmpty == true {
                outcome.report.warnings.append(trouble)
            } else {
                outcome.troubles.append(trouble)
            }
        }
        outcome.lags = updates.compactMap(\.lag)
        outcome.silentServers = updates.filter { $0.silentSince != nil }.map(\.server)
    }
}
