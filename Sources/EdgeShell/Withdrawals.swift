import EdgeCore

/// Labels that were taken out of the rotated ones, in a network that publishes by updates: what was
/// published at them is ours, and nobody else would take it away (decisions/name-servers.md).
struct Withdrawals {
    private let state: NetworkState
    private let servers: [ServerName]
    private let isUsed: Bool
    private let history: (UnixTime) throws -> PublishedHistory
    private var zones: [RotatedLabel: (first: ZoneName, count: Int)] = [:]
    private var known: PublishedHistory?
    /// Why it is not known what lagging name servers may have; nil: it is, or none lags.
    private(set) var problem: String?

    /// - Parameter history: reads what was published since a time, and what stood then.
    init(_ plan: RoundPlan, history: @escaping (UnixTime) throws -> PublishedHistory) {
        state = plan.state
        servers = plan.settings.publish.servers.map(\.name)
        isUsed = plan.settings.publish.method == .updates
        self.history = history
    }

    /// Notes with a zone that is published which addresses have to go, until every name server is found
    /// without them.
    mutating func noted(in result: SettledZone) -> SettledZone {
        guard isUsed, var settlement = result.settlement,
            let published = state.zones[settlement.step.zone]
        else { return result }
        let step = settlement.step
        guard let before = PublishedContent(key: published.contentKey) else { return result }
        let isOwed = servers.contains { state.servers[$0]?.owed[step.zone] != nil }
        var gone = before.withdrawn(before: step.contentKey, earlier: isOwed ? [] : nil)
        guard !gone.isEmpty else { return result }
        let labels = gone.map(\.label).filter(before.labels.contains)
        if isOwed, !labels.isEmpty {
            gone = before.withdrawn(before: step.contentKey, earlier: earlier(step.zone))
        }
        for label in labels { zones[label, default: (step.zone, 0)].count += 1 }
        settlement.step.contentKey = PublishedContent.key(step.contentKey, withdrawing: gone)
        var noted = result
        noted.settlement = settlement
        return noted
    }

    /// What a name server that lags may have of a zone: it took nothing since it began to.
    private mutating func earlier(_ zone: ZoneName) -> [PublishedContent] {
        if known == nil {
            let lags = servers.flatMap { state.servers[$0]?.owed.values.map(\.since) ?? [] }
            do {
                known = try history(lags.min() ?? UnixTime(seconds: 0))
            } catch {
                known = PublishedHistory()
                problem =
                    "\(error): what name servers that lag may have at a label that rotates no more is not "
                    + "known; ask them for it"
            }
        }
        return (known?.keys[zone] ?? []).compactMap { PublishedContent(key: $0) }
    }

    /// A sentence a label that rotates no more since this plan.
    var warnings: [String] {
        zones.sorted { $0.key < $1.key }.map { label, zones in
            let more =
                zones.count > 1
                ? " and \(zones.count - 1) more zone\(zones.count == 2 ? "" : "s")" : ""
            return
                "\(label) of zone \(zones.first)\(more) rotates no more: its addresses are taken from the "
                + "name servers, where they are as published"
        }
    }
}

/// What was published of each zone, newest first.
struct PublishedHistory: Sendable {
    /// Content keys.
    private(set) var keys: [ZoneName: [String]] = [:]

    /// So many generations are looked through at most.
    static let mostGenerations = 64

    /// Adds what came before all that is known.
    mutating func add(_ zones: [ZoneName: GenerationZone]) {
        for (zone, content) in zones where keys[zone]?.contains(content.contentKey) != true {
            keys[zone, default: []].append(content.contentKey)
        }
    }
}

extension StateStore {
    /// What was published from a time on, and what stood just before, as far as it is kept.
    func published(_ network: NetworkName, since time: UnixTime) throws -> PublishedHistory {
        var history = PublishedHistory()
        var limit = 8
        var generations = try generations(network, limit: limit)
        while generations.count == limit, limit < PublishedHistory.mostGenerations,
            generations.last.map({ $0.time >= time }) == true
        {
            limit = min(limit * 4, PublishedHistory.mostGenerations)
            generations = try self.generations(network, limit: limit)
        }
        // One more: a generation has the time at which its round began, and is owed since it was decided.
        let last = generations.firstIndex { $0.time < time } ?? generations.count
        let end = min(last + 1, generations.count - 1)
        for generation in generations.prefix(end + 1) { history.add(generation.zones) }
        if end >= 0, let standing = try contents(network, at: generations[end].number) {
            history.add(standing.zones)
        }
        return history
    }
}

extension NetworkState {
    /// Whether any name server is not known to serve the zone as planned, or only the named one.
    func owes(_ zone: ZoneName, _ server: ServerName? = nil) -> Bool {
        guard let server else { return servers.values.contains { $0.owed[zone] != nil } }
        return servers[server]?.owed[zone] != nil
    }
}
