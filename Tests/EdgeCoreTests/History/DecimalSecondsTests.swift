import EdgeCore
import Testing

@Suite("Seconds as decimal text")
struct DecimalSecondsTests {
    @Test(
        "Numbers as Python writes them are read exactly",
        arguments: [
            ("0", 0), ("0.0", 0), ("-0.0", 0), ("1", 1_000_000_000), ("0.014567", 14_567_000),
            ("1448200000.123456789", 1_448_200_000_123_456_789), ("5e-05", 50_000),
            ("1.4482e9", 1_448_200_000_000_000_000), ("1E+1", 10_000_000_000),
            ("0.0145670000000001", 14_567_000), ("0.9999999999", 1_000_000_000),
            ("-2.5", -2_500_000_000), ("1e-400", 0), ("0e999", 0), ("0.5e1", 5_000_000_000),
            ("9223372036.854775807", Int64.max), ("9223372035", 9_223_372_035_000_000_000),
        ])
    func reads(text: String, expected: Int64) {
        #expect(DecimalSeconds.nanoseconds(text.utf8) == expected)
        #expect(DecimalSeconds.nanoseconds(Array(text.utf8).reversed().reversed()) == expected)
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "-", ".5", "5.", "01", "1e", "1e+", "+1", " 1", "1 ", "0x10", "NaN", "1.2.3",
            "1e400", "9223372036.854775808", "9223372037", "99999999999999999999", "1_0",
            String(repeating: "1", count: 65), "00", "--1", "1-",
        ])
    func refuses(text: String) {
        #expect(DecimalSeconds.nanoseconds(text.utf8) == nil)
    }

    @Test("What is written is read back")
    func roundTrip() {
        var random = HistoryRandom(seed: 7)
        for round in 0..<2000 {
            let value = Int64(truncatingIfNeeded: random.next() >> UInt64(round % 63))
            for keepsPoint in [true, false] where value != .min {
                var bytes: [UInt8] = []
                DecimalSeconds.append(value, keepsPoint: keepsPoint, to: &bytes)
                #expect(DecimalSeconds.nanoseconds(bytes) == value)
            }
        }
    }

    @Test("Six decimals, as the checks print them")
    func sixDecimals() {
        #expect(DecimalSeconds.sixDecimals(.nanoseconds(14_567_000)) == "0.014567")
        #expect(DecimalSeconds.sixDecimals(.seconds(10)) == "10.000000")
        #expect(DecimalSeconds.sixDecimals(.milliseconds(-1)) == "-0.001000")
    }
}
