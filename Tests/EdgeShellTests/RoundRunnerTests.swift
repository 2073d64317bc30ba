import EdgeCore
import EdgeShell
import EdgeSimulation
import EdgeTesting
import Testing

/// Stories of several rounds, told to the production shell in a world in memory.
@Suite struct RoundRunnerTests {
    /// One network of edges named by address, its world and its store.
    final class Bench {
        let world = World(seed: 1, moments: ManualMoments())
        let store = InMemoryStore()
        var settings: NetworkSettings

        init(edges: Int, live: Int) {
            settings = NetworkSettings(
                network: "bench", format: .version1,
                object: TestObject(host: "object.test", path: "/o", localFile: "/o"),
                judge: JudgeSettings(goodEnough: .seconds(1), keep: .window),
                selection: SelectionSettings(liveCount: live),
                dns: DNSSettings(
                    primary: "ns1.dns.test.", mailbox: "host.dns.test.",
                    nameServers: ["ns1.dns.test."],
                    rotatedLabels: ["www"], isExplicit: true),
                edges: .inline([]), zoneIncludes: "/includes",
                publish: PublishSettings(directory: "/zones"), database: "/db")
            for number in 1...edges {
                let address = IPAddress.v4(0xC000_0200 + UInt32(number))
                world.change { state in
                    state.list.append(EdgeName(address))
                    state.addresses[EdgeName(address)] = [address]
                    state.behaviours[EdgeName(address)] = .fine
                }
            }
            world.setInclude("zone.test", "@ 600 IN TXT \"x\"\n")
        }

        func turn(_ edges: [Int], _ behaviour: WorldBehaviour) {
            world.change { state in
                for edge in edges { state.behaviours[state.list[edge - 1]] = behaviour }
            }
        }

        @discardableResult
        func round(after pause: Duration = .seconds(60)) async throws -> RoundOutcome {
            world.moments.advance(by: pause)
            return try await RoundRunner(effects: world.effects(store: store)).run(settings)
        }

        func live(_ outcome: RoundOutcome) -> Set<Int> {
            let list = world.change { $0.list }
            return Set(
                outcome.report.live.compactMap { edge in
                    list.firstIndex(of: edge.name).map { $0 + 1 }
                })
        }
    }

    /// Three live edges die for good while two that were down come up: the doubt about the monitor ends.
    @Test func newcomersReplaceARealOutage() async throws {
        let bench = Bench(edges: 5, live: 3)
        bench.turn([4, 5], .silent)
        #expect(bench.live(try await bench.round()) == [1, 2, 3])
        bench.turn([1, 2, 3], .silent)
        bench.turn([4, 5], .fine)
        var outcome = try await bench.round()
        #expect(bench.live(outcome) == [1, 2, 3] && !outcome.report.holds.isEmpty)
        for _ in 0..<3 { outcome = try await bench.round() }
        #expect(bench.live(outcome).isSuperset(of: [4, 5]))
        #expect(outcome.report.holds.isEmpty)
    }

    /// Whoever answers there is this monitor's own machine, not what visitors would reach.
    @Test(arguments: ["0.0.0.0", "::", "127.0.0.1", "::1", "169.254.1.1", "224.0.0.1"])
    func addressesThatNobodyCanHaveAreNotPublished(text: String) async throws {
        let bench = Bench(edges: 2, live: 3)
        let address = try #require(IPAddress(text))
        bench.settings.probe.families = [.ipv4, .ipv6]
        bench.world.change { state in
            state.list.append(EdgeName(address))
            state.addresses[EdgeName(address)] = [address]
            state.behaviours[EdgeName(address)] = .fine
            state.canaries["zone.test"] = address
        }
        let outcome = try await bench.round()
        #expect(bench.live(outcome) == [1, 2])
        let zone = String(decoding: bench.world.publishedZones["zone.test"] ?? [], as: UTF8.self)
        #expect(!zone.contains(" \(text)\n"))
        let warnings = outcome.report.warnings
        #expect(warnings.contains("edge \(text) is an address that no edge can have"))
        let canary = "canary \(text) of zone zone.test is an address"
        #expect(warnings.contains { $0.hasPrefix(canary) })
    }

    @Test func planningThatFailsLeavesNoLockBehind() async throws {
        let bench = Bench(edges: 2, live: 1)
        bench.settings.original.lockFile = "/lock"
        bench.world.change { $0.zoneFilesAreUnreadable = true }
        await #expect(throws: RoundRefusal.self) { try await bench.round() }
        #expect(bench.world.change { $0.locksHeld[1] ?? 0 } == 0)
        bench.world.change { $0.zoneFilesAreUnreadable = false }
        #expect(bench.live(try await bench.round()).count == 1)
        #expect(bench.world.change { $0.locksHeld[1] ?? 0 } == 0)
    }

    /// An approval is for what stood when it was given.
    @Test func anApprovalDoesNotOutliveItsHold() async throws {
        let bench = Bench(edges: 5, live: 5)
        try await bench.round()
        let all = bench.world.change { $0.list }
        bench.world.change { $0.list = Array(all.suffix(2)) }
        let held = try await bench.round()
        let key = try #require(held.report.holds.first?.approvalKey)
        try bench.store.approve(
            "bench", keys: [key], actor: "test", now: bench.world.moments.now())
        bench.world.change { $0.list = all }
        try await bench.round()
        bench.world.change { $0.list = Array(all.suffix(2)) }
        #expect(try await bench.round().report.holds.first?.approvalKey == key)
    }

    /// A list that melts away by halves never takes the set below `min_live`.
    @Test func theMinimumOutlivesAMeltingList() async throws {
        let bench = Bench(edges: 4, live: 4)
        try await bench.round()
        for left in [2, 1] {
            bench.world.change { $0.list = Array($0.list.prefix(left)) }
            try await bench.round()
        }
        let outcome = try await bench.round()
        #expect(outcome.report.live.count == 2)
        #expect(outcome.report.holds == [.belowMinimum(wouldBe: 1, minimum: 2)])
    }

    /// While a broken list is held, an operator's drain is obeyed.
    @Test func drainsAreObeyedDuringAMassRemoval() async throws {
        let bench = Bench(edges: 5, live: 5)
        try await bench.round()
        let all = bench.world.change { $0.list }
        bench.world.change { $0.list = Array(all.prefix(2)) }
        try bench.store.setMode(
            "bench", edge: all[0], to: ModeRecord(mode: .unavailable, comment: "[x] y"),
            actor: "x", now: bench.world.moments.now())
        let outcome = try await bench.round()
        #expect(outcome.report.live.map(\.name) == Array(all.dropFirst()))
    }
}
