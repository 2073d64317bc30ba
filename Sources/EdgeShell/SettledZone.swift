import EdgeCore

/// One zone's way through settling.
struct SettledZone: Sendable {
    var step: ZoneStep
    /// What rendering by the operator's template took; nil: it was not rendered.
    var trial: TemplateTrial.Outcome?
    var settlement: ZoneSettlement?
    var include: CheckedInclude?
    var existing: ExistingZone?
    var failure: String?
    var warning: String?
    /// How the zone goes on without a change of the template that takes too much from it; nil: nothing
    /// speaks against the change.
    var standing: StandingZone?

    init(
        step: ZoneStep, trial: TemplateTrial.Outcome? = nil, settlement: ZoneSettlement? = nil,
        include: CheckedInclude? = nil, existing: ExistingZone? = nil, failure: String? = nil,
        warning: String? = nil
    ) {
        self.step = step
        self.trial = trial
        self.settlement = settlement
        self.include = include
        self.existing = existing
        self.failure = failure
        self.warning = warning
    }
}

/// How a zone goes on while the change of its template waits: everything else about it is published as
/// ever, with the records that the last template added.
struct StandingZone: Sendable {
    var loss: TemplateGuard.ZoneLoss
    /// What the last template added.
    var records: [DNSRecord]
    /// nil: nothing about the zone changes.
    var settlement: ZoneSettlement?
}

extension SettledZone {
    /// Finds out what a changed template takes from the zone, and how the zone could go on without.
    ///
    /// - Parameters:
    ///   - stored: the include that the zone was published with.
    ///   - records: reads that include.
    mutating func compareTemplates(
        stored: AcceptedInclude?, published: PublishedZone?,
        settler: ZoneSettler, parser: any ZoneParser, records: ([UInt8]) -> [DNSRecord]
    ) {
        guard failure == nil, step.causes.contains(.template), !settler.approvesAll, let published,
            let last = PublishedContent.template(of: published.contentKey), let include
        else { return }
        // A write that was cut short leaves a file of ours; another program's file says nothing of ours.
        let isOurs = !step.causes.contains(.repair) || published.fileStamp?.isOutdated == true
        guard let existing, isOurs else {
            warning =
                "the zone template changed, and zone \(step.zone)'s file is not the one that was published: "
                + "what the change takes from it was not compared"
            return
        }
        let added = (try? trial?.additions.get()) ?? []
        let included = stored.map { records($0.text) } ?? []
        let additions = TemplateGuard.additions(
            of: existing, zone: step.zone, contentKey: published.contentKey, include: included)
        guard
            let loss = TemplateGuard.loss(
                zone: step.zone, additions: additions, include: included,
                planned: include.records + added)
        else { return }
        guard
            TemplateTrial(parser: parser).holds(
                additions, content: settler.content(of: step), include: include)
        else {
            warning =
                "zone \(step.zone) loses \(loss.removed.count) records by the changed zone template, which "
                + "could not be held: they can't stand beside its include and the rotated names"
            return
        }
        var standing = StandingZone(loss: loss, records: additions)
        var step = step
        step.causes.removeAll { $0 == .template }
        step.contentKey = PublishedContent.key(
            PublishedContent.withoutTemplate(step.contentKey), by: last)
        if !step.causes.isEmpty {
            standing.settlement = settler.settle(
                step, include: include.records + additions, published: published,
                existing: existing)
        } else if published.includeStamp != step.includeStamp {
            step.contentKey = published.contentKey
            standing.settlement = settler.settle(
                step, include: [], published: published, existing: existing)
        }
        self.standing = standing
    }

    /// The zone as it goes on while the change of the template waits.
    func held(by hold: Hold) -> SettledZone {
        guard let standing else { return self }
        var held = self
        if let settlement = standing.settlement {
            held.settlement = settlement
            held.step = settlement.step
        } else {
            held.settlement?.action = .hold(hold)
        }
        return held
    }
}
