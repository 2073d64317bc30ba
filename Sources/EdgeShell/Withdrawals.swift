import EdgeCore

/// Labels that were taken out of the rotated ones, in a network that publishes by updates: what was
/// published at them is ours, and nobody else would take it away (decisions/name-servers.md).
///
/// Each name server has its own: what it was found without is done with there, and a server of which nothing
/// is known may have whatever was ever published.
struct Withdrawals {
    private let state: NetworkState
    private let servers: [ServerName]
    private let isUsed: Bool
    private let history: (UnixTime) throws -> PublishedHistory
    private var survey = ServerSurvey()
    private var zones: [RotatedLabel: (first: ZoneName, count: Int)] = [:]
    private var past: PublishedHistory?
    /// By server, labels of zones that are published now.
    private(set) var gone: [ServerName: [ZoneName: [WithdrawnLabel]]] = [:]
    /// Why it is not known what name servers may have; nil: it is, or nobody had to ask.
    private(set) var problem: String?

    /// - Parameter history: reads what was published since a time, and what stood then.
    init(
        _ settings: NetworkSettings, state: NetworkState,
        history: @escaping (UnixTime) throws -> PublishedHistory
    ) {
        self.state = state
        servers = settings.publish.servers.map(\.name)
        isUsed = settings.publish.method == .updates && state.generation > 0
        self.history = history
    }

    init(
        _ plan: RoundPlan, history: @escaping (UnixTime) throws -> PublishedHistory
    ) {
        self.init(plan.settings, state: plan.state, history: history)
        survey = plan.survey
    }

    /// What a name server may have at labels that rotate no more, by zone, before it is asked.
    mutating func remains(on server: ServerName) -> [ZoneName: [WithdrawnLabel]] {
        guard isUsed else { return [:] }
        if let known = state.servers[server] {
            return known.owed.compactMapValues { $0.gone.isEmpty ? nil : $0.gone }
        }
        var remains: [ZoneName: [WithdrawnLabel]] = [:]
        for (zone, published) in state.zones {
            let labels = everPublished(zone, next: published.contentKey)
            if !labels.isEmpty { remains[zone] = labels }
        }
        return remains
    }

    /// Keeps what name servers may have that are new, or that went back in time: restored from a backup, say.
    mutating func noteRemains(in survey: inout ServerSurvey, now: Moment) {
        guard isUsed else { return }
        for server in servers {
            guard var update = survey.updates[server] else { continue }
            let served = survey.served[server] ?? [:]
            if let known = state.servers[server] {
                for zone in update.owed.keys where known.owed[zone] == nil {
                    guard let published = state.zones[zone], let found = served[zone],
                        hasGoneBack(found, zone: zone)
                    else { continue }
                    update.owed[zone]?.gone = everPublished(zone, next: published.contentKey)
                }
            } else {
                for (zone, labels) in remains(on: server)
                where update.owed[zone] != nil || served[zone] == nil {
                    update.owed[
                        zone, default: OwedZone(generation: state.generation, since: now.wall)
                    ].gone = labels
                }
            }
            survey.updates[server] = update
        }
    }

    /// Notes of a zone that is published what has to go from each server.
    mutating func note(_ result: SettledZone) {
        guard isUsed, let settlement = result.settlement, settlement.action == .write,
            let next = PublishedContent(key: settlement.step.contentKey)
        else { return }
        let zone = settlement.step.zone
        let before = state.zones[zone].flatMap { PublishedContent(key: $0.contentKey) }
        let lost = before?.labels.filter { !next.labels.contains($0) } ?? []
        for label in lost { zones[label, default: (zone, 0)].count += 1 }
        for server in servers {
            let owed = owed(zone, by: server)
            var contents = lost.isEmpty ? [] : [before].compactMap { $0 }
            let isUnknown = state.servers[server] == nil
            let isBack = before == nil && state.givenUp[zone] != nil
            if isUnknown || isBack || (owed != nil && !lost.isEmpty) { contents += earlier(zone) }
            let labels = WithdrawnLabel.gone(
                from: contents, known: owed?.gone ?? [], next: next)
            if !labels.isEmpty { gone[server, default: [:]][zone] = labels }
        }
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

    /// What a server owes of a zone after the survey.
    private func owed(_ zone: ZoneName, by server: ServerName) -> OwedZone? {
        let update = survey.updates[server]
        guard update?.settled.contains(zone) != true else { return nil }
        return update?.owed[zone] ?? state.servers[server]?.owed[zone]
    }

    /// Whether a server has what was published of a zone before the last publication.
    private mutating func hasGoneBack(_ found: ServedZone, zone: ZoneName) -> Bool {
        let families = found.names["\(zone)."] ?? [:]
        load()
        return past?.had(families.values.flatMap(\.addresses).sorted(), in: zone) ?? false
    }

    private mutating func everPublished(_ zone: ZoneName, next key: String) -> [WithdrawnLabel] {
        guard let next = PublishedContent(key: key) else { return [] }
        return WithdrawnLabel.gone(from: earlier(zone), next: next)
    }

    /// What a name server may have of a zone that lags, or of which nothing is known.
    private mutating func earlier(_ zone: ZoneName) -> [PublishedContent] {
        load()
        return past?.contents(of: zone) ?? []
    }

    private mutating func load() {
        guard past == nil else { return }
        // Who lags took nothing since it began to.
        let lags = servers.compactMap { state.servers[$0] }.flatMap { $0.owed.values.map(\.since) }
        let hasStranger = servers.contains { state.servers[$0] == nil }
        let begun = hasStranger ? nil : lags.min()
        do {
            past = try history(begun ?? UnixTime(seconds: 0))
        } catch {
            past = PublishedHistory()
            problem =
                "\(error): what name servers may still have at labels that rotate no more is not known; ask "
                + "them for it"
        }
    }
}

extension StateStore {
    /// What was published from a time on, and what stood just before, as far as it is kept; of 64 generations
    /// at most.
    func published(_ network: NetworkName, since time: UnixTime) throws -> PublishedHistory {
        let most = 64
        var limit = 8
        var generations = try generations(network, limit: limit)
        while generations.count == limit, limit < most,
            generations.last.map({ $0.time >= time }) == true
        {
            limit = min(limit * 4, most)
            generations = try self.generations(network, limit: limit)
        }
        // One more: a generation has the time at which its round began, and is owed since it was decided.
        let last = generations.firstIndex { $0.time < time } ?? generations.count
        let end = min(last + 1, generations.count - 1)
        var history = PublishedHistory()
        for generation in generations.prefix(end + 1) { history.add(generation.zones) }
        if end >= 0, let standing = try contents(network, at: generations[end].number) {
            history.add(standing.zones)
        }
        return history
    }
}
