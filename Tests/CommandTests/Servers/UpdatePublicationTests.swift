import EdgeCore
import EdgeLoopback
import EdgeRealServers
import EdgeSystemNameServers
import EdgeTesting
import Foundation
import Testing

/// What is published by updates, one zone or label apart from the others, on real name servers.
@Suite(.serialized) struct UpdatePublicationTests {
    /// The addresses that the server has at a name, sorted.
    private static func addresses(_ owner: String, _ scene: ServerBench) async throws -> [String] {
        let zone = try #require(
            ZoneName(owner.split(separator: ".").suffix(2).joined(separator: ".")))
        let settings = NameServerSettings(
            name: try #require(ServerName("ns1")), kind: .other, address: .v4(0x7F00_0001),
            port: scene.server.port)
        let question = ZoneQuestion(zone: zone, names: [owner], families: [.ipv4])
        let answers = await NIONameServerAsker().ask(
            [question], of: settings, within: .seconds(10))
        let served = try #require(answers[zone]).get()
        return (served.names[owner]?[.ipv4]?.addresses ?? []).sorted().map(\.description)
    }

    private static func rotate(_ labels: String, _ scene: ServerBench) throws {
        let lines = scene.bench.text("edgemanage.yaml").split(
            separator: "\n", omittingEmptySubsequences: false)
        let text = lines.map { line in
            line.hasPrefix("  rotate:") ? "  rotate: [\(labels)]" : String(line)
        }.joined(separator: "\n")
        try scene.bench.write("edgemanage.yaml", text)
    }

    private static func change(
        _ owner: String, to addresses: [IPAddress]
    ) -> ZoneUpdate {
        ZoneUpdate(
            zone: CommandBench.zone,
            changes: [
                .init(owner: owner, family: .ipv4, before: nil, after: addresses, ttl: 60)
            ])
    }

    /// A label that is taken out of `rotate` loses what was published there, on every kind of server;
    /// another label, changed by somebody else since, keeps it.
    @Test(arguments: [RealServer.Kind.bind, .knot, .powerdnsSQLite])
    func aLabelThatRotatesNoMoreIsTakenAway(kind: RealServer.Kind) async throws {
        try await ServerBench.with(kind, method: .updates) { scene in
            try Self.rotate("www, old, older", scene)
            try await scene.publish()
            let planned = try await scene.addresses()
            #expect(try await Self.addresses("old.example.test.", scene) == planned)
            try await scene.stranger(Self.change("older.example.test.", to: ["192.0.2.66"]))
            try Self.rotate("www", scene)
            let plan = try await scene.bench.start(["plan", "-c", "edgemanage.yaml"]).ending()
            #expect(plan.output.contains("old of zone example.test rotates no more"))
            let ending = try await scene.publish("--verbose")
            #expect(try await Self.addresses("old.example.test.", scene).isEmpty)
            #expect(try await Self.addresses("older.example.test.", scene) == ["192.0.2.66"])
            #expect(try await scene.addresses() == planned)
            let said = ending.everything
            #expect(
                said.contains(
                    "zone example.test: old.example.test. A "
                        + planned.joined(separator: " ") + " was taken from ns1"), "\(said)")
            #expect(
                said.contains(
                    "older.example.test. A 192.0.2.66 is not known to be published there"),
                "\(said)")
            #expect(try await scene.status().contains("serves what was published"))
            // Whoever puts something there afterwards keeps it, be it the same.
            let addresses = planned.compactMap { IPAddress($0) }
            try await scene.stranger(Self.change("old.example.test.", to: addresses))
            try await scene.publish("--force-update")
            #expect(try await Self.addresses("old.example.test.", scene) == planned)
        }
    }

    /// While the key is wrong an edge dies and a label is taken out of `rotate`: once the key is right, the
    /// dead edge's address goes from that label too.
    @Test(arguments: [RealServer.Kind.bind, .knot, .powerdnsSQLite])
    func whatALaggingServerHasThereGoesToo(kind: RealServer.Kind) async throws {
        try await ServerBench.with(kind, method: .updates, wait: "1s") { scene in
            try Self.rotate("www, old", scene)
            try await scene.begin()
            let first = try await scene.addresses()
            let right = scene.bench.text("edgemanage.yaml")
            let key = scene.bench.text(scene.server.keyFile)
            let secret = try #require(key.split(separator: "\"").dropFirst(3).first)
            try scene.bench.write(
                "wrong.key", key.replacing(secret, with: "d3Jvbmcgc2VjcmV0IG9mIHRoaXMga2V5"))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: scene.bench.path("wrong.key"))
            let wrong = right.replacing(scene.server.keyFile, with: scene.bench.path("wrong.key"))
            try scene.bench.write("edgemanage.yaml", wrong)
            try await scene.bench.edge(first[0]).behave(.refuse)
            try await scene.publish(expecting: 1)
            try await scene.publish(expecting: 1)
            try Self.rotate("www", scene)
            let ending = try await scene.publish(expecting: 1)
            let code = kind == .powerdnsSQLite ? "REFUSED" : "BADSIG"
            #expect(ending.everything.contains(code), "\(ending.everything)")
            #expect(try await Self.addresses("old.example.test.", scene) == first)
            try scene.bench.write("edgemanage.yaml", right)
            try Self.rotate("www", scene)
            let last = try await scene.publish("--verbose")
            #expect(try await Self.addresses("old.example.test.", scene).isEmpty)
            let live = try await scene.addresses()
            #expect(live.count == 2 && !live.contains(first[0]))
            #expect(last.everything.contains("was taken from ns1: it rotates no more"))
        }
    }

    /// A zone that BIND refuses updates of holds up no other, and is not tried every round.
    @Test func aRefusedZoneHoldsUpNoOther() async throws {
        let others = ["refused.test"]
        try await ServerBench.with(.bind, method: .updates, others: others, wait: "1s") { scene in
            try scene.bench.write("includes/web/refused.test.zone", "@ 60 IN TXT \"x\"\n")
            // Three failures in a row: it is left alone for a minute from now on.
            for _ in 0..<3 {
                let ending = try await scene.publish(expecting: 1)
                #expect(
                    ending.output.contains("ns1: it refuses updates of the zone (REFUSED)"),
                    "\(ending.everything)")
            }
            let planned = try await scene.addresses()
            #expect(planned.count == 2)
            func refusals() -> Int {
                scene.server.log.split(separator: "\n").count {
                    $0.contains("refused.test/IN") && $0.contains("denied")
                }
            }
            let before = refusals()
            #expect(before == 3, "\(scene.server.log.suffix(2000))")
            try await scene.stranger(Self.change("www.example.test.", to: ["192.0.2.66"]))
            let ending = try await scene.bench.start([
                "run", "-c", "edgemanage.yaml", "--force",
            ]).ending()
            #expect(try await scene.addresses() == planned, "\(ending.everything)")
            #expect(refusals() == before)
            let status = try await scene.status()
            #expect(status.contains("zone refused.test: "), "\(status)")
            #expect(status.contains("it refuses updates of the zone (REFUSED)"), "\(status)")
        }
    }
}
