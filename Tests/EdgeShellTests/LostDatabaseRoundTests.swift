import EdgeCore
import EdgeShell
import Testing

@testable import EdgeSimulation
@testable import EdgeTesting

/// The first round by a new database, when zones are out already.
@Suite struct LostDatabaseRoundTests {
    private func firstRound(_ scene: UpdateScene, by store: InMemoryStore) async throws
        -> RoundOutcome
    {
        scene.bench.world.moments.advance(by: .seconds(60))
        let effects = scene.bench.world.effects(store: store)
        return try await RoundRunner(effects: effects).run(scene.bench.settings)
    }

    /// What has to go is lost with it: who reads of that can look.
    @Test(arguments: [PublishMethod.updates, .files])
    func itIsSaidWhatIsNotKnown(method: PublishMethod) async throws {
        let scene = try UpdateScene(rotate: ["www", "old"], method: method)
        try await scene.bench.round()
        let store = InMemoryStore()
        let outcome = try await firstRound(scene, by: store)
        let warnings = outcome.report.warnings
        #expect(warnings.contains { $0.contains("holds and the rotation budget of an earlier") })
        let words = "which labels rotated before is not known"
        #expect(warnings.contains { $0.contains(words) } == (method == .updates))
        let later = try await firstRound(scene, by: store).report.warnings
        #expect(!later.contains { $0.contains("earlier database") || $0.contains(words) })
    }

    /// Neither the database nor the file tells the last serial: the name server does.
    @Test func theServersSerialIsFollowed() async throws {
        let scene = try UpdateScene(method: .files)
        try await scene.bench.round()
        let known = scene.bench.world.change { $0.servers[0].zones["zone.test"]?.serial }
        let last = SOASerial(try #require(known).value + 86_400)
        scene.change { $0.zones["zone.test"]?.serial = last }
        scene.bench.world.tamper("zone.test", Array("garbage\n".utf8))
        let store = InMemoryStore()
        let outcome = try await firstRound(scene, by: store)
        let serial = try #require(
            outcome.settlements.first { $0.step.zone == "zone.test" }?.serial)
        #expect(serial.isNewer(than: last) == true, "\(last), then \(serial)")
        #expect(scene.bench.world.change { $0.servers[0].zones["zone.test"]?.serial } == serial)
    }

    /// Servers may serve different sets: the first one's counts, and not whichever comes first (I20).
    @Test(arguments: 1...8)
    func theLiveSetIsTheFirstServers(attempt: Int) async throws {
        let scene = try UpdateScene(servers: 3)
        try await scene.bench.round()
        let live = scene.addresses("zone.test.")
        for server in 1...2 {
            for zone in ["zone.test.", "b.test."] {
                scene.tamper(zone, [.v4(0xC000_0232 + UInt32(server))], on: server)
            }
        }
        _ = try await firstRound(scene, by: InMemoryStore())
        let words = live.map(\.description).joined(separator: " ")
        #expect(scene.logHas("taken from the published zones: \(words)"))
    }

    /// The clock alone tells what a serial should be, and it may be wrong: one far behind it is asked for once
    /// more over TCP, for it may be far ahead of the zone's file (I3).
    @Test func aForgedSerialBehindTheClockIsNotFollowed() async throws {
        let scene = try UpdateScene(method: .files)
        try await scene.bench.round()
        let known = scene.bench.world.change { $0.servers[0].zones["zone.test"]?.serial }
        let ours = try #require(known)
        scene.bench.world.tamper("zone.test", Array("garbage\n".utf8))
        scene.change { $0.forged["zone.test"] = 0x7FFF_0000 }
        let early = UnixTime(seconds: Int64(ours.value &+ 0x7FFF_0000) + 1_000_000_000)
        scene.bench.world.moments.setWall(early)
        let outcome = try await firstRound(scene, by: InMemoryStore())
        let serial = try #require(
            outcome.settlements.first { $0.step.zone == "zone.test" }?.serial)
        let ahead = serial.value &- ours.value
        #expect(ahead < 0x7000_0000, "\(serial) follows \(ours)")
    }
}
