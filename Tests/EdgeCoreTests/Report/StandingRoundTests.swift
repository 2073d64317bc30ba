import EdgeTesting
import Testing

@testable import EdgeCore

/// What `explain` reads out of a network's state: rules, outlook, and what a drain would do.
@Suite struct StandingRoundTests {
    static let edges: [EdgeName] = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]

    static func settings(steady: SteadySettings? = nil, live: Int = 2) -> NetworkSettings {
        var settings = ReplayTests.settings(live: live)
        settings.judge.steady = steady
        return settings
    }

    /// Rounds of random outcomes, decided as the program does; after each one `body` is given what was said of every
    /// edge, and the state that is left.
    private func rounds(
        _ settings: NetworkSettings, seed: UInt64, count: Int,
        _ body: (RoundDecision, StandingRound) throws -> Void
    ) rethrows {
        var random = SeededRandom(seed: seed)
        var memory = RoundMemory(judge: settings.judge)
        var inventory = Inventory(edges: Self.edges)
        for edge in Self.edges { inventory.addresses[edge] = EdgeAddresses(ipv4: edge.address) }
        // How likely each edge fails, for some rounds.
        var sickness = [0, 0, 0, 0]
        for number in 1...count {
            if number % 10 == 1 {
                sickness = sickness.map { _ in [0, 0, 1, 6, 10].randomElement(using: &random) ?? 0 }
            }
            let seconds = Int64(number) * 60
            let now = Moment(
                wall: UnixTime(seconds: seconds), sinceBoot: .seconds(seconds), bootID: "b")
            let observations = zip(Self.edges, sickness).map { edge, sickness in
                func outcome() -> ProbeOutcome {
                    guard Int.random(in: 0..<10, using: &random) < sickness else {
                        return .ok(
                            fetchTime: .milliseconds(Int.random(in: 50...1100, using: &random)))
                    }
                    return [
                        .refused, .timeout(.connect), .mismatch(.unrecorded), .http(status: 429),
                    ]
                    .randomElement(using: &random) ?? .refused
                }
                let earlier = (0..<Int.random(in: 0...1, using: &random)).map { _ in outcome() }
                return Observation(
                    target: ProbeTarget(name: edge, family: .ipv4), address: edge.address,
                    outcome: outcome(), attempts: earlier.count + 1, earlier: earlier)
            }
            let decision = Round.decide(
                RoundInput(
                    settings: settings, inventory: inventory, state: memory.state(at: now),
                    observations: observations, now: now))
            memory.take(decision, observations: observations, at: now)
            var probes: [ProbeTarget: [KeptProbe]] = [:]
            for observation in observations {
                guard let sample = decision.verdicts[observation.target]?.sample else { continue }
                probes[observation.target] = [
                    KeptProbe(
                        time: now.wall, sample: sample, evidence: ProbeEvidence(observation))
                ]
            }
            try body(
                decision,
                StandingRound(
                    settings: settings, state: memory.state(at: now), edges: Self.edges, now: now,
                    probes: probes))
        }
    }

    /// The rule that decided is the one that the judge said, in every round.
    @Test(arguments: UInt64(1)...6)
    func theDecidingRuleIsTheJudges(seed: UInt64) throws {
        var told: Set<Int> = []
        try rounds(Self.settings(steady: SteadySettings()), seed: seed, count: 300) {
            decision, round in
            guard !decision.monitor.holdsHealth else { return }
            for edge in Self.edges {
                let target = ProbeTarget(name: edge, family: .ipv4)
                let rules = round.rules(of: target)
                let deciding = rules.first { $0.decides }
                #expect(rules.count { $0.decides } <= 1)
                guard case .steady(_, let rule)? = decision.verdicts[target]?.reason else {
                    continue
                }
                let expected: Int? =
                    switch rule {
                    case .up, .cameUp, .blocked: nil
                    case .wrongContent: 1
                    case .failedRounds: 2
                    // It is down from now on, and begins anew to be clean.
                    case .score, .slowScore, .median, .waiting: 6
                    case .waitingForScore: 7
                    case .waitingForSlowScore: 8
                    case .waitingForMedian: 9
                    }
                try #require(deciding?.number == expected, "\(rule): \(rules)")
                told.insert(expected ?? 0)
                #expect(
                    round.verdict(of: target)?.steady?.isUp
                        == decision.verdicts[target]?.steady?.isUp)
                #expect(
                    round.verdict(of: target)?.steady?.rank
                        == decision.verdicts[target]?.steady?.rank)
            }
        }
        #expect(told.isSuperset(of: [0, 1, 2, 6, 7]), "\(told)")
    }

    @Test(arguments: UInt64(1)...4)
    func theClassicRuleIsTheJudges(seed: UInt64) throws {
        var told: Set<Int> = []
        try rounds(Self.settings(), seed: seed, count: 200) { decision, round in
            guard !decision.monitor.holdsHealth else { return }
            for edge in Self.edges {
                let target = ProbeTarget(name: edge, family: .ipv4)
                let rules = round.rules(of: target)
                let expected: Int? =
                    switch decision.verdicts[target]?.reason {
                    case .failed: 1
                    case .fast: 2
                    case .slowWithFastWindow: 3
                    case .slowWithFastMean: 4
                    case .slow: 5
                    default: nil
                    }
                try #require(rules.first { $0.decides }?.number == expected, "\(rules)")
                told.insert(expected ?? 0)
            }
        }
        #expect(told.isSuperset(of: [1, 2, 3]), "\(told)")
    }

    private static func memory(_ change: (inout SteadyMemory) -> Void) -> SteadyMemory {
        var memory = SteadyMemory(
            isUp: true, fetchSeconds: 0.1,
            recent: RecentFetchTimes(Array(repeating: Duration.milliseconds(100), count: 7)),
            cleanRounds: 9)
        change(&memory)
        return memory
    }

    private static func round(_ memory: SteadyMemory, mode: Mode = .available) -> StandingRound {
        var state = NetworkState()
        let target = ProbeTarget(name: edges[0], family: .ipv4)
        state.targets[target] = TargetRecord(
            health: .pass, lastOutcome: "ok", lastSample: .milliseconds(100), steady: memory)
        state.modes[edges[0]] = ModeRecord(mode: mode)
        let now = Moment(wall: UnixTime(seconds: 1), sinceBoot: .zero, bootID: "")
        return StandingRound(
            settings: settings(steady: SteadySettings()), state: state, edges: edges, now: now)
    }

    /// Each rule with a memory that breaks it and no rule before it.
    @Test func everyRuleCanDecide() {
        let cases: [(Int, SteadyMemory)] = [
            (2, Self.memory { $0.failedRounds = 2 }),
            (3, Self.memory { $0.failureScore = 0.36 }),
            (4, Self.memory { $0.slowFailureScore = 0.11 }),
            (
                5,
                Self.memory {
                    $0.recent = RecentFetchTimes(
                        Array(repeating: Duration.milliseconds(1000), count: 7))
                }
            ),
            (6, Self.memory { ($0.isUp, $0.cleanRounds) = (false, 1) }),
            (
                7,
                Self.memory { ($0.isUp, $0.failureScore) = (false, 0.1) }
            ),
            (8, Self.memory { ($0.isUp, $0.slowFailureScore) = (false, 0.11) }),
            (
                9,
                Self.memory {
                    $0.isUp = false
                    $0.recent = RecentFetchTimes(
                        Array(repeating: Duration.milliseconds(900), count: 7))
                }
            ),
        ]
        for (number, memory) in cases {
            let rules = Self.round(memory).rules(
                of: ProbeTarget(name: Self.edges[0], family: .ipv4))
            #expect(rules.first { $0.decides }?.number == number, "\(rules)")
            #expect(rules.map(\.number) == Array(1...9))
        }
        let fine = Self.round(Self.memory { _ in })
            .rules(of: ProbeTarget(name: Self.edges[0], family: .ipv4))
        #expect(fine.allSatisfy { !$0.decides })
        #expect(fine.prefix(5).allSatisfy { $0.verdict == .yes })
        #expect(fine.suffix(4).allSatisfy { $0.verdict == .unasked })
    }

    /// As many rounds as are told bring it up or take it down.
    @Test func theOutlookCountsRounds() throws {
        let target = ProbeTarget(name: Self.edges[0], family: .ipv4)
        let down = Self.memory { ($0.isUp, $0.cleanRounds, $0.penalty) = (false, 1, 1) }
        #expect(
            Self.round(down).outlook(of: target) == [
                "3 more clean rounds would bring it up, about 3 min: every attempt answered in under "
                    + "850 ms"
            ])
        #expect(
            Self.round(Self.memory { _ in }).outlook(of: target)
                == ["2 rounds without an answer would take it down, about 2 min"])
        #expect(
            Self.round(down, mode: .unavailable).outlook(of: target)
                == ["an operator took it out: edgemanage edge set available 192.0.2.1"])
    }

    /// A network in which these edges passed and these failed in its only round.
    private static func network(
        passing: Int, live: Int, minLive: Int? = nil, capacity: CapacitySettings = .init()
    ) -> StandingRound {
        var settings = settings(live: live)
        settings.selection.minLive = minLive
        settings.selection.capacity = capacity
        var replay = Replay(settings: settings, edges: edges)
        let outcomes = Dictionary(
            uniqueKeysWithValues: edges.enumerated().map { index, edge in
                let time = Duration.milliseconds(100 + index)
                return (
                    edge, Optional(index < passing ? ProbeOutcome.ok(fetchTime: time) : .refused)
                )
            })
        _ = replay.decide(ReplayTests.round(0, outcomes))
        let (state, now) = replay.state(at: UnixTime(seconds: 0))
        return StandingRound(settings: settings, state: state, edges: edges, now: now)
    }

    @Test func aDrainWithSparesIsSafe() {
        let drain = DrainForecast(of: Self.edges[0], in: Self.network(passing: 4, live: 2))
        #expect(drain.isSafe && drain.isLive)
        #expect(drain.replacements == ["192.0.2.3"] && drain.sparesLeft == 1)
        #expect(drain.liveBefore == 2 && drain.liveAfter == 2 && drain.budgetLeft == 1)
        #expect(drain.words[0].hasPrefix("yes: 192.0.2.3 would take its place, 2 stay live"))
        let spare = DrainForecast(of: Self.edges[2], in: Self.network(passing: 4, live: 2))
        #expect(spare.isSafe && !spare.isLive && spare.sparesLeft == 1)
    }

    @Test func aDrainWithoutSparesIsNot() {
        let shrinks = DrainForecast(of: Self.edges[0], in: Self.network(passing: 2, live: 2))
        #expect(!shrinks.isSafe && shrinks.liveAfter == 1 && shrinks.held == nil)
        #expect(
            shrinks.words[0]
                == "no: nobody takes its place; 1 of 2 would stay live, at least 1 must (min_live)")
        let held = DrainForecast(
            of: Self.edges[0], in: Self.network(passing: 2, live: 2, minLive: 2))
        #expect(!held.isSafe && held.liveAfter == 2 && held.held != nil)
        // Nothing waits yet that could be approved: who means it insists.
        #expect(
            held.words[0]
                == "no: 1 live edge would be left of at least 2 (min_live); make another one available "
                + "first, or insist: edgemanage drain 192.0.2.1 -m REASON --insist")
    }

    /// Users of a healthy edge would be left with a dead one.
    @Test func aDrainThatLeavesADeadEdgeSaysSo() {
        var settings = Self.settings(live: 2)
        settings.selection.minLive = 1
        var replay = Replay(settings: settings, edges: Array(Self.edges.prefix(2)))
        let fine = Optional(ProbeOutcome.ok(fetchTime: .milliseconds(100)))
        _ = replay.decide(ReplayTests.round(0, [Self.edges[0]: fine, Self.edges[1]: fine]))
        _ = replay.decide(ReplayTests.round(60, [Self.edges[0]: fine, Self.edges[1]: .refused]))
        let (state, now) = replay.state(at: UnixTime(seconds: 60))
        let round = StandingRound(
            settings: settings, state: state, edges: Array(Self.edges.prefix(2)), now: now)
        let drain = DrainForecast(of: Self.edges[0], in: round)
        #expect(
            !drain.isSafe
                && drain.words[0]
                    == "no: nobody takes its place; 1 of 2 would stay live, and it is failing, at least 1 "
                    + "must (min_live)"
        )
        settings.selection.minLive = 2
        let held = DrainForecast(
            of: Self.edges[0],
            in: StandingRound(
                settings: settings, state: state, edges: Array(Self.edges.prefix(2)), now: now))
        #expect(held.words[1] == "of those that stay, 192.0.2.2 is failing")
    }

    @Test func aDrainThatOverloadsTheOthersIsNot() {
        let capacity = CapacitySettings(
            edges: [Self.edges[2]: 1, Self.edges[3]: 1], others: 10, load: 12)
        let drain = DrainForecast(
            of: Self.edges[0], in: Self.network(passing: 4, live: 2, capacity: capacity))
        #expect(!drain.isSafe && drain.load != nil, "\(drain)")
    }

    /// Candidates stand in the order in which they would be chosen.
    @Test func candidatesAreInTheOrderOfChoice() {
        let round = Self.network(passing: 3, live: 1)
        #expect(round.candidates().map(\.name) == Self.edges)
    }

    /// A past state has that time's places, modes and budget.
    @Test func thePastHasItsOwnPlaces() {
        var replay = Replay(settings: Self.settings(), edges: Self.edges)
        _ = replay.decide(ReplayTests.round(0, [Self.edges[0]: .refused, Self.edges[1]: nil]))
        func time(_ second: Int64) -> UnixTime { UnixTime(seconds: second) }
        let spans = [
            LiveSpan(edge: Self.edges[0], began: time(0), ended: time(30)),
            LiveSpan(edge: Self.edges[1], began: time(10)),
            LiveSpan(edge: Self.edges[2], began: time(50)),
        ]
        let past = PastState(
            &replay, at: time(40), spans: spans,
            modes: [Self.edges[3]: ModeRecord(mode: .force)], contents: nil)
        #expect(past.state.live.map(\.name) == [Self.edges[1]])
        #expect(past.state.mode(of: Self.edges[3]) == .force)
        #expect(past.state.substitutions.map(\.edge) == [Self.edges[0]])
        let budget = RotationBudget(log: past.state.substitutions, limit: 2, now: past.now)
        #expect(budget.remaining == 1)
        #expect(
            past.state.targets[ProbeTarget(name: Self.edges[0], family: .ipv4)]?.health == .fail)
    }
}
