import EdgeTesting
import Testing

@testable import EdgeCore

/// How the steady judge tells the better spare, and what it remembers.
@Suite struct SteadyRankTests {
    private let lost = SteadyBench.lost

    @Test func theFetchTimeIsSmoothedAndCapped() {
        var bench = SteadyBench.up(milliseconds: 200)
        bench.round(.ok(400))
        #expect(abs((bench.memory.fetchSeconds ?? 0) - 0.22) < 1e-9)
        #expect(bench.last?.steady?.rank == bench.memory.fetchSeconds)
        bench.round(.ok(9000))
        #expect(abs((bench.memory.fetchSeconds ?? 0) - (0.22 * 0.9 + 0.2)) < 1e-9)
    }

    @Test func penaltiesAndOldFailuresRankBehind() {
        var bench = SteadyBench.up(milliseconds: 200)
        bench.round(lost, lost, lost)
        let expected = 0.2 * 2 + 10.0 / 2000
        #expect(abs((bench.last?.steady?.rank ?? 0) - expected) < 1e-9)
        // Hours later the penalty is gone and the failures are not forgotten.
        var failing = SteadyBench.up(milliseconds: 100)
        for _ in 0..<60 { failing.round(lost, lost, lost) }
        for _ in 0..<600 { failing.round(.ok(100)) }
        #expect(failing.memory.isUp && failing.memory.penalty < 1e-5)
        #expect((failing.last?.steady?.rank ?? 0) > 0.3)
    }

    @Test func whoNeverAnsweredRanksAsTheSlowest() {
        var bench = SteadyBench()
        bench.round(lost, lost, lost)
        #expect((bench.last?.steady?.rank ?? 0) > 2)
    }

    // MARK: Memory

