import EdgeCore

extension RoundRunner {
    /// Reads the lists and gives every edge its address.
    func takeInventory(
        _ settings: NetworkSettings, state: NetworkState, resolves: Bool = true
    ) async throws -> Inventory {
        var warnings: [String] = []
        let edges: [EdgeName]
        var canaries: [ZoneName: IPAddress]
        do {
            let list = try await awaiting { try effects.inventory.edges(from: settings.edges) }
            edges = list.names
            warnings += list.warnings
        } catch {
            throw RoundRefusal.inventory("\(error)")
        }
        let list = await readCanaries(settings)
        canaries = list.map
        warnings += list.warnings
        let named = edges.filter { $0.address == nil }
        let resolutions =
            named.isEmpty || !resolves
            ? [:]
            : await effects.resolver.resolve(
                named, families: settings.probe.families, within: settings.probe.timeout / 2)
        let choice = AddressChoice(
            edges: edges, lookups: resolutions.mapValues(\.resolution.lookedUp),
            families: settings.probe.families, state: state)
        let owners = Dictionary(
            choice.addresses.flatMap { edge, addresses in addresses.all.map { ($0, edge) } },
            uniquingKeysWith: min)
        for (zone, address) in canaries.sorted(by: { $0.key < $1.key }) {
            if !choice.mayBePublished(address) {
                warnings.append(
                    "canary \(address) of zone \(zone) is an address that no server can have: it is not "
                        + "used")
                canaries[zone] = nil
            }
            guard let edge = owners[address] else { continue }
            warnings.append(
                "canary \(address) of zone \(zone) is edge \(edge) too: it stays an edge only")
            canaries[zone] = nil
        }
        let failed = named.count { resolutions[$0]?.resolution.isAnswer != true }
        return Inventory(
            edges: edges, addresses: choice.addresses, unresolvable: choice.unresolvable,
            lookupTimes: resolutions.mapValues(\.duration), canaries: canaries,
            failedLookups: failed,
            warnings: warnings + choice.warnings)
    }

    /// Takes over what the original's files say of edges that the database does not know.
    func adoptOriginalFiles(
        _ settings: NetworkSettings, inventory: Inventory, state: NetworkState,
        options: RoundOptions
    ) throws {
        let files = settings.original
        guard files.healthStore != nil || files.stateFile != nil else { return }
        let names = inventory.edges + Set(inventory.canaries.values).map { EdgeName($0) }
        do {
            let known = try effects.store.knownEdges(settings.network)
            let unknown = names.filter { !known.contains($0) }
            let readsState = state.lastRun == nil
            guard !unknown.isEmpty || readsState else { return }
            try adopt(unknown, readsState: readsState, settings: settings, isDry: options.isDry)
        } catch {
            // A dry run beside an existing database can't take anything over: it judges without.
            guard options.isDry else { throw RoundRefusal.state("\(error)") }
        }
    }

    /// A hundred edges at a time: a thousand edgestore files are a hundred megabytes.
    private func adopt(
        _ unknown: [EdgeName], readsState: Bool, settings: NetworkSettings, isDry: Bool
    ) throws {
        let now = effects.clock.now()
        var adopted = 0
        var start = 0
        repeat {
            let names = Array(unknown[start..<min(start + 100, unknown.count)])
            let findings = effects.originalFiles.read(
                settings.original, unknown: names, readsState: readsState && start == 0,
                now: now.wall, isDry: isDry)
            for note in findings.notes { effects.log.write(.warning, note) }
            if !findings.edges.isEmpty || findings.state != nil {
                adopted += try effects.store.adopt(
                    settings.network, edges: findings.edges, state: findings.state, now: now
                ).count
            }
            start += 100
        } while start < unknown.count
        if adopted > 0 {
            effects.log.write(
                .notice, "took over the original's files of \(adopted.counted("edge"))")
        }
    }

    /// Asks every edge, canary and reference target, at every family; one observation each.
    func probe(
        _ settings: NetworkSettings, inventory: Inventory, state: NetworkState,
        spread: ProbeSpread? = nil
    ) async throws -> [Observation] {
        let body: [UInt8]
        do {
            body = try effects.inventory.testObject(at: settings.object.localFile)
        } catch {
            throw RoundRefusal.inventory("\(error)")
        }
        let roster = ProbeRoster(
            settings: settings, inventory: inventory, targets: state.targets)
        var plan = roster.plan(body: body, descriptorLimit: effects.descriptorLimit)
        plan.spread = spread
        return await effects.prober.probe(roster.requests, by: plan) + roster.unprobed
    }
}

extension Resolution {
    /// The lookup as the core sees it.
    var lookedUp: LookedUp {
        switch self {
        case .addresses(let addresses): .addresses(addresses)
        case .notFound(let reason), .failed(let reason): .nothing(reason: reason)
        }
    }

    /// Whether the resolver gave an address.
    var isAnswer: Bool {
        switch self {
        case .addresses: true
        case .notFound, .failed: false
        }
    }
}
