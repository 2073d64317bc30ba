import EdgeLoopback
import EdgeRealServers
import Foundation
import Testing

/// `check_edgemanage` under a real Nagios.
@Suite struct RealNagiosTests {
    private func with(
        _ bench: CommandBench, _ body: (RealNagios) async throws -> Void
    ) async throws {
        let directory = bench.path("nagios")
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        _ = try await bench.run("-V", as: "check_edgemanage")
        let packaged = CommandBench.root.appending(path: "packaging/nagios/edgemanage.cfg")
        let nagios = try RealNagios.start(
            in: directory,
            checking: "\(bench.path("bin/check_edgemanage")) -c \(bench.path("edgemanage.yaml"))",
            including: [packaged.path(percentEncoded: false)])
        do {
            try await body(nagios)
        } catch {
            await nagios.stop()
            throw error
        }
        await nagios.stop()
    }

    /// Waits for a result that is as expected.
    private func result(
        of nagios: RealNagios, _ condition: (RealNagios.Result) -> Bool,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> RealNagios.Result {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            if let result = nagios.result(), condition(result) { return result }
            try await Task.sleep(for: .milliseconds(20))
        }
        let last = nagios.result()
        return try #require(nil, "\(String(describing: last))", sourceLocation: location)
    }

    @Test func itShowsWhatIsSo() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configure(live: 3)
            try await bench.begin(live: 3)
            _ = try await bench.judgingRound()
            try await with(bench) { nagios in
                let well = try await result(of: nagios) { $0.state == 0 }
                #expect(well.output.hasPrefix("EDGEMANAGE OK: web 3 of 3 live, last round "))
                #expect(well.longOutput.isEmpty && !well.output.contains("|"))
                #expect(well.performance.hasPrefix("'web live'=3;3:;2:;0;4 'web age'="))
                for edge in bench.edges.prefix(3) { try await edge.behave(.refuse) }
                _ = try await bench.judgingRound()
                let broken = try await result(of: nagios) { $0.state == 2 }
                #expect(
                    broken.output.hasPrefix("EDGEMANAGE CRITICAL: web: 1 of 3 live and passing"))
                #expect(broken.longOutput.hasPrefix("CRITICAL web: 1 of 3 live"), "\(broken)")
                #expect(broken.longOutput.contains("\\nweb: live and failing: "), "\(broken)")
                #expect(broken.performance.hasPrefix("'web live'=1;3:;2:;0;4 'web age'="))
                let text = bench.text("edgemanage.yaml")
                try bench.remove("edgemanage.yaml")
                let lost = try await result(of: nagios) { $0.state == 3 }
                #expect(lost.output.contains("edgemanage.yaml does not exist"), "\(lost)")
                #expect(lost.performance.isEmpty)
                for edge in bench.edges { try await edge.behave(.serve) }
                try bench.write("edgemanage.yaml", text)
                _ = try await bench.judgingRound()
                _ = try await result(of: nagios) { $0.state == 0 }
            }
        }
    }
}
