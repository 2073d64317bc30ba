internal import EdgeCore
internal import EdgeShell

/// One network in an `InMemoryStore`.
struct MemoryNetwork {
    /// Everything but the targets, which are kept with their samples.
    var state = NetworkState()
    var targets: [ProbeTarget: MemoryTarget] = [:]
    var includes: [ZoneName: AcceptedInclude] = [:]
    var edgeRotations: [EdgeName: [UnixTime]] = [:]
    var events: [RecordedEvent] = []
    /// Oldest first.
    var generations: [Generation] = []
    /// What zones were before the oldest kept generation.
    var baseline: [ZoneName: GenerationZone] = [:]
    var includeTexts: [ZoneName: [Int: AcceptedInclude]] = [:]
    /// Zones that were given up: the last generation that had them, and their includes' revision.
    var givenUp: [(zone: ZoneName, generation: Int, revision: Int)] = []
    /// What alarms remember.
    var alarms = AlarmState()
    var history = MemoryHistory()
    private(set) var round = 0
    private(set) var rounds: [(number: Int, moment: Moment)] = []
    private var holdIdentities: [String: UnixTime] = [:]
    private var hasAdoptedState = false
    /// When edges were taken over, and after which round.
    private var adoptions: [(round: Int, moment: Moment)] = []

    /// When the last round was begun.
    var lastRound: Moment? { rounds.last?.moment }

    /// Edges and canaries that were probed or taken over.
    var knownEdges: Set<EdgeName> {
        Set(targets.keys.lazy.filter { $0.role != .reference }.map(\.name))
    }

    mutating func load(judge: JudgeSettings, now: Moment) -> NetworkState {
        if let last = state.lastRun, now.isOvertaken(by: last) {
            state.lastRun = now.restamped(last)
        }
        let (windowBegins, bounds) = window(judge.window, now: now)
        var loaded = state
        loaded.rotationHold = state.rotationHold.flatMap { $0.holds(at: now) ? $0 : nil }
        for (target, memory) in targets {
            let record = memory.loaded(
                windowBegins: windowBegins, adoptedAfter: bounds, judge: judge)
            loaded.targets[target] = record
            if let canary = target.asCanary, !memory.hasOwnRound, targets[canary] == nil {
                loaded.targets[canary] = record
            }
        }
        return loaded
    }

    /// The first round in the window, and how far back it reaches in each takeover's samples.
    private func window(_ length: Duration, now: Moment) -> (first: Int, bounds: [Int: UnixTime]) {
        var walk = WindowWalk(from: now, length: length)
        var first = round + 1
        var bounds: [Int: UnixTime] = [:]
        func reach(adoptionsSince round: Int) {
            for (index, adoption) in adoptions.enumerated()
            where adoption.round >= round && bounds[index] == nil {
                let left = length - walk.age(of: adoption.moment)
                if left > .zero { bounds[index] = adoption.moment.wall.adding(.zero - left) }
            }
        }
        for stamp in rounds.reversed() {
            reach(adoptionsSince: stamp.number)
            guard walk.reaches(stamp.moment) else { return (first, bounds) }
            first = stamp.number
        }
        reach(adoptionsSince: 0)
        return (first, bounds)
    }

    mutating func begin(_ record: RoundRecord, keptSamples: Int) {
        sumUp(before: round + 1, at: record.moment.wall, record.history)
        round += 1
        rounds.append((round, record.moment))
        if rounds.count > 8192 { rounds.removeFirst(4096) }
        for update in record.targets { apply(update, at: record.moment, keeping: keptSamples) }
        if !record.added.isEmpty || !record.removed.isEmpty {
            state.rotations = (state.rotations + [record.moment.wall]).suffix(100)
            for edge in record.added + record.removed {
                edgeRotations[edge] = ((edgeRotations[edge] ?? []) + [record.moment.wall])
                    .suffix(2000)
            }
        }
        state.generation = record.generation
        setLive(record.live, at: record.moment.wall)
        state.substitutions = record.substitutions
        state.sickRoundsLeft = record.sickRoundsLeft
        state.approvals.formIntersection(record.holds.compactMap(\.approvalKey))
        state.approvals.subtract(record.usedApprovals)
        state.zones.merge(record.zones) { _, new in new }
        includes.merge(record.includes) { _, new in new }
        state.publishedDNS = record.publishedDNS ?? state.publishedDNS
        state.afterChangesPending = record.afterChangesPending
        state.lastRun = record.moment
        for (edge, mode) in record.endedModes where state.modes[edge] == mode {
            state.modes[edge] = ModeRecord(changed: record.moment.wall)
        }
        stand(record.holds, at: record.moment)
        keep(record)
        note(record.events, at: record.moment)
        if round.isMultiple(of: 100) { forget(at: record.moment.wall, record.history) }
    }

