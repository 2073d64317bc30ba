import EdgeCore

extension RoundRunner {
    /// Up to so many zones a name server is asked how it keeps each; of more, only those whose file
    /// somebody touched or that have a journal (decisions/name-servers.md).
    static let mostKeepingQuestions = 200

    /// Takes zones out of the plan whose files a name server keeps itself: they must not be replaced.
    func spareDynamicZones(_ plan: inout RoundPlan, options: RoundOptions) async {
        let settings = plan.settings
        guard settings.publish.method == .files, let control = effects.nameServers?.control else {
            return
        }
        let servers = settings.publish.servers.filter {
            $0.control != nil && $0.kind == .bind
        }
        let present = plan.writes.map(\.step.zone).filter { plan.files[$0] != nil }
        guard !servers.isEmpty, !present.isEmpty else { return }
        let journals = effects.zoneFiles.journals(of: present, in: settings.publish.directory)
        let asked =
            present.count <= Self.mostKeepingQuestions
            ? present
            : present.filter {
                journals.contains($0) || plan.state.zones[$0]?.fileStamp != plan.files[$0]
            }
        guard !asked.isEmpty else { return }
        let answers = await withTaskGroup(of: (Int, [ZoneName: ZoneKeeping]).self) { group in
            for (index, server) in servers.enumerated() {
                group.addTask { (index, await control.keeping(of: asked, by: server)) }
            }
            return await group.reduce(into: [Int: [ZoneName: ZoneKeeping]]()) { $0[$1.0] = $1.1 }
        }
        var refused: Set<ZoneName> = []
        for (index, server) in servers.enumerated() {
            for zone in asked {
                let keeping = answers[index]?[zone] ?? .unasked(reason: "no answer")
                guard let reason = Self.refusal(keeping, hasJournal: journals.contains(zone)) else {
                    continue
                }
                plan.failures[zone] = "\(server.name) \(reason)"
                refused.insert(zone)
            }
        }
        plan.giveUp(refused)
        // What is not published is not listed either.
        if let name = plan.catalog?.zone, plan.settlements.contains(where: { $0.step.zone == name })
        {
            settleCatalog(&plan, options: options)
        }
    }

    /// Why a zone's file must stay as it is, in words that follow the server's name; nil: it may be
    /// replaced.
    static func refusal(_ keeping: ZoneKeeping, hasJournal: Bool) -> String? {
        switch keeping {
        case .file, .secondary, .unknown: nil
        case .dynamic:
            "takes updates of the zone and writes its file itself, which is not overwritten: publish by "
                + "updates (publish.method), or take the zone's update-policy away"
        case .unasked(let reason):
            hasJournal
                ? "can't be asked how it keeps the zone (\(reason)), and a journal stands beside its file, "
                    + "which is not overwritten" : nil
        }
    }
}

extension RoundPlan {
    /// Zones that are not published in this round.
    fileprivate mutating func giveUp(_ zones: Set<ZoneName>) {
        guard !zones.isEmpty else { return }
        settlements.removeAll { zones.contains($0.step.zone) }
        for zone in zones {
            includes[zone] = nil
            newIncludes[zone] = nil
        }
    }
}
