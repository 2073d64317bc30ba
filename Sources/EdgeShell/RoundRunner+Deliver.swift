import EdgeCore

extension RoundRunner {
    /// Brings what was published to the name servers: each is told, or updated, side by side, so that a
    /// dead one holds up no other.
    func deliver(
        _ plan: RoundPlan, written: Set<ZoneName>, generation: Int, settings: NetworkSettings
    ) async -> Delivery {
        var delivery = Delivery(
            generation: generation, updates: plan.survey.updates,
            served: plan.survey.served.mapValues { Set($0.keys) },
            expected: expectations(plan, settings: settings))
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
            delivery.failures.merge(result.failures) { first, _ in first }
            delivery.troubles[result.update.server] = result.trouble
        }
        return delivery
    }

    /// What a delivery came to, for the round's outcome.
    func take(_ delivery: Delivery, into outcome: inout RoundOutcome) {
        outcome.failures.merge(delivery.failures) { first, _ in first }
        for trouble in delivery.troubles.sorted(by: { $0.key < $1.key }) {
            effects.log.write(.error, trouble.value)
        }
        for (zone, failure) in delivery.failures.sorted(by: { $0.key < $1.key }) {
            effects.log.write(.error, "zone \(zone): \(failure)")
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

    /// Has a server read changed files anew.
    private func tell(
        _ task: ServerTask, through control: any NameServerControl
    ) async -> DeliveryResult {
        let server = task.server
        var result = task.begun()
        guard server.control != nil else { return result }
        let now = effects.clock.now()
        let known = task.plan.state.servers[server.name] ?? ServerState()
        let isNew = !task.written.isEmpty || task.plan.isUrgent
        guard isNew || known.mayBeTold(at: now) else { return result }
        let zones = result.update.owed.filter { zone, owed in
            task.written.contains(zone) || !owed.isTold || owed.difference != nil
        }.keys.sorted { left, right in
            // A catalog names zones that must be there first.
            let (isLeft, isRight) = (left == task.catalog, right == task.catalog)
            return isLeft == isRight ? left < right : isRight
        }
        guard !zones.isEmpty else { return result }
        let report = await control.reload(
            zones, of: server, directory: task.plan.settings.publish.directory,
            serving: Set((task.plan.survey.served[server.name] ?? [:]).keys))
        for zone in zones {
            result.update.owed[zone]?.isTold = report.failure == nil && report.refused[zone] == nil
            if let refusal = report.refused[zone] { result.update.owed[zone]?.difference = refusal }
        }
        let failure =
            report.failure
            ?? report.refused.min { $0.key < $1.key }.map { zone, words in
                let more = report.refused.count - 1
                return words + (more > 0 ? " (and \(more) more zones)" : "")
            }
        result.update.failures = failure == nil ? 0 : known.failures + 1
        result.update.lastTry = now
        result.update.control = StoredControl(
            time: now.wall, command: report.command, ending: report.ending,
            output: report.output, duration: report.duration, failure: failure)
        note(failure, server: server, zones: zones.count, in: report, known: known, &result)
        return result
    }

    private func note(
        _ failure: String?, server: NameServerSettings, zones: Int, in report: ControlReport,
        known: ServerState, _ result: inout DeliveryResult
    ) {
        let count = "\(zones) zone\(zones == 1 ? "" : "s")"
        guard let failure else {
            let again = known.failures > 0 ? ", after \(known.failures) failures" : ""
            effects.log.write(
                .info,
                "\(server.name) was told of \(count) in \(report.duration.shortSeconds)\(again)")
            return
        }
        let pause = Int(ServerState.pause(after: result.update.failures).inSeconds)
        result.trouble =
            ("name server \(server.name) could not be told of \(count): \(failure); it is tried again "
                + "with the next change, or after \(pause) seconds")
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

    var catalog: ZoneName? { plan.settings.publish.catalog?.zone }

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
                owed[zone] = OwedZone(of: content, generation: generation, since: plan.now.wall)
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
    /// Why the server could not be told; nil: it could.
    var trouble: String?
}
