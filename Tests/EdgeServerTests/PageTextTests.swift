import EdgeCore
import EdgeTesting
import Testing

@testable import EdgeServer

/// Text from outside stays text.
@Suite struct PageTextTests {
    @Test(arguments: [
        ("<script>", "&lt;script&gt;"), ("a & b", "a &amp; b"), ("\"'", "&quot;&#39;"),
        // One character to Swift, but to a browser a quotation mark with something behind it.
        ("\"\u{0301}x", "&quot;\u{0301}x"), ("<\u{0338}b", "&lt;\u{0338}b"),
        ("&\u{0301}", "&amp;\u{0301}"), ("\u{202E}abc", "\u{FFFD}abc"),
        ("\u{1B}[31m", "\u{FFFD}[31m"), ("ünïcode ✓", "ünïcode ✓"),
    ])
    func nothingIsMarkup(text: String, html: String) {
        // Compared by scalars: strings that look the same are equal otherwise.
        #expect(Array(PageText.escaped(text).unicodeScalars) == Array(html.unicodeScalars))
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001%3Adb8%3A%3A1"), ("a b/c", "a%20b%2Fc"),
        ("ü", "%C3%BC"), ("\u{1}", "%01"),
    ])
    func pathsHaveNoStrangeBytes(text: String, path: String) {
        #expect(PageText.segment(text) == path)
    }

    @Test(arguments: [
        ("/etc/edge.yaml", "/etc/edge.yaml"), ("it's", "'it'\\''s'"), ("a b", "'a b'"),
        ("$(reboot)", "'$(reboot)'"), ("", "''"),
    ])
    func copiedWordsAreOneWord(text: String, word: String) {
        #expect(PageText.shell(text) == word)
    }
}

/// Drawings.
@Suite struct PageSVGTests {
    @Test(arguments: [
        (0.0, "0"), (1.04, "1"), (1.05, "1.1"), (12.96, "13"), (-0.5, "-0.5"), (-2.25, "-2.3"),
    ])
    func numbersAreShort(value: Double, text: String) {
        #expect(PageSVG.number(value) == text)
    }

    /// The top is never below what is shown, nor far above it, and there are 2 to 6 lines.
    @Test(arguments: [0, 0.000_001, 0.0004, 0.0031, 0.04, 0.099, 0.1, 0.4, 1, 1.5, 3, 9.99, 10, 15])
    func scalesFit(most: Double) {
        let (top, step) = PageChart.scale(most)
        #expect(top >= most)
        #expect(top <= max(most, 0.000_004) * 2.01)
        let lines = (top / step).rounded()
        #expect((1...6).contains(lines))
    }

    @Test func aSlowAnswerIsAFullBarOfAnotherKind() {
        let fast = PageSVG.bar(0.1, mean: 0.2, goodEnough: .milliseconds(400))
        #expect(fast.contains("class=\"fine\" width=\"20\""))
        #expect(fast.contains("M40 0v8"))
        let slow = PageSVG.bar(4, mean: nil, goodEnough: .milliseconds(400))
        #expect(slow.contains("class=\"over\" width=\"80\""))
        #expect(!PageSVG.bar(nil, mean: nil, goodEnough: .seconds(1)).contains("rect"))
    }

    @Test func anHourWithoutAnswersIsSeen() {
        let line = Sparkline(cells: [
            .init(), .init(medianSeconds: 0.2, failed: 0), .init(medianSeconds: 0.2, failed: 0.25),
            .init(medianSeconds: nil, failed: 1),
        ])
        let drawing = PageSVG.spark(line, goodEnough: .milliseconds(400))
        #expect(drawing.contains("class=\"fine\" d=\"M4 16v-8h3v8zM8 16v-8h3v8z\""))
        #expect(drawing.contains("class=\"bad\" d=\"M8 0h3v2h-3zM12 0h3v7h-3zM12 9h3v7h-3z\""))
        #expect(PageSVG.words(line) == "200 ms to 200 ms, failures in 2 of 3 parts of the hour")
        #expect(PageSVG.spark(nil, goodEnough: .seconds(1)).isEmpty)
    }
}

/// The chart of phases.
@Suite struct PageChartTests {
    private func probe(_ seconds: Int64, _ outcome: ProbeOutcome, connect: Int = 5) -> KeptProbe {
        let observation = Observation(
            target: ProbeTarget(name: "192.0.2.1", family: .ipv4), address: nil, outcome: outcome,
            phases: ProbePhases(
                connect: .milliseconds(connect), processing: .milliseconds(10)))
        return KeptProbe(
            time: UnixTime(seconds: seconds), sample: .milliseconds(15),
            evidence: ProbeEvidence(observation))
    }

    @Test func roundsFallIntoTheirMinutes() {
        let now = UnixTime(seconds: 10_000)
        let ok = ProbeOutcome.ok(fetchTime: .milliseconds(15))
        let history = PhaseHistory(
            [
                probe(6_400, ok), probe(6_401, ok), probe(6_459, ok, connect: 15),
                probe(9_990, .refused), probe(10_000, ok),
            ], cells: 60, length: .seconds(3600), now: now)
        // 6,400 is an hour ago to the second: no more part of it.
        #expect(history.cells[0].rounds == 2)
        #expect(history.cells[0].phases[.connect] == .milliseconds(10))
        #expect(history.cells[59].rounds == 2 && history.cells[59].failed == 1)
        #expect(history.cells.map(\.rounds).reduce(0, +) == 4)
        #expect(history.start(of: 0) == UnixTime(seconds: 6_400))
        let chart = PageChart(history: history, goodEnough: .milliseconds(25))
        #expect(
            chart.words
                == "The last hour by minutes: answers took 15 ms to 20 ms in the mean; 1 of 4 rounds "
                + "without an answer.")
        let drawing = chart.svg()
        #expect(drawing.contains(">good_enough 25 ms</text>"))
        #expect(drawing.contains("class=\"missed\""))
        #expect(drawing.contains("1 of 2 rounds unanswered"))
        #expect(drawing.contains(">02:46 UTC</text>"))
    }

    @Test func nothingKeptIsSaid() {
        let history = PhaseHistory(
            [], cells: 60, length: .seconds(3600), now: UnixTime(seconds: 10_000))
        let chart = PageChart(history: history, goodEnough: .seconds(1))
        #expect(chart.words == "The last hour: no round is kept.")
        #expect(chart.svg().contains("</svg>"))
    }
}
