import EdgeCore
import EdgeLoopback
import EdgeRealServers
import EdgeTesting
import Foundation
import Testing

/// From an edge that fails to what the world is served, through each real name server.
@Suite(.serialized) struct PublicationTests {
    static let ways: [(RealServer.Kind, PublishMethod)] = [
        (.bind, .files), (.knot, .files), (.nsd, .files), (.powerdns, .files),
        (.bind, .updates), (.knot, .updates), (.powerdnsSQLite, .updates),
    ]

    /// A rotation reaches the world before `run --wait` returns (I13), and only when it must.
    @Test(arguments: ways)
    func aRotationIsServed(kind: RealServer.Kind, method: PublishMethod) async throws {
        try await ServerBench.with(kind, method: method) { scene in
            let bench = scene.bench
            try await scene.begin()
            #expect(try await scene.addresses() == bench.addresses(1, 2))
            let first = try await scene.served().get().serial
            try await scene.publish()
            #expect(try await scene.served().get().serial == first)
            await bench.edges[0].stop()
            let ending = try await scene.publish()
            let live = try await scene.addresses()
            #expect(live.count == 2 && !live.contains(bench.edges[0].address), "\(ending.output)")
            #expect(try await scene.served().get().serial.isNewer(than: first) == true)
            #expect(try await scene.status().contains("serves what was published"))
        }
    }

    /// A configured TTL reaches the world although no address changes with it.
    @Test(arguments: ways)
    func anotherTTLIsServed(kind: RealServer.Kind, method: PublishMethod) async throws {
        try await ServerBench.with(kind, method: method) { scene in
            try await scene.publish()
            let planned = try await scene.addresses()
            let text = scene.bench.text("edgemanage.yaml").replacing(
                "  rotate: [www]\n", with: "  rotate: [www]\n  ttl: 120s\n")
            try scene.bench.write("edgemanage.yaml", text)
            try await scene.publish()
            let served = try await scene.served().get()
            #expect(served.names.values.allSatisfy { $0[.ipv4]?.ttl == 120 }, "\(served)")
            #expect(try await scene.addresses() == planned)
        }
    }

    /// A stranger's change on the server is put back within two rounds, and said so (I7).
    @Test(arguments: [RealServer.Kind.bind, .knot, .powerdnsSQLite])
    func aStrangersUpdateIsPutBack(kind: RealServer.Kind) async throws {
        try await ServerBench.with(kind, method: .updates) { scene in
            try await scene.publish()
            let planned = try await scene.addresses()
            let change = ZoneUpdate.Change(
                owner: "www.example.test.", family: .ipv4, before: nil, after: ["192.0.2.66"],
                ttl: 60)
            try await scene.stranger(ZoneUpdate(zone: CommandBench.zone, changes: [change]))
            let before = try await scene.served().get()
            #expect(before.names["www.example.test."]?[.ipv4]?.addresses == ["192.0.2.66"])
            let ending = try await scene.publish("--verbose")
            #expect(ending.errors.contains("changed by somebody else"), "\(ending.everything)")
            #expect(try await scene.addresses() == planned)
        }
    }

    /// A published file that somebody deletes, edits or replaces by an older one.
    @Test(arguments: [RealServer.Kind.bind, .knot, .nsd, .powerdns], ["delete", "edit", "older"])
    func aForeignFileIsReplaced(kind: RealServer.Kind, what: String) async throws {
        try await ServerBench.with(kind) { scene in
            let bench = scene.bench
            try await scene.publish()
            let planned = try await scene.addresses()
            let serial = try bench.published().serial
            let text = bench.text("zones/example.test.zone")
            switch what {
            case "delete": try bench.remove("zones/example.test.zone")
            case "edit":
                try bench.write(
                    "zones/example.test.zone", text + "evil 60 IN A 192.0.2.66\n")
            default:
                try bench.write(
                    "zones/example.test.zone",
                    text.replacing(" \(serial) ", with: " \(serial - 1000) "))
            }
            _ = try await scene.server.tell(scene.reload)
            try await scene.publish()
            #expect(try await scene.addresses() == planned)
            let published = try bench.published()
            #expect(SOASerial(published.serial).isNewer(than: SOASerial(serial)) == true)
            #expect(!published.text.contains("evil"))
        }
    }