    @Test func theTextGivesTheSameMemoryBack() throws {
        var random = SeededRandom(seed: 5)
        var bench = SteadyBench.up()
        for round in 0..<2000 {
            if round % 97 == 0 { bench.record.steady = nil }
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bench.round(lost, lost, lost)
            case 1: bench.round(lost, .ok(Int.random(in: 1...9000, using: &random)))
            default: bench.round(.ok(Int.random(in: 1...1500, using: &random)))
            }
            #expect(SteadyMemory(text: bench.memory.text) == bench.memory)
        }
        #expect(SteadyMemory(text: SteadyMemory().text) == SteadyMemory())
    }

    @Test(arguments: [
        "", "steady1", "steady2 up 0.0 0.0 0.0 - 0 0 0.0", "steady1 maybe 0.0 0.0 0.0 - 0 0 0.0",
        "steady1 up nan 0.0 0.0 - 0 0 0.0", "steady1 up 0.0 inf 0.0 - 0 0 0.0",
        "steady1 up 1.5 0.0 0.0 - 0 0 0.0", "steady1 up 0.0 0.0 -0.1 - 0 0 0.0",
        "steady1 up 0.0 0.0 0.0 -1.0 0 0 0.0", "steady1 up 0.0 0.0 0.0 - -1 0 0.0",
        "steady1 up 0.0 0.0 0.0 - 9223372036854775807 0 0.0",
        "steady1 up 0.0 0.0 0.0 - 0 9223372036854775807 0.0",
        "steady1 up 0.0 0.0 0.0 - 0 0 1e9", "steady1 up 0.0 0.0 0.0 - 0 0 0.0 -5",
        "steady1 up 0.0 0.0 0.0 - 0 0 0.0 1 2 3 4 5 6 7 8 9",
        "steady1 up 0.0 0.0 0.0  - 0 0 0.0", "steady1 up 0.0 0.0 0.0 - 0 0 0.0 ",
    ])
    func otherTextIsNoMemory(text: String) {
        #expect(SteadyMemory(text: text) == nil)
    }

    @Test func recentFetchTimesKeepTheNewest() {
        var times = RecentFetchTimes()
        #expect(times.median == nil)
        for value in [5, 1, 4, 2, 3, 9, 8] { times.add(.milliseconds(value), keeping: 5) }
        #expect(times.all == [4, 2, 3, 9, 8].map { .milliseconds($0) })
        #expect(times.median == .milliseconds(4))
        // A smaller number in the configuration takes effect at once, a larger one with time.
        times.add(.milliseconds(7), keeping: 2)
        #expect(times.all == [8, 7].map { .milliseconds($0) })
        #expect(times.median == .milliseconds(7))
        for value in 1...20 { times.add(.milliseconds(value), keeping: 100) }
        #expect(times.all.count == 8)
        times.add(.milliseconds(1), keeping: 0)
        #expect(times.all == [.milliseconds(1)])
    }

    @Test(arguments: [1, 2, 3, 30, 1000, 100_000])
    func theDecayHalvesInItsTime(halfLife: Int) {
        let decay = SteadyJudge.decay(halfLife: halfLife)
        var left = 1.0
        for _ in 0..<halfLife { left *= decay }
        #expect(abs(left - 0.5) < 1e-6, "\(decay)")
    }

    // MARK: Settings

    @Test func whatTheEdgeSaidIsNotAskedAgain() {
        let settings = SteadyBench.three
        func again(_ outcome: ProbeOutcome, _ settings: SteadySettings) -> Bool {
            settings.triesAgain(after: outcome, goodEnough: .seconds(1), isWatched: false)
        }
        let final: [ProbeOutcome] = [
            .ok(999), SteadyBench.wrong, .http(status: 404), .http(status: 429),
            .tls(reason: "expired"),
            .redirect(status: 302, target: "x"), .unresolvable(reason: "NXDOMAIN"),
        ]
        let open: [ProbeOutcome] = [
            .ok(1000), .http(status: 503), .refused, .unreachable(reason: "no route"), lost,
            .reset(.tls),
            .protocolError(reason: "x"), .tooLarge(limit: 1), SteadyBench.fault,
        ]
        for outcome in final { #expect(!again(outcome, settings), "\(outcome)") }
        for outcome in open { #expect(again(outcome, settings), "\(outcome)") }
        #expect(!again(.ok(5000), SteadySettings(retriesSlow: false)))
        #expect(!again(.http(status: 503), SteadySettings(retriesServerErrors: false)))
    }

    @Test func anEdgeUnderSuspicionIsAskedEachTime() {
        let settings = SteadyBench.three
        var bench = SteadyBench.up()
        #expect(!settings.watches(bench.memory) && !settings.watches(nil))
        bench.round(.ok(1500), .ok(100))
        #expect(settings.watches(bench.memory))
        #expect(settings.triesAgain(after: .ok(100), goodEnough: .seconds(1), isWatched: true))
        #expect(
            !settings.triesAgain(
                after: .http(status: 404), goodEnough: .seconds(1), isWatched: true))
        // 0.03 * 0.97^14 is the first below 0.02; the answer beside the bad one was the first of them.
        for _ in 0..<4 { bench.round(.ok(100), .ok(100), .ok(100)) }
        #expect(settings.watches(bench.memory))
        bench.round(.ok(100))
        #expect(!settings.watches(bench.memory))
        // Who is down anyway is not asked more than others.
        bench.round(lost, lost, lost)
        #expect(!bench.memory.isUp && !settings.watches(bench.memory))
    }

    /// An edge that has been clean for long enough and stays down is told why, by the number that keeps it there.
    @Test func whatKeepsACleanEdgeDownIsNamed() {
        func words(_ change: (inout SteadyMemory) -> Void) -> String {
            var bench = SteadyBench.up()
            var memory = bench.memory
            (memory.isUp, memory.cleanRounds) = (false, 50)
            change(&memory)
            bench.record.steady = memory
            return bench.round(.ok(100)).reason.description
        }
        #expect(words { _ in }.hasSuffix("up after 51 clean rounds"))
        #expect(
            words { $0.failureScore = 0.2 }
                .hasSuffix("not up yet: a failure score of 18 %, not below 10 %"))
        #expect(
            words { $0.slowFailureScore = 0.2 }
                .hasSuffix("not up yet: a long failure score of 19 %, above 10 %"))
        let slow = Array(repeating: Duration.milliseconds(900), count: 5)
        #expect(
            words { $0.recent = RecentFetchTimes(slow) }
                .hasSuffix("not up yet: a median of 900 ms, not under 850 ms"))
        #expect(words { $0.cleanRounds = 0 }.hasSuffix("not up yet: 1 of 2 clean rounds in a row"))
    }

    @Test func numbersThatContradictEachOtherAreSaid() {
        #expect(SteadySettings().contradictions.isEmpty)
        let score = SteadySettings(downScore: 0.2, upScore: 0.2).contradictions.first?.message
        #expect(score?.hasPrefix("up_score (0.2) must be below down_score (0.2)") == true)
        let median = SteadySettings(medianOf: 3, medianAtLeast: 4).contradictions.first?.message
        #expect(median?.hasPrefix("median_at_least (4) must not be above median_of (3)") == true)
        let time = SteadySettings(attemptTimeout: .seconds(5), roundTime: .seconds(4))
            .contradictions.first?.message
        #expect(time?.hasPrefix("attempt_timeout (5s) must not be above round_time (4s)") == true)
    }
}
