import EdgeCore
import EdgeShell

/// Rounds of the production core and shell in a simulated world, from one seed; every invariant is
/// checked after each.
public struct Simulation: Sendable {
    /// What broke, when, and how to see it again.
    public struct Violation: Hashable, Sendable, CustomStringConvertible {
        public var seed: UInt64
        public var round: Int
        /// The invariant's number in the list of what must always hold.
        public var invariant: String
        public var message: String

        public var description: String {
            "seed \(seed), round \(round), \(invariant): \(message)"
        }
    }

    /// What a run came to.
    public struct Report: Sendable {
        public var rounds = 0
        /// Virtual time that passed.
        public var elapsed: Duration = .zero
        /// How often each kind of event happened.
        public var events: [String: Int] = [:]
        public var violations: [Violation] = []
        /// A digest of everything that was published, for comparing two runs (I20).
        public var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    }

    public let seed: UInt64
    let world: World
    let network: NetworkName
    var settings: NetworkSettings
    var random: SeededRandom
    var store = InMemoryStore()
    var checker: InvariantChecker
    var report = Report()

    public init(seed: UInt64) {
        self.seed = seed
        random = SeededRandom(seed: seed)
        let moments = ManualMoments()
        world = World(seed: seed &+ 1, moments: moments)
        network = "sim"
        settings = Self.settings(network, using: &random)
        checker = InvariantChecker(seed: seed)
        settle()
    }

    private static func settings(
        _ network: NetworkName, using random: inout SeededRandom
    ) -> NetworkSettings {
        let count = Int.random(in: 1...5, using: &random)
        return NetworkSettings(
            network: network, format: .version1,
            object: TestObject(host: "object.test", path: "/o", localFile: "/o"),
            judge: JudgeSettings(
                goodEnough: .seconds(1), keep: random.once(in: 2) ? .window : .threshold),
            selection: SelectionSettings(
                liveCount: count,
                minLive: random.once(in: 3) ? Int.random(in: 1...count, using: &random) : nil,
                substitutionBudget: Int.random(in: 0...count + 2, using: &random),
                canaryKiller: random.once(in: 2) ? 2 : nil),
            references: references(random.once(in: 2) ? 3 : 0),
            dns: DNSSettings(
                primary: "ns1.sim.test.", mailbox: "host.sim.test.", nameServers: ["ns1.sim.test."],
                rotatedLabels: ["www"], isExplicit: true),
            edges: .inline([]), zoneIncludes: "/includes",
            publish: PublishSettings(directory: "/zones"),
            commands: RoundCommands(afterChanges: "reload"),
            original: OriginalFiles(lockFile: "/lock"), database: "/sim.db")
    }

    private static func references(_ count: Int) -> [ReferenceTarget] {
        (0..<count).map { ReferenceTarget(address: .v4(0xC633_6400 + UInt32($0)), port: 53) }
    }

    /// Edges, names and zones to begin with.
    private mutating func settle() {
        let edges = Int.random(in: 2...9, using: &random)
        for _ in 0..<edges { addEdge() }
        for zone in 0..<Int.random(in: 1...3, using: &random) {
            writeInclude(Self.zone(zone), records: 6)
        }
        if random.once(in: 2) { placeCanary() }
    }

    static func zone(_ number: Int) -> ZoneName {
        ZoneName(stringLiteral: "zone\(number).test")
    }

    /// Runs `rounds` rounds, a minute apart, with something happening before each.
    public mutating func run(rounds: Int) async -> Report {
        for round in 1...rounds {
            let happened = happen()
            let before = checker.snapshot(world: world, store: store, network: network)
            report.events[happened, default: 0] += 1
            await step(round: round, before: before)
            world.moments.advance(by: .seconds(58))
            report.rounds += 1
            report.elapsed += .seconds(60)
            if report.violations.count >= 5 { break }
        }
        return report
    }

    private mutating func step(round: Int, before: InvariantChecker.Snapshot) async {
        world.change { $0.isDead = false }
        let runner = RoundRunner(effects: world.effects(store: store))
        let options = RoundOptions(ignoresLastRun: true)
        var outcome: RoundOutcome?
        do {
            outcome = try await runner.run(settings, options: options)
        } catch {
            let died = world.change { $0.isDead }
            if !died { report.violations.append(violation(round, "shell", "\(error)")) }
        }
        let held = world.change { $0.locksHeld }
        if held != 0 { report.violations.append(violation(round, "I24", "\(held) locks are left")) }
        world.change { state in
            state.isDead = false
            state.diesAfterRenames = nil
            state.unwritable = []
        }
        let found = checker.check(
            round: round, outcome: outcome, settings: settings, before: before, world: world,
            store: store)
        report.violations += found
        for (zone, text) in world.publishedZones.sorted(by: { $0.key < $1.key }) {
            for byte in Array(zone.text.utf8) + text {
                report.digest = (report.digest ^ UInt64(byte)) &* 0x100_0000_01B3
            }
        }
    }

    func violation(_ round: Int, _ invariant: String, _ message: String) -> Violation {
        Violation(seed: seed, round: round, invariant: invariant, message: message)
    }
}
