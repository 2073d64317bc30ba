import EdgeCore

/// Labels that were taken out of the rotated ones, in a network that publishes by updates: what was
/// published at them is ours, and nobody else would take it away (decisions/name-servers.md).
struct Withdrawals {
    private let state: NetworkState
    private let servers: [ServerName]
    private let isUsed: Bool
    private var zones: [RotatedLabel: (first: ZoneName, count: Int)] = [:]

    init(_ plan: RoundPlan) {
        state = plan.state
        servers = plan.settings.publish.servers.map(\.name)
        isUsed = plan.settings.publish.method == .updates
    }

    /// Notes with a zone that is published which addresses have to go, until every name server is found
    /// without them.
    mutating func noted(in result: SettledZone) -> SettledZone {
        guard isUsed, var settlement = result.settlement,
            let published = state.zones[settlement.step.zone]
        else { return result }
        let step = settlement.step
        let zone = step.zone
        guard let before = PublishedContent(key: published.contentKey) else { return result }
        let gone = before.withdrawn(
            before: step.contentKey,
            isSettled: servers.allSatisfy { state.servers[$0]?.owed[zone] == nil })
        for withdrawn in gone where before.labels.contains(withdrawn.label) {
            zones[withdrawn.label, default: (zone, 0)].count += 1
        }
        settlement.step.contentKey = PublishedContent.key(step.contentKey, withdrawing: gone)
        var noted = result
        noted.settlement = settlement
        return noted
    }

    /// A sentence a label that rotates no more since this plan.
    var warnings: [String] {
        zones.sorted { $0.key < $1.key }.map { label, zones in
            let more =
                zones.count > 1
                ? " and \(zones.count - 1) more zone\(zones.count == 2 ? "" : "s")" : ""
            return
                "\(label) of zone \(zones.first)\(more) rotates no more: its addresses are taken from the "
                + "name servers, where they are as last published"
        }
    }
}

extension NetworkState {
    /// Whether any name server is not known to serve the zone as planned, or only the named one.
    func owes(_ zone: ZoneName, _ server: ServerName? = nil) -> Bool {
        guard let server else { return servers.values.contains { $0.owed[zone] != nil } }
        return servers[server]?.owed[zone] != nil
    }
}
