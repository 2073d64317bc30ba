import EdgeCore

extension RoundRunner {
    /// Reads what the decision depends on, decides, and settles every zone that must be looked at.
    func plan(
        _ settings: NetworkSettings, from sighting: Sighting, survey: ServerSurvey,
        options: RoundOptions, started: Moment
    ) async throws -> RoundPlan {
        let inventory = sighting.inventory
        let observations = sighting.observations
        var state = try loadState(settings)
        let ended = state.endModes(at: effects.clock.now())
        let intake = try await takeIncludes(settings, state: state, options: options)
        let catalogs = [settings.publish.catalog?.zone].compactMap { $0 }
        let zones = Set(intake.states.keys).union(state.zones.keys).union(catalogs).sorted()
        let stamps = try zoneStamps(zones, settings: settings)
        if state.generation == 0, state.live.isEmpty {
            state.live = recoverLiveSet(
                settings, inventory: inventory,
                zones: zones.filter { state.foreignZones[$0] == nil }, stamps: stamps,
                survey: survey)
        }
        let forgotten = try forgottenWords(state, settings: settings)
        state.live = LiveSetRecovery.renamed(state.live, by: inventory)
        let template = readTemplate(settings)
        let now = effects.clock.now()
        let decision = Round.decide(
            RoundInput(
                settings: settings, inventory: inventory, state: state,
                observations: observations, includes: intake.states, zoneFiles: stamps,
                forcesUpdate: options.forcesUpdate, template: template.identity, survey: survey,
                directive: options.directive, judged: sighting.judged, now: now))
        var plan = RoundPlan(
            settings: settings, inventory: inventory, state: state, observations: observations,
            decision: decision, settlements: [], before: [:], files: stamps, template: template,
            survey: survey, isUrgent: options.waits || options.forcesUpdate, actor: options.actor,
            cause: options.directive?.cause ?? .round,
            includes: [:], newIncludes: [:], includeTimes: intake.times,
            holds: decision.holds + intake.holds,
            usedApprovals: decision.usedApprovals.union(intake.usedApprovals),
            failures: decision.conflicts, started: started, now: now)
        plan.forgotten = forgotten
        plan.endedModes = ended
        plan.isStanding = sighting.judged != nil
        plan.decision.warnings += forgotten + intake.warnings + survey.warnings
        plan.includeTroubles = intake.troubles(settings, state: state)
        plan.troubles = [intake.directoryProblem].compactMap { $0 }
        plan.troubles += ForeignZones.problems(
            of: intake.states.keys, owners: state.foreignZones, settings: settings)
        if !decision.canPublish { plan.troubles.append(plan.emptiness) }
        if case .unreadable(let problem) = template { plan.templateTroubles.append(problem) }
        try await settle(&plan, intake: intake, stamps: stamps, options: options)
        settleCatalog(&plan, options: options)
        return plan
    }

    private func zoneStamps(
        _ zones: [ZoneName], settings: NetworkSettings
    ) throws -> [ZoneName: FileStamp] {
        guard settings.publish.method == .files else { return [:] }
        do {
            return try effects.zoneFiles.stamps(of: zones, in: settings.publish.directory)
        } catch {
            throw RoundRefusal.state("\(error)")
        }
    }

    /// A lost database loses no live set: it still stands in the published zones (I23).
    private func recoverLiveSet(
        _ settings: NetworkSettings, inventory: Inventory, zones: [ZoneName],
        stamps: [ZoneName: FileStamp], survey: ServerSurvey
    ) -> [LiveEdge] {
        let found: [(zone: ZoneName, records: [DNSRecord])]
        switch settings.publish.method {
        case .files:
            found = zones.filter { stamps[$0] != nil }.prefix(LiveSetRecovery.sampleSize)
                .compactMap { zone in
                    readExisting(zone, settings: settings).map { (zone, $0.records) }
                }
        case .updates:
            // By the first server that has the zone, in the configuration's order (I20).
            let answers = settings.publish.servers.compactMap { survey.served[$0.name] }
            found = zones.prefix(LiveSetRecovery.sampleSize).compactMap { zone in
                answers.lazy.compactMap { $0[zone] }.first.map { (zone, $0.addressRecords) }
            }
        }
        let live = LiveSetRecovery.recover(zones: found, inventory: inventory)
        if !live.isEmpty {
            effects.log.write(
                .notice,
                "no last live set is known: taken from the published zones: "
                    + live.map(\.name.text).joined(separator: " "))
        }
        return live
    }

    /// The first round of a database that was begun in a damaged one's place, or that nothing is known of
    /// before: what operators said in an earlier one may be missing. The original's files have its modes, and
    /// who has found the damage has told of it.
    private func forgottenWords(
        _ state: NetworkState, settings: NetworkSettings
    ) throws -> [String] {
        guard state.generation == 0, state.lastRun == nil else { return [] }
        let isPublished = settings.publish.method == .updates && !state.live.isEmpty
        let labels = isPublished ? [LostWords.withdrawnLabels] : []
        guard !effects.store.wasReset else { return labels }
        do {
            if let words = try effects.store.salvageWords(settings.network) {
                return [words] + labels
            }
        } catch {
            throw RoundRefusal.state("\(error)")
        }
        let files = settings.original
        guard !state.live.isEmpty, files.healthStore == nil, files.stateFile == nil else {
            return []
        }
        return [
            "zones are published already and the database \(settings.database) knows of no round: "
                + LostWords.notKnown
        ] + labels
    }

    func readExisting(_ zone: ZoneName, settings: NetworkSettings) -> ExistingZone? {
        let directory = settings.publish.directory
        let found: (text: [UInt8], stamp: FileStamp)?
        do {
            found = try effects.zoneFiles.read(zone, in: directory)
        } catch {
            effects.log.write(.warning, "\(error); the file of zone \(zone) is replaced")
            return nil
        }
        guard let file = found else { return nil }
        let parsed = effects.parser.parse(
            file.text, zone: zone, file: "\(directory)/\(zone).zone")
        switch parsed {
        case .success(let parsed):
            return ExistingZone(
                serial: parsed.serial, records: parsed.records, stamp: file.stamp)
        case .failure(let refusal):
            effects.log.write(
                .warning,
                "the published file of zone \(zone) does not parse and is replaced: "
                    + (refusal.problems.first.map { "\($0)" } ?? ""))
            return nil
        }
    }

    /// Applies `body` to all elements, `size` a task, and returns the results in order.
    func inChunks<Element: Sendable, Result: Sendable>(
        _ elements: [Element], of size: Int = 250,
        _ body: @escaping @Sendable (Element) -> Result
    ) async -> [Result] {
        guard elements.count > size else { return elements.map(body) }
        return await withTaskGroup(of: (Int, [Result]).self) { group in
            for start in stride(from: 0, to: elements.count, by: size) {
                let chunk = elements[start..<min(start + size, elements.count)]
                group.addTask { (start, chunk.map(body)) }
            }
            var parts: [(Int, [Result])] = []
            for await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }
}
