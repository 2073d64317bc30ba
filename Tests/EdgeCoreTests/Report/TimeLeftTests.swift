import Testing

@testable import EdgeCore

/// How times are told to people.
@Suite struct TimeLeftTests {
    @Test(
        arguments: [
            (-1, "0 more seconds"), (1, "1 more second"), (30, "30 more seconds"),
            (119, "119 more seconds"), (120, "2 more minutes"), (3587, "59 more minutes"),
            (7199, "119 more minutes"), (7200, "2 more hours"), (172_799, "47 more hours"),
            (172_800, "2 more days"),
        ] as [(Int64, String)])
    func whatIsLeftHasAFittingUnit(seconds: Int64, words: String) {
        #expect(TimeLeft.words(seconds) == words)
    }

    @Test func timesHaveSecondsAndZone() {
        #expect(UnixTime(seconds: 1_795_707_303).words == "2026-11-26 15:35:03 UTC")
    }
}
