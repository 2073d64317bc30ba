import EdgeCore

/// One zone's way through settling.
struct SettledZone: Sendable {
    var step: ZoneStep
    /// What rendering by the operator's template took; nil: it was not rendered.
    var trial: TemplateTrial.Outcome?
    var settlement: ZoneSettlement?
    var include: CheckedInclude?
    var existing: ExistingZone?
    /// Why the zone is not published.
    var failure: String?
    /// What is wrong although the zone goes on.
    var trouble: String?
    var warning: String?
    /// How the zone goes on without the present template; nil: it is rendered by it.
    var standing: StandingZone?

    init(
        step: ZoneStep, trial: TemplateTrial.Outcome? = nil, settlement: ZoneSettlement? = nil,
        include: CheckedInclude? = nil, existing: ExistingZone? = nil, failure: String? = nil
    ) {
        self.step = step
        self.trial = trial
        self.settlement = settlement
        self.include = include
        self.existing = existing
        self.failure = failure
    }
}

/// How a zone goes on without the present template: everything else about it is published as ever, with the
/// records that the last template added.
struct StandingZone: Sendable {
    /// What the present template would take away, and that waits; nil: it can't be used at all.
    var loss: TemplateGuard.ZoneLoss?
    /// What the last template added.
    var records: [DNSRecord]
    /// nil: nothing about the zone changes.
    var settlement: ZoneSettlement?
    /// What is to be said when it goes on so.
    var warning: String?
    /// What `records` say of edges that the zone does not hand out any more.
    var remnants: [TemplateGuard.Remnant]
}

extension SettledZone {
    /// Finds out what a changed template takes from the zone, and how the zone could go on without.
    mutating func compareTemplates(_ standing: StandingSettler) {
        guard step.causes.contains(.template), !standing.settler.approvesAll,
            let published = standing.material.published,
            PublishedContent.template(of: published.contentKey) != nil
        else { return }
        guard standing.isOurs, let additions = standing.additions else {
            warning =
                "the zone template changed, and zone \(step.zone)'s file is not the one that was published: "
                + "what the change takes from it was not compared"
            return
        }
        let planned = standing.include.records + ((try? trial?.additions.get()) ?? [])
        func loss(of additions: [DNSRecord]) -> TemplateGuard.ZoneLoss? {
            TemplateGuard.loss(
                zone: step.zone, additions: additions, include: standing.included,
                planned: planned)
        }
        guard let whole = loss(of: additions) else { return }
        let (kept, dropped) = standing.holdable(additions)
        guard let loss = loss(of: kept) else {
            warning =
                "zone \(step.zone) loses \(whole.removed.count) records by the changed zone template, which "
                + "could not be held: they can't stand beside its include and the rotated names"
            return
        }
        self.standing = StandingZone(
            loss: loss, records: kept,
            settlement: standing.settlement(with: kept, isWhole: dropped.isEmpty),
            warning: standing.words(of: dropped), remnants: standing.remnants(in: kept))
    }

    /// The zone as it goes on while the change of the template waits.
    func held(by hold: Hold) -> SettledZone {
        guard let standing, standing.loss != nil else { return self }
        var held = self
        held.warning = standing.warning ?? warning
        if let settlement = standing.settlement {
            held.settlement = settlement
            held.step = settlement.step
        } else {
            held.settlement?.action = .hold(hold)
        }
        return held
    }
}

extension RoundPlan {
    /// The addresses of every edge and canary that is known: of the present list, and of those that were probed
    /// or live before.
    var knownEdges: [IPAddress: EdgeName] {
        var known: [(IPAddress, EdgeName)] = []
        for (target, record) in state.targets where target.role != .reference {
            known += [record.lastAddress].compactMap { $0 }.map { ($0, target.name) }
        }
        for edge in state.live { known += edge.addresses.all.map { ($0, edge.name) } }
        for (name, addresses) in inventory.addresses { known += addresses.all.map { ($0, name) } }
        known += inventory.canaries.values.map { ($0, EdgeName($0)) }
        return Dictionary(known, uniquingKeysWith: min)
    }

    /// Takes one zone's result in.
    mutating func take(_ result: SettledZone, intake: IncludeIntake) {
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
