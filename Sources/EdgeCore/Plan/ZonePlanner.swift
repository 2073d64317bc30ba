/// Finds the zones whose files must be looked at, and what they shall say.
struct ZonePlanner {
    private let input: RoundInput
    private let live: [LiveEdge]
    private(set) var holds: [Hold] = []
    private(set) var usedApprovals: Set<String> = []
    private(set) var warnings: [String] = []
    /// Zones that another network publishes, and what to do.
    private(set) var conflicts: [ZoneName: String] = [:]
    /// The parameters in effect.
    private(set) var dns: DNSSettings
    /// Canaries in use, by zone.
    private(set) var canaries: [ZoneName: IPAddress] = [:]

    init(input: RoundInput, live: [LiveEdge]) {
        self.input = input
        self.live = live
        dns = input.settings.dns
    }

    /// A change of NS or SOA parameters waits for approval; the published ones go on (I9).
    mutating func guardParameters() {
        if let directed = input.directive?.dns {
            dns = directed
            return
        }
        // By updates the zones' NS and SOA are the operator's own.
        guard input.settings.publish.method == .files else { return }
        let ruling = ParameterGuard.rule(
            settings: input.settings, state: input.state, approvesAll: input.forcesUpdate)
        dns = ruling.dns
        holds += [ruling.hold].compactMap { $0 }
        usedApprovals.formUnion([ruling.usedApproval].compactMap { $0 })
    }

    /// Canaries that pass are used; when too many failed, none is. A sick monitor leaves them as they are.
    mutating func placeCanaries(verdicts: [ProbeTarget: Verdict], holdsHealth: Bool) {
        if let directive = input.directive {
            canaries = directive.canaries.filter { input.inventory.canaries[$0.key] == $0.value }
            return
        }
        var breaker = CanaryBreaker(limit: input.settings.selection.canaryKiller)
        for observation in input.observations { breaker.record(observation) }
        if breaker.hasTripped, !holdsHealth {
            warnings.append(
                "\(breaker.failures.counted("canary", plural: "canaries")) failed in this round "
                    + "(canary_killer): no canary is used"
            )
            return
        }
        for zone in input.inventory.canaries.keys.sorted()
        where input.includes[zone] == nil && input.state.zones[zone] == nil {
            warnings.append("a canary is set for zone \(zone), which this network does not publish")
        }
        for (zone, address) in input.inventory.canaries {
            let target = ProbeTarget(
                role: .canary, name: EdgeName(address), family: address.family)
            // A canary that an operator took out stays out, whatever its health.
            guard input.state.mode(of: EdgeName(address)) != .unavailable else { continue }
            let isUsed =
                holdsHealth
                ? input.state.zones[zone]?.canary == address
                : verdicts[target]?.isFit == true
            if isUsed { canaries[zone] = address }
        }
    }

