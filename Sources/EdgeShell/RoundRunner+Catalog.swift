import EdgeCore

extension RoundRunner {
    /// Adds the catalog to the plan when its members changed or its file is not the published one.
    func settleCatalog(
        _ plan: inout RoundPlan, stamps: [ZoneName: FileStamp], settings: NetworkSettings
    ) {
        guard let name = settings.publish.catalog?.zone, plan.decision.canPublish else { return }
        if let owner = plan.state.foreignZones[name] {
            plan.failures[name] =
                "it is published by network \(owner) already: give the catalog "
                + "another name"
            return
        }
        let known = plan.state.zones.filter { !$0.value.isCatalog }.keys
        let coming = plan.settlements.filter { settlement in
            switch settlement.action {
            case .write, .adopt: true
            case .note, .hold: false
            }
        }.map(\.step.zone)
        guard !known.contains(name), !coming.contains(name) else {
            plan.failures[name] =
                "an include gives a zone the catalog's name: give the catalog another one"
            return
        }
        let catalog = CatalogZone(
            zone: name, members: Array(known) + coming, soa: plan.decision.dns.soa)
        let published = plan.state.zones[name]
        let causes = causes(of: catalog, published: published, stamp: stamps[name], plan: plan)
        guard !causes.isEmpty, !catalog.members.isEmpty else { return }
        if let (first, second) = CatalogZone.collision(among: catalog.members) {
            plan.failures[name] =
                "zones \(first) and \(second) would stand under one label of the catalog (RFC 9432 "
                + "§4.1); it stays as it is until one of them is gone"
            return
        }
        let existing = stamps[name] == nil ? nil : readExisting(name, settings: settings)
        let settler = ZoneSettler(
            approvals: [], approvesAll: true, survey: plan.survey, now: plan.now)
        let step = ZoneStep(catalog: catalog, dns: plan.decision.dns, causes: causes)
        plan.settlements.append(
            settler.settle(step, catalog: catalog, published: published, existing: existing))
        plan.catalog = catalog
    }

    private func causes(
        of catalog: CatalogZone, published: PublishedZone?, stamp: FileStamp?, plan: RoundPlan
    ) -> [ZoneCause] {
        guard let published else { return [.new] }
        var causes: [ZoneCause] = []
        if published.contentKey != catalog.key { causes.append(.members) }
        if published.fileStamp == nil || published.fileStamp != stamp { causes.append(.repair) }
        if plan.survey.rewrites[catalog.zone] != nil { causes.append(.served) }
        return causes.sorted()
    }
}
