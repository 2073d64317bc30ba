import EdgeCore

extension RoundRunner {
    /// How long one server's updates may take.
    static let updatePatience: Duration = .seconds(30)

    /// Updates what a server owes, if each zone is still as this plan knows it; a zone that somebody else
    /// changed meanwhile is read again and planned anew, once.
    func update(
        _ task: ServerTask, through nameServers: NameServerEffects
    ) async -> DeliveryResult {
        var result = task.begun()
        guard task.server.update != nil else { return result }
        let known = task.plan.state.servers[task.server.name] ?? ServerState()
        let now = effects.clock.now()
        guard !task.written.isEmpty || task.plan.isUrgent || known.mayBeTold(at: now) else {
            return result
        }
        let served = task.plan.survey.served[task.server.name] ?? [:]
        sayForeignChanges(task, known: known)
        var updates: [ZoneUpdate] = []
        for zone in result.update.owed.keys.sorted() {
            guard let expected = task.expected[zone], let found = served[zone] else { continue }
            let update = ZoneUpdate(expected, over: found, server: task.server)
            if update.changes.isEmpty {
                result.update.owed[zone]?.isTold = true
            } else {
                updates.append(update)
            }
        }
        guard !updates.isEmpty else { return result }
        let first = await nameServers.updater.update(
            ZoneUpdate.ordered(updates, attempt: known.failures), on: task.server,
            within: Self.updatePatience, while: isCurrent(task))
        let stale = first.filter { $0.value?.asksForNewPlan == true }.keys.sorted()
        var faults = first
        if !stale.isEmpty {
            faults.merge(await updateAnew(stale, task, through: nameServers)) { _, new in new }
        }
        take(faults, server: task.server, known: known, at: now, into: &result)
        return result
    }

    /// Whether no newer plan was published meanwhile (I5): found out anew at each call.
    private func isCurrent(_ task: ServerTask) -> @Sendable () -> Bool {
        stillCurrent(task.plan.settings.network, generation: task.generation)
    }

    /// What differs on the server without being owed was changed by somebody else.
    private func sayForeignChanges(_ task: ServerTask, known: ServerState) {
        let foreign = (task.plan.survey.updates[task.server.name]?.owed ?? [:])
            .filter { known.owed[$0.key] == nil }
        for (zone, owed) in foreign.sorted(by: { $0.key < $1.key }).prefix(10) {
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
            let update = ZoneUpdate(expectation, over: found, server: task.server)
            if update.changes.isEmpty {
                faults[expectation.zone] = .some(nil)
            } else {
                updates.append(update)
            }
        }
        guard !updates.isEmpty, isCurrent(task)() else { return faults }
        for update in updates.prefix(10) {
            effects.log.write(
                .warning,
                "zone \(update.zone) on \(task.server.name) was changed by somebody else meanwhile: it was "
                    + "read again and planned anew")
        }
        let second = await nameServers.updater.update(
            updates, on: task.server, within: Self.updatePatience, while: isCurrent(task))
        return faults.merging(second) { _, new in new }
    }

    private func take(
        _ faults: [ZoneName: UpdateFault?], server: NameServerSettings, known: ServerState,
        at now: Moment, into result: inout DeliveryResult
    ) {
        // What a newer plan took the place of is that plan's to bring to the server.
        let faults = faults.filter { $0.value != .some(.superseded) }
        guard !faults.isEmpty else { return }
        var sentences: [String] = []
        for (zone, fault) in faults.sorted(by: { $0.key < $1.key }) {
            result.update.owed[zone]?.isTold = fault == nil
            guard let fault else { continue }
            result.update.owed[zone]?.difference = "was not updated: \(fault)"
            result.failures[zone] = "\(server.name): \(fault)"
            sentences.append("zone \(zone): \(fault)")
        }
        result.update.failures = sentences.isEmpty ? 0 : known.failures + 1
        result.update.lastTry = now
        let count = faults.count.counted("zone")
        result.update.control = StoredControl(
            time: now.wall, command: "update of \(count)",
            ending: sentences.isEmpty ? "done" : "\(sentences.count) failed",
            output: sentences.prefix(5).joined(separator: "\n"),
            duration: effects.clock.now().elapsed(since: now), failure: sentences.first)
        if sentences.isEmpty {
            effects.log.write(.info, "\(server.name) was updated in \(count)")
        }
    }
}

extension ZoneUpdate {
    /// The update that makes a zone on a server what it should be: only RRsets that differ change, and
    /// every one of them must still be as it was found. An RRset whose TTL alone differs is replaced too.
    init(_ expected: ServedExpectation, over found: ServedZone, server: NameServerSettings) {
        var changes: [Change] = []
        for name in expected.names {
            for family in AddressFamily.allCases {
                let there = found.names[name.owner]?[family]
                let before = there?.addresses.sorted() ?? []
                let after = expected.addresses.filter { $0.family == family }
                let hasTTL = after.isEmpty || there?.ttl == nil || there?.ttl == name.ttl
                guard before != after || !hasTTL else { continue }
                changes.append(
                    Change(
                        owner: name.owner, family: family, before: before, after: after,
                        ttl: name.ttl))
            }
        }
        let isExclusive = server.update?.isExclusive ?? false
        self.init(
            zone: expected.zone,
            soa: isExclusive && !found.soa.isEmpty ? found.soa : nil, changes: changes)
    }
}
