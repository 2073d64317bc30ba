import EdgeCore
import Testing

@Suite struct DurationTextTests {
    @Test(arguments: [
        ("700ms", Duration.milliseconds(700)), ("10s", .seconds(10)), ("5m", .seconds(300)),
        ("1h", .seconds(3600)), ("14d", .seconds(1_209_600)), ("1.5s", .milliseconds(1500)),
        ("0.000000001s", .nanoseconds(1)), (".5m", .seconds(30)), ("0s", .zero),
        ("2.s", .seconds(2)),
    ])
    func reads(_ text: String, _ expected: Duration) {
        #expect(DurationText.parse(text) == expected)
    }

    @Test(arguments: [
        "", "s", "10", "10 s", "-1s", "+1s", "1e3s", "1.2.3s", ".s", "10S", "10sec", "٣s", "1s ",
        "99999999999999999999s", "9223372036854775807d", "1.0000000001s",
    ])
    func refuses(_ text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test func readsPlainSeconds() {
        #expect(DurationText.parseSeconds("5.0") == .seconds(5))
        #expect(DurationText.parseSeconds("0.25") == .milliseconds(250))
        #expect(DurationText.parseSeconds("5s") == nil)
        #expect(DurationText.parseSeconds("nan") == nil)
        #expect(DurationText.parseSeconds("1e400") == nil)
    }

    @Test func writesWhatItReads() {
        for nanoseconds: Int64 in [
            0, 1, 999, 1_000_000, 1_500_000, 700_000_000, 1_000_000_000, 90_000_000_000,
            86_400_000_000_000, 3_600_000_000_000, 12_345_678_901,
        ] {
            let duration = Duration.nanoseconds(nanoseconds)
            let text = DurationText.text(duration)
            #expect(DurationText.parse(text) == duration, "\(text)")
        }
        #expect(DurationText.text(.seconds(300)) == "5m")
        #expect(DurationText.text(.seconds(90)) == "90s")
        #expect(DurationText.text(.milliseconds(1500)) == "1500ms")
    }
}
