import EdgeCore
import EdgeTesting
import Testing

/// Sums of rounds: counted, added up, kept and read back.
@Suite struct FetchSummaryTests {
    private static func evidence(_ outcome: ProbeOutcome, phases: ProbePhases = ProbePhases())
        -> ProbeEvidence
    {
        ProbeEvidence(ProbeEvidenceTests.observation(outcome, phases: phases))
    }

    /// However the fetch times lie, each percentile is within 3.2 % of the exact one.
    @Test(arguments: UInt64(1)...20)
    func percentilesAreNearTheExactOnes(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let scale = [50.0, 900, 40_000, 2_000_000, 14_000_000][Int(seed % 5)]
        var histogram = FetchHistogram()
        var parts = [FetchHistogram(), FetchHistogram(), FetchHistogram()]
        var times: [Int64] = []
        for _ in 0..<Int.random(in: 1...3000, using: &random) {
            let share = Double.random(in: 0...1, using: &random)
            let time = Int64(scale * share * share)
            times.append(time)
            histogram.add(.microseconds(time))
            parts[Int.random(in: 0...2, using: &random)].add(.microseconds(time))
        }
        times.sort()
        for percent in [0, 1, 50, 95, 99, 100] {
            let rank = max(1, (times.count * percent + 99) / 100)
            let exact = Double(times[rank - 1])
            let found = try #require(histogram.percentile(percent)).inSeconds * 1e6
            #expect(abs(found - exact) <= max(0.001, exact * 0.032), "\(percent) %")
        }
        var whole = FetchHistogram()
        for part in parts { whole.add(part) }
        #expect(whole == histogram)
        #expect(whole.count == times.count)
    }

    @Test func nothingHasNoPercentile() {
        let summary = FetchSummary()
        #expect(summary.histogram.percentile(50) == nil)
        #expect(summary.uptime == nil && summary.mean == nil && summary.mean(.connect) == nil)
        #expect(FetchSummary(bytes: summary.bytes) == summary)
    }

    @Test func failuresCountAgainstUptimeAndNotInTimes() {
        var summary = FetchSummary()
        summary.add(Self.evidence(.ok(fetchTime: .milliseconds(100))))
        summary.add(Self.evidence(.ok(fetchTime: .milliseconds(300))))
        summary.add(Self.evidence(.refused))
        summary.add(Self.evidence(.timeout(.connect)))
        #expect(summary.probes == 4 && summary.answered == 2)
        #expect(summary.uptime == 0.5)
        #expect(summary.mean == .milliseconds(200))
        #expect(summary.histogram.count == 2)
    }

    /// An attempt that brought the object counts, however the last one ended; its parts don't.
    @Test func partsAreThoseOfAnswers() {
        var summary = FetchSummary()
        let phases = ProbePhases(connect: .milliseconds(10), transfer: .milliseconds(30))
        summary.add(Self.evidence(.ok(fetchTime: .milliseconds(50)), phases: phases))
        summary.add(
            ProbeEvidence(
                ProbeEvidenceTests.observation(
                    .timeout(.connect), phases: ProbePhases(connect: .seconds(9)), attempts: 2,
                    earlier: [.ok(fetchTime: .milliseconds(70))])))
        #expect(summary.answered == 2 && summary.timed == 1)
        #expect(summary.mean(.connect) == .milliseconds(10))
        #expect(summary.mean(.transfer) == .milliseconds(30))
        #expect(summary.mean(.tls) == nil)
        #expect(summary.mean == .milliseconds(60))
    }

    @Test func sumsAddUpAndAreReadBack() {
        var random = SeededRandom(seed: 9)
        var parts = [FetchSummary(), FetchSummary()]
        var whole = FetchSummary()
        for _ in 0..<500 {
            let time = Duration.microseconds(Int64.random(in: 100...9_000_000, using: &random))
            let outcome: ProbeOutcome = random.once(in: 5) ? .refused : .ok(fetchTime: time)
            let phases = ProbePhases(connect: time / 3, processing: .microseconds(1))
            let evidence = Self.evidence(outcome, phases: phases)
            whole.add(evidence)
            parts[random.once(in: 3) ? 1 : 0].add(evidence)
        }
        var sum = parts[0]
        sum.add(parts[1])
        #expect(sum == whole)
        let read = FetchSummary(bytes: whole.bytes)
        #expect(read?.bytes == whole.bytes)
        #expect(read?.histogram == whole.histogram)
        for end in 0..<8 { #expect(FetchSummary(bytes: Array(whole.bytes[..<end])) == nil) }
    }
}

/// Which sums make up a time.
@Suite struct HistoryCoverTests {
    /// Whatever is there, no second is counted twice, and none between the first and the last sum is missed.
    @Test(arguments: UInt64(1)...200)
    func coversEachSecondOnce(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let now: Int64 = 1_700_000_000 + Int64.random(in: 0...200_000, using: &random)
        let from = now - Int64.random(in: 0...3_000_000, using: &random)
        var newest: [HistorySpan: Int64] = [:]
        for span in HistorySpan.allCases {
            // A clock that was set may have left none of a length.
            if random.once(in: 8) { continue }
            newest[span] = span.start(of: now) - span.seconds
        }
        let cover = HistoryCover(from: UnixTime(seconds: from), newest: newest)
        let ranges = cover.ranges.values.flatMap { $0 }.sorted { $0.lowerBound < $1.lowerBound }
        for (span, own) in cover.ranges {
            for range in own {
                #expect(range.lowerBound == span.start(of: range.lowerBound))
                #expect(range.upperBound == span.start(of: range.upperBound))
                #expect(range.lowerBound >= HistorySpan.minutes.start(of: from))
            }
        }
        for (left, right) in zip(ranges, ranges.dropFirst()) {
            #expect(left.upperBound == right.lowerBound)
        }
        if newest[.minutes] != nil, let last = ranges.last, let first = ranges.first {
            #expect(first.lowerBound == HistorySpan.minutes.start(of: from))
            #expect(last.upperBound == HistorySpan.minutes.start(of: now))
        }
    }
}
