import EdgeCore
import EdgeTesting
import Testing

/// `uptime` and sparklines as values and as text.
@Suite struct UptimeViewTests {
    static let target = ProbeTarget(name: "edge-with-a-rather-long-name.example.net", family: .ipv4)
    static let now = UnixTime(seconds: 1_795_707_300)

    static func summary(answered: Int, failed: Int) -> FetchSummary {
        var summary = FetchSummary()
        for number in 0..<answered + failed {
            let outcome: ProbeOutcome =
                number < answered ? .ok(fetchTime: .milliseconds(100)) : .refused
            summary.add(ProbeEvidence(ProbeEvidenceTests.observation(outcome)))
        }
        return summary
    }

    private func view(since: Int64, spans: [LiveSpan]) -> UptimeView {
        let window = HistoryWindow(
            summaries: [Self.target: Self.summary(answered: 2999, failed: 1)],
            since: UnixTime(seconds: since))
        return UptimeView(
            network: "web", targets: [Self.target],
            histories: Array(repeating: window, count: 4), spans: spans, now: Self.now)
    }

    /// Uptime is never rounded up to all of it, and lines fit a terminal.
    @Test func fitsEightyColumns() {
        let begin = Self.now.seconds - 40 * 86_400
        let view = view(
            since: begin,
            spans: [LiveSpan(edge: Self.target.name, began: Self.now.adding(.seconds(-7200)))])
        for over in ["1h", "24h", "7d", "30d"] {
            let lines = view.text(over: over)
            for line in lines { #expect(line.count <= 80, "\(line)") }
            #expect(lines[2].contains("99.96%  99.96%"))
        }
        let shares: [Double] = [1, 7200 / 86_400, 7200 / 604_800, 7200 / 2_592_000]
        #expect(view.edges[0].windows.map(\.live) == shares)
        #expect(view.text(of: view.edges[0]).count == 6)
        #expect(view.text(over: "24h")[2].hasSuffix("8.33%"))
    }

    /// The live share is of the time that is known.
    @Test func liveIsAShareOfWhatIsKnown() {
        let began = Self.now.adding(.seconds(-1000))
        let view = view(
            since: HistorySpan.minutes.start(of: began),
            spans: [
                LiveSpan(edge: "other", began: began),
                LiveSpan(edge: Self.target.name, began: Self.now.adding(.seconds(-250))),
            ])
        #expect(view.edges[0].windows.allSatisfy { $0.live == 0.25 })
    }

    @Test func sparklinesShowSlownessAndFailures() {
        func cell(_ milliseconds: Int, failed: Int = 0) -> FetchSummary {
            var summary = FetchSummary()
            for _ in 0..<4 - failed {
                summary.add(
                    ProbeEvidence(
                        ProbeEvidenceTests.observation(.ok(fetchTime: .milliseconds(milliseconds))))
                )
            }
            for _ in 0..<failed {
                summary.add(ProbeEvidence(ProbeEvidenceTests.observation(.refused)))
            }
            return summary
        }
        let line = Sparkline([
            cell(10), cell(300), cell(999), cell(4000), cell(10, failed: 1), cell(10, failed: 2),
            cell(10, failed: 4), FetchSummary(),
        ])
        #expect(line.text(goodEnough: .seconds(1)) == "▁▃██▁xx ")
        #expect(line.cells[4].failed == 0.25 && line.cells[7].failed == nil)
        #expect(line.cells[6].medianSeconds == nil)
    }
}
