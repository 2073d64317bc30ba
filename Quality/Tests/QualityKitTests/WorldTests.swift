import Testing

@testable import QualityKit

/// The world that rules are compared in, and what is counted.
@Suite struct WorldTests {
    private let middle = Layout.all[1]

    private func run(_ rule: RuleName, _ family: Family, days: Int = 4, seed: UInt64 = 7) -> Measure
    {
        measure(rule, layout: middle, family: family, days: days, seeds: seed..<seed + 1)
    }

    @Test func oneSeedIsOneWorld() {
        let first = run(.steady, .attack)
        let second = run(.steady, .attack)
        #expect(first.loss == second.loss && first.publications == second.publications)
        #expect(run(.steady, .attack, seed: 8).loss != first.loss)
    }

    /// Each part of the loss has one cause.
    @Test func causesAddUpToTheLoss() {
        for rule in [RuleName.steady, .original, .oracle] {
            let measure = run(rule, .attack, days: 10)
            let sum = LossCause.allCases.reduce(0) { $0 + measure.lossShare($1) }
            #expect(measure.loss > 0 && abs(sum - measure.lossShare) < 1e-9, "\(rule)")
        }
        let oracle = run(.oracle, .crash)
        #expect(oracle.lossShare(.unseen) == 0 && oracle.lossShare(.lag) > 0)
    }

    /// A round is as likely to begin a failure soon after the last one as long after it, and edges differ.
    @Test func failuresComeAtRandomAndEdgesDiffer() {
        let layout = Layout(name: "wide", edges: 60, live: 4)
        var random = SeededRandom(seed: 5)
        let rounds = 90 * 1440
        let timeline = Timeline(.crash, layout: layout, rounds: rounds, random: &random)
        var counts = Array(repeating: 0, count: layout.edges)
        for edge in 0..<layout.edges {
            for round in 1..<rounds
            where timeline[round, edge].failing == 1 && timeline[round - 1, edge].failing == 0 {
                counts[edge] += 1
            }
        }
        // 90 days at one in four days.
        let mean = Double(counts.reduce(0, +)) / Double(counts.count)
        #expect(mean > 18 && mean < 27)
        let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
        #expect(most > 4 * max(least, 1))
    }

    /// Whatever a rule chose, the next one meets the same luck.
    @Test func luckIsTheSameForEveryRule() {
        var one = World(layout: middle, family: .crash, rounds: 200, seed: 3)
        var other = one
        for round in 0..<200 {
            one.observe(round)
            other.observe(round)
            #expect(
                one.view.attempts.map(\.seconds) == other.view.attempts.map(\.seconds))
            one.publish(EdgeSet([0, 1]))
            other.publish(EdgeSet([2, 3]))
        }
    }

    @Test(arguments: Family.allCases)
    func everyFamilyBefallsSomebody(family: Family) {
        var random = SeededRandom(seed: 11)
        let rounds = 20 * 1440
        let timeline = Timeline(family, layout: middle, rounds: rounds, random: &random)
        var isTouched = false
        for round in 0..<rounds {
            for edge in 0..<middle.edges {
                let condition = timeline[round, edge]
                let isPlain =
                    condition.failing == 0 && condition.stalling == 0
                    && condition.slowness == 1 && condition.lostOnTheWay == 0
                isTouched = isTouched || !isPlain
                #expect(isPlain || round >= Timeline.quiet)
            }
            isTouched = isTouched || timeline.flood[round] > 0 || timeline.demand[round] != 0.4
        }
        #expect(isTouched)
        #expect(timeline.sick.contains(true) == (family == .sickMonitor))
    }

    /// Users keep what their resolvers know for the TTL's time.
    @Test func usersFollowWithTheTTL() {
        var world = World(layout: middle, family: .crash, rounds: 20, seed: 1)
        for _ in 0..<6 { world.publish(EdgeSet([0])) }
        #expect(world.shares[0] > 0.999)
        var shares: [Double] = []
        for _ in 0..<6 {
            world.publish(EdgeSet([1]))
            shares.append(world.shares[1])
        }
        let expected = [0.1, 0.3, 0.5, 0.7, 0.9, 1]
        for (share, wanted) in zip(shares, expected) { #expect(abs(share - wanted) < 1e-9) }
    }

    @Test func theOracleRemovesNobodyWhoIsWell() {
        for family in Family.allCases {
            #expect(run(.oracle, family).wrongRemovals == 0, "\(family)")
        }
        let crashes = run(.oracle, .crash, days: 20)
        #expect(crashes.detection(0.5) == 1 && crashes.detection(0.95) == 1)
        #expect(crashes.publications > 10)
    }

    @Test func countersAreAsSlowAsTheirNumbers() {
        let crashes = run(.riseFall, .crash, days: 20)
        #expect(crashes.detection(0.5) == 3)
        #expect(crashes.lossShare > run(.oracle, .crash, days: 20).lossShare)
    }

    /// What issue and documentation promise, with room for the luck of a few seeds.
    @Test func steadyIsSteady() {
        for family in Family.allCases {
            let steady = run(.steady, family)
            #expect(steady.wrongADay <= 1, "\(family)")
            #expect(steady.detection(0.95).map { $0 <= 2 } ?? true, "\(family)")
            #expect(steady.sickPublicationsADay <= 0.3)
        }
        #expect(run(.original, .crash).wrongADay > 10)
    }
}
