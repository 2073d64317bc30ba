import EdgeCore

extension RoundRunner {
    /// Reads the operator's zone template.
    func readTemplate(_ settings: NetworkSettings) -> TemplateInUse {
        guard settings.publish.method == .files, let path = settings.publish.template,
            let templates = effects.templates
        else { return .builtIn }
        do throws(TemplateProblem) {
            return .read(try templates.template(at: path))
        } catch {
            return .unreadable(
                "\(error); before that is mended every zone goes on with what the last template added"
            )
        }
    }

    /// Settles zones, by a template a few at a time, until it has taken too much: which zones were not
    /// tried then is told by zones and steps, and by no clock. They go on without it.
    func withinAllowance(
        _ steps: [ZoneStep], template: TemplateInUse,
        _ settle: @escaping @Sendable (ZoneStep, TemplateInUse) -> SettledZone
    ) async -> (settled: [SettledZone], untried: [ZoneName]) {
        guard case .read = template else {
            return (await inChunks(steps) { settle($0, template) }, [])
        }
        var allowance = TemplateAllowance()
        var settled: [SettledZone] = []
        var rest = steps[...]
        while !rest.isEmpty, !allowance.isSpent {
            let wave = Array(rest.prefix(allowance.nextWave()))
            rest = rest.dropFirst(wave.count)
            for zone in await inChunks(wave, of: 25, { settle($0, template) }) {
                settled.append(zone)
                guard let trial = zone.trial else { continue }
                let content = ZoneContent(
                    zone: zone.step.zone, addresses: zone.step.addresses.addresses,
                    dns: zone.step.dns)
                allowance.take(content, steps: trial.steps, passesLimit: trial.passesLimit)
            }
        }
        settled += await inChunks(Array(rest)) { settle($0, .givenUp) }
        return (settled, rest.filter { !$0.causes.isEmpty }.map(\.zone))
    }

    /// One sentence for all zones that were not tried; nil when every one was.
    func giveUp(_ untried: [ZoneName], settings: NetworkSettings) -> String? {
        guard !untried.isEmpty else { return nil }
        return
            "\(settings.publish.template ?? "the zone template") takes too many steps and is given up for this "
            + "round: \(untried.count.counted("more zone")) to publish "
            + (untried.count == 1 ? "goes" : "go")
            + " on with what the last template added, or, if new, "
            + (untried.count == 1 ? "waits" : "wait") + ": nest fewer loops"
    }

    /// Holds a changed template that takes too much, in all zones together, unless that was approved.
    func rule(on settled: [SettledZone], plan: inout RoundPlan) -> [SettledZone] {
        let losses = settled.compactMap(\.standing?.loss)
        guard let loss = TemplateLoss(losses, template: plan.template.template?.key) else {
            return settled
        }
        let hold = Hold.templateLoss(loss)
        if let key = hold.approvalKey, plan.state.approvals.contains(key) {
            plan.usedApprovals.insert(key)
            return settled.map { zone in
                var zone = zone
                if zone.standing?.loss != nil { zone.standing = nil }
                return zone
            }
        }
        plan.holds.append(hold)
        return settled.map { $0.held(by: hold) }
    }

    /// One sentence for all zones that go on with records of a template that can't be used or is held, and that
    /// name an edge which left: such records stay as they are, but nobody shall have to find that out.
    func remnantWords(_ settled: [SettledZone]) -> String? {
        let zones = settled.compactMap { zone in
            zone.standing.flatMap { $0.remnants.isEmpty ? nil : (zone.step.zone, $0.remnants) }
        }
        guard let (zone, remnants) = zones.first, let first = remnants.first else { return nil }
        let record = first.record
        let edge =
            first.edge.text == first.address.description ? "" : ", an address of \(first.edge)"
        return
            "zone \(zone) goes on with \(record.owner) \(record.type) \(record.data), which names "
            + "\(first.address)\(edge), which is not handed out any more: the last zone template added it, "
            + "and it stays until the zone is rendered by the present one"
            + (remnants.count - 1).furtherWords("mention")
            + (zones.count - 1).furtherWords("zone")
    }

    /// A zone's text: the built-in one, or by the template, or with what an earlier one added.
    func text(
        of content: ZoneContent, serial: SOASerial, include: [UInt8], plan: RoundPlan
    ) -> [UInt8] {
        if let standing = plan.standing[content.zone] {
            return ZoneRenderer.render(
                content, serial: serial, include: include, standing: standing)
        }
        guard let template = plan.template.template else {
            return ZoneRenderer.render(content, serial: serial, include: include)
        }
        // It was rendered a moment ago; should it fail now, the empty text is refused when it is read back.
        return (try? template.render(content, serial: serial, include: include)) ?? []
    }
}
