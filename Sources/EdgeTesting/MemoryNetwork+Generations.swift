internal import EdgeCore

extension MemoryNetwork {
    /// Keeps the plan of a round, and notes what the name servers owe for it.
    mutating func keep(_ record: RoundRecord) {
        for (zone, include) in record.includes {
            includeTexts[zone, default: [:]][include.revision] = include
        }
        guard let plan = record.plan else { return }
        generations.append(plan)
        for server in record.servers {
            for (zone, content) in plan.zones {
                let isSettled = record.settled[server]?.contains(zone) == true
                let known = isSettled ? nil : state.servers[server]?.owed[zone]
                state.servers[server, default: ServerState()].owed[zone] = OwedZone(
                    of: content, generation: plan.number, published: plan.time, after: known,
                    isForItsSake: record.rewrites[server]?.contains(zone) == true,
                    gone: record.gone[server]?[zone] ?? [])
            }
        }
        let surplus = generations.count - max(1, record.keptGenerations)
        guard surplus > 0 else { return }
        let oldest = generations[surplus].number
        baseline = standing(before: oldest)
        generations.removeFirst(surplus)
        givenUp.removeAll { $0.generation < oldest }
        noteGivenUp()
    }

    /// Notes what a run learned; false when a newer one has begun.
    mutating func note(
        _ updates: [ServerUpdate], generation: Int, round: Moment, servers: [ServerName]
    ) -> Bool {
        guard lastRound == round else { return false }
        for update in updates {
            var server = state.servers[update.server] ?? ServerState()
            for zone in update.settled
            where server.owed[zone].map({ $0.generation <= generation }) == true {
                server.owed[zone] = nil
            }
            for (zone, owed) in update.owed
            where state.zones[zone] != nil
                && server.owed[zone].map({ $0.generation <= owed.generation }) ?? true
            {
                server.owed[zone] = owed
            }
            server.failures = update.failures
            server.lastTry = update.lastTry ?? server.lastTry
            server.lastControl = update.control ?? server.lastControl
            server.silentSince = update.silentSince
            server.lastRaise = update.lastRaise ?? server.lastRaise
            state.servers[update.server] = server
        }
        state.servers = state.servers.filter { servers.contains($0.key) }
        return true
    }

    /// Forgets a zone; kept generations say further what they said of it.
    mutating func giveUp(_ zone: ZoneName) {
        if let known = state.zones[zone] {
            givenUp.append((zone, state.generation, known.includeRevision))
            noteGivenUp()
        }
        state.zones[zone] = nil
        includes[zone] = nil
        for server in state.servers.keys { state.servers[server]?.owed[zone] = nil }
    }

    private mutating func noteGivenUp() {
        state.givenUp = Dictionary(
            givenUp.map { ($0.zone, $0.revision) }, uniquingKeysWith: { max($0, $1) })
    }

    /// What was published when a generation came.
    private func standing(before number: Int) -> [ZoneName: GenerationZone] {
        var zones = baseline
        var past = 0
        func drop(before next: Int) {
            for gone in givenUp where gone.generation >= past && gone.generation < next {
                zones[gone.zone] = nil
            }
            past = next
        }
        for step in generations where step.number < number {
            drop(before: step.number)
            zones.merge(step.zones) { _, new in new }
        }
        drop(before: number)
        return zones
    }

    func contents(at number: Int) -> GenerationContents? {
        guard let generation = generations.first(where: { $0.number == number }) else { return nil }
        let zones = standing(before: number).merging(generation.zones) { _, new in new }
        var texts: [ZoneName: AcceptedInclude] = [:]
        for (zone, content) in zones {
            texts[zone] = includeTexts[zone]?[content.includeRevision]
        }
        return GenerationContents(generation: generation, zones: zones, includes: texts)
    }
}
