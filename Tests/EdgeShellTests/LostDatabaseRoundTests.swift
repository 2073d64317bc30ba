import EdgeCore
import EdgeShell
import Testing

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
}
