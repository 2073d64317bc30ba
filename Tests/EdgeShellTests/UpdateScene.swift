import EdgeCore
import EdgeShell
import Testing

@testable import EdgeTesting
@testable import EdgeSimulation

/// A bench of one zone more, whose name servers take updates.
struct UpdateScene {
    let bench: RoundRunnerTests.Bench

    init(
        servers: Int = 1, rotate: [RotatedLabel] = ["www"], kind: NameServerKind = .bind,
        method: PublishMethod = .updates
    ) throws {
        bench = RoundRunnerTests.Bench(edges: 4, live: 2)
        bench.world.setInclude("b.test", "@ 600 IN TXT \"x\"\n")
        bench.settings.publish.method = method
        bench.settings.dns.rotatedLabels = rotate
        for number in 1...servers {
            let settings = NameServerSettings(
                name: try #require(ServerName("ns\(number)")), kind: kind,
                address: .v4(0x7F00_0000 + UInt32(number)),
                control: method == .files ? ["control"] : nil,
                update: method == .updates ? UpdateSettings(keyFile: "/key") : nil)
            bench.settings.publish.servers.append(settings)
            var server = WorldServer(settings: settings)
            for zone: ZoneName in ["zone.test", "b.test"] where method == .updates {
                server.zones[zone] = WorldCopy(
                    serial: SOASerial(1), owners: ["mail.\(zone)."], address: "192.0.2.25")
            }
            bench.world.change { [server] in $0.servers.append(server) }
        }
    }

    func change(_ body: (inout WorldServer) -> Void, of server: Int = 0) {
        bench.world.change { body(&$0.servers[server]) }
    }

    /// The IPv4 addresses that a server has at an owner.
    func addresses(_ owner: String, of server: Int = 0) -> [IPAddress] {
        let zone = ZoneName(owner.split(separator: ".").suffix(2).joined(separator: "."))
        return bench.world.change { state in
            zone.flatMap { state.servers[server].zones[$0] }?.addresses(owner, .ipv4) ?? []
        }
    }

    /// Somebody else changes a name on a server.
    func tamper(_ owner: String, _ addresses: [IPAddress], on server: Int = 0) {
        guard let zone = ZoneName(owner.split(separator: ".").suffix(2).joined(separator: "."))
        else { return }
        change(
            {
                $0.zones[zone]?.sets[owner, default: [:]][.ipv4] = ServedZone.Addresses(
                    addresses: addresses, ttl: 300)
            }, of: server)
    }

    /// What a server has still to lose in the first zone, as it is kept.
    func gone(_ server: Int) -> String? {
        let name = bench.settings.publish.servers[server].name
        let owed = bench.store.network("bench")?.servers[name]?.owed["zone.test"]
        return WithdrawnLabel.text(of: owed?.gone ?? [])
    }

    var known: ServerState? { bench.store.network("bench")?.servers.values.first }

    func logHas(_ words: String) -> Bool {
        bench.world.change { $0.log.contains { $0.contains(words) } }
    }
}
