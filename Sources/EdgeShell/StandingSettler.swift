import EdgeCore

/// What one zone is settled from.
struct ZoneMaterial: Sendable {
    var step: ZoneStep
    /// To publish with; nil: none is known.
    var include: CheckedInclude?
    /// The last accepted one, as far as it was asked for.
    var stored: AcceptedInclude?
    var published: PublishedZone?
    var hasFile: Bool
    /// The present file, where it was read and parsed.
    var existing: ExistingZone?
    /// The network's edges and canaries, by address.
    var edges: [IPAddress: EdgeName] = [:]
}

/// Finds out how a zone goes on without the present template: its addresses, parameters and include are
/// published as ever, with the records that the last template added (decisions/zone-templates.md).
struct StandingSettler: Sendable {
    let material: ZoneMaterial
    let include: CheckedInclude
    /// Of the include that the zone was published with.
    let included: [DNSRecord]
    let settler: ZoneSettler
    let parser: any ZoneParser

    /// Why a zone is not rendered by the template.
    enum Reason: Sendable {
        /// It is refused for this zone; one sentence.
        case refused(String)
        /// Nobody can read it; that was said for all zones.
        case unreadable
        /// It took too much in other zones; that is said for all of them together.
        case givenUp
    }

    private var step: ZoneStep { material.step }
    private var published: PublishedZone? { material.published }
    /// The last template's key; nil: none added anything.
    private var last: String? {
        guard let published else { return "" }
        return PublishedContent.template(of: published.contentKey)
    }

    /// Whether the present file is the published one. A write that was cut short leaves a file of ours;
    /// another program's says nothing of ours.
    var isOurs: Bool {
        guard let published, let existing = material.existing else { return false }
        return !step.causes.contains(.repair) || published.fileStamp?.isOutdated == true
            || TemplateGuard.isPublished(existing, zone: step.zone, as: published)
    }

    /// What the last template added, for the present addresses; nil: nobody knows.
    var additions: [DNSRecord]? {
        guard last != nil else { return [] }
        guard let existing = material.existing else { return nil }
        let additions = TemplateGuard.additions(
            of: existing, zone: step.zone, contentKey: published?.contentKey ?? step.contentKey,
            include: included)
        return TemplateGuard.following(
            additions, from: existing, zone: step.zone, to: step.addresses.addresses)
    }

    /// Those of them that can stand beside the include and the rotated names, and those that can't.
    func holdable(_ additions: [DNSRecord]) -> (kept: [DNSRecord], dropped: [DNSRecord]) {
        TemplateTrial(parser: parser).holdable(
            additions, content: settler.content(of: step), include: include)
    }

    /// What becomes of the zone's file with these records; nil: nothing.
    ///
    /// - Parameter isWhole: whether they are all that the last template would add now.
    func settlement(with kept: [DNSRecord], isWhole: Bool) -> ZoneSettlement? {
        var step = step
        step.causes.removeAll { $0 == .template }
        let bare = PublishedContent.withoutTemplate(step.contentKey)
        let key = PublishedContent.key(bare, by: last)
        if let published {
            let isSame =
                PublishedContent.withoutTemplate(published.contentKey) == bare
                && published.includeRevision == step.includeRevision
            let stands =
                last != nil
                && (!isWhole || !isSame || PublishedContent.isStanding(published.contentKey))
            step.contentKey = stands ? PublishedContent.standing(key) : key
        } else {
            step.contentKey = PublishedContent.standing(key)
        }
        if !step.causes.isEmpty {
            return settler.settle(
                step, include: include.records + kept, published: published,
                existing: material.existing)
        }
        guard let published, published.includeStamp != step.includeStamp else { return nil }
        step.contentKey = published.contentKey
        return settler.settle(
            step, include: [], published: published, existing: material.existing)
    }

