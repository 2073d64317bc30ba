import EdgeCore

extension RoundRunner {
    /// Adds the catalog to the plan when its members changed or its file is not the published one; in
    /// place of one that was added before (decisions/name-servers.md).
    func settleCatalog(_ plan: inout RoundPlan, options: RoundOptions) {
        plan.withdrawCatalog()
        let settings = plan.settings
        // A zone of its own under that name, or an include, is told of by the plan.
        guard let name = settings.publish.catalog?.zone, plan.decision.canPublish,
            plan.state.zones[name]?.isCatalog ?? true
        else { return }
        if let owner = plan.state.foreignZones[name] {
            plan.failures[name] =
                "it is published by network \(owner) already: give the catalog "
                + "another name"
            return
        }
        let (members, awaited) = plan.catalogMembers()
        let catalog = CatalogZone(zone: name, members: members, soa: plan.decision.dns.soa)
        let published = plan.state.zones[name]
        let causes = causes(of: catalog, published: published, plan: plan)
        // Before the first zone there is nothing to list; after the last one the list is empty.
        guard !causes.isEmpty, published != nil || !catalog.members.isEmpty else { return }
        let existing = plan.files[name] == nil ? nil : readExisting(name, settings: settings)
        if let refusal = refusal(
            of: catalog, published: published, existing: existing, settings: settings,
            approvesAll: options.forcesUpdate)
        {
            plan.failures[name] = refusal
            return
        }
        let settler = ZoneSettler(
            approvals: [], approvesAll: true, survey: plan.survey, now: plan.now)
        let step = ZoneStep(catalog: catalog, dns: plan.decision.dns, causes: causes)
        let settlement = settler.settle(
            step, catalog: catalog, published: published, existing: existing)
        if case .hold(let hold) = settlement.action { plan.holds.append(hold) }
        plan.settlements.append(settlement)
        plan.catalog = catalog
        plan.catalogAwaits = awaited
    }

    private func causes(
        of catalog: CatalogZone, published: PublishedZone?, plan: RoundPlan
    ) -> [ZoneCause] {
        guard let published else { return [.new] }
        let stamp = plan.files[catalog.zone]
        var causes: [ZoneCause] = []
        if published.contentKey != catalog.key { causes.append(.members) }
        if published.fileStamp == nil || published.fileStamp != stamp { causes.append(.repair) }
        if plan.survey.rewrites[catalog.zone] != nil { causes.append(.served) }
        return causes.sorted()
    }

    /// Why the catalog stays as it is; nil: it may be published.
    private func refusal(
        of catalog: CatalogZone, published: PublishedZone?, existing: ExistingZone?,
        settings: NetworkSettings, approvesAll: Bool
    ) -> String? {
        if let (first, second) = collide(catalog.members) {
            return
                "zones \(first) and \(second) would stand under one label of the catalog (RFC 9432 "
                + "§4.1); it stays as it is until one of them is gone"
        }
        // What a lost database does not know of was given up by nobody: secondaries would drop it.
        guard published == nil, let existing, !approvesAll else { return nil }
        let lost = CatalogZone.members(listedBy: existing.records, of: catalog.zone)
            .subtracting(catalog.members)
        guard !lost.isEmpty else { return nil }
        let count = lost.count.counted("zone")
        return
            "its file \(settings.publish.directory)/\(catalog.zone).zone lists \(count) not published "
            + "now (\(lost.sorted().fewWords)), and stays as it is: mend the includes, or use "
            + "--force-update if secondaries are to drop what is not published"
    }
}

extension RoundPlan {
    /// The zones that a catalog lists, and those of them that have no file before this round wrote it.
    ///
    /// Listed is what has a file, or had one and was not given up since; a zone whose first file could
    /// not be written is listed once it was.
    fileprivate func catalogMembers() -> (members: [ZoneName], awaited: Set<ZoneName>) {
        var members = state.zones.filter { zone, published in
            !published.isCatalog && (published.fileStamp != nil || files[zone] != nil)
        }.map(\.key)
        var awaited: Set<ZoneName> = []
        for settlement in settlements {
            let zone = settlement.step.zone
            switch settlement.action {
            case .note, .hold: continue
            case .adopt: members.append(zone)
            case .write where state.zones[zone] == nil:
                members.append(zone)
                if files[zone] == nil { awaited.insert(zone) }
            case .write: continue
            }
        }
        return (members, awaited)
    }

    fileprivate mutating func withdrawCatalog() {
        guard let name = catalog?.zone else { return }
        settlements.removeAll { $0.step.zone == name }
        holds.removeAll { $0.zone == name }
        catalog = nil
        catalogAwaits = []
    }
}
