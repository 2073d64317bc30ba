import EdgeCore
import EdgeServer
import EdgeShell
import EdgeSystemReport

extension OrderReply {
    /// Takes in what the round that carried an order out came to: in effect is what the zones say, not what was
    /// tried.
    mutating func take(
        _ outcome: RoundOutcome, of order: Order, settings: NetworkSettings
    ) {
        var view = RunView(outcome, settings: settings)
        // What failed is a warning, and said once.
        warnings += view.failures
        view.failures = []
        done += view.text()
        done += [Self.lateVisitors(order, outcome, settings)].compactMap { $0 }
        let unmet = Self.unmet(order, by: outcome)
        warnings += [unmet].compactMap { $0 }
        isApplied = unmet == nil && !outcome.hasFailures
    }

    /// Until when resolvers may still send visitors to an edge that was taken out.
    private static func lateVisitors(
        _ order: Order, _ outcome: RoundOutcome, _ settings: NetworkSettings
    ) -> String? {
        guard case .mode(let edge, .unavailable, _, _, _) = order,
            outcome.report.removed.contains(where: { $0.text == edge })
        else { return nil }
        let labels = ["@"] + settings.dns.rotatedLabels.map(\.text)
        let ttl = labels.map { settings.dns.ttl(of: $0) }.max() ?? settings.dns.ttl
        let until = outcome.report.moment.wall.adding(.seconds(Int64(ttl)))
        return
            "visitors may still come to \(edge) until \(until.words), as resolvers' copies expire "
            + "(dns.ttl, \(ttl) s after the name servers have it)"
    }

    /// What an order asked for and the round did not bring about; nil: nothing.
    private static func unmet(_ order: Order, by outcome: RoundOutcome) -> String? {
        guard case .mode(let text, let mode, _, _, _) = order, let edge = EdgeName(text) else {
            return nil
        }
        let isLive = outcome.report.live.contains { $0.name == edge }
        switch mode {
        case .available: return nil
        case .unavailable:
            let held = heldZones(with: edge, outcome)
            guard isLive || !held.isEmpty else { return nil }
            let place = isLive ? "" : " in \(held.fewWords)"
            return
                "\(edge) is still in the DNS\(place), for something is held: see edgemanage status"
        case .force, .blindforce:
            guard !isLive else { return nil }
            let why = outcome.decision.selection.reasons[edge].map { ": \($0)" } ?? ""
            return "\(edge) is not in the DNS\(why)"
        }
    }

    /// Zones that wait, and have the edge as they are published.
    private static func heldZones(with edge: EdgeName, _ outcome: RoundOutcome) -> [ZoneName] {
        let published = outcome.state.live.first { $0.name == edge }?.addresses.all ?? []
        let probed = outcome.observations.filter { $0.target.name == edge }.compactMap(\.address)
        let addresses = Set(published + probed)
        return outcome.settlements.filter { settlement in
            guard case .hold = settlement.action,
                let key = outcome.state.zones[settlement.step.zone]?.contentKey,
                let content = PublishedContent(key: key)
            else { return false }
            return !addresses.isDisjoint(with: content.addresses)
        }.map(\.step.zone).sorted()
    }
}
