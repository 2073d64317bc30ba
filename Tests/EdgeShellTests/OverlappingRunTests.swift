import EdgeCore
import EdgeShell
import Synchronization
import Testing

@testable import EdgeTesting
@testable import EdgeSimulation

/// Two runs of one network at the same time: one asks the name servers still, without the lock.
@Suite struct OverlappingRunTests {
    /// Asks as the world does, and has something happen before the `place`th time.
    private struct HookedAsker: NameServerAsker {
        let inner: any NameServerAsker
        let place: Int
        let count = Counter()
        let hook: @Sendable () async -> Void

        func ask(
            _ questions: [ZoneQuestion], of server: NameServerSettings, within patience: Duration
        ) async -> [ZoneName: Result<ServedZone, ServedFault>] {
            let answers = await inner.ask(questions, of: server, within: patience)
            // Between the answers and what becomes of them.
            if count.next() == place { await hook() }
            return answers
        }

        func confirm(
            _ questions: [ZoneQuestion], of server: NameServerSettings, within patience: Duration
        ) async -> [ZoneName: Result<ServedZone, ServedFault>] {
            await inner.confirm(questions, of: server, within: patience)
        }
    }

    private final class Counter: Sendable {
        private let value = Mutex(0)
        func next() -> Int {
            value.withLock { value in
                value += 1
                return value
            }
        }
    }

    /// A writer that was overtaken could write no file: what the newer plan owes is not its to settle.
    @Test func anOvertakenWriterSettlesNothing() async throws {
        var overtaken = 0
        for place in 1...40 {
            let bench = RoundRunnerTests.Bench(edges: 3, live: 1)
            bench.settings.commands.afterChanges = "reload"
            try await bench.round()
            let (world, store) = (bench.world, bench.store)
            let live = store.network("bench")?.live.map(\.name) ?? []
            world.change { state in
                for edge in live { state.behaviours[edge] = .silent }
            }
            world.moments.advance(by: .seconds(60))
            let gate = WorldGate(at: place) {
                guard let state = store.network("bench"), state.generation == 2 else { return }
                // The newer plan's writer was killed before it could tell anybody.
                try? store.begin(
                    RoundRecord(
                        network: "bench", moment: world.moments.now(), generation: 3,
                        live: state.live, afterChangesPending: true), keptSamples: 10)
            }
            _ = try? await RoundRunner(effects: world.effects(store: store, gate: gate))
                .run(bench.settings)
            guard let state = store.network("bench"), state.generation == 3 else { continue }
            overtaken += 1
            #expect(state.afterChangesPending, "overtaken before call \(place)")
        }
        #expect(overtaken > 1)
    }

    /// While one run asks, the next publishes; the first then knows an old answer alone.
    @Test(arguments: [false, true])
    func whatANewerRunKnowsStays(waits: Bool) async throws {
        let bench = RoundRunnerTests.Bench(edges: 3, live: 2)
        let server = NameServerSettings(
            name: try #require(ServerName("ns1")), kind: .bind, address: .v4(0x7F00_0001),
            control: ["control"])
        bench.settings.publish.servers = [server]
        bench.world.change { $0.servers = [WorldServer(settings: server)] }
        try await bench.round()
        let (world, store, settings) = (bench.world, bench.store, bench.settings)
        // The server takes nothing in, until the second run.
        world.change { state in
            state.servers[0].trouble = .controlIsIgnored
            state.behaviours[state.list[0]] = .silent
            state.behaviours[state.list[1]] = .silent
        }
        var effects = world.effects(store: store)
        let nameServers = try #require(effects.nameServers)
        effects.nameServers?.asker = HookedAsker(inner: nameServers.asker, place: 2) {
            // What telling came to is known before anybody else may begin.
            let told = store.network("bench")?.servers[server.name]
            #expect(told?.owed.values.map(\.isTold) == [true] && told?.lastTry != nil)
            world.moments.advance(by: .seconds(60))
            world.change { state in
                state.servers[0].trouble = nil
                for edge in state.list { state.behaviours[edge] = .fine }
            }
            let newer = try? await RoundRunner(effects: world.effects(store: store, process: 2))
                .run(settings, options: RoundOptions(forcesUpdate: true))
            #expect(newer?.lags.isEmpty == true && newer?.hasFailures == false)
        }
        world.moments.advance(by: .seconds(60))
        let older = try await RoundRunner(effects: effects)
            .run(settings, options: RoundOptions(forcesUpdate: true, waits: waits))
        if waits {
            // What it waited for is the newer plan's now.
            #expect(older.lags.isEmpty && older.troubles.isEmpty, "\(older.troubles)")
        } else {
            #expect(!older.lags.isEmpty, "it was answered before the newer one published")
        }
        let known = try #require(store.network("bench")?.servers[server.name])
        #expect(known.owed.isEmpty)
        #expect(known.lastTry.map { $0.sinceBoot } == world.moments.now().sinceBoot)
    }
}