    /// The serial was raised by hand on the server: ours goes above it (RFC 1982).
    @Test(arguments: [RealServer.Kind.bind, .knot, .nsd, .powerdns])
    func aSerialRaisedByHandIsOvertaken(kind: RealServer.Kind) async throws {
        try await ServerBench.with(kind) { scene in
            let bench = scene.bench
            try await scene.begin()
            let serial = try bench.published().serial
            let raised = serial &+ 1_000_000
            let text = bench.text("zones/example.test.zone")
            try bench.write(
                "zones/example.test.zone",
                text.replacing(" \(serial) ", with: " \(raised) "))
            _ = try await scene.server.tell(scene.reload)
            try await scene.waitForSerial(raised)
            // The file is put back as it was: the server alone has the higher serial.
            try bench.write("zones/example.test.zone", text)
            try await scene.publish()
            let now = try await scene.served().get().serial
            #expect(now.isNewer(than: SOASerial(raised)) == true)
            #expect(try bench.published().serial == now.value)
        }
    }

    /// A server that is down holds up nothing, is named, and gets what it missed when it is back.
    @Test(arguments: [RealServer.Kind.bind, .knot, .nsd, .powerdns])
    func aServerThatWasDownGetsWhatItMissed(kind: RealServer.Kind) async throws {
        try await ServerBench.with(kind) { scene in
            let bench = scene.bench
            try await scene.begin()
            await scene.server.stop()
            await bench.edges[0].stop()
            let down = try await bench.start([
                "run", "-c", "edgemanage.yaml", "--force",
            ]).ending()
            #expect(down.status == 1)
            #expect(
                down.output.contains("name server ns1 could not be told of 1 zone"),
                "\(down.everything)")
            #expect(try await scene.status().contains("does not answer"))
            try await scene.server.restart()
            let back = try await scene.publish()
            #expect(!back.output.contains("not served"), "\(back.everything)")
            #expect(try await scene.addresses() == bench.published().addresses)
            #expect(try await scene.status().contains("serves what was published"))
        }
    }

    /// A server that does not take what it is told is named by --wait, which then fails.
    @Test func aServerThatLagsIsNamed() async throws {
        try await ServerBench.with(.nsd, wait: "1s", control: ["true"]) { scene in
            let ending = try await scene.publish(expecting: 1)
            #expect(
                ending.output.contains("not served everywhere after 1 second: zone example.test"),
                "\(ending.everything)")
            let status = try await scene.status()
            #expect(status.contains("ns1 (nsd, 127.0.0.1 port \(scene.server.port)): lags"))
        }
    }

    /// BIND keeps the zone by updates: its file is not overwritten (answer 8 of the guard).
    @Test func aDynamicZonesFileIsSpared() async throws {
        try await ServerBench.with(.bind, keeping: .dynamic) { scene in
            let before = scene.bench.text("zones/example.test.zone")
            let ending = try await scene.bench.start([
                "run", "-c", "edgemanage.yaml", "--force", "--force-update",
            ]).ending()
            #expect(ending.status == 1)
            #expect(
                ending.everything.contains("takes updates of the zone and writes its file itself"),
                "\(ending.everything)")
            #expect(scene.bench.text("zones/example.test.zone") == before)
        }
    }

    /// BIND signs a copy: its serials are its own, and the plain file goes on being ours.
    @Test func anInlineSignedZoneIsPublished() async throws {
        try await ServerBench.with(.bind, keeping: .signed, more: ", serials: own") { scene in
            try await scene.begin()
            try await scene.publish("--force-update")
            #expect(
                try await scene.addresses() == scene.bench.published().addresses)
            await scene.bench.edges[0].stop()
            try await scene.publish()
            let live = try await scene.addresses()
            #expect(!live.contains(scene.bench.edges[0].address))
            #expect(try live == scene.bench.published().addresses)
        }
    }

    /// BIND signs a copy and takes no file below the last serial that it took: what it was told in vain is
    /// published anew above it, whoever had raised it.
    @Test func aSignedZoneWhoseSerialWasRaisedIsPublishedAnew() async throws {
        try await ServerBench.with(
            .bind, keeping: .signed, more: ", serials: own", wait: "3s"
        ) { scene in
            let bench = scene.bench
            try await scene.begin()
            let text = bench.text("zones/example.test.zone")
            let serial = try bench.published().serial
            let raised = serial &+ 1_000_000
            try bench.write(
                "zones/example.test.zone",
                text.replacing(" \(serial) ", with: " \(raised) "))
            _ = try await scene.server.tell(scene.reload)
            try await scene.waitForSerial(raised, orNewer: true)
            try bench.write("zones/example.test.zone", text)
            await bench.edges[0].stop()
            let refused = try await scene.publish(expecting: 1)
            #expect(refused.output.contains("not served everywhere"), "\(refused.everything)")
            let anew = try await scene.publish()
            #expect(anew.output.contains("published 1 zone"), "\(anew.everything)")
            #expect(try bench.published().serial > raised)
            #expect(try await scene.addresses() == bench.published().addresses)
        }
    }
}
