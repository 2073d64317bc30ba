import EdgeCore

extension RoundRunner {
    /// How long one server's updates may take.
    static let updatePatience: Duration = .seconds(30)

    /// Updates what a server owes, if each zone is still as this plan knows it; a zone that somebody else
    /// changed meanwhile is read again and planned anew, once.
    func update(
        _ task: ServerTask, through nameServers: NameServerEffects
    ) async -> DeliveryResult {
        var task = task
        var result = task.begun()
        guard task.server.update != nil else { return result }
        let known = task.plan.state.servers[task.server.name] ?? ServerState()
        // What the survey has just settled is looked at too: it may have strangers' records.
        task.withdraw(known.owed.merging(result.update.owed) { _, now in now })
        if result.update.owed.isEmpty { result.update.failures = 0 }
        let now = effects.clock.now()
        let pace = UpdatePace(
            of: known, published: task.written, isUrgent: task.plan.isUrgent, at: now)
        let served = task.plan.survey.served[task.server.name] ?? [:]
        sayForeignChanges(task, known: known)
        takeObstacles(task, into: &result)
        var updates: [ZoneUpdate] = []
        for zone in result.update.owed.keys.sorted() where pace.takesPart(zone) {
            guard let expected = task.expected[zone], let found = served[zone] else { continue }
            let update = ZoneUpdate(expected, over: found, isExclusive: task.isExclusive)
            if update.changes.isEmpty {
                result.update.owed[zone]?.note(isTold: true, at: now.wall)
                result.unchanged.insert(zone)
            } else {
                updates.append(update)
            }
        }
        takeStrangersRecords(task, known: known, served: served, into: &result)
        guard !updates.isEmpty else { return result }
        let first = await nameServers.updater.update(
            ZoneUpdate.ordered(updates, attempt: known.failures), on: task.server,
            within: Self.updatePatience, while: isCurrent(task))
        let stale = first.filter { $0.value?.asksForNewPlan == true }.keys.sorted()
        var faults = first
        if !stale.isEmpty {
            faults.merge(await updateAnew(stale, task, through: nameServers)) { _, new in new }
        }
        take(faults, server: task.server, pace: pace, at: now, into: &result)
        sayWithdrawals(updates, first, task)
        return result
    }

    /// What is owed and can't be updated, whatever is sent: said in every round, for no wait mends it.
    private func takeObstacles(_ task: ServerTask, into result: inout DeliveryResult) {
        for (zone, fault) in task.plan.survey.faults[task.server.name] ?? [:] {
            guard result.update.owed[zone] != nil,
                let obstacle = fault.obstacle(on: task.server.kind)
            else { continue }
            result.update.owed[zone]?.difference = "was not updated: \(obstacle)"
            result.failures[zone] = "\(task.server.name): \(obstacle)"
        }
    }

    /// Whether no newer plan was published meanwhile (I5): found out anew at each call.
    private func isCurrent(_ task: ServerTask) -> @Sendable () throws -> Bool {
        stillCurrent(task.plan.settings.network, generation: task.generation)
    }

    /// The first ten lines, which tell what the matter is.
    private static let mostLines = 10

    /// What stands at an owner that rotates no more, and is not known to have been published there, stays:
    /// said by the round that withdraws the label. On a server that lagged it may be of ours from longer ago
    /// than anybody knows, a dead edge's: that is a failure, until the server is found without a lag.
    private func takeStrangersRecords(
        _ task: ServerTask, known: ServerState, served: [ZoneName: ServedZone],
        into result: inout DeliveryResult
    ) {
        var strangers: [String] = []
        for zone in task.written.union(known.owed.keys).sorted() {
            guard let expected = task.expected[zone], let found = served[zone],
                let rest = expected.rests(in: found).first(where: { !$0.isOurs })
            else { continue }
            let sentence =
                "\(rest) is not known to be published there, and stays on \(task.server.name): take it "
                + "away by hand if nobody wants it"
            if known.owed[zone] == nil {
                strangers.append("zone \(zone): \(sentence)")
            } else {
                result.failures[zone] = sentence
            }
        }
        for line in strangers.prefix(Self.mostLines) { effects.log.write(.warning, line) }
    }

