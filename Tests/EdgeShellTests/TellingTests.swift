import EdgeCore
import EdgeSimulation
import EdgeTesting
import Synchronization
import Testing

@testable import EdgeShell

/// Name servers that are told of zones, told again, and told to notify.
@Suite struct TellingTests {
    typealias Bench = RoundRunnerTests.Bench

    /// A name server's control and answers, as a test has them.
    private final class ScriptedServer: NameServerControl, NameServerAsker, ZoneUpdater {
        let told = Mutex<[[ZoneName]]>([])
        let notified = Mutex<[[ZoneName]]>([])
        private let report: ControlReport
        private let kept: [ZoneName: ZoneKeeping]

        init(_ report: ControlReport, kept: [ZoneName: ZoneKeeping] = [:]) {
            self.report = report
            self.kept = kept
        }

        func reload(
            _ zones: [ZoneName], of server: NameServerSettings, directory: String,
            serving known: Set<ZoneName>
        ) async -> ControlReport {
            told.withLock { $0.append(zones) }
            return report
        }

        func keeping(
            of zones: [ZoneName], by server: NameServerSettings
        ) async -> [ZoneName: ZoneKeeping] { kept }

        func notify(_ zones: [ZoneName], by server: NameServerSettings) async -> ControlReport {
            notified.withLock { $0.append(zones) }
            return report
        }

        func remove(_ zones: [ZoneName], from server: NameServerSettings) async -> ControlReport {
            ControlReport()
        }

        func ask(
            _ questions: [ZoneQuestion], of server: NameServerSettings, within patience: Duration
        ) async -> [ZoneName: Result<ServedZone, ServedFault>] {
            Dictionary(
                questions.map { ($0.zone, .failure(.answered(code: "REFUSED"))) },
                uniquingKeysWith: { first, _ in first })
        }

        func confirm(
            _ questions: [ZoneQuestion], of server: NameServerSettings, within patience: Duration
        ) async -> [ZoneName: Result<ServedZone, ServedFault>] {
            await ask(questions, of: server, within: patience)
        }

        func update(
            _ updates: [ZoneUpdate], on server: NameServerSettings, within patience: Duration,
            while isCurrent: @escaping @Sendable () throws -> Bool
        ) async -> [ZoneName: UpdateFault?] { [:] }
    }

    private func runner(_ bench: Bench, _ server: ScriptedServer) -> RoundRunner {
        var effects = bench.world.effects(store: bench.store)
        effects.nameServers = NameServerEffects(asker: server, updater: server, control: server)
        return RoundRunner(effects: effects)
    }

    private func server(_ name: String, isTold: Bool = true) throws -> NameServerSettings {
        NameServerSettings(
            name: try #require(ServerName(name)), kind: .bind, address: .v4(0x7F00_0001),
            control: isTold ? ["control"] : nil)
    }