    /// The zones to look at, by name.
    mutating func steps() -> [ZoneStep] {
        let plain = ZoneAddresses(live: live)
        let plainKey = ZoneContent.key(addresses: plain.addresses, dns: dns)
        var steps: [ZoneStep] = []
        var lost: [ZoneName] = []
        let predecessor = ForeignZones.predecessor(
            of: input.includes.keys, owners: input.state.foreignZones, settings: input.settings)
        for zone in Set(input.includes.keys).union(input.state.zones.keys).sorted() {
            if zone == input.settings.publish.catalog?.zone {
                conflicts[zone] = catalogConflict(zone)
                continue
            }
            if input.state.zones[zone]?.isCatalog == true { continue }
            // `ForeignZones` says so, once for all zones of the other network.
            if input.state.foreignZones[zone] != nil { continue }
            let published = input.state.zones[zone]
            if published == nil, let predecessor {
                conflicts[zone] =
                    "it is new, and waits until the zones of network \(predecessor) have come over: they are "
                    + "published, and this configuration does not declare it"
                continue
            }
            let include = input.includes[zone] ?? .refused([])
            if input.includes[zone] == nil { lost.append(zone) }
            warnings += include.problems
            guard let source = source(of: include, published: published) else { continue }
            let addresses =
                canaries[zone].map {
                    ZoneAddresses(
                        live: live, canary: $0, zone: zone, previous: published?.canaryReplaces)
                } ?? plain
            let content =
                addresses.canary == nil
                ? plainKey : ZoneContent.key(addresses: addresses.addresses, dns: dns)
            let before = published.map { PublishedContent.planned($0.contentKey) }
            let key = input.template.key(of: content, published: before)
            let causes = causes(
                zone, published: published, key: key, addresses: addresses,
                revision: source.revision)
            let stampChanged = published != nil && published?.includeStamp != source.stamp
            guard !causes.isEmpty || stampChanged else { continue }
            steps.append(
                ZoneStep(
                    zone: zone, addresses: addresses, dns: dns, contentKey: key,
                    includeRevision: source.revision,
                    includeStamp: source.stamp, causes: causes))
        }
        warnLost(lost)
        return steps
    }

    /// Says which zones have no include any more.
    private mutating func warnLost(_ lost: [ZoneName]) {
        guard let first = lost.first else { return }
        let more = lost.count > 1 ? " and \((lost.count - 1).counted("more zone")) have" : " has"
        warnings.append(
            "zone \(first)\(more) lost the include: the last accepted one goes on (edgemanage zone "
                + "forget gives a zone up)")
    }

    /// What is wrong with a zone that has the catalog's name; nil: it is the catalog, and that alone.
    private func catalogConflict(_ zone: ZoneName) -> String? {
        let settings = input.settings
        if input.includes[zone] != nil {
            return
                "\(settings.zoneIncludes)/\(zone).zone has the catalog's name (publish.catalog) and is "
                + "not published: remove it, or give the catalog another name"
        }
        guard input.state.zones[zone]?.isCatalog == false else { return nil }
        return "it was published as a zone of its own before it became the catalog's name: run "
            + "edgemanage zone forget \(settings.network) \(zone), or give the catalog another name"
    }

    /// The include to write with: the new one, or the last accepted; nil when there never was one.
    private func source(
        of include: IncludeState, published: PublishedZone?
    ) -> (revision: Int, stamp: FileStamp?)? {
        switch include {
        case .accepted(let revision, let stamp): return (revision, stamp)
        case .unchanged: return published.map { ($0.includeRevision, $0.includeStamp) }
        case .refused: return published.map { ($0.includeRevision, nil) }
        }
    }

    private func causes(
        _ zone: ZoneName, published: PublishedZone?, key: String, addresses: ZoneAddresses,
        revision: Int
    ) -> [ZoneCause] {
        guard let published else { return input.forcesUpdate ? [.forced, .new] : [.new] }
        var causes: [ZoneCause] = []
        let before = PublishedContent.planned(published.contentKey)
        if input.template.replaces(templateOf: before) { causes.append(.template) }
        if PublishedContent.withoutTemplate(before) != PublishedContent.withoutTemplate(key) {
            let parametersChanged = input.state.publishedDNS.map { $0 != dns } ?? true
            if published.canary != addresses.canary {
                causes.append(.canary)
            } else if !parametersChanged {
                causes.append(.addresses)
            }
            if parametersChanged { causes.append(.parameters) }
        }
        // By updates an include only names the zone.
        if input.settings.publish.method == .files {
            if published.includeRevision != revision { causes.append(.include) }
            let isStray =
                published.fileStamp == nil || published.fileStamp != input.zoneFiles[zone]
            if isStray { causes.append(.repair) }
        }
        if input.survey.rewrites[zone] != nil { causes.append(.served) }
        if input.directive?.includes[zone] != nil { causes.append(.restored) }
        if input.forcesUpdate { causes.append(.forced) }
        return causes.sorted()
    }
}
