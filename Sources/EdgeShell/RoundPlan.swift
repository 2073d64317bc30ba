import EdgeCore

/// A round as decided, with everything that carrying it out needs.
struct RoundPlan: Sendable {
    var settings: NetworkSettings
    var inventory: Inventory
    var state: NetworkState
    var observations: [Observation]
    /// Whether the observations are the round's before, and enter the history no more.
    var isStanding = false
    var decision: RoundDecision
    var settlements: [ZoneSettlement]
    var before: [ZoneName: ExistingZone]
    /// The published files' states when the round was planned.
    var files: [ZoneName: FileStamp]
    /// What zones are rendered by.
    var template: TemplateInUse
    /// What the last template added, by zone that goes on with it without the present one.
    var standing: [ZoneName: [DNSRecord]] = [:]
    /// The catalog that is published; nil: none, or it stays as it is.
    var catalog: CatalogZone?
    /// Zones that it lists and that have no file yet: it is published after them, or not in this round.
    var catalogAwaits: Set<ZoneName> = []
    /// What name servers were found to serve.
    var survey: ServerSurvey
    /// Whether an operator waits for it: name servers are told however lately that failed.
    var isUrgent: Bool
    /// Labels of zones that this round publishes, that rotate no more and that name servers may still have
    /// addresses at.
    var gone: [ServerName: [ZoneName: [WithdrawnLabel]]] = [:]
    /// Modes whose time is over, as they were.
    var endedModes: [EdgeName: ModeRecord] = [:]
    /// What is not known since there was another database before; a sentence each.
    var forgotten: [String] = []
    /// Who asked for the round, and how.
    var actor: String
    var cause: GenerationCause
    /// The texts to write with, by zone of a settlement that writes.
    var includes: [ZoneName: AcceptedInclude]
    /// Those of `includes` that the database does not have yet.
    var newIncludes: [ZoneName: AcceptedInclude]
    var includeTimes: [ZoneName: UnixTime]
    var holds: [Hold]
    var usedApprovals: Set<String>
    var failures: [ZoneName: String]
    /// What else went wrong; a sentence each.
    var troubles: [String] = []
    /// By zone, why its include is not used.
    var includeTroubles: [ZoneName: String] = [:]
    /// What is wrong with the zone template, for all zones or some; a sentence each.
    var templateTroubles: [String] = []
    /// When the round began: the next one may follow it in 30 s, however long this one takes.
    var started: Moment
    var now: Moment

    /// The zones whose files are to be written.
    var writes: [ZoneSettlement] { settlements.filter { $0.action == .write } }

    /// Why there is no live set to publish: the first edges, with what speaks against each.
    var emptiness: String {
        let causes = inventory.edges.prefix(3).compactMap { name -> String? in
            if let why = inventory.unresolvable[name] { return "\(name): \(why)" }
            return decision.selection.reasons[name].map { "\(name): \($0.cause)" }
        }
        let more = inventory.edges.count > 3 ? "; …" : ""
        return "no edge is known to pass and none was live before: nothing is published"
            + (causes.isEmpty ? "" : " (\(causes.joined(separator: "; "))\(more))")
    }

    /// What the round came to, before anything is done.
    func outcome(started: Moment, now: Moment) -> RoundOutcome {
        let live = decision.selection
        let report = RoundReport(
            network: settings.network, moment: self.started, isStanding: isStanding,
            edges: edgeReports(),
            live: decision.live, added: live.added, removed: live.removed,
            activeCanaries: decision.canaries, includeTimes: includeTimes,
            verificationFailures: mismatching(), holds: holds, written: [],
            warnings: inventory.warnings + decision.warnings,
            duration: now.elapsed(since: started))
        return RoundOutcome(
            report: report, decision: decision, state: state,
            generation: state.generation, observations: observations, settlements: settlements,
            before: before, failures: failures, saved: saved(),
            templateTroubles: templateTroubles, includeTroubles: includeTroubles,
            troubles: troubles + templateTroubles)
    }

