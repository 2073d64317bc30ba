import EdgeTesting
import Testing

@testable import EdgeCore

/// When the steady judge takes an edge down, and when it lets it up.
@Suite struct SteadyJudgeTests {
    private let lost = SteadyBench.lost

    // MARK: Down

    @Test func wrongContentCountsAtOnce() {
        var bench = SteadyBench.up()
        let verdict = bench.round(SteadyBench.wrong)
        #expect(!bench.memory.isUp)
        #expect(verdict.isMismatch && verdict.health == .fail)
        #expect(verdict.reason == .steady(SteadyBench.wrong, .wrongContent))
        // It was tried again after something else, and it is wrong all the same.
        var later = SteadyBench.up()
        #expect(later.round(lost, SteadyBench.wrong).isMismatch)
        #expect(!later.memory.isUp)
    }

    @Test func twoWhollyFailedRoundsAreEnough() {
        var bench = SteadyBench.up()
        bench.round(.http(status: 503))
        #expect(bench.memory.isUp)
        #expect(bench.last?.health == .fail, "the class of old tells how this round went")
        let verdict = bench.round(.http(status: 503))
        #expect(!bench.memory.isUp)
        #expect(verdict.reason == .steady(.http(status: 503), .failedRounds(2)))
    }

    @Test func anAnswerInBetweenEndsTheRow() {
        var bench = SteadyBench.up()
        bench.settings.scoreWeight = 0.01
        bench.settings.medianAtLeast = 6
        bench.settings.slowDownScore = 1
        for _ in 0..<5 {
            bench.round(.http(status: 503))
            bench.round(.ok(100))
        }
        #expect(bench.memory.isUp)
        // A round with an answer in it did not fail wholly.
        bench.round(lost, lost, .ok(100))
        bench.round(lost, lost, .ok(100))
        #expect(bench.memory.isUp)
    }

    /// Of edges that are well, a tenth as many lose four attempts in a row as lose three.
    @Test func byDefaultThreeLostAttemptsAreForgivenAndFourAreNot() {
        var bench = SteadyBench.up(SteadySettings())
        bench.round(lost, lost, lost, .ok(100))
        #expect(bench.memory.isUp)
        var dead = SteadyBench.up(SteadySettings())
        dead.round(lost, lost, lost, lost)
        #expect(!dead.memory.isUp)
        var slow = SteadyBench.up(SteadySettings())
        slow.round(.ok(1500), .ok(1500), .ok(1500), .ok(1500))
        #expect(!slow.memory.isUp, "slowness is seen in its first round too")
    }

    /// All four attempts of a round fit its time, deadlines and pauses together.
    @Test func byDefaultEveryAttemptFitsTheRound() {
        let settings = SteadySettings()
        #expect(settings.fittingAttempts == settings.attempts)
        let pauses = settings.attemptPause * (settings.attempts - 1)
        let all = settings.attemptTimeout * settings.attempts + pauses
        // Looking names up and late timers take their share.
        #expect(all + .milliseconds(500) <= settings.roundTime)
        #expect(SteadySettings(attemptTimeout: .seconds(3)).fittingAttempts == 3)
    }

    /// 1 - 0.88^3 = 0.3185: three attempts in vain take an edge down in the round in which it dies.
    @Test func threeFailedAttemptsExceedTheScore() {
        var bench = SteadyBench.up()
        let verdict = bench.round(lost, lost, lost)
        #expect(!bench.memory.isUp)
        guard case .steady(_, .score(let score, let limit)) = verdict.reason else {
            Issue.record("\(verdict.reason)")
            return
        }
        #expect(abs(score - 0.318528) < 1e-9 && limit == 0.30)
        var two = SteadyBench.up()
        two.round(lost, lost, .ok(100))
        #expect(two.memory.isUp)
        #expect(abs(two.memory.failureScore - 0.2256 * 0.88) < 1e-9)
    }

    @Test func theLongScoreFindsWhatFailsNowAndThen() {
        // Every fifth round loses one attempt: never enough for the score of the moment.
        func roundsToGoDown(_ settings: SteadySettings) -> Int? {
            var bench = SteadyBench.up(settings)
            for round in 1...600 {
                if round % 5 == 0 { bench.round(lost, .ok(100)) } else { bench.round(.ok(100)) }
                if !bench.memory.isUp { return round }
            }
            return nil
        }
        let found = roundsToGoDown(SteadyBench.three)
        #expect(found.map { $0 > 10 } == true)
        #expect(roundsToGoDown(SteadySettings(slowDownScore: 1)) == nil)
    }

