import Testing

@testable import EdgeCore

/// The Monitoring Plugins guidelines' table of ranges, and what is no range.
@Suite struct ThresholdRangeTests {
    @Test(arguments: [
        // An alert below 0 or above 10.
        ("10", [-0.1, 10.1, 11], [0, 5, 10]),
        // Below 10.
        ("10:", [9.9, 0, -5], [10, 10.5, 1e9]),
        // Above 10.
        ("~:10", [10.1], [10, 0, -1e9]),
        // Outside 10 to 20.
        ("10:20", [9.9, 20.1], [10, 15, 20]),
        // Inside 10 to 20, the ends included.
        ("@10:20", [10, 15, 20], [9.9, 20.1]),
        (":10", [-1, 10.1], [0, 10]), ("0", [-1, 0.1], [0]), ("@0", [0], [-1, 1]),
        ("-5:-2", [-6, -1.9], [-5, -2]), ("~:", [], [-1e9, 0, 1e9]), ("@~:", [0], []),
        (".5", [0.6], [0.5]), ("@10:", [10, 11], [9]), ("@~:10", [10, -9], [11]),
    ])
    func table(text: String, bad: [Double], good: [Double]) throws {
        let range = try #require(ThresholdRange(text))
        for value in bad { #expect(range.alerts(on: value), "\(text) at \(value)") }
        for value in good { #expect(!range.alerts(on: value), "\(text) at \(value)") }
        #expect(ThresholdRange(range.description) == range, "\(range)")
    }

    @Test(arguments: [
        "", ":", "@", "@:", "~", "20:10", "10:~", "a", "10:b", "1:2:3", "1e3", "inf", "nan", "0x10",
        "10%", " 10", "10 ", "--5", "1.2.3", "-", ".", "@@10", "10:@20", "9999999999999999",
    ])
    func whatIsNoRange(text: String) {
        #expect(ThresholdRange(text) == nil)
    }

    @Test func itIsWrittenAsShortAsItReads() {
        let texts = ["10", "10:", "~:10", "10:20", "@10:20", "~:", "0:", "-1.5:2.25"]
        #expect(texts.compactMap { ThresholdRange($0)?.description } == texts)
    }
}
