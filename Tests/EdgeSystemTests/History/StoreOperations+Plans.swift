import EdgeCore
import EdgeShell
import EdgeTesting

extension StoreOperations {
    var servers: [ServerName] { ["ns1", "ns2"].compactMap { ServerName($0) } }

    /// The plan of a record that publishes.
    mutating func plan(of record: RoundRecord) -> Generation {
        var zones: [ZoneName: GenerationZone] = [:]
        for (zone, published) in record.zones.sorted(by: { $0.key < $1.key }) {
            zones[zone] = GenerationZone(
                serial: published.serial, contentKey: published.contentKey,
                includeRevision: published.includeRevision, canary: published.canary,
                canaryReplaces: published.canaryReplaces,
                causes: random.once(in: 3) ? [.addresses, .served] : [.new])
        }
        var reasons: [EdgeName: String] = [:]
        for edge in record.added + record.removed { reasons[edge] = "because \(random.next() % 9)" }
        let live = Set(record.live.map(\.name))
        return Generation(
            number: record.generation, time: record.moment.wall,
            actor: random.once(in: 3) ? "anna" : "edgemanage",
            cause: random.once(in: 4)
                ? .rollback(to: 1) : random.once(in: 4) ? .applied(file: "a plan.json") : .round,
            live: record.live, added: record.live.map(\.name).filter(record.added.contains),
            removed: record.removed.filter { !live.contains($0) },
            reasons: reasons.filter {
                live.contains($0.key) || record.removed.contains($0.key)
            },
            dns: DNSSettings(primary: "a.", mailbox: "b.", nameServers: ["ns."]), zones: zones)
    }

    /// What a run might have learned of name servers.
    mutating func updates(_ network: NetworkName) -> [ServerUpdate] {
        let now = moments.now()
        let zones = (0..<16).compactMap { ZoneName("zone\($0).example") }
        return servers.filter { _ in !random.once(in: 4) }.map { server in
            var update = ServerUpdate(
                server: server, failures: Int(random.next() % 4),
                lastTry: random.once(in: 3) ? now : nil,
                silentSince: random.once(in: 4) ? now.wall : nil,
                lastRaise: random.once(in: 4) ? now : nil)
            for zone in zones where random.once(in: 3) { update.settled.insert(zone) }
            for zone in zones where random.once(in: 6) && !update.settled.contains(zone) {
                update.owed[zone] = OwedZone(
                    generation: max(0, (generations[network] ?? 0) - Int(random.next() % 2)),
                    since: now.wall.adding(.seconds(-Int(random.next() % 2))), published: now.wall,
                    told: random.once(in: 2) ? now.wall : nil,
                    rewrites: Int(random.next() % 4),
                    difference: random.once(in: 2) ? nil : "answers REFUSED",
                    gone: WithdrawnLabel.labels(
                        in: random.once(in: 2) ? "" : "old@192.0.2.1/192.0.2.2"))
            }
            if random.once(in: 3) {
                update.control = StoredControl(
                    time: now.wall, command: "rndc reload", ending: "exit status 1",
                    output: "line\nline", duration: .milliseconds(12),
                    failure: random.once(in: 2) ? nil : "why")
            }
            return update
        }
    }

    /// An operator's hold, or its end.
    mutating func rotationHold() -> RotationHold? {
        guard !random.once(in: 3) else { return nil }
        return RotationHold(
            since: moments.now(),
            length: random.once(in: 2) ? nil : .seconds(Int(random.next() % 400)),
            actor: "anna", reason: "maintenance")
    }
}