    /// The zone as it goes on when the template can't render it.
    func withoutTemplate(because reason: Reason, trial: TemplateTrial.Outcome?) -> SettledZone {
        var zone = SettledZone(
            step: step, trial: trial, include: include, existing: material.existing)
        guard published != nil || material.existing != nil else {
            zone.failure = reason.wordsOfNewZone
            return zone
        }
        zone.trouble = reason.words
        var additions: [DNSRecord] = []
        if let known = self.additions {
            additions = known
        } else if settler.approvesAll || handsOutWhoLeft {
            zone.trouble = reason.cause + Self.lostAndOut
        } else {
            zone.trouble = nil
            zone.failure = reason.cause + Self.lostAndHeld
            return zone
        }
        let (kept, dropped) = holdable(additions)
        let isOurs = isOurs
        zone.warning = words(of: dropped)
        if last != nil, material.existing != nil, published != nil, !isOurs {
            zone.warning = zone.warning ?? foreignWords
        }
        zone.settlement = settlement(with: kept, isWhole: isOurs && dropped.isEmpty)
        zone.standing = StandingZone(
            records: kept, settlement: zone.settlement, remnants: remnants(in: kept))
        return zone
    }

    /// Whether the zone was published with an address that goes now.
    private var handsOutWhoLeft: Bool {
        guard let key = published?.contentKey, let content = PublishedContent(key: key) else {
            return true
        }
        return !Set(content.addresses).isSubset(of: step.addresses.addresses)
    }

    private var foreignWords: String {
        "zone \(step.zone)'s file is not the one that was published: until the zone template is mended "
            + "it goes on with the records beside the generated ones that stand there"
    }

    private static let lostAndHeld =
        ", and its file can't be read, which told what the last template added: it is published without "
        + "that as soon as it must lose an address; mend the template"
    private static let lostAndOut =
        ", and its file can't be read, which told what the last template added: it is published without "
        + "that before the template is mended"

    /// What the zone goes on saying of edges that it does not hand out any more.
    func remnants(in kept: [DNSRecord]) -> [TemplateGuard.Remnant] {
        TemplateGuard.remnants(
            in: kept, known: material.edges, present: step.addresses.addresses)
    }

    /// Which records can't go on; nil: all can.
    func words(of dropped: [DNSRecord]) -> String? {
        guard !dropped.isEmpty else { return nil }
        let shown = dropped.prefix(5).map { "\($0.owner) \($0.type) \($0.data)" }
        return
            "zone \(step.zone) goes on without \(dropped.count.counted("record")) that the last zone template "
            + "added and that can't stand beside its include and the rotated names: "
            + shown.joined(separator: "; ") + (dropped.count > 5 ? "; …" : "")
    }
}

extension StandingSettler.Reason {
    /// nil: nothing is to be rendered, or it was.
    init?(_ template: TemplateInUse, step: ZoneStep, trial: TemplateTrial.Outcome?) {
        guard !step.causes.isEmpty else { return nil }
        switch (template, trial?.additions) {
        case (.unreadable, _): self = .unreadable
        case (.givenUp, _): self = .givenUp
        case (.read, .failure(let failure)?): self = .refused(failure.message)
        case (.read, .success?), (.read, nil), (.builtIn, _): return nil
        }
    }

    /// What is said of a zone that goes on with the last template's records; nil: it was said for all.
    fileprivate var words: String? {
        guard case .refused(let message) = self else { return nil }
        return "\(message); before that is mended it goes on with what the last template added"
    }

    /// The beginning of a sentence of one zone's own.
    fileprivate var cause: String {
        switch self {
        case .refused(let message): message
        case .unreadable: "the zone template can't be read"
        case .givenUp: "the zone template takes too many steps"
        }
    }

    /// What is said of a zone that was never published; nil: it was counted with others.
    fileprivate var wordsOfNewZone: String? {
        switch self {
        case .refused(let message): message
        case .unreadable: "it is new and waits until the zone template can be read"
        case .givenUp: nil
        }
    }
}
