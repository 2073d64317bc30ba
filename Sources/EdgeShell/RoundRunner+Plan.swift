import EdgeCore

extension RoundRunner {
    /// Reads what the decision depends on, decides, and settles every zone that must be looked at.
    func plan(
        _ settings: NetworkSettings, inventory: Inventory, observations: [Observation],
        survey: ServerSurvey, options: RoundOptions, started: Moment
    ) async throws -> RoundPlan {
        var state = try loadState(settings)
        let intake = try await takeIncludes(settings, state: state, options: options)
        let catalogs = [settings.publish.catalog?.zone].compactMap { $0 }
        let zones = Set(intake.states.keys).union(state.zones.keys).union(catalogs).sorted()
        let stamps = try zoneStamps(zones, settings: settings)
        var forgotten: [String] = []
        if state.generation == 0, state.live.isEmpty {
            state.live = recoverLiveSet(
                settings, inventory: inventory,
                zones: zones.filter { state.foreignZones[$0] == nil }, stamps: stamps,
                survey: survey)
            forgotten = forgottenWords(state, settings: settings)
        }
        state.live = LiveSetRecovery.renamed(state.live, by: inventory)
        let template = try readTemplate(settings)
        let now = effects.clock.now()
        let decision = Round.decide(
            RoundInput(
                settings: settings, inventory: inventory, state: state,
                observations: observations, includes: intake.states, zoneFiles: stamps,
                forcesUpdate: options.forcesUpdate, templateKey: template?.key, survey: survey,
                directive: options.directive, now: now))
        var plan = RoundPlan(
            settings: settings, inventory: inventory, state: state, observations: observations,
            decision: decision, settlements: [], before: [:], files: stamps, template: template,
            survey: survey, isUrgent: options.waits || options.forcesUpdate, actor: options.actor,
            cause: options.directive?.cause ?? .round,
            includes: [:], newIncludes: [:], includeTimes: intake.times,
            holds: decision.holds + intake.holds,
            usedApprovals: decision.usedApprovals.union(intake.usedApprovals),
            failures: decision.conflicts, started: started, now: now)
        plan.decision.warnings += forgotten + intake.warnings + survey.warnings
        plan.troubles = [intake.directoryProblem].compactMap { $0 }
        plan.troubles += ForeignZones.problems(
            of: intake.states.keys, owners: state.foreignZones, settings: settings)
        if !decision.canPublish { plan.troubles.append(plan.emptiness) }
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
            found = zones.prefix(LiveSetRecovery.sampleSize).compactMap { zone in
                survey.served.values.compactMap { $0[zone] }.first
                    .map { (zone, $0.addressRecords) }
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

    /// Zones are out and no database knows of them: what operators said in it is not known either. The
    /// original's files have its modes, and a damaged database has been told of.
    private func forgottenWords(
        _ state: NetworkState, settings: NetworkSettings
    ) -> [String] {
        let files = settings.original
        guard !state.live.isEmpty, state.lastRun == nil, !effects.store.wasReset,
            files.healthStore == nil, files.stateFile == nil
        else { return [] }
        return [
            "zones are published already and the database \(settings.database) knows of no round: modes, "
                + "holds and the rotation budget of an earlier database are not known; set again what "
                + "should hold"
        ]
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

    /// Settles each step, in chunks side by side: parsing is what costs.
    private func settle(
        _ plan: inout RoundPlan, intake: IncludeIntake, stamps: [ZoneName: FileStamp],
        options: RoundOptions
    ) async throws {
        let steps = plan.decision.steps
        let missing = steps.filter {
            intake.checked[$0.zone] == nil && !$0.causes.isEmpty || $0.causes.contains(.template)
        }
        let settings = plan.settings
        let stored = try loadIncludes(settings, zones: missing.map(\.zone))
        let settler = ZoneSettler(
            approvals: plan.state.approvals, approvesAll: options.forcesUpdate,
            survey: plan.survey, now: plan.now)
        let published = plan.state.zones
        let template = plan.template
        let (settled, untried) = await withinAllowance(steps, template: template) { step in
            settleOne(
                step, include: intake.checked[step.zone], stored: stored[step.zone],
                published: published[step.zone],
                hasFile: stamps[step.zone] != nil, settler: settler, settings: settings,
                comparesFiles: options.comparesFiles, template: template)
        }
        plan.troubles += [giveUp(untried, settings: settings)].compactMap { $0 }
        let results = rule(on: settled, plan: &plan)
        let store = effects.store
        var withdrawals = Withdrawals(plan) { try store.published(settings.network, since: $0) }
        for result in results {
            plan.take(withdrawals.noted(in: result), intake: intake)
        }
        plan.decision.warnings += withdrawals.warnings
        plan.troubles += [withdrawals.problem].compactMap { $0 }
        let warnings = results.compactMap(\.warning)
        if let first = warnings.first {
            plan.decision.warnings.append(first + (warnings.count - 1).furtherWords("zone"))
        }
    }

    private func settleOne(
        _ step: ZoneStep, include: CheckedInclude?, stored: AcceptedInclude?,
        published: PublishedZone?, hasFile: Bool, settler: ZoneSettler, settings: NetworkSettings,
        comparesFiles: Bool, template: (any ZoneTemplate)?
    ) -> SettledZone {
        var step = step
        var checked = include
        var warning: String?
        if checked == nil, let stored {
            guard let again = recheck(stored.text, zone: step.zone, dns: step.dns) else {
                return SettledZone(
                    step: step,
                    failure: "its last accepted include is refused under the present configuration")
            }
            checked = again.include
            warning = again.warning
            if !again.kept.isEmpty {
                step.dns = again.dns
                step.contentKey = PublishedContent.key(step.contentKey, keeping: again.kept)
            }
        }
        guard checked != nil || step.causes.isEmpty else {
            return SettledZone(
                step: step,
                failure: "the accepted include of zone \(step.zone) is lost: mend its file")
        }
        let answer = AnswerSize.largest(of: settler.content(of: step))
        switch answer.verdict(maximum: step.dns.maximumAnswerSize) {
        case .fits: break
        case .warns(let message): warning = warning ?? message
        case .refused(let message): return SettledZone(step: step, failure: message)
        }
        // Other parameters need not mean other records: what says the right thing stays as it is.
        let mustRead =
            comparesFiles || !step.causes.allSatisfy { $0 == .addresses || $0 == .include }
        let existing =
            hasFile && mustRead && !step.causes.isEmpty
            ? readExisting(step.zone, settings: settings) : nil
        var settled = settled(
            step, include: checked, published: published, existing: existing, settler: settler,
            template: template)
        settled.warning = warning
        settled.compareTemplates(
            stored: stored, published: published, settler: settler, parser: effects.parser
        ) { recheck($0, zone: step.zone, dns: step.dns)?.include.records ?? [] }
        return settled
    }

    /// One zone with what the operator's template adds to it, if there is one.
    private func settled(
        _ step: ZoneStep, include: CheckedInclude?, published: PublishedZone?,
        existing: ExistingZone?, settler: ZoneSettler, template: (any ZoneTemplate)?
    ) -> SettledZone {
        var trial: TemplateTrial.Outcome?
        var added: [DNSRecord] = []
        if let template, !step.causes.isEmpty, let include {
            let outcome = TemplateTrial(parser: effects.parser).outcome(
                of: template, content: settler.content(of: step), include: include)
            trial = outcome
            switch outcome.additions {
            case .success(let records): added = records
            case .failure(let failure):
                return SettledZone(step: step, trial: trial, failure: failure.message)
            }
        }
        let settlement = settler.settle(
            step, include: (include?.records ?? []) + added, published: published,
            existing: existing)
        return SettledZone(
            step: step, trial: trial, settlement: settlement, include: include,
            existing: existing)
    }

    /// Reads an accepted include again. When labels rotate now that its own records stand at, these go on
    /// as they were: the zone must get its present addresses all the same.
    func recheck(
        _ text: [UInt8], zone: ZoneName, dns: DNSSettings
    ) -> (include: CheckedInclude, dns: DNSSettings, kept: [RotatedLabel], warning: String?)? {
        let file = "the last accepted include of \(zone)"
        let whole = effects.parser.checkAccepted(text, zone: zone, dns: dns, file: file)
        if let include = try? whole.get() { return (include, dns, [], nil) }
        var fewer = dns
        fewer.rotatedLabels = []
        let bare = effects.parser.checkAccepted(text, zone: zone, dns: fewer, file: file)
        guard let owners = (try? bare.get()).map({ Set($0.records.map(\.owner)) }) else {
            return nil
        }
        fewer.rotatedLabels = dns.rotatedLabels.filter { !owners.contains("\($0).\(zone).") }
        let rest = effects.parser.checkAccepted(text, zone: zone, dns: fewer, file: file)
        guard let include = try? rest.get() else { return nil }
        let labels = dns.rotatedLabels.filter { !fewer.rotatedLabels.contains($0) }
        return (
            include, fewer, labels,
            "zone \(zone) has records of its own at \(labels.map(\.text).joined(separator: ", ")), which do "
                + "not rotate before its include is mended"
        )
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

extension RoundPlan {
    /// Takes one zone's result in.
    fileprivate mutating func take(_ result: SettledZone, intake: IncludeIntake) {
        let zone = result.step.zone
        if let failure = result.failure {
            failures[zone] = failure
            return
        }
        guard let settlement = result.settlement else { return }
        settlements.append(settlement)
        if let existing = result.existing { before[zone] = existing }
        usedApprovals.formUnion(settlement.usedApprovals)
        if case .hold(let hold) = settlement.action {
            // What holds many zones together was noted once.
            if case .templateLoss = hold {} else { holds.append(hold) }
            return
        }
        if let standing = result.standing { self.standing[zone] = standing.records }
        guard let include = result.include else { return }
        let accepted = AcceptedInclude(
            revision: settlement.step.includeRevision, text: include.text)
        if settlement.action == .write { includes[zone] = accepted }
        if intake.isNew(zone) { newIncludes[zone] = accepted }
    }
}
