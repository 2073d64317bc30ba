import EdgeCore
import EdgeTesting
import Testing

/// Points of time as operators write them.
@Suite struct TimeTextTests {
    /// 2026-11-26T15:35:00Z.
    static let now = UnixTime(seconds: 1_795_707_300)

    @Test(arguments: [
        ("2026-11-26T15:35:00Z", 1_795_707_300), ("2026-11-26t15:35:00z", 1_795_707_300),
        ("2026-11-26 15:35:00Z", 1_795_707_300), ("2026-11-26T17:05:00+01:30", 1_795_707_300),
        ("1970-01-01T00:00:00Z", 0),
        ("2024-02-29T12:00:00-01:00", 1_709_211_600), ("2000-03-01T00:00:00Z", 951_868_800),
        ("-2h", 1_795_700_100), ("2h", 1_795_700_100), ("-90s", 1_795_707_210),
        ("14:05", 1_795_701_900), ("15:35", 1_795_707_300), ("15:36", 1_795_620_960),
        ("00:00:01", 1_795_651_201),
    ])
    func readsTimes(text: String, seconds: Int64) {
        #expect(TimeText.parse(text, now: Self.now) == UnixTime(seconds: seconds), "\(text)")
    }

    @Test func keepsFractions() {
        #expect(
            TimeText.parse("2026-11-26T15:35:00.123456789Z", now: Self.now)
                == UnixTime(nanoseconds: 1_795_707_300_123_456_789))
    }

    @Test(arguments: [
        "", "yesterday", "2026-11-26", "2026-11-26T15:35:00", "2026-11-26T15:35Z",
        "2026-13-01T00:00:00Z", "2025-02-29T00:00:00Z", "2026-11-26T24:00:00Z", "24:00", "1:5",
        "-", "2", "--2h", "2026-11-26T15:35:00+1:00", "2026-11-26T15:35:00.Z", "+14:05", "14:5a",
    ])
    func refusesWhatIsNone(text: String) {
        #expect(TimeText.parse(text, now: Self.now) == nil, "\(text)")
    }

    @Test func showsTimesAsTheyAreRead() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<2000 {
            let time = UnixTime(seconds: Int64.random(in: 0...9_000_000_000, using: &random))
            #expect(TimeText.parse(time.dateText + "Z", now: Self.now) == time, "\(time.dateText)")
        }
        #expect(Self.now.minuteText == "2026-11-26 15:35")
    }
}
