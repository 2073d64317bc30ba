import EdgeCore
import EdgeShell
import EdgeSimulation
import EdgeTesting
import Testing

/// A trace that was recorded from production rounds replays to what those rounds decided.
@Suite struct ReplayTests {
    /// Production rounds in a world in memory, and the trace that they leave.
    struct Recorder {
        let world: World
        let store = InMemoryStore()
        var settings: NetworkSettings
        var random: SeededRandom
        var trace = ""
        /// What the store must agree with.
        var memory: RoundMemory

        init(seed: UInt64) {
            random = SeededRandom(seed: seed)
            world = World(seed: seed &+ 1, moments: ManualMoments())
            let live = Int.random(in: 1...4, using: &random)
            settings = NetworkSettings(
                network: "net", format: .version1,
                object: TestObject(host: "object.test", path: "/o", localFile: "/o"),
                judge: JudgeSettings(
                    goodEnough: .seconds(1), keep: random.once(in: 2) ? .window : .threshold,
                    keptSamples: [3, 25, 2000][Int.random(in: 0..<3, using: &random)]),
                selection: SelectionSettings(
                    liveCount: live, minLive: random.once(in: 3) ? 1 : nil,
                    substitutionBudget: Int.random(in: 1...live + 1, using: &random)),
                references: (0..<(random.once(in: 2) ? 3 : 0)).map {
                    ReferenceTarget(address: .v4(0xC633_6400 + UInt32($0)), port: 53)
                },
                dns: DNSSettings(
                    primary: "ns1.dns.test.", mailbox: "host.dns.test.",
                    nameServers: ["ns1.dns.test."], rotatedLabels: ["www"], isExplicit: true),
                edges: .inline([]), zoneIncludes: "/includes",
                publish: PublishSettings(directory: "/zones"), database: "/db")
            memory = RoundMemory(judge: settings.judge)
            for number in 1...Int.random(in: 6...9, using: &random) {
                let address = IPAddress.v4(0xC000_0200 + UInt32(number))
                let name: EdgeName =
                    number % 2 == 0 ? EdgeName(address) : EdgeName("e\(number).test")!
                world.change { state in
                    state.list.append(name)
                    // One name leads nowhere yet.
                    state.addresses[name] = number == 5 ? [] : [address]
                    state.behaviours[name] = .fine
                }
            }
            world.setInclude("zone.test", "@ 600 IN TXT \"x\"\n")
        }

        /// Something happens in the world.
        mutating func disturb() {
            let edges = world.change { $0.list }
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let edge = edges[Int.random(in: 0..<edges.count, using: &random)]
                let all = WorldBehaviour.plain
                let behaviour =
                    random.once(in: 2) ? .fine : all[Int.random(in: 0..<all.count, using: &random)]
                world.change { $0.behaviours[edge] = behaviour }
            }
            let isCutOff = random.once(in: 15)
            let allAgree = random.once(in: 40)
            world.change { state in
                state.isCutOff = isCutOff
                for edge in edges where allAgree { state.behaviours[edge] = .wrongContent }
            }
            if random.once(in: 20) { world.change { $0.addresses["e5.test"] = ["192.0.2.5"] } }
        }

        /// Adds a round's observations to the trace.
        mutating func record(_ outcome: RoundOutcome) {
            let time = outcome.report.moment.wall.seconds
            for seen in outcome.observations {
                let role = seen.target.role == .reference ? "reference" : "edge"
                let head = "{\"time\": \(time), \"\(role)\": \"\(seen.target.name)\", \"outcome\": "
                // Attempts before the last one are the judge's to count, and this one does not.
                if random.once(in: 5) { trace += head + "\"refused\"}\n" }
                trace += head + "\"\(seen.outcome.word)\""
                if let fetchTime = seen.outcome.fetchTime {
                    trace += ", \"seconds\": \(fetchTime.inSeconds)"
                }
                trace += "}\n"
            }
        }
    }

    /// What a round came to, by its own report and store or by a replay.
    struct Decided: Equatable {
        var live: [EdgeName]
        var healths: [EdgeName: Health]
        var published: Bool
        var held: String?
        var removed: [EdgeName]
        var added: [EdgeName]
    }

    @Test(arguments: UInt64(1)...20)
    func aRecordedTraceReplaysToWhatWasDecided(seed: UInt64) async throws {
        var recorder = Recorder(seed: seed)
        var decided: [Decided] = []
        for _ in 0..<150 {
            recorder.disturb()
            let pause = 58 + 10 * Int.random(in: 0...4, using: &recorder.random)
            recorder.world.moments.advance(by: .seconds(pause))
            decided.append(try await Self.round(&recorder))
        }
        #expect(decided.contains { $0.held != nil } && decided.contains { !$0.removed.isEmpty })
        #expect(try Self.replay(recorder.trace, recorder.settings) == decided)
    }

    /// One production round; afterwards the memory of a replay must know what the store knows.
    private static func round(_ recorder: inout Recorder) async throws -> Decided {
        let settings = recorder.settings
        let store = recorder.store
        let before = try store.load("net", judge: settings.judge, now: recorder.world.moments.now())
        let outcome = try await RoundRunner(effects: recorder.world.effects(store: store))
            .run(settings)
        recorder.record(outcome)
        _ = recorder.memory.state(at: outcome.report.moment)
        recorder.memory.take(
            outcome.decision, observations: outcome.observations, at: outcome.report.moment)
        let now = recorder.world.moments.now()
        let after = try store.load("net", judge: settings.judge, now: now)
        try expectAgreement(recorder.memory.state(at: now), after)
        var healths: [EdgeName: Health] = [:]
        for (target, record) in after.targets { healths[target.name] = record.health }
        return Decided(
            live: outcome.report.live.map(\.name), healths: healths,
            published: after.generation != before.generation,
            held: outcome.report.holds.first.map { "\($0)" }, removed: outcome.report.removed,
            added: outcome.report.added)
    }

    /// Everything that a decision depends on; what operators are told of a target is the store's alone.
    private static func expectAgreement(_ memory: NetworkState, _ stored: NetworkState) throws {
        var targets = stored.targets
        for target in targets.keys { targets[target]?.lastDetail = nil }
        #expect(memory.targets == targets)
        #expect(memory.live == stored.live)
        #expect(memory.substitutions.map(\.edge) == stored.substitutions.map(\.edge))
        #expect(memory.sickRoundsLeft == stored.sickRoundsLeft)
        #expect(memory.holds == stored.holds)
        #expect(memory.generation == stored.generation)
        #expect(memory.rotations == stored.rotations)
        #expect(memory.publishedDNS == stored.publishedDNS)
        #expect(memory.lastRun == stored.lastRun)
    }

    private static func replay(
        _ trace: String, _ settings: NetworkSettings
    ) throws -> [Decided] {
        var reader = TraceLineReader()
        var grouping = TraceRounds()
        var rounds: [TraceRound] = []
        for text in trace.split(separator: "\n") {
            let line = try #require(try reader.read(Array(text.utf8)))
            if let round = try grouping.add(line) { rounds.append(round) }
        }
        if let round = grouping.finish() { rounds.append(round) }
        var replay = Replay(settings: settings, edges: reader.edgeNames)
        return rounds.map { round in
            let replayed = replay.decide(round)
            return Decided(
                live: replayed.live,
                healths: Dictionary(
                    uniqueKeysWithValues: replayed.healths.map { ($0.edge, $0.health) }),
                published: replayed.published, held: replayed.held, removed: replayed.removed,
                added: replayed.added)
        }
    }
}