    @Test func aSlowMedianNeedsThreeFetchTimes() {
        var bench = SteadyBench()
        bench.record.steady = SteadyMemory(isUp: true)
        bench.round(.ok(1500))
        bench.round(.ok(1500))
        #expect(bench.memory.isUp)
        let verdict = bench.round(.ok(1500))
        #expect(!bench.memory.isUp)
        #expect(
            verdict.reason == .steady(.ok(1500), .median(.milliseconds(1500), limit: .seconds(1))))
        #expect(verdict.health == .pass)
    }

    @Test func twoSlowAnswersOfFiveAreNone() {
        var settings = SteadyBench.three
        settings.slowDownScore = 1
        var bench = SteadyBench.up(settings)
        for _ in 0..<20 {
            bench.round(.ok(1500))
            bench.round(.ok(1500))
            #expect(bench.last?.health == .passWindow)
            for _ in 0..<3 { bench.round(.ok(100)) }
        }
        #expect(bench.memory.isUp)
    }

    @Test func theBestAnswerOfARoundIsItsFetchTime() {
        var bench = SteadyBench.up()
        for _ in 0..<3 { bench.round(.ok(1500), .ok(120)) }
        #expect(bench.memory.isUp)
        #expect(bench.memory.recent.median == .milliseconds(120))
        #expect(bench.last?.sample == .milliseconds(120))
        #expect(bench.last?.health == .passThreshold)
    }

    /// Slow answers are tried again, so an edge that has become slow is known in its first round.
    @Test func threeSlowAnswersOfOneRoundAreEnough() {
        var bench = SteadyBench.up()
        let verdict = bench.round(.ok(1500), .ok(1200), .ok(1300))
        #expect(!bench.memory.isUp)
        #expect(
            verdict.reason == .steady(.ok(1300), .median(.milliseconds(1200), limit: .seconds(1))))
        #expect(verdict.health == .pass && verdict.sample == .milliseconds(1200))
    }

    /// An edge that is slow and loses packets is neither slow enough nor lost enough for a rule that sees one of
    /// the two alone.
    @Test func aFailedAttemptIsASlowOneToo() {
        var bench = SteadyBench.up()
        let verdict = bench.round(.ok(1500), lost, .ok(1300))
        #expect(
            verdict.reason == .steady(.ok(1300), .median(.milliseconds(1300), limit: .seconds(1))))
        #expect(!bench.memory.isUp)
    }

    @Test func theLongScoreCountsSlowAnswersToo() {
        var bench = SteadyBench.up()
        var rounds = 0
        while bench.memory.isUp, rounds < 600 {
            rounds += 1
            if rounds % 5 == 0 { bench.round(.ok(1500), .ok(100)) } else { bench.round(.ok(100)) }
        }
        #expect((10...60).contains(rounds), "\(rounds)")
        #expect(bench.memory.failureScore == 0)
    }

    // MARK: Up

    @Test func aNewEdgeComesUpAfterCleanRounds() {
        var bench = SteadyBench()
        #expect(bench.round(.ok(100)).steady?.standing == .recovering)
        #expect(bench.last?.health == .passAverage)
        #expect(bench.round(.ok(100)).reason == .steady(.ok(100), .cameUp(cleanRounds: 2)))
        #expect(bench.last?.health == .passThreshold)
    }

    @Test func anEdgeThatTheClassicJudgePassedIsUp() {
        var bench = SteadyBench()
        bench.record = TargetRecord(health: .passWindow, kept: SampleSum(count: 1, nanoseconds: 3))
        bench.round(.http(status: 500))
        #expect(bench.memory.isUp)
        var failed = SteadyBench()
        failed.record = TargetRecord(health: .fail)
        failed.round(.ok(100))
        #expect(!failed.memory.isUp)
    }

    @Test func theScoreMustFallBelowItsLowerLimit() {
        var bench = SteadyBench.up()
        bench.round(lost, lost, lost)
        // 0.3185 * 0.88^10 = 0.0887 is the first below 0.10.
        #expect(bench.roundsUntilUp() == 10)
    }

    /// Below the lower limit of one score and above the other's it would go down again in the next round.
    @Test func theLongScoreMustFallTooBeforeItComesUp() {
        var bench = SteadyBench.up()
        for _ in 0..<20 { bench.round(lost, lost, lost) }
        let rounds = bench.roundsUntilUp()
        #expect(bench.memory.slowFailureScore <= 0.10)
        #expect((60...80).contains(rounds), "\(rounds)")
        bench.round(.ok(100))
        #expect(bench.memory.isUp)
    }

    @Test func theMedianMustFallWellBelowGoodEnough() {
        var bench = SteadyBench.up()
        for _ in 0..<3 { bench.round(.ok(1500)) }
        #expect(!bench.memory.isUp)
        var near = bench
        #expect(near.roundsUntilUp(milliseconds: 860) == 501)
        #expect(bench.roundsUntilUp(milliseconds: 840) == 4)
    }

    @Test func cleanRoundsGrowWithThePenalty() {
        var settings = SteadyBench.three
        settings.upScore = 0.29
        settings.slowDownScore = 1
        settings.penaltyHalfLife = 1_000_000
        var bench = SteadyBench.up(settings)
        var needed: [Int] = []
        for _ in 0..<4 {
            bench.round(lost, lost, lost)
            #expect(!bench.memory.isUp)
            needed.append(bench.roundsUntilUp())
        }
        #expect(needed == [4, 6, 8, 10])
    }

    @Test func thePenaltyHalvesEveryThirtyRoundsAndHasALimit() {
        var bench = SteadyBench.up()
        bench.round(lost, lost, lost)
        #expect(bench.memory.penalty == 1)
        for _ in 0..<30 { bench.round(.ok(100)) }
        #expect(abs(bench.memory.penalty - 0.5) < 1e-9)
        bench.record.steady?.penalty = 8
        bench.record.steady?.isUp = true
        bench.round(SteadyBench.wrong)
        #expect(bench.memory.penalty == 8)
    }

    @Test func oneFailedAttemptEndsTheRowOfCleanRounds() {
        var bench = SteadyBench()
        bench.round(.ok(100))
        bench.round(lost, .ok(100))
        #expect(bench.memory.cleanRounds == 0 && !bench.memory.isUp)
        bench.round(.ok(1000))
        #expect(bench.memory.cleanRounds == 0, "a slow answer is not clean")
        #expect(bench.roundsUntilUp() == 2)
    }

    // MARK: What says nothing of the edge

    @Test func theMonitorsOwnFaultsAreHeldAgainstNobody() {
        var bench = SteadyBench.up()
        let before = bench.memory
        let verdict = bench.round(SteadyBench.fault, SteadyBench.fault)
        #expect(bench.memory == before)
        #expect(verdict.sample == nil && verdict.steady?.standing == .up)
        // Beside an attempt that tells something they count for nothing.
        bench.round(SteadyBench.fault, .ok(100))
        #expect(bench.memory.failureScore == 0 && bench.memory.cleanRounds == 1)
    }

    @Test func tooManyRequestsIsAClassOfItsOwn() {
        var bench = SteadyBench.up()
        let before = bench.memory
        let blocked = ProbeOutcome.http(status: 429)
        for _ in 0..<5 { bench.round(blocked) }
        #expect(bench.memory == before)
        #expect(bench.last?.steady?.standing == .blocked && bench.last?.health == .passWindow)
        #expect(bench.last?.sample == nil)
        #expect(bench.last?.reason == .steady(blocked, .blocked(isUp: true)))
        var down = SteadyBench()
        #expect(down.round(blocked).steady?.standing == .answering)
        #expect(down.last?.health == .pass)
        // Another status is a failure like any other.
        bench.round(.http(status: 503))
        #expect(bench.memory.failedRounds == 1)
    }

    @Test func aResetKeepsTheMonitorOutOnlyIfTheEdgeServesOthers() {
        let reset = ProbeOutcome.reset(.processing)
        var bench = SteadyBench.up()
        bench.round(reset, reset, reset, answersElsewhere: true)
        #expect(bench.memory.isUp && bench.last?.steady?.standing == .blocked)
        bench.round(reset, reset, reset)
        #expect(!bench.memory.isUp)
    }
}