    /// The plan as it can be saved and published later.
    func saved() -> SavedPlan {
        var zones: [ZoneName: SavedPlan.Zone] = [:]
        for settlement in writes {
            let step = settlement.step
            zones[step.zone] = SavedPlan.Zone(
                content: step.contentKey,
                include: IncludeDigest.text(of: includes[step.zone]?.text ?? []),
                causes: step.causes.map(\.rawValue))
        }
        return SavedPlan(
            network: settings.network, made: now.wall, basis: state.generation,
            live: decision.live, canaries: decision.canaries, modes: state.modes, zones: zones)
    }

    private func mismatching() -> [EdgeName] {
        let names = observations.filter { $0.target.role == .edge && $0.outcome.isMismatch }
        return Set(names.map(\.target.name)).sorted()
    }

    private func edgeReports() -> [EdgeReport] {
        let live = Set(decision.live.map(\.name))
        let times = Dictionary(
            observations.map { ($0.target, $0.fetchTime) }, uniquingKeysWith: { first, _ in first })
        func report(_ target: ProbeTarget, isCanary: Bool) -> EdgeReport {
            let verdict = decision.verdicts[target]
            return EdgeReport(
                name: target.name, isCanary: isCanary,
                health: verdict?.health ?? state.targets[target]?.health ?? .fail,
                mode: state.modes[target.name] ?? ModeRecord(),
                isLive: !isCanary && live.contains(target.name), sample: verdict?.sample,
                fetchTime: times[target] ?? nil, mean: verdict?.mean)
        }
        let edges = inventory.edges.map { name in
            let family = inventory.addresses[name]?.primary ?? .ipv4
            return report(ProbeTarget(name: name, family: family), isCanary: false)
        }
        let canaries = Set(inventory.canaries.values).sorted().map { address in
            let target = ProbeTarget(
                role: .canary, name: EdgeName(address), family: address.family)
            return report(target, isCanary: true)
        }
        return edges + canaries
    }

    /// What the database is told, in one transaction before the first file changes.
    func record() -> RoundRecord {
        let selection = decision.selection
        let zones = generationZones()
        let publishes = !zones.isEmpty || !selection.added.isEmpty || !selection.removed.isEmpty
        let generation = state.generation + (publishes ? 1 : 0)
        return RoundRecord(
            network: settings.network, moment: started,
            generation: generation, targets: targetUpdates(),
            live: decision.live, added: selection.added, removed: selection.removed,
            substitutions: selection.budget.recent,
            sickRoundsLeft: decision.monitor.sickRoundsLeft, holds: holds,
            usedApprovals: usedApprovals, zones: zoneRecords(), includes: newIncludes,
            publishedDNS: decision.canPublish ? decision.dns : state.publishedDNS,
            afterChangesPending: state.afterChangesPending || !writes.isEmpty,
            events: events(), basis: state.generation,
            plan: publishes ? published(generation, zones: zones) : nil,
            servers: settings.publish.servers.map(\.name), rewrites: survey.askers,
            settled: survey.updates.mapValues(\.settled), gone: gone,
            keptGenerations: settings.publish.keptGenerations, endedModes: endedModes,
            history: settings.history)
    }

    private func published(_ number: Int, zones: [ZoneName: GenerationZone]) -> Generation {
        let selection = decision.selection
        var reasons: [EdgeName: String] = [:]
        for name in selection.added + selection.removed + selection.heldBack {
            reasons[name] = selection.reasons[name].map { "\($0)" }
        }
        return Generation(
            number: number, time: started.wall, actor: actor, cause: cause, live: decision.live,
            added: selection.added, removed: selection.removed, reasons: reasons,
            dns: decision.dns, zones: zones)
    }

    /// Zones whose files were found to say the right thing already.
    var adopted: [ZoneName] {
        settlements.compactMap { settlement in
            if case .adopt = settlement.action { settlement.step.zone } else { nil }
        }
    }