    /// A run that waits tells a server again as it told it first: the catalog last, refusals noted, failures
    /// counted.
    @Test func toldAgainIsToldAlike() async throws {
        let bench = Bench(edges: 2, live: 2)
        bench.settings.publish.catalog = CatalogSettings(zone: "catalog.test")
        bench.settings.publish.servers = [try server("ns1")]
        let scripted = ScriptedServer(
            ControlReport(
                refused: ["zone.test": "does not know it: add it"], command: "control reload",
                ending: "exit status 1"))
        let outcome = try await runner(bench, scripted).run(
            bench.settings, options: RoundOptions(waits: true))
        let told = scripted.told.withLock { $0 }
        #expect(told.count > 2)
        #expect(told.allSatisfy { $0 == ["zone.test", "catalog.test"] }, "\(told)")
        let words = "zone zone.test: ns1 does not know it: add it"
        #expect(
            outcome.troubles.contains {
                $0.hasPrefix(
                    "name server ns1 did not take 1 of 2 zones: \(words); it is tried again")
            }, "\(outcome.troubles)")
        let state = try bench.store.load(
            "bench", judge: bench.settings.judge, now: bench.world.moments.now())
        let known = try #require(state.servers[bench.settings.publish.servers[0].name])
        #expect(known.failures == told.count)
        #expect(known.lastControl?.failure == words)
        #expect(known.owed["zone.test"]?.difference == "does not know it: add it")
        #expect(known.owed["zone.test"]?.isTold == false)
        #expect(known.owed["catalog.test"]?.isTold == true)
        #expect(outcome.lags.map(\.zones) == [2])
    }

    /// A server that took everything when it was told again is counted as failing no longer.
    @Test func failuresEndWithTheNextSuccess() async throws {
        let bench = Bench(edges: 2, live: 2)
        let server = try server("ns1")
        let scripted = ScriptedServer(ControlReport(duration: .milliseconds(5)))
        let update = ServerUpdate(
            server: server.name,
            owed: ["zone.test": OwedZone(generation: 1, since: UnixTime(seconds: 1))], failures: 3)
        let runner = runner(bench, scripted)
        let result = await runner.tell(
            DeliveryResult(update: update), of: server, through: scripted,
            settings: bench.settings, serving: [], isAgain: true)
        #expect(result.trouble == nil && result.update.failures == 0)
        #expect(
            bench.world.change { $0.log.last }
                == "info: ns1 was told again of 1 zone in 5 ms, after 3 failures")
    }

    /// A zone that a server keeps by itself is not published, nor listed by the catalog.
    @Test func aSparedZoneIsNotListed() async throws {
        let bench = Bench(edges: 2, live: 2)
        bench.world.setInclude("dyn.test", "@ 600 IN TXT \"x\"\n")
        try await bench.round()
        bench.world.setInclude("dyn.test", "@ 600 IN TXT \"y\"\n")
        bench.settings.publish.catalog = CatalogSettings(zone: "catalog.test")
        bench.settings.publish.servers = [try server("ns1")]
        let scripted = ScriptedServer(ControlReport(), kept: ["dyn.test": .dynamic])
        var effects = bench.world.effects(store: InMemoryStore())
        effects.nameServers = NameServerEffects(
            asker: scripted, updater: scripted, control: scripted)
        let outcome = try await RoundRunner(effects: effects).run(bench.settings)
        #expect(outcome.failures.keys.sorted() == ["dyn.test"], "\(outcome.failures)")
        let text = String(
            decoding: bench.world.publishedZones["catalog.test"] ?? [], as: UTF8.self)
        #expect(text.contains("PTR zone.test.") && !text.contains("dyn.test"), "\(text)")
    }

    private static let zones: [ZoneName] = ["a.test", "b.test", "c.test"]

    /// A secondary that owes zones which its primary has.
    private func lag(_ bench: Bench) throws -> Delivery {
        let (primary, secondary) = (try server("ns1"), try server("ns2", isTold: false))
        bench.settings.publish.servers = [primary, secondary]
        let owed = OwedZone(generation: 1, since: UnixTime(seconds: 1))
        return Delivery(
            generation: 1, round: bench.world.moments.now(),
            updates: [
                primary.name: ServerUpdate(server: primary.name),
                secondary.name: ServerUpdate(
                    server: secondary.name,
                    owed: Dictionary(uniqueKeysWithValues: Self.zones.map { ($0, owed) })),
            ], served: [:], expected: [:])
    }

    /// The log says how many zones a server took, and which it did not.
    @Test(
        arguments: [
            (
                ControlReport(),
                ["info: ns1 was told to notify ns2 again of 3 zones"]
            ),
            (
                ControlReport(refused: ["b.test": "does not know it"]),
                [
                    "info: ns1 was told to notify ns2 again of 2 zones",
                    "warning: ns1 did not notify ns2 of 1 of 3 zones: zone b.test: ns1 does not know it",
                ]
            ),
            (
                ControlReport(refused: ["a.test": "x", "b.test": "x", "c.test": "x"]),
                [
                    "warning: ns1 did not notify ns2 of 3 of 3 zones: zone a.test: ns1 x "
                        + "(and 2 more zones)"
                ]
            ),
            (
                ControlReport(failure: "control ended with status 1"),
                [
                    "warning: ns1 could not be told to notify ns2 of 3 zones (a.test b.test c.test): "
                        + "control ended with status 1"
                ]
            ),
        ])
    func notifiedAreThoseThatWereTaken(report: ControlReport, lines: [String]) async throws {
        let bench = Bench(edges: 2, live: 2)
        let delivery = try lag(bench)
        let scripted = ScriptedServer(report)
        // At this time the first zone comes first.
        bench.world.moments.setWall(UnixTime(seconds: 0))
        await runner(bench, scripted).notifyAgain(delivery, except: [], settings: bench.settings)
        #expect(scripted.notified.withLock { $0 } == [Self.zones])
        #expect(bench.world.change { $0.log } == lines)
    }

    /// Which zones come first goes by the clock, whatever it says (I25).
    @Test(arguments: [-86_400, -61, -60, -1, 0, 61])
    func theClockMayStandBefore1970(seconds: Int64) async throws {
        let bench = Bench(edges: 2, live: 2)
        let delivery = try lag(bench)
        let scripted = ScriptedServer(ControlReport())
        bench.world.moments.setWall(UnixTime(seconds: seconds))
        await runner(bench, scripted).notifyAgain(delivery, except: [], settings: bench.settings)
        #expect(scripted.notified.withLock { $0 }.map { $0.sorted() } == [Self.zones])
    }
}
