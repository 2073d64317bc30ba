import EdgeCore

extension RoundRunner {
    /// Settles each step, in chunks side by side: parsing is what costs.
    func settle(
        _ plan: inout RoundPlan, intake: IncludeIntake, stamps: [ZoneName: FileStamp],
        options: RoundOptions
    ) async throws {
        let steps = plan.decision.steps
        let template = plan.template
        let missing = steps.filter {
            !$0.causes.isEmpty
                && (intake.checked[$0.zone] == nil || template.isOperators
                    || $0.causes.contains(.template))
        }
        let settings = plan.settings
        let stored = try loadIncludes(settings, zones: missing.map(\.zone))
        let settler = ZoneSettler(
            approvals: plan.state.approvals, approvesAll: options.forcesUpdate,
            survey: plan.survey, now: plan.now)
        let published = plan.state.zones
        let edges = plan.knownEdges
        let (settled, untried) = await withinAllowance(steps, template: template) {
            step, template in
            settleOne(
                ZoneMaterial(
                    step: step, include: intake.checked[step.zone], stored: stored[step.zone],
                    published: published[step.zone], hasFile: stamps[step.zone] != nil,
                    edges: edges),
                settler: settler, settings: settings, comparesFiles: options.comparesFiles,
                template: template)
        }
        plan.templateTroubles += [giveUp(untried, settings: settings)].compactMap { $0 }
        let results = rule(on: settled, plan: &plan)
        let store = effects.store
        var withdrawals = Withdrawals(plan) { try store.published(settings.network, since: $0) }
        for result in results {
            withdrawals.note(result)
            plan.take(result, intake: intake)
        }
        plan.gone = withdrawals.gone
        plan.decision.warnings += withdrawals.warnings
        plan.troubles += [withdrawals.problem].compactMap { $0 }
        let warnings = results.compactMap(\.warning)
        if let first = warnings.first {
            plan.decision.warnings.append(first + (warnings.count - 1).furtherWords("zone"))
        }
        plan.decision.warnings += [remnantWords(results)].compactMap { $0 }
        let troubles = results.compactMap { zone in zone.trouble.map { (zone.step.zone, $0) } }
        plan.templateTroubles += FailureWords.lines(
            of: Dictionary(troubles, uniquingKeysWith: { first, _ in first }))
    }

    private func settleOne(
        _ found: ZoneMaterial, settler: ZoneSettler, settings: NetworkSettings,
        comparesFiles: Bool, template: TemplateInUse
    ) -> SettledZone {
        var material = found
        let zone = found.step.zone
        var warning: String?
        if found.include == nil, let stored = found.stored {
            guard let again = recheck(stored.text, zone: zone, dns: found.step.dns) else {
                return SettledZone(
                    step: found.step,
                    failure: "its last accepted include is refused under the present configuration")
            }
            material.include = again.include
            warning = again.warning
            if !again.kept.isEmpty {
                material.step.dns = again.dns
                material.step.contentKey = PublishedContent.key(
                    found.step.contentKey, keeping: again.kept)
            }
        }
        let step = material.step
        guard material.include != nil || step.causes.isEmpty else {
            return SettledZone(
                step: step,
                failure: "the accepted include is lost: mend its file")
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
        if material.hasFile, mustRead, !step.causes.isEmpty {
            material.existing = readExisting(zone, settings: settings)
        }
        var settled = settled(
            material, settler: settler, settings: settings, template: template)
        settled.warning = settled.warning ?? warning
        return settled
    }

    /// One zone by the template, if there is one, or without it.
    private func settled(
        _ material: ZoneMaterial, settler: ZoneSettler, settings: NetworkSettings,
        template: TemplateInUse
    ) -> SettledZone {
        let step = material.step
        let trial = trial(of: template.template, material, settler: settler)
        if let include = material.include,
            let reason = StandingSettler.Reason(template, step: step, trial: trial)
        {
            // Only the file tells what the last template added.
            var material = material
            if material.existing == nil, material.hasFile {
                material.existing = readExisting(step.zone, settings: settings)
            }
            return standing(material, include: include, settler: settler)
                .withoutTemplate(because: reason, trial: trial)
        }
        let added = (try? trial?.additions.get()) ?? []
        let settlement = settler.settle(
            step, include: (material.include?.records ?? []) + added,
            published: material.published, existing: material.existing)
        var settled = SettledZone(
            step: step, trial: trial, settlement: settlement, include: material.include,
            existing: material.existing)
        if step.causes.contains(.template), let include = material.include {
            settled.compareTemplates(standing(material, include: include, settler: settler))
        }
        return settled
    }

    /// Tries the template with one zone; nil: there is none, or nothing to render.
    private func trial(
        of template: (any ZoneTemplate)?, _ material: ZoneMaterial, settler: ZoneSettler
    ) -> TemplateTrial.Outcome? {
        guard let template, let include = material.include, !material.step.causes.isEmpty else {
            return nil
        }
        return TemplateTrial(parser: effects.parser).outcome(
            of: template, content: settler.content(of: material.step), include: include)
    }

    private func standing(
        _ material: ZoneMaterial, include: CheckedInclude, settler: ZoneSettler
    ) -> StandingSettler {
        let step = material.step
        let included =
            material.stored.map {
                recheck($0.text, zone: step.zone, dns: step.dns)?.include.records ?? []
            }
            ?? (material.published == nil ? include.records : [])
        return StandingSettler(
            material: material, include: include, included: included, settler: settler,
            parser: effects.parser)
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
}