    private func sayWithdrawals(
        _ updates: [ZoneUpdate], _ faults: [ZoneName: UpdateFault?], _ task: ServerTask
    ) {
        let gone = updates.lazy.filter { faults[$0.zone] == .some(nil) }.flatMap { update in
            let owners = Set(task.expected[update.zone]?.withdrawn.map(\.owner) ?? [])
            return update.changes.filter { owners.contains($0.owner) }.map { change in
                "zone \(update.zone): \(change.owner) \(change.family.recordType) "
                    + (change.before ?? []).map(\.description).joined(separator: " ")
            }
        }
        for rrset in gone.prefix(Self.mostLines) {
            effects.log.write(
                .notice, "\(rrset) was taken from \(task.server.name): it rotates no more")
        }
    }

    /// What differs on the server without being owed was changed by somebody else.
    private func sayForeignChanges(_ task: ServerTask, known: ServerState) {
        let foreign = (task.plan.survey.updates[task.server.name]?.owed ?? [:])
            .filter { known.owed[$0.key] == nil }
        for (zone, owed) in foreign.sorted(by: { $0.key < $1.key }).prefix(Self.mostLines) {
            effects.log.write(
                .warning,
                "zone \(zone): \(task.server.name) \(owed.difference ?? "differs"), changed by somebody "
                    + "else; it is put back")
        }
    }

    /// Reads zones that were changed since the survey, and updates what still differs.
    private func updateAnew(
        _ zones: [ZoneName], _ task: ServerTask, through nameServers: NameServerEffects
    ) async -> [ZoneName: UpdateFault?] {
        let expected = zones.compactMap { task.expected[$0] }
        let answers = await nameServers.asker.ask(
            expected.map(\.question), of: task.server, within: Self.surveyPatience)
        var faults: [ZoneName: UpdateFault?] = [:]
        var updates: [ZoneUpdate] = []
        for expectation in expected {
            guard case .success(let found)? = answers[expectation.zone] else { continue }
            let update = ZoneUpdate(expectation, over: found, isExclusive: task.isExclusive)
            if update.changes.isEmpty {
                faults[expectation.zone] = .some(nil)
            } else {
                updates.append(update)
            }
        }
        guard !updates.isEmpty else { return faults }
        do {
            guard try isCurrent(task)() else { return faults }
        } catch {
            let fault = UpdateFault.unconfirmed(reason: "\(error)")
            for update in updates { faults[update.zone] = .some(fault) }
            return faults
        }
        for update in updates.prefix(Self.mostLines) {
            effects.log.write(
                .warning,
                "zone \(update.zone) on \(task.server.name) was changed by somebody else meanwhile: it was "
                    + "read again and planned anew")
        }
        let second = await nameServers.updater.update(
            updates, on: task.server, within: Self.updatePatience, while: isCurrent(task))
        sayWithdrawals(updates, second, task)
        return faults.merging(second) { _, new in new }
    }

    private func take(
        _ faults: [ZoneName: UpdateFault?], server: NameServerSettings, pace: UpdatePace,
        at now: Moment, into result: inout DeliveryResult
    ) {
        // What a newer plan took the place of is that plan's to bring to the server.
        let faults = faults.filter { $0.value != .some(.superseded) }
        var sentences: [String] = []
        for (zone, fault) in faults.sorted(by: { $0.key < $1.key }) {
            result.update.owed[zone]?.note(isTold: fault == nil, at: now.wall)
            guard let fault else {
                result.updated.insert(zone)
                continue
            }
            result.update.owed[zone]?.difference = "was not updated: \(fault)"
            result.failures[zone] = "\(server.name): \(fault)"
            sentences.append("zone \(zone): \(fault)")
        }
        guard let ending = pace.ending(faults) else { return }
        result.update.failures = ending.failures
        let count = faults.count.counted("zone")
        if ending.isTry {
            result.update.lastTry = now
            result.update.control = StoredControl(
                time: now.wall, command: "update of \(count)",
                ending: sentences.isEmpty
                    ? "done" : ending.isTroubled ? "failed" : StoredControl.refusal,
                output: sentences.prefix(5).joined(separator: "\n"),
                duration: effects.clock.now().elapsed(since: now), failure: sentences.first)
        }
        if sentences.isEmpty {
            effects.log.write(.info, "\(server.name) was updated in \(count)")
        }
    }
}

extension ServerTask {
    /// Expects labels to be gone of which that is owed.
    fileprivate mutating func withdraw(_ owed: [ZoneName: OwedZone]) {
        for (zone, owed) in owed where !owed.gone.isEmpty {
            expected[zone] = expected[zone]?.withdrawing(owed.gone)
        }
    }

    /// Whether nobody else updates the server's zones.
    fileprivate var isExclusive: Bool { server.update?.isExclusive ?? false }
}
