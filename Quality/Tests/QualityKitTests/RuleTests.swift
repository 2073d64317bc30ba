import EdgeCore
import Testing

@testable import QualityKit

/// Each rule on a few rounds written down by hand.
@Suite struct RuleTests {
    private let layout = Layout(name: "test", edges: 3, live: 1)

    /// Rounds of the first edge: `+` answers, `s` is slow, `x` fails; the others answer always.
    private func live(_ rounds: String, _ rule: inout some Rule, attempts: Int = 4) -> [Bool] {
        var set = EdgeSet([0])
        return rounds.enumerated().map { round, sign in
            var view = RoundView(layout: layout, round: round)
            view.live = set
            view.references = [true, true, true]
            view.badness = [sign == "+" ? 0 : 1, 0, 0]
            view.burdened = view.badness
            for edge in 0..<3 {
                for number in 0..<RoundView.attemptsAnEdge {
                    let isBad = edge == 0 && number < attempts && sign != "+"
                    let seconds = isBad ? (sign == "s" ? 1.5 : nil) : 0.2 + Double(edge) / 10
                    view.attempts.append(Attempt(seconds: seconds))
                }
            }
            set = rule.decide(view)
            return set.contains(0)
        }
    }

    @Test func theOriginalLeavesAtTheFirstSlowAnswer() {
        var rule = OriginalRule(edges: 3)
        #expect(live("+++s+", &rule) == [true, true, true, false, false])
    }

    @Test func countersNeedTheirNumber() {
        var rule = CounterRule(edges: 3, rise: 2, fall: 3, attempts: 1, slowness: 1)
        #expect(live("+xx+xsx", &rule) == [true, true, true, true, true, true, false])
        var patient = CounterRule(edges: 3, rise: 3, fall: 3, attempts: 2, slowness: 4)
        #expect(live("+sssx", &patient) == [true, true, true, true, true])
        #expect(live("x", &patient) == [false])
    }

    @Test func gdnsdIsInDangerBeforeItIsDown() {
        var rule = GdnsdRule(edges: 3)
        #expect(live("+xxx", &rule) == [true, true, true, true])
        #expect(live("x", &rule) == [false])
        // Ten good attempts in a row end the danger.
        var other = GdnsdRule(edges: 3)
        #expect(live("xxx++++xxx", &other).allSatisfy { $0 })
    }

    @Test func akamaisScoreIsQuickToFall() {
        var rule = AkamaiRule(edges: 3)
        #expect(live("+x", &rule) == [true, false])
    }

    @Test func theOracleSeesWhatUsersMeet() {
        var rule = OracleRule()
        #expect(live("+x", &rule, attempts: 0) == [true, false])
    }

    @Test func productionRunsTheCore() {
        var steady = ProductionRule(
            layout: layout, steady: SteadyTuning().settings, tuning: SteadyTuning())
        // Three attempts in vain are forgiven, four are an end; a spare takes the place.
        #expect(live("+++", &steady, attempts: 1) == [true, true, true])
        #expect(live("x+", &steady, attempts: 3) == [true, true])
        #expect(live("x", &steady) == [false])
        var classic = ProductionRule(layout: layout, steady: nil, tuning: SteadyTuning())
        #expect(live("++x", &classic) == [true, true, false])
    }

    @Test func tuningTakesEveryNumberAndNothingElse() {
        var tuning = SteadyTuning()
        let takes = tuning.set("down_score", to: "0.4")
        #expect(takes && tuning.settings.downScore == 0.4)
        let takesTime = tuning.set("attempt_timeout", to: "2.5")
        #expect(takesTime && tuning.settings.attemptTimeout == .milliseconds(2500))
        let takesWord = tuning.set("down_score", to: "much")
        let takesUnknown = tuning.set("upscore", to: "1")
        #expect(!takesWord && !takesUnknown)
    }
}
