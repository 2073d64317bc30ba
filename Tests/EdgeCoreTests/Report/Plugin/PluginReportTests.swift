import EdgeTesting
import Testing

@testable import EdgeCore

/// A plugin's output, character for character.
@Suite struct PluginReportTests {
    @Test func aDatumIsWrittenAsTheGuidelinesSay() {
        let whole = PerformanceDatum(
            label: "web age", value: 12.5, unit: "s", warning: ThresholdRange("180"),
            critical: ThresholdRange("@10:20"), minimum: 0, maximum: 300)
        #expect(whole.text == "'web age'=12.5s;180;@10:20;0;300")
        #expect(PerformanceDatum(label: "a", value: 3).text == "'a'=3")
        let least = PerformanceDatum(label: "a", value: nil, unit: "s", minimum: 0)
        #expect(least.text == "'a'=U;;;0")
        let odd = PerformanceDatum(label: "it's=|\n", value: -0.000_000_4)
        #expect(odd.text == "'its/'=0")
    }

    @Test(arguments: [
        (0, "0"), (1, "1"), (-1.5, "-1.5"), (0.000_001, "0.000001"), (1e30, "1000000000000"),
        (.nan, "0"), (-.infinity, "-1000000000000"), (2.10, "2.1"), (1e-9, "0"),
    ])
    func numbersAreDigits(value: Double, text: String) {
        #expect(PluginNumber.text(value) == text)
    }

    @Test func theBarAndLineBreaksComeFromThePluginAlone() {
        let report = PluginReport(
            state: .warning, headline: "a|b\nc\u{1B}[31m\u{2028}d", details: ["x|y\r\nz"],
            performance: [PerformanceDatum(label: "n", value: 1)])
        #expect(report.output == "EDGEMANAGE WARNING: a/b c [31m d | 'n'=1\nx/y z\n")
    }

    @Test func theWorstCounts() {
        #expect(PluginState.allCases.sorted() == [.ok, .warning, .unknown, .critical])
        #expect(PluginState.allCases.map(\.rawValue) == [0, 1, 2, 3])
        #expect(PluginState.allCases.map(\.word) == ["OK", "WARNING", "CRITICAL", "UNKNOWN"])
    }

    /// Nagios cuts at 8 KiB, in the middle of a number if need be.
    @Test func nothingIsLongerThanNagiosReads() throws {
        let numbers = (0..<400).map { PerformanceDatum(label: "network-\($0) live", value: 3) }
        let report = PluginReport(
            state: .critical, headline: String(repeating: "ä ", count: 9000),
            details: (0..<900).map { "line \($0)" }, performance: numbers)
        let text = report.output
        #expect(text.utf8.count < 8192)
        let lines = text.split(separator: "\n")
        let parts = try #require(lines.first).split(separator: "|")
        #expect(parts.count == 2 && parts[0].utf8.count < 1100 && parts[0].hasSuffix("… "))
        #expect(
            parts[1].split(separator: "'").allSatisfy { !$0.hasPrefix("=") || $0.hasPrefix("=3") })
        #expect(lines[1].hasSuffix("numbers did not fit: ask for fewer networks"))
        #expect(lines.last?.hasPrefix("… and ") == true)
    }
}
