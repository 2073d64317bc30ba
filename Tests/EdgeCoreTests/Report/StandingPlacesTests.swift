import EdgeTesting
import Testing

@testable import EdgeCore

/// What the board says of places: reprieves, recoveries, and what the live set lacks.
@Suite struct StandingPlacesTests {
    private static let edges: [EdgeName] = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]
    private static let now = Moment(
        wall: UnixTime(seconds: 1_795_386_400), sinceBoot: .seconds(100_000), bootID: "boot")

    private var settings: NetworkSettings
    private var state: NetworkState

    init() {
        settings = StandingRoundTests.settings()
        settings.selection.liveCount = 3
        settings.selection.substitutionBudget = 2
        state = NetworkState(
            generation: 3,
            live: Self.edges.prefix(3).map {
                LiveEdge(name: $0, addresses: EdgeAddresses(ipv4: $0.address))
            }, lastRun: Self.now)
        for edge in Self.edges { set(edge, .passThreshold) }
    }

    private mutating func set(_ edge: EdgeName, _ health: Health) {
        let isFailing = health == .fail
        state.targets[ProbeTarget(name: edge, family: .ipv4)] = TargetRecord(
            health: health, lastOutcome: isFailing ? "refused" : "ok",
            lastDetail: isFailing ? "refused the connection" : "answered in 20 ms",
            lastProbed: Self.now.wall, lastSample: .milliseconds(20), lastAddress: edge.address)
    }

    private mutating func spend(secondsAgo: [Int64]) {
        state.substitutions = secondsAgo.map { seconds in
            Substitution(
                moment: Moment(
                    wall: Self.now.wall.adding(.seconds(-seconds)),
                    sinceBoot: Self.now.sinceBoot - .seconds(seconds), bootID: "boot"),
                edge: Self.edges[3], byOperator: false)
        }
    }

    private var view: StatusView {
        StatusView(settings: settings, state: state, inventory: Self.edges, now: Self.now)
    }

    @Test mutating func aSpentBudgetIsToLookAt() {
        set(Self.edges[0], .fail)
        set(Self.edges[1], .fail)
        spend(secondsAgo: [500, 100])
        // The older of the two is 500 s old: in 100 s one is free.
        let details = view.edges.map(\.detail)
        #expect(
            Set(details.prefix(2)) == [
                "refused the connection; stays, since no healthy spare is left for it",
                "refused the connection; stays, since 2 substitutions in 10 minutes are used up "
                    + "(the rotation budget)",
            ])
        #expect(view.troubles.first == "live and failing: 192.0.2.1 192.0.2.2")
        let words = view.troubles.first { $0.hasPrefix("budget used up: 1 failing edge waits (") }
        #expect(
            words?.hasSuffix(
                ") while spares are idle; it is free again at 22:28:20 UTC; edgemanage force 192.0.2.4 "
                    + "-m REASON takes a spare in now") == true, "\(view.troubles)")
        // Without a spare nothing is gained by a budget.
        set(Self.edges[3], .fail)
        #expect(!view.troubles.contains { $0.hasPrefix("budget") })
        // All that is told of the live set is no other trouble for the plugin.
        let check = NetworkCheck(view, settings: settings)
        #expect(check.readings.first { $0.measure == .troubles }?.value == 0)
    }

    /// What is said of a place is so now: an edge that an order took out stays nowhere.
    @Test mutating func aReprieveEndsWithThePlace() {
        set(Self.edges[0], .fail)
        spend(secondsAgo: [1, 2])
        #expect(view.edges[0].detail.contains("stays, since 2 substitutions"))
        state.modes[Self.edges[0]] = ModeRecord(mode: .unavailable, comment: "disk")
        state.live.removeFirst()
        #expect(view.edges[0].detail == "refused the connection")
    }

    @Test mutating func fewerThanWantedAreToLookAt() {
        #expect(view.troubles.isEmpty)
        state.modes[Self.edges[3]] = ModeRecord(mode: .unavailable, comment: "disk")
        state.live.removeLast()
        set(Self.edges[2], .fail)
        #expect(view.troubles == ["only 2 of 3 wanted edges are live; out: 1 down, 1 drained"])
        #expect(view.degraded == view.troubles)
    }

    /// The rule that takes the longest is named, with its length, and `explain` says the same.
    @Test(
        arguments: [
            (
                2, 0.0, 0.3,
                "37 more clean rounds, about 37 min, before its long failure score of 30 % is 10 % or less"
            ),
            (
                0, 0.3, 0.0,
                "9 more clean rounds, about 9 min, before its failure score of 30 % is below 10 %"
            ),
            (
                1, 0.0, 0.0,
                "1 more clean round, about 60 s, before it has 2 clean rounds in a row (now 1)"
            ),
        ])
    mutating func theLongestRuleIsNamed(clean: Int, score: Double, slow: Double, words: String) {
        settings.judge.steady = SteadySettings()
        let target = ProbeTarget(name: Self.edges[3], family: .ipv4)
        state.targets[target]?.health = .pass
        state.targets[target]?.steady = SteadyMemory(
            isUp: false, failureScore: score, slowFailureScore: slow, fetchSeconds: 0.02,
            recent: RecentFetchTimes(Array(repeating: Duration.milliseconds(20), count: 7)),
            cleanRounds: clean)
        #expect(view.edges[3].detail == "answered in 20 ms; not up yet: \(words)")
        let round = StandingRound(
            settings: settings, state: state, edges: Self.edges, now: Self.now)
        let count = words.prefix { $0 != "," }
        #expect(round.outlook(of: target)[0].hasPrefix("\(count) would bring it up, "))
    }
}
