import EdgeLoopback
import Foundation
import Testing

/// What is left of runs that could not be, and words that must fit where they stand.
@Suite struct RefusedRunTests {
    private func run(_ bench: CommandBench, _ words: String...) async throws
        -> ChildProcess.Ending
    {
        try await bench.start(words + ["-c", "edgemanage.yaml"]).ending()
    }

    @Test func statusSaysThatTheLastRunFailed() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            let edges = bench.text("edges/web")
            try bench.remove("edges/web")
            #expect(try await run(bench, "run").status == 1)
            let first = try await bench.status().troubles
            #expect(first.first?.hasPrefix("the last run failed ") == true, "\(first)")
            #expect(first.first?.contains("edges/web") == true, "\(first)")
            #expect(first.contains("no round has succeeded yet"))
            try bench.write("edges/web", edges)
            try await bench.round()
            #expect(try await bench.status().troubles.isEmpty)

            try FileManager.default.moveItem(
                atPath: bench.path("zones"), toPath: bench.path("zoneless"))
            for _ in 1...2 { #expect(try await run(bench, "run", "--force").status == 1) }
            let later = try await bench.status().troubles
            #expect(later.count { $0.hasPrefix("the last run failed ") } == 1, "\(later)")
            #expect(later.first?.contains("zones") == true, "\(later)")
            // Too soon is no failure.
            try FileManager.default.moveItem(
                atPath: bench.path("zoneless"), toPath: bench.path("zones"))
            try await bench.round()
            #expect(try await run(bench, "run").status == 1)
            #expect(try await bench.status().troubles.isEmpty)
        }
    }

    /// Where nothing was ever published, no name server is said to serve it.
    @Test func nothingPublishedIsServedByNobody() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            let server = "{name: ns1, kind: other, address: 127.0.0.1, port: 1}"
            let text = bench.text("edgemanage.yaml").replacing(
                "publish: {directory: zones}",
                with: "publish: {directory: zones, servers: [\(server)]}")
            try bench.write("edgemanage.yaml", text)
            for edge in bench.edges { await edge.stop() }
            #expect(try await run(bench, "run").status == 1)
            let status = try await run(bench, "status").output
            #expect(status.contains("ns1 (other, 127.0.0.1 port 1): not asked yet"), "\(status)")
        }
    }

    @Test func whoApprovesIsNotToldToApprove() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            try bench.configure(nameServers: "ns3.dns.test., ns4.dns.test.")
            try await bench.round()
            let approval = try await run(bench, "approve", "web")
            #expect(approval.output.contains("approved: NS or SOA parameters would change"))
            #expect(!approval.output.contains("run edgemanage approve"), "\(approval.output)")
            let status = try await run(bench, "status")
            #expect(status.output.contains("(approved: the next run does it)"))
            #expect(!status.output.contains("run edgemanage approve"), "\(status.output)")
        }
    }

    @Test func theLogSaysOutOnce() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            await bench.edges[0].stop()
            _ = try await bench.judgingRound()
            let log = bench.text("edgemanage.log")
            #expect(log.contains("\(bench.edges[0].address) out: "), "\(log)")
            #expect(!log.contains("out: out: "))
        }
    }

    @Test func nothingToPublishIsExplained() async throws {
        try await CommandBench.with(edges: 1) { bench in
            try bench.configure(live: 1)
            try bench.write("edges/web", "no-such-edge.invalid\n")
            let round = try await run(bench, "run")
            #expect(round.status == 1)
            #expect(
                round.output.contains("nothing is published (no-such-edge.invalid: "),
                "\(round.everything)")
        }
    }
}
