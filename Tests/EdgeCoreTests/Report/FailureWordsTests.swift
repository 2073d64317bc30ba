import EdgeCore
import EdgeTesting
import Testing

/// Failures told in few lines.
@Suite struct FailureWordsTests {
    @Test func zonesShareALine() {
        var failures: [ZoneName: String] = ["own.test": "line 3: no record"]
        for letter in "abcdefg" {
            if let zone = ZoneName("\(letter).test") { failures[zone] = "ns1: it is down" }
        }
        #expect(
            FailureWords.lines(of: failures) == [
                "7 zones (a.test b.test c.test d.test e.test and 2 more): ns1: it is down",
                "zone own.test: line 3: no record",
            ])
    }

    @Test func reasonsAreTooManyAtSomePoint() {
        var failures: [ZoneName: String] = [:]
        for number in 10..<40 {
            if let zone = ZoneName("z\(number).test") { failures[zone] = "file \(number)" }
        }
        let lines = FailureWords.lines(of: failures)
        #expect(lines.count == 21 && lines[19] == "zone z29.test: file 29")
        #expect(lines[20] == "10 more zones failed for other reasons: see the log")
        #expect(FailureWords.lines(of: failures, most: .max).count == 30)
    }
}
