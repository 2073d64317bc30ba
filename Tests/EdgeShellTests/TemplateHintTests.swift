import EdgeCore
import EdgeShell
import EdgeTesting
import Testing

/// Records with addresses in their data, in zones that go on without the present template.
@Suite struct TemplateHintTests {
    typealias Bench = TemplateBench

    private static let hosts = (1...10).map { "h\($0) 300 IN TXT \"h\"" }
    private static let hint = "www 60 IN HTTPS 1 . alpn=\"h2\" ipv4hint=\"LIST\""

    /// Why a zone goes on without it.
    enum Cause: String, CaseIterable {
        case held, unreadable, refused, tooDear

        func befall(_ bench: Bench) {
            switch self {
            case .held: bench.lines = []
            case .unreadable: bench.problem = "it can't be read: no such file"
            case .refused: bench.refused = ["zone.test"]
            case .tooDear: bench.steps = { _ in .max }
            }
        }

        func leave(_ bench: Bench, lines: [String]) {
            bench.lines = lines
            bench.problem = nil
            bench.refused = []
            bench.steps = { _ in 100 }
        }
    }

    private func addresses(of outcome: RoundOutcome) -> String {
        outcome.report.live.flatMap(\.addresses.all).map(\.description).sorted()
            .joined(separator: ",")
    }

    /// Browsers are sent to no dead edge by a hint, death after death, and nobody is warned for nothing.
    @Test(arguments: Cause.allCases) func hintsKeepNoDeadEdge(cause: Cause) async throws {
        let lines = Self.hosts + [Self.hint]
        let bench = Bench(lines: lines)
        var outcome = try await bench.round()
        #expect(bench.text().contains("ipv4hint=\"\(addresses(of: outcome))\"\n"))
        cause.befall(bench)
        for _ in 1...2 {
            let edge = try bench.turnOut(outcome)
            outcome = try await bench.roundsWithout(edge)
            #expect(outcome.report.written == ["zone.test"] && bench.hosts() == 10)
            #expect(
                bench.text().contains(
                    "www.zone.test. 60 IN HTTPS 1 . alpn=\"h2\" ipv4hint=\"\(addresses(of: outcome))\"\n"
                ), "\(bench.text())")
            #expect(outcome.report.warnings.isEmpty, "\(outcome.report.warnings)")
        }
        let serial = bench.serial()
        #expect(try await bench.round().report.written.isEmpty)
        cause.leave(bench, lines: lines)
        outcome = try await bench.round()
        // The mended template says just that.
        #expect(!outcome.hasFailures && outcome.report.holds.isEmpty && bench.serial() == serial)
        #expect(try await bench.round().settlements.isEmpty)
    }

    /// What stays as it is and names a dead edge is named in each run, as long as it does.
    @Test(arguments: Cause.allCases) func whatStaysIsNamed(cause: Cause) async throws {
        let lines = Self.hosts + ["@ 60 IN TXT \"v=spf1 ip4:LIST -all\""]
        let bench = Bench(lines: lines)
        var outcome = try await bench.round()
        let list = addresses(of: outcome)
        #expect(outcome.report.warnings.isEmpty && bench.text().contains(":\(list) -all"))
        cause.befall(bench)
        outcome = try await bench.round()
        #expect(outcome.report.warnings.isEmpty, "\(outcome.report.warnings)")
        let edge = try bench.turnOut(outcome)
        outcome = try await bench.roundsWithout(edge)
        let warning =
            "zone zone.test goes on with zone.test. TXT \"v=spf1 ip4:\(list) -all\", which names \(edge), "
            + "which is not handed out any more: the last zone template added it, and it stays until the "
            + "zone is rendered by the present one"
        #expect(outcome.report.warnings == [warning])
        let generation = outcome.generation
        for _ in 1...2 {
            outcome = try await bench.round()
            #expect(outcome.report.warnings == [warning] && outcome.report.written.isEmpty)
            #expect(outcome.generation == generation)
        }
        #expect(try await bench.round(isDry: true).report.warnings == [warning])
        cause.leave(bench, lines: lines)
        outcome = try await bench.round()
        #expect(outcome.report.warnings.isEmpty && !bench.text().contains(edge))
        #expect(try await bench.round().settlements.isEmpty)
    }

    /// Many zones are one warning.
    @Test func manyZonesAreOneWarning() async throws {
        let zones = (10...19).map { ZoneName("z\($0).test")! }
        let bench = Bench(
            lines: Self.hosts + ["a 60 IN TXT \"LIST\"", "b 60 IN TXT \"LIST\""], zones: zones)
        var outcome = try await bench.round()
        bench.problem = "it is gone"
        let edge = try bench.turnOut(outcome)
        outcome = try await bench.roundsWithout(edge)
        #expect(outcome.report.warnings.count == 1)
        #expect(
            outcome.report.warnings.first?.hasSuffix(
                "by the present one (and 1 more mention) (and 9 more zones)") == true)
    }
}