    private mutating func setLive(_ live: [LiveEdge], at wall: UnixTime) {
        guard state.live != live else { return }
        history.note(live: live, at: wall)
        state.live = live
    }

    /// What is forgotten every hundredth round.
    private mutating func forget(at wall: UnixTime, _ settings: HistorySettings) {
        let horizon = wall.adding(.zero - settings.audit)
        events = events.prefix(1000).filter { $0.time >= horizon } + events.dropFirst(1000)
        history.forgetSpans(at: wall, settings)
    }

    private mutating func stand(_ holds: [Hold], at moment: Moment) {
        let before = holdIdentities
        holdIdentities = [:]
        state.holds = holds.map { hold in
            let since = before[hold.identity] ?? moment.wall
            holdIdentities[hold.identity] = since
            return StoredHold(
                approvalKey: hold.approvalKey, identity: hold.identity, zone: hold.zone,
                message: hold.description,
                since: since)
        }
    }

    private mutating func apply(_ update: TargetUpdate, at moment: Moment, keeping limit: Int) {
        if update.target.role == .canary, targets[update.target] == nil {
            // The original's files do not say whether an address is an edge or a canary.
            var edge = update.target
            edge.role = .edge
            if let adopted = targets[edge], !adopted.hasOwnRound {
                targets[edge] = nil
                targets[update.target] = adopted
            }
        }
        var memory = targets[update.target] ?? MemoryTarget()
        memory.hasOwnRound = true
        memory.record.lastOutcome = update.outcome
        memory.record.lastDetail = update.detail
        memory.record.lastProbed = moment.wall
        memory.record.health = update.health ?? memory.record.health
        memory.record.steady = update.steady
        memory.record.lastAddress = update.address ?? memory.record.lastAddress
        if let sample = update.sample {
            memory.add(
                .init(
                    round: round, time: moment.wall, duration: max(sample, .zero),
                    evidence: update.evidence?.bytes(beside: max(sample, .zero))),
                keeping: limit)
        }
        targets[update.target] = memory
    }

    mutating func adopt(
        edges: [EdgeName: EdgeStoreFile], state original: OriginalStateFile?, now: Moment
    ) -> [EdgeName] {
        let known = knownEdges
        let unknown = edges.keys.filter { !known.contains($0) }.sorted()
        if !unknown.isEmpty { adoptions.append((round, now)) }
        for edge in unknown {
            if let file = edges[edge] { adopt(edge, file, now: now) }
        }
        if round == 0, !hasAdoptedState {
            var live: [EdgeName] = []
            if let original {
                hasAdoptedState = true
                state.rotations = original.rotationList.suffix(100)
                state.lastRun = original.lastRun.map {
                    Moment(wall: $0, sinceBoot: .zero, bootID: "")
                }
            }
            if let lastLive = original?.lastLive, !lastLive.isEmpty {
                live = lastLive
            } else {
                let names = state.live.map(\.name)
                let joining = unknown.filter { edges[$0]?.isLive == true && !names.contains($0) }
                live = (names + joining).sorted()
            }
            setLive(live.map { LiveEdge(name: $0, addresses: EdgeAddresses()) }, at: now.wall)
        }
        if !unknown.isEmpty { note([.takeover(of: unknown)], at: now) }
        return unknown
    }

    private mutating func adopt(_ edge: EdgeName, _ file: EdgeStoreFile, now: Moment) {
        let fetches = file.adoptable(at: now)
        var memory = MemoryTarget()
        for (index, fetch) in fetches.enumerated() {
            memory.add(
                .init(
                    round: index - fetches.count, time: fetch.time, duration: fetch.duration),
                keeping: 2000)
        }
        memory.adoption = adoptions.count - 1
        memory.record.health = file.health
        memory.record.lastProbed = fetches.last?.time
        targets[ProbeTarget(name: edge, family: edge.address?.family ?? .ipv4)] = memory
        if !file.rotationHistory.isEmpty {
            edgeRotations[edge] = ((edgeRotations[edge] ?? []) + file.rotationHistory)
                .suffix(2000)
        }
        let mode = ModeRecord(mode: file.mode, comment: file.comment, changed: file.stateEntryTime)
        if state.modes[edge] == nil, mode != ModeRecord() { state.modes[edge] = mode }
    }

    mutating func note(_ new: [AuditEvent], at moment: Moment) {
        if new.contains(where: { $0.kind == .refusal }) {
            events.removeAll { $0.event.kind == .refusal }
        }
        events += new.map { RecordedEvent(time: moment.wall, event: $0) }
        if events.count > 20_000 { events.removeFirst(events.count - 10_000) }
    }
}
