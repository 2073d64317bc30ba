import EdgeLoopback
import EdgeTesting
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A real Prometheus takes a run's page, and goes by the rules that are shipped.
@Suite(.timeLimit(.minutes(5))) struct ScrapedPageTests {
    @Test func prometheusTakesThePageAndAlertsByTheRules() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure(top: ["metrics: {file: m.prom, original: true}"])
            try await bench.edges[1].behave(.status(503))
            try await bench.round()
            let server = LoopbackEdges()
            do {
                let page = try await server.start(object: Self.longAgo(bench.text("m.prom")))
                try await scrape(page, bench)
            } catch {
                await server.stop()
                throw error
            }
            await server.stop()
        }
    }

    /// The page as it stands when no round ended since 1970.
    private static func longAgo(_ page: String) -> [UInt8] {
        let lines = page.components(separatedBy: "\n").map { line in
            line.hasPrefix("edgemanage_last_round_timestamp_seconds{")
                ? #"edgemanage_last_round_timestamp_seconds{network="web"} 1000"# : line
        }
        return Array(lines.joined(separator: "\n").utf8)
    }

    private func scrape(_ page: LoopbackEdge, _ bench: CommandBench) async throws {
        let rules = CommandBench.root.appending(path: "packaging/prometheus/edgemanage.rules.yml")
        try bench.write(
            "prometheus.yml",
            """
            global: {scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms}
            rule_files: ["\(rules.path(percentEncoded: false))"]
            scrape_configs:
              - job_name: edgemanage
                static_configs: [{targets: ["\(page.address):\(page.port)"]}]

            """)
        // The bench alone has addresses beside its edges': any port is free there.
        let own = bench.edges[0].address.split(separator: ".").dropLast().joined(separator: ".")
        let address = "\(own).200:9090"
        let process = try ChildProcess.start(
            "env",
            [
                "prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
                "--web.listen-address=\(address)", "--log.level=warn",
            ], directory: bench.directory, environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
        func expect(_ query: String, _ words: String...) async throws {
            let deadline = ContinuousClock.now + .seconds(60)
            var said = ""
            while ContinuousClock.now < deadline {
                let asked = ["promtool", "query", "instant", "http://\(address)", query]
                said = try await bench.tool(asked).output
                if words.allSatisfy(said.contains) { return }
            }
            Issue.record("\(query): \(said)")
        }
        do {
            try await expect("edgemanage_edge_up == 1", "edge=\"\(bench.edges[0].address)\"")
            try await expect("edgemanage_edge_up == 0", "edge=\"\(bench.edges[1].address)\"")
            try await expect(
                "histogram_quantile(0.5, edgemanage_fetch_duration_seconds_bucket)",
                "network=\"web\"")
            try await expect(
                "ALERTS", "alertname=\"EdgemanageNoRounds\"", "alertstate=\"firing\"",
                "severity=\"critical\"")
        } catch {
            kill(process.id, SIGTERM)
            _ = await process.ending()
            throw error
        }
        kill(process.id, SIGTERM)
        #expect(await process.ending().status == 0)
    }
}
