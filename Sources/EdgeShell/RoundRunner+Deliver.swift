import EdgeCore

extension RoundRunner {
    /// Brings what was published to the name servers: each is told, or updated, side by side, so that a
    /// dead one holds up no other.
    func deliver(
        _ plan: RoundPlan, written: Set<ZoneName>, generation: Int, settings: NetworkSettings
    ) async -> Delivery {
        var delivery = Delivery(
            generation: generation, round: plan.started, updates: plan.survey.updates,
            served: plan.survey.served.mapValues { Set($0.keys) },
            expected: expectations(plan, settings: settings))
        delivery.lastFailures = plan.state.servers.compactMapValues { $0.lastControl?.failure }
        guard let nameServers = effects.nameServers else { return delivery }
        let known = delivery.expected
        let results = await withTaskGroup(of: DeliveryResult.self) { group in
            for server in settings.publish.servers {
                let task = ServerTask(
                    server: server, plan: plan, written: written, generation: generation,
                    expected: known)
                group.addTask {
                    settings.publish.method == .files
                        ? await tell(task, through: nameServers.control)
                        : await update(task, through: nameServers)
                }
            }
            return await group.reduce(into: [DeliveryResult]()) { $0.append($1) }
        }
        for result in results.sorted(by: { $0.update.server < $1.update.server }) {
            delivery.updates[result.update.server] = result.update
            delivery.failures[result.update.server] = result.failures
            delivery.updated[result.update.server] = result.updated
            delivery.reached.formUnion(result.updated.union(result.unchanged))
            delivery.troubles[result.update.server] = result.trouble
        }
        return delivery
    }

    /// What a delivery came to, for the round's outcome.
    func take(_ delivery: Delivery, into outcome: inout RoundOutcome) {
        let failures = delivery.failures.sorted { $0.key < $1.key }.reduce(into: [:]) { all, next in
            all.merge(next.value) { "\($0); \($1)" }
        }
        outcome.failures.merge(failures) { first, _ in first }
        for trouble in delivery.troubles.sorted(by: { $0.key < $1.key }) {
            effects.log.write(.error, trouble.value)
        }
        for line in FailureWords.lines(of: failures, most: 200) {
            effects.log.write(.error, line)
        }
    }

    /// By updates a zone is written once a server has it.
    func countUpdates(
        _ delivery: Delivery, _ plan: RoundPlan, into outcome: inout RoundOutcome
    ) {
        guard plan.settings.publish.method == .updates else { return }
        outcome.updated = delivery.updated.mapValues(\.count).filter { $0.value > 0 }
        outcome.report.written.removeAll { !delivery.reached.contains($0) }
        let written = Set(outcome.report.written)
        for line in PublicationWords.lines(
            of: plan.writes.filter { written.contains($0.step.zone) })
        {
            effects.log.write(.notice, line)
        }
    }

    private func expectations(
        _ plan: RoundPlan, settings: NetworkSettings
    ) -> [ZoneName: ServedExpectation] {
        guard !settings.publish.servers.isEmpty else { return [:] }
        var book = ExpectationBook(settings: settings)
        var zones = plan.state.zones
        zones.merge(plan.zoneRecords()) { _, new in new }
        var expected: [ZoneName: ServedExpectation] = [:]
        expected.reserveCapacity(zones.count)
        for (zone, published) in zones {
            expected[zone] = book.expectation(of: zone, published)
        }
        return expected
    }

    /// Has a server read changed files anew, unless it has just failed to.
    private func tell(
        _ task: ServerTask, through control: any NameServerControl
    ) async -> DeliveryResult {
        let result = task.begun()
        let known = task.plan.state.servers[task.server.name] ?? ServerState()
        let isNew = !task.written.isEmpty || task.plan.isUrgent
        guard isNew || known.mayBeTold(at: effects.clock.now()) else { return result }
        return await tell(
            result, of: task.server, through: control, settings: task.plan.settings,
            written: task.written,
            serving: Set((task.plan.survey.served[task.server.name] ?? [:]).keys))
    }

