import EdgeCore
import EdgeTesting
import Testing

@Suite struct ClassicJudgeTests {
    static let target = ProbeTarget(name: EdgeName("e1"), family: .ipv4)

    static func judge(_ outcome: ProbeOutcome, _ record: TargetRecord = TargetRecord()) -> Verdict {
        ClassicJudge(
            settings: JudgeSettings(goodEnough: .seconds(1)), timeout: .seconds(10)
        ).judge(Observation(target: target, address: nil, outcome: outcome), record: record)
    }

    static func sum(_ count: Int, _ milliseconds: Int64) -> SampleSum {
        SampleSum(count: count, nanoseconds: milliseconds * 1_000_000 * Int64(count))
    }

    @Test func followsTheOrderOfTheRules() {
        let slow = ProbeOutcome.ok(fetchTime: .milliseconds(1500))
        let fast = ProbeOutcome.ok(fetchTime: .milliseconds(999))
        let record = TargetRecord(window: Self.sum(9, 500), kept: Self.sum(9, 500))
        let longGood = TargetRecord(window: Self.sum(2, 3000), kept: Self.sum(90, 500))
        #expect(Self.judge(fast).health == .passThreshold)
        #expect(Self.judge(.ok(fetchTime: .seconds(1))).health == .pass)
        #expect(Self.judge(slow, record).health == .passWindow)
        #expect(Self.judge(slow, longGood).health == .passAverage)
        #expect(Self.judge(slow).health == .pass)
        #expect(Self.judge(.timeout(.connect), record).health == .fail)
        #expect(Self.judge(.http(status: 503), record).health == .fail)
    }

    @Test func aFailureCountsAsTheFullTimeout() {
        let verdict = Self.judge(.refused, TargetRecord(kept: Self.sum(1, 0)))
        #expect(verdict.sample == .seconds(10))
        #expect(verdict.mean == .seconds(5))
    }

    @Test func theOldestSampleFallsOut() {
        let record = TargetRecord(kept: Self.sum(2, 4000), expiring: .seconds(4))
        #expect(Self.judge(.ok(fetchTime: .seconds(2)), record).mean == .seconds(3))
    }

    @Test func aLocalFaultIsHeldAgainstNobody() {
        let record = TargetRecord(health: .passThreshold)
        let verdict = Self.judge(.localFault(reason: "no descriptors"), record)
        #expect(verdict.health == .passThreshold)
        #expect(verdict.sample == nil)
    }
}
