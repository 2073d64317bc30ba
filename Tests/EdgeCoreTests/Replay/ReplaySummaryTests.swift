@testable import EdgeCore
import EdgeTesting
import Testing

/// What a whole replay came to, alone and side by side.
@Suite struct ReplaySummaryTests {
    private static let rounds: [TraceRound] = [
        ReplayTests.round(0, ["a": ReplayTests.fine, "b": .ok(fetchTime: .seconds(2))]),
        // Slow: good enough for one configuration, not for the other.
        ReplayTests.round(1, ["a": .ok(fetchTime: .seconds(3)), "b": ReplayTests.fine]),
        ReplayTests.round(2, ["a": .refused, "b": ReplayTests.fine]),
        ReplayTests.round(240, ["a": .refused, "b": ReplayTests.fine]),
    ]

    private static func clock(_ time: UnixTime) -> String { "T\(time.seconds)" }

    @Test func timesGoToTheLiveSetUntilTheNextRound() {
        var replay = Replay(settings: ReplayTests.settings(live: 1), edges: ["a", "b"])
        var summary = ReplaySummary()
        var teller = ReplayTeller(wanted: 1)
        var lines: [String] = []
        for round in Self.rounds {
            let replayed = replay.decide(round)
            summary.add(replayed)
            lines += teller.text(replayed, clock: Self.clock)
        }
        #expect(summary.rounds == 4 && summary.length == .seconds(14_400))
        #expect(summary.publications == 2 && summary.removals == 1 && summary.heldRounds == 0)
        #expect(summary.edges["a"]?.live == .seconds(60) && summary.edges["a"]?.removed == 1)
        #expect(summary.edges["a"]?.passing == .seconds(120))
        #expect(summary.edges["b"]?.live == .seconds(14_340))
        #expect(
            lines == [
                "T0  1 of 1 live, 1 in, 0 out",
                "  + a  chosen: it is fine, the best for a free place",
                "T60  1 of 1 live, 1 in, 1 out",
                "  - a  out: answered in 3000 ms, not under 1000 ms, and slow in its means too, "
                    + "and others answer better",
                "  + b  chosen: it is fine, the best for a free place",
            ])
        #expect(
            summary.text() == [
                "4 rounds in 4.0 h: 2 publications, 1 removal, 0 held; live edges failing 0 min of 4.0 h "
                    + "(0.000 %)",
                "",
                "  EDGE   LIVE  PASSING  LIVE, FAILING  IN  OUT",
                "  a     1 min    2 min          0 min   1    1",
                "  b     3.9 h    4.0 h          0 min   1    0",
            ])
    }

    /// A hold that goes on is told when it begins, becomes another, and ends.
    @Test func aHoldIsToldOnce() {
        var teller = ReplayTeller(wanted: 2)
        let holds = [nil, "x", "x", "y", "y", nil, nil]
        let told = holds.enumerated().map { number, held in
            teller.text(
                ReplayedRound(
                    time: UnixTime(seconds: Int64(number)), live: ["a", "b"], healths: [],
                    held: held, removed: [], added: [], reasons: [], failing: []),
                clock: Self.clock)
        }
        #expect(
            told == [
                [], ["T1  2 of 2 live, as before, held: x"], [],
                ["T3  2 of 2 live, as before, held: y"], [],
                ["T5  2 of 2 live, as before, no longer held"], [],
            ])
    }

    @Test func nothingIsNothing() {
        #expect(
            ReplaySummary().text() == [
                "0 rounds in 0 min: 0 publications, 0 removals, 0 held; live edges failing 0 min of "
                    + "0 min (0 %)"
            ])
    }

    @Test func twoConfigurationsStandSideBySide() {
        var patient = ReplayTests.settings(live: 1)
        patient.judge.goodEnough = .seconds(5)
        patient.selection.substitutionBudget = 0
        var comparison = ReplayComparison(
            first: Replay(settings: ReplayTests.settings(live: 1), edges: ["a", "b"]),
            second: Replay(settings: patient, edges: ["a", "b"]))
        let both = Self.rounds.map { comparison.decide($0) }
        #expect(both.map(\.differs) == [false, true, false, false])
        #expect(both.map(\.isNews) == [false, true, false, false])
        #expect(both.map(\.isSameLiveSet) == [true, false, false, false])
        #expect(
            comparison.text(both[1], clock: Self.clock) == [
                "T60",
                "  A  1 of 1 live, 1 in, 1 out",
                "       - a  out: answered in 3000 ms, not under 1000 ms, and slow in its means too, "
                    + "and others answer better",
                "       + b  chosen: it is fine, the best for a free place",
                "  B  1 of 1 live, as before",
            ])
        #expect(comparison.apart == .seconds(14_340))
        #expect(
            comparison.text() == [
                "4 rounds in 4.0 h, 1 decided differently; other edges live for 3.9 h",
                "",
                "                       A         B",
                "  publications         2         1",
                "  removals             1         0",
                "  rounds held          0         0",
                "  live time        4.0 h     4.0 h",
                "  of it failing    0 min     3.9 h",
                "  share failing  0.000 %  99.167 %",
                "",
                "  EDGE  LIVE A  LIVE B  FAILING A  FAILING B  OUT A  OUT B",
                "  a      1 min   4.0 h      0 min      3.9 h      1      0",
                "  b      3.9 h   0 min      0 min      0 min      0      0",
            ])
        // The one ceases to hold alone and the other begins to.
        func holding(_ first: Bool, _ second: Bool) -> Int {
            var round = both[2]
            round.first.held = first ? "x" : nil
            round.second.held = second ? "x" : nil
            return round.holdsAlone
        }
        #expect(holding(true, false) != holding(false, true))
        #expect(holding(true, true) == 0 && holding(false, false) == 0)
        var bytes: [UInt8] = []
        both[2].appendJSON(to: &bytes)
        let json = String(decoding: bytes, as: UTF8.self)
        #expect(
            json.hasPrefix(#"{"time": 120, "differs": true, "a": {"live": ["b"], "healths": {"#))
        #expect(json.contains(#"}, "b": {"live": ["a"], "healths": {"#) && json.hasSuffix("}}}"))
    }
}
