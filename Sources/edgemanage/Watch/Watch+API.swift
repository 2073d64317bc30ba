import EdgeCore
import EdgeServer
import EdgeShell
import EdgeSystemHistory

extension Watch: APIFace {
    func alarms(of network: NetworkName) throws -> AlarmView? {
        try watch(of: network)?.present.bench.reading.alarmView()
    }

    func uptime(of network: NetworkName) throws -> UptimeView? {
        guard let seat = watch(of: network)?.present else { return nil }
        let edges = Self.edges(of: seat.settings)
        return try NamedPart(.network, of: seat.bench.reading, edges: edges).uptime(of: edges)
    }

    func events(of network: NetworkName, _ filter: EventFilter) throws -> LogView? {
        guard let bench = watch(of: network)?.present.bench.reading else { return nil }
        let events = try bench.store.events(
            network, subject: filter.subject, kind: filter.kind, since: filter.since,
            limit: filter.limit)
        return LogView(
            network: network, events: events.map { LogView.Event(time: $0.time, $0.event) })
    }

    func generations(of network: NetworkName, limit: Int) throws -> HistoryView? {
        guard let bench = watch(of: network)?.present.bench.reading else { return nil }
        return HistoryView(
            network: network, generations: try bench.store.generations(network, limit: limit))
    }

    func difference(of network: NetworkName, generation: Int) throws -> DiffView? {
        guard let seat = watch(of: network)?.present else { return nil }
        let shelf = GenerationShelf(settings: seat.settings, store: seat.bench.reading.store)
        do {
            return try shelf.difference(
                of: generation, parser: seat.bench.reading.runner.effects.parser)
        } catch let failure as CommandFailure {
            throw OrderRefusal(.unknown, failure.message)
        }
    }
}
