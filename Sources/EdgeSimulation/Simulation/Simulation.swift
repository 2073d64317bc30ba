import EdgeCore
import EdgeShell
import EdgeTesting

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
        /// Calls of the program on the world: before each something may happen.
        public var steps = 0
        /// Virtual time that passed.
        public var elapsed: Duration = .zero
        /// How often each kind of event happened.
        public var events: [String: Int] = [:]
        public var violations: [Violation] = []
        /// What happened in the rounds before the first violation, and what the program said.
        public var story: [String] = []
        /// A digest of everything that was published, served and said, for comparing two runs (I20); of nothing
        /// when none was to be made.
        public var digest: UInt64 = 0
    }

    public let seed: UInt64
    private let makesDigest: Bool
    let tellsStory: Bool
    let world: World
    let network: NetworkName
    var settings: NetworkSettings
    var random: SeededRandom
    /// What `drawFault` draws from, so that the other events stay what they are.
    var faults: SeededRandom
    /// What `approveOthers` draws from.
    var approvals: SeededRandom
    /// What `comeBack` draws from, and for how many rounds half of the edges stay away after an outage.
    var outages: SeededRandom
    var comingBack = 0
    /// What a daemon's rounds and orders draw from, and whether this seed's rounds are a daemon's.
    var daemon: SeededRandom
    let isDaemon: Bool
    let lastSighting = SightingMemory()
    /// Whether the round in hand asks name servers what they serve: who lags now is named by those that do.
    var asksServers = true
    /// From one round to the next, by the network's configuration.
    let interval: Duration
    /// A backup of the database, once somebody made one.
    var backup: InMemoryStore?
    var store = InMemoryStore()
    var checker: InvariantChecker
    var report = Report()
    /// What passed without a round.
    var idle: Duration = .zero
    private var digest = WorldDigest()
    private let thread = OneThread("simulation")
    /// Where the second writer runs.
    let secondThread = OneThread("second writer")

    /// - Parameters:
    ///   - makesDigest: whether everything published and served, and every line of the log, counts for the
    ///     report's digest.
    ///   - tellsStory: whether the report has the last rounds' story.
    public init(seed: UInt64, makesDigest: Bool = false, tellsStory: Bool = false) {
        self.seed = seed
        self.makesDigest = makesDigest
        self.tellsStory = tellsStory
        random = SeededRandom(seed: seed)
        faults = SeededRandom(seed: seed ^ 0xFA17_0000)
        approvals = SeededRandom(seed: seed ^ 0xA990_07ED)
        outages = SeededRandom(seed: seed ^ 0x0A7A_6E50)
        daemon = SeededRandom(seed: seed ^ 0xDAE4_0000)
        isDaemon = daemon.once(in: 3)
        interval = Self.interval(using: &faults)
        let moments = ManualMoments()
        world = World(seed: seed &+ 1, moments: moments)
        network = "sim"
        settings = Self.settings(network, using: &random)
        checker = InvariantChecker(seed: seed, interval: interval)
        let method: PublishMethod = random.once(in: 3) ? .updates : .files
        let servers = Self.servers(by: method, using: &random)
        settings.publish.method = servers.isEmpty ? .files : method
        settings.publish.servers = servers.map(\.settings)
        settings.publish.keptGenerations = Int.random(in: 1...5, using: &faults)
        if settings.publish.method == .files, faults.once(in: 3) {
            settings.publish.template = "/template"
        }
        // By a generator of its own, so that the other seeds' stories stay what they are.
        var judge = SeededRandom(seed: seed ^ 0x57EA_D100)
        settings.judge.steady = judge.once(in: 3) ? Self.steady(using: &judge) : nil
        settings.selection.capacity = Self.capacity(seed: seed)
        let losesPackets = settings.judge.steady != nil && judge.once(in: 2)
        world.change { state in
            state.losesPackets = losesPackets
            state.servers = servers
            state.digestsLog = makesDigest
        }
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

    /// Any numbers that a configuration may have, the defaults as often as not.
    private static func steady(using random: inout SeededRandom) -> SteadySettings {
        if random.once(in: 2) { return SteadySettings() }
        return SteadySettings(
            attempts: Int.random(in: 1...5, using: &random),
            retriesSlow: random.once(in: 2), retriesServerErrors: random.once(in: 2),
            downScore: Double.random(in: 0.2...0.5, using: &random),
            slowDownScore: random.once(in: 2) ? 1 : 0.1,
            watchScore: random.once(in: 2) ? 1 : 0.02,
            failedRounds: Int.random(in: 1...4, using: &random),
            medianOf: Int.random(in: 3...8, using: &random),
            upScore: Double.random(in: 0.05...0.15, using: &random),
            cleanRounds: Int.random(in: 1...4, using: &random),
            penaltyHalfLife: Int.random(in: 1...40, using: &random),
            penaltyLimit: Double.random(in: 0...8, using: &random),
            recallRounds: Int.random(in: 1...3, using: &random))
    }

    /// A minute as often as not.
    private static func interval(using random: inout SeededRandom) -> Duration {
        let seconds = [30, 60, 60, 60, 120, 300].randomElement(using: &random) ?? 60
        return .seconds(seconds)
    }

    private static func references(_ count: Int) -> [ReferenceTarget] {
        (0..<count).map { ReferenceTarget(address: .v4(0xC633_6400 + UInt32($0)), port: 53) }
    }

    /// Edges, names and zones to begin with.
    private mutating func settle() {
        var edges = Int.random(in: 2...9, using: &random)
        // A large network at times.
        if faults.once(in: 40) {
            edges = faults.once(in: 3) ? 300 : 100
            settings.selection.liveCount = Int.random(in: 4...40, using: &faults)
            settings.selection.minLive = nil
        }
        for _ in 0..<edges { addEdge() }
        for zone in 0..<Int.random(in: 1...3, using: &random) {
            writeInclude(Self.zone(zone), records: 6)
        }
        if random.once(in: 2) { placeCanary() }
    }

    static func zone(_ number: Int) -> ZoneName {
        ZoneName(stringLiteral: "zone\(number).test")
    }

    /// The time between the end of a round and the next one's beginning; a round takes some seconds itself.
    func rest() {
        world.moments.advance(by: interval - .seconds(2))
    }

    /// Runs `rounds` rounds, an interval apart, with something happening before each; then some without any
    /// fault, after which everything must be settled.
    public mutating func run(rounds: Int) async -> Report {
        await withTaskExecutorPreference(thread) {
            for round in 1...rounds where report.violations.count < 5 {
                let wasCutOff = world.change { $0.isCutOff }
                count(happen())
                disturb()
                comeBack(wasCutOff: wasCutOff)
                approveOthers()
                if random.once(in: 2), let event = drawServerEvent() {
                    let time = world.time
                    world.change { event.carryOut(&$0, time) }
                    count(event.name)
                }
                if mayRace, random.once(in: 10) {
                    await race(round: round)
                    continue
                }
                let drawn = drawGate()
                await step(round: round, gate: drawn.gate, isDisturbed: drawn.event != nil)
                if let event = drawn.event, drawn.gate.hasHappened { count(event) }
                if isDaemon, let order = order() {
                    world.moments.advance(by: .seconds(Int.random(in: 0...20, using: &daemon)))
                    await step(round: round, gate: WorldGate(), making: order)
                }
                rest()
            }
            if report.violations.isEmpty { await quieten(after: rounds) }
        }
        report.elapsed = world.moments.passed - idle
        digest.add(world.change { "\($0.logDigest.value)" })
        report.digest = digest.value
        return report
    }

    /// One round of the first writer, and what is to be said of it.
    ///
    /// - Parameters:
    ///   - gate: what happens in its middle.
    ///   - isDisturbed: whether something does.
    ///   - mayBeBusy: whether another process may have the lock.
    ///   - maker: what makes the round; nil: a round as this seed's are.
    mutating func step(
        round: Int, gate: WorldGate, isDisturbed: Bool = false, mayBeBusy: Bool = false,
        making maker: RoundMaker? = nil
    ) async {
        let time = world.time
        world.change { state in
            state.isDead = false
            state.catchUp(time)
        }
        let before = look()
        let wasWhole = report.violations.isEmpty
        let runner = RoundRunner(
            effects: world.effects(store: store, gate: gate, witness: witness))
        let options = RoundOptions(ignoresLastRun: true, waits: random.once(in: 12))
        asksServers = maker == nil
        let make = maker ?? (isDaemon ? daemonRound() : wholeRound())
        var outcome: RoundOutcome?
        do {
            outcome = try await make(runner, options)
        } catch RoundRefusal.busy where mayBeBusy {
            count("refused: another process has the lock")
        } catch {
            let isExcused = world.change { $0.isDead || $0.storeRefused }
            if !isExcused { report.violations.append(violation(round, "shell", "\(error)")) }
        }
        report.steps += gate.count
        checkLocks(round: round, process: 1)
        let died = endTroubles()
        let isRefused = world.change { state in
            defer { state.storeRefused = false }
            return state.storeRefused
        }
        checker.isExact = !isDisturbed && !died && !isRefused && !options.waits
        checker.hasSurvey = asksServers
        report.violations += checker.check(
            round: round, outcome: died ? nil : outcome, settings: settings, before: before,
            world: world, store: store)
        collectStale(round: round)
        report.rounds += 1
        tell(round: round, died: died, outcome: outcome, isWhole: wasWhole)
        addDigest()
    }

    /// Ends what was to befall the round in hand; whether the process died in it.
    private func endTroubles() -> Bool {
        let died = world.change { state in
            defer {
                state.isDead = false
                state.diesAfterRenames = nil
                state.unwritable = []
                state.storeTrouble = nil
                // How new the files were that a killed round put in place, or one that could not note it, the
                // files alone can tell.
                if state.isDead || state.storeRefused {
                    for index in state.servers.indices { state.servers[index].forgetTimes() }
                }
            }
            return state.isDead
        }
        if died { lastSighting.keep(nil) }
        return died
    }

    /// The last rounds' story, up to the first violation.
    private mutating func tell(
        round: Int, died: Bool, outcome: RoundOutcome?, isWhole: Bool
    ) {
        let log = world.change { state in
            defer { state.log = [] }
            return state.log
        }
        guard tellsStory, isWhole else { return }
        report.story.append(
            "round \(round)\(died ? ", killed" : outcome == nil ? ", refused" : ""):")
        report.story += log.map { "    \($0)" }
        let zones = store.network(network)?.zones ?? [:]
        let planned = zones.sorted { $0.key < $1.key }.map { "\($0) \($1.serial)" }
        let files = world.change { $0.published }.sorted { $0.key < $1.key }.map {
            "\($0) \($1.stamp.modified / 1_000_000_000)"
        }
        report.story.append("  planned \(planned), files of \(files)")
        for state in look().servers {
            let server = state.server
            let serials = server.zones.sorted { $0.key < $1.key }.map { "\($0) \($1.serial)" }
            report.story.append(
                "  \(server.name) \(server.settings.kind)\(server.primary.map { " of \($0)" } ?? ""): "
                    + "\(server.trouble.map { "\($0), " } ?? "")\(serials), differs \(state.differing)"
            )
        }
        for lag in outcome?.lags ?? [] {
            report.story.append(
                "  \(lag.server) lags in \(lag.zones.counted("zone")): \(lag.example)")
        }
        if report.story.count > 200 { report.story.removeFirst(report.story.count - 200) }
    }

    /// What stands now.
    mutating func look() -> InvariantChecker.Snapshot {
        checker.snapshot(world: world, store: store, settings: settings)
    }

    mutating func count(_ event: String) {
        report.events[event, default: 0] += 1
        if tellsStory, report.violations.isEmpty { report.story.append("-- \(event)") }
    }

    private mutating func addDigest() {
        guard makesDigest else { return }
        for (zone, text) in world.publishedZones.sorted(by: { $0.key < $1.key }) {
            digest.add(zone.text)
            digest.add(text)
        }
        for server in world.change({ $0.servers }) {
            for (zone, copy) in server.zones.sorted(by: { $0.key < $1.key }) {
                digest.add("\(zone) \(copy.serial)")
                for (owner, sets) in copy.sets.sorted(by: { $0.key < $1.key }) {
                    digest.add("\(owner) \(sets[.ipv4]?.addresses.description ?? "")")
                }
            }
        }
    }

    func violation(_ round: Int, _ invariant: String, _ message: String) -> Violation {
        Violation(seed: seed, round: round, invariant: invariant, message: message)
    }
}
