import EdgeCore

extension RoundRunner {
    /// Reads the operator's zone template; nil when there is none.
    ///
    /// - Throws: `RoundRefusal` when it can't be used: the built-in text would lose what it adds.
    func readTemplate(_ settings: NetworkSettings) throws -> (any ZoneTemplate)? {
        guard settings.publish.method == .files, let path = settings.publish.template,
            let templates = effects.templates
        else { return nil }
        do throws(TemplateProblem) {
            return try templates.template(at: path)
        } catch {
            throw RoundRefusal.inventory("\(error); every zone stays as it is")
        }
    }

    /// Settles zones, by a template a few at a time, until it has taken too much: which zones were not
    /// tried then is told by zones and steps, and by no clock.
    func withinAllowance(
        _ steps: [ZoneStep], template: (any ZoneTemplate)?,
        _ settle: @escaping @Sendable (ZoneStep) -> SettledZone
    ) async -> (settled: [SettledZone], untried: [ZoneName]) {
        guard template != nil else { return (await inChunks(steps, settle), []) }
        var allowance = TemplateAllowance()
        var settled: [SettledZone] = []
        var rest = steps[...]
        while !rest.isEmpty, !allowance.isSpent {
            let wave = Array(rest.prefix(allowance.nextWave()))
            rest = rest.dropFirst(wave.count)
            for zone in await inChunks(wave, of: 25, settle) {
                settled.append(zone)
                guard let trial = zone.trial else { continue }
                let content = ZoneContent(
                    zone: zone.step.zone, addresses: zone.step.addresses.addresses,
                    dns: zone.step.dns)
                allowance.take(content, steps: trial.steps, passesLimit: trial.passesLimit)
            }
        }
        // What needs no rendering is noted all the same.
        settled += await inChunks(rest.filter(\.causes.isEmpty), settle)
        return (settled, rest.filter { !$0.causes.isEmpty }.map(\.zone))
    }

    /// One sentence for all zones that were not tried; nil when every one was.
    func giveUp(_ untried: [ZoneName], settings: NetworkSettings) -> String? {
        guard !untried.isEmpty else { return nil }
        return
            "\(settings.publish.template ?? "the zone template") takes too many steps and is given up for this "
            + "round: \(untried.count.counted("more zone")) to publish "
            + (untried.count == 1 ? "stays" : "stay") + " as before: nest fewer loops"
    }

    /// Holds a changed template that takes too much, in all zones together, unless that was approved.
    func rule(on settled: [SettledZone], plan: inout RoundPlan) -> [SettledZone] {
        let losses = settled.compactMap(\.standing?.loss)
        guard let loss = TemplateLoss(losses, template: plan.template?.key) else {
            return settled
        }
        let hold = Hold.templateLoss(loss)
        if let key = hold.approvalKey, plan.state.approvals.contains(key) {
            plan.usedApprovals.insert(key)
            return settled.map { zone in
                var zone = zone
                zone.standing = nil
                return zone
            }
        }
        plan.holds.append(hold)
        return settled.map { $0.held(by: hold) }
    }

    /// A zone's text: the built-in one, or by the template, or with what the template before it added.
    func text(
        of content: ZoneContent, serial: SOASerial, include: [UInt8], plan: RoundPlan
    ) -> [UInt8] {
        if let standing = plan.standing[content.zone] {
            return ZoneRenderer.render(
                content, serial: serial, include: include, standing: standing)
        }
        guard let template = plan.template else {
            return ZoneRenderer.render(content, serial: serial, include: include)
        }
        // It was rendered a moment ago; should it fail now, the empty text is refused when it is read back.
        return (try? template.render(content, serial: serial, include: include)) ?? []
    }
}
