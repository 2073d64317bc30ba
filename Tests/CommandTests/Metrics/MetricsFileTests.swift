import EdgeLoopback
import EdgeTesting
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The metrics of real runs, as Prometheus reads them.
@Suite struct MetricsFileTests {
    /// A network of edges behind TLS whose runs write `m.prom`.
    private func configure(_ bench: CommandBench, original: Bool = false) throws {
        try bench.configure(top: ["metrics: {file: m.prom, original: \(original)}"])
        try edit(bench, "http://object.test", "https://object.test")
        try edit(bench, "local: object.txt}", "local: object.txt, verify: false}")
    }

    private func edit(_ bench: CommandBench, _ old: String, _ new: String) throws {
        let text = bench.text("edgemanage.yaml")
        try #require(text.contains(old))
        try bench.write("edgemanage.yaml", text.replacingOccurrences(of: old, with: new))
    }

    private func value(_ series: String, _ bench: CommandBench) -> String? {
        bench.text("m.prom").split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .map { String($0.dropFirst(series.utf8.count + 1)) }
    }

    /// What promtool has to say of the page: nothing.
    private func expectCleanPage(
        _ bench: CommandBench, at location: SourceLocation = #_sourceLocation
    ) async throws {
        let lint = try await bench.tool("sh", "-c", "promtool check metrics < m.prom 2>&1")
        #expect(lint.status == 0 && lint.output.isEmpty, "\(lint.output)", sourceLocation: location)
    }

    @Test func aRunWritesWhatPromtoolFindsFlawless() async throws {
        try await CommandBench.with(edges: 3, certificate: .good) { bench in
            try configure(bench)
            try await bench.edges[2].behave(.status(503))
            try await bench.round()
            try await expectCleanPage(bench)
            let edge = { #"{network="web",edge="\#(bench.edges[$0].address)",family="ipv4""# }
            #expect(value("edgemanage_edge_up\(edge(0))}", bench) == "1")
            #expect(value("edgemanage_edge_live\(edge(2))}", bench) == "0")
            #expect(
                value("edgemanage_certificate_expiry_timestamp_seconds\(edge(2))}", bench)
                    == "4733510400")
            #expect(value("edgemanage_probes_total\(edge(2)),result=\"http\"}", bench) == "1")
            let serial = try bench.published().serial
            #expect(value(#"edgemanage_publish_serial{network="web"}"#, bench) == "\(serial)")
            let tls =
                #"edgemanage_probe_duration_seconds_count{network="web",family="ipv4",phase="tls"}"#
            #expect(value(tls, bench) == "3")
            let last = try #require(
                value(#"edgemanage_last_round_timestamp_seconds{network="web"}"#, bench)
                    .flatMap { Double($0) })
            #expect(abs(last - Date().timeIntervalSince1970) < 60)

            // The next run is another process, and counts on.
            try await bench.round()
            #expect(value("edgemanage_probes_total\(edge(0)),result=\"ok\"}", bench) == "2")
            #expect(value(#"edgemanage_rounds_total{network="web",result="done"}"#, bench) == "2")
            // So does one that is refused.
            _ = try await bench.run("run", "-c", "edgemanage.yaml")
            #expect(
                value(#"edgemanage_rounds_total{network="web",result="refused"}"#, bench) == "1")
            try await expectCleanPage(bench)
        }
    }

    @Test func theOriginalsNamesAreFlawlessToo() async throws {
        try await CommandBench.with(edges: 2, certificate: .good) { bench in
            try configure(bench, original: true)
            try await bench.round()
            try await bench.round()
            #expect(bench.text("m.prom").contains("_in_rotation 1\n"))
            try await expectCleanPage(bench)
        }
    }

    @Test func aDamagedFileIsToldAndBegunAnew() async throws {
        try await CommandBench.with(edges: 2, certificate: .good) { bench in
            try configure(bench)
            try await bench.round()
            try bench.write("m.prom", String(bench.text("m.prom").prefix(900)))
            let round = try await bench.round()
            #expect(round.output.contains("m.prom is no page of metrics as edgemanage writes it"))
            #expect(value(#"edgemanage_rounds_total{network="web",result="done"}"#, bench) == "1")
            let serial = try bench.published().serial
            #expect(value(#"edgemanage_publish_serial{network="web"}"#, bench) == "\(serial)")
            // When a plan was last published stands in the database.
            #expect(
                value(#"edgemanage_last_publish_timestamp_seconds{network="web"}"#, bench) != nil)
        }
    }

    @Test func aDirectoryThatIsMissingFailsTheRunAndTheCheck() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure(top: ["metrics: {file: nowhere/m.prom}"])
            let round = try await bench.run("run", "-c", "edgemanage.yaml")
            #expect(round.status == 1)
            #expect(round.output.contains("failed: the metrics were not written: cannot lock "))
            #expect(round.output.contains("1 zone written"))
            let check = try await bench.run("check", "-c", "edgemanage.yaml", "--no-probe")
            #expect(check.everything.contains("nowhere"), "\(check.everything)")
        }
    }

    @Test func aDaemonTellsOfAConfigurationThatItCanNotUse() async throws {
        try await CommandBench.with(edges: 2, certificate: .good) { bench in
            try configure(bench)
            try edit(bench, "timeout: 3s,", "timeout: 3s, interval: 1s,")
            let daemon = try bench.start(["run", "-c", "edgemanage.yaml", "--daemonise"])
            do {
                let series = "edgemanage_config_last_reload_successful"
                try await bench.wait { value(series, bench) == "1" }
                try edit(bench, "    live: 2", "    alive: 2")
                try await bench.wait { value(series, bench) == "0" }
                let ended = value(#"edgemanage_last_round_timestamp_seconds{network="web"}"#, bench)
                try edit(bench, "    alive: 2", "    live: 2")
                try await bench.wait { value(series, bench) == "1" }
                #expect(
                    value(#"edgemanage_last_round_timestamp_seconds{network="web"}"#, bench)
                        != ended)
            } catch {
                daemon.kill()
                _ = await daemon.ending()
                throw error
            }
            kill(daemon.id, SIGTERM)
            #expect(await daemon.ending().status == 0)
        }
    }
}
