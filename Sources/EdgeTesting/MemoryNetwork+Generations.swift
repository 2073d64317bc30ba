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
                state.servers[server, default: ServerState()].owed[zone] = OwedZone(
                    of: content, generation: plan.number, since: plan.time)
            }
        }
        while generations.count > max(1, record.keptGenerations) {
            for (zone, content) in generations[0].zones { baseline[zone] = content }
            generations.removeFirst()
        }
    }

    mutating func note(_ updates: [ServerUpdate], generation: Int, servers: [ServerName]) {
        for update in updates {
            var server = state.servers[update.server] ?? ServerState()
            for zone in update.settled
            where server.owed[zone].map({ $0.generation <= generation }) == true {
                server.owed[zone] = nil
            }
            for (zone, owed) in update.owed
            where server.owed[zone].map({ $0.generation <= owed.generation }) ?? true {
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
    }

    /// Forgets what was kept of a zone that was given up.
    mutating func forgetOwed(_ zone: ZoneName) {
        includeTexts[zone] = nil
        for server in state.servers.keys { state.servers[server]?.owed[zone] = nil }
    }

    func contents(at number: Int) -> GenerationContents? {
        guard let generation = generations.first(where: { $0.number == number }) else { return nil }
        var zones = baseline
        for step in generations where step.number <= number {
            zones.merge(step.zones) { _, new in new }
        }
        var texts: [ZoneName: AcceptedInclude] = [:]
        for (zone, content) in zones {
            texts[zone] = includeTexts[zone]?[content.includeRevision]
        }
        return GenerationContents(generation: generation, zones: zones, includes: texts)
    }
}