    /// Tells a server of what it owes and was not told, or does not serve although it was.
    ///
    /// - Parameters:
    ///   - written: zones that it is told of whatever is known of them.
    ///   - known: zones that it was just found to serve.
    ///   - isAgain: for the log: it was told in this round before.
    func tell(
        _ result: DeliveryResult, of server: NameServerSettings,
        through control: any NameServerControl, settings: NetworkSettings,
        written: Set<ZoneName> = [], serving known: Set<ZoneName>, isAgain: Bool = false
    ) async -> DeliveryResult {
        let catalog = settings.publish.catalog?.zone
        let zones = result.update.owed.filter { zone, owed in
            written.contains(zone) || !owed.isTold || owed.difference != nil
        }.keys.sorted { left, right in
            // A catalog names zones that must be there first.
            let (isLeft, isRight) = (left == catalog, right == catalog)
            return isLeft == isRight ? left < right : isRight
        }
        guard server.control != nil, !zones.isEmpty else { return result }
        var result = result
        let failures = result.update.failures
        let now = effects.clock.now()
        let report = await control.reload(
            zones, of: server, directory: settings.publish.directory, serving: known)
        for zone in zones {
            result.update.owed[zone]?.note(
                isTold: report.failure == nil && report.refused[zone] == nil, at: now.wall)
            if let refusal = report.refused[zone] { result.update.owed[zone]?.difference = refusal }
        }
        let failure = report.failure ?? report.refusal(by: server.name)
        result.update.failures = failure == nil ? 0 : failures + 1
        result.update.lastTry = now
        result.update.control = StoredControl(
            time: now.wall, command: report.command, ending: report.ending,
            output: report.output, duration: report.duration, failure: failure)
        guard let failure else {
            let again = failures > 0 ? ", after \(failures.counted("failure"))" : ""
            effects.log.write(
                .info,
                "\(server.name) was told \(isAgain ? "again " : "")of \(zones.count.counted("zone")) in "
                    + "\(report.duration.shortSeconds)\(again)")
            return result
        }
        let pause = Int(ServerState.pause(after: failures + 1).inSeconds).counted("second")
        let count = zones.count.counted("zone")
        let what =
            report.failure == nil
            ? "did not take \(report.refused.count) of \(count)" : "could not be told of \(count)"
        result.trouble =
            "name server \(server.name) \(what): \(failure); it is tried again with the next change, or "
            + "after \(pause)"
        return result
    }
}

extension ControlReport {
    /// The first zone that a server did not take, with its words; nil: there is none.
    func refusal(by server: ServerName) -> String? {
        refused.min { $0.key < $1.key }.map { zone, words in
            "zone \(zone): \(server) \(words)" + (refused.count - 1).furtherWords("zone")
        }
    }
}

/// One server's part of a delivery.
struct ServerTask: Sendable {
    var server: NameServerSettings
    var plan: RoundPlan
    /// Zones that this round published.
    var written: Set<ZoneName>
    var generation: Int
    var expected: [ZoneName: ServedExpectation]

    /// What is owed before anything is done.
    func begun() -> DeliveryResult {
        var update =
            plan.survey.updates[server.name]
            ?? ServerUpdate(
                server: server.name, failures: plan.state.servers[server.name]?.failures ?? 0,
                silentSince: plan.state.servers[server.name]?.silentSince)
        var owed = Delivery.owed(by: server.name, state: plan.state, survey: plan.survey)
        // What was given up since is owed no more.
        for zone in owed.keys where expected[zone] == nil {
            owed[zone] = nil
            update.settled.insert(zone)
        }
        let published = plan.generationZones()
        for zone in written {
            update.settled.remove(zone)
            if let content = published[zone] {
                owed[zone] = OwedZone(
                    of: content, generation: generation, published: plan.now.wall,
                    after: owed[zone],
                    isForItsSake: plan.survey.askers[server.name]?.contains(zone) == true,
                    gone: plan.gone[server.name]?[zone] ?? [])
            }
        }
        update.owed = owed
        return DeliveryResult(update: update)
    }
}

/// What came of one server's part.
struct DeliveryResult: Sendable {
    var update: ServerUpdate
    var failures: [ZoneName: String] = [:]
    /// Zones that it took as updates, and those in which nothing had to change.
    var updated: Set<ZoneName> = []
    var unchanged: Set<ZoneName> = []
    /// Why the server could not be told; nil: it could.
    var trouble: String?
}