    /// The zones whose content this round publishes, or finds published.
    func generationZones() -> [ZoneName: GenerationZone] {
        var zones: [ZoneName: GenerationZone] = [:]
        for settlement in settlements {
            switch settlement.action {
            case .note, .hold: continue
            case .write, .adopt: break
            }
            let step = settlement.step
            zones[step.zone] = GenerationZone(
                serial: settlement.serial, contentKey: step.contentKey,
                includeRevision: step.includeRevision, canary: step.addresses.canary,
                canaryReplaces: step.addresses.canaryReplaces, causes: step.causes)
        }
        return zones
    }

    private func targetUpdates() -> [TargetUpdate] {
        guard !isStanding else { return [] }
        return observations.filter { $0.target.role != .reference }.map { observation in
            let verdict = decision.verdicts[observation.target]
            // What a sick monitor resolved is not remembered.
            let isBelieved = !decision.monitor.holdsHealth
            return TargetUpdate(
                target: observation.target, address: isBelieved ? observation.address : nil,
                sample: verdict?.sample, health: verdict?.health,
                outcome: verdict?.word(for: observation.outcome) ?? observation.outcome.word,
                detail: detail(of: observation),
                steady: verdict?.steady?.memory, evidence: ProbeEvidence(observation))
        }
    }

    /// What was seen of a target: the outcome, and the steady judge's rule where it spoke. Why it is in or out is no
    /// part of it: that may change before the target is looked at again.
    private func detail(of observation: Observation) -> String {
        // A class of the classic judge speaks for itself.
        guard let verdict = decision.verdicts[observation.target], verdict.steady != nil else {
            return "\(observation.outcome)"
        }
        return verdict.reason.seen
    }

    func zoneRecords() -> [ZoneName: PublishedZone] {
        var records: [ZoneName: PublishedZone] = [:]
        for settlement in settlements {
            let step = settlement.step
            var record = PublishedZone(
                serial: settlement.serial,
                contentKey: step.contentKey,
                includeRevision: step.includeRevision, canary: step.addresses.canary,
                canaryReplaces: step.addresses.canaryReplaces, includeStamp: step.includeStamp)
            switch settlement.action {
            case .write: record.fileStamp = state.zones[step.zone]?.fileStamp?.outdated
            case .adopt(let stamp): record.fileStamp = stamp
            case .note: record.fileStamp = state.zones[step.zone]?.fileStamp
            case .hold: continue
            }
            records[step.zone] = record
        }
        return records
    }

    private func events() -> [AuditEvent] {
        let reasons = decision.selection.reasons
        func rotation(_ verb: String) -> (EdgeName) -> AuditEvent {
            { name in
                let why = reasons[name]?.cause ?? ""
                return AuditEvent(
                    kind: .rotation, subject: name.text, actor: actor,
                    message: "\(name) \(verb): \(why)")
            }
        }
        var events: [AuditEvent] = []
        if cause != .round {
            events.append(
                AuditEvent(
                    kind: .command, actor: actor,
                    message: "edgemanage \(cause.text) was carried out"))
        }
        events += decision.selection.added.map(rotation("in"))
        events += decision.selection.removed.map(rotation("out"))
        events += PublicationWords.lines(of: writes).map {
            AuditEvent(kind: .publication, actor: actor, message: $0)
        }
        let known = Set(state.holds.map(\.identity))
        events += holds.filter { !known.contains($0.identity) }.map {
            AuditEvent(kind: .hold, subject: $0.zone?.text, message: "held: \($0)")
        }
        events += endedModes.sorted { $0.key < $1.key }.map {
            .modeEnd(of: $0.key, record: $0.value)
        }
        events += forgotten.map { AuditEvent(kind: .salvage, message: $0) }
        events += usedApprovals.sorted().map {
            AuditEvent(kind: .approval, message: "approved and done: \($0)")
        }
        return events
    }
}
