import EdgeLoopback
import Foundation
import Testing

/// `check_edgemanage` as a monitoring system calls it.
@Suite struct PluginCheckTests {
    private static let name = "check_edgemanage"

    private func check(
        _ bench: CommandBench, _ words: String..., expecting status: Int32,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let ending = try await bench.start(
            ["-c", "edgemanage.yaml"] + words, as: Self.name
        ).ending()
        #expect(ending.status == status, "\(ending.everything)", sourceLocation: location)
        #expect(ending.errors.isEmpty, "\(ending.everything)", sourceLocation: location)
        return ending.output
    }

    @Test func aNetworksDay() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configure(live: 3)
            let none = try await check(bench, expecting: 2)
            #expect(
                none.hasPrefix(
                    "EDGEMANAGE CRITICAL: web: nothing is published yet, 0 of 3 live and passing"),
                "\(none)")
            try await bench.begin(live: 3)
            _ = try await bench.judgingRound()
            let well = try await check(bench, expecting: 0)
            #expect(well.hasPrefix("EDGEMANAGE OK: web 3 of 3 live, last round "), "\(well)")
            #expect(well.split(separator: "\n").count == 1)
            #expect(well.contains(" | 'web live'=3;3:;2:;0;4 'web age'="))
            let verbose = try await check(bench, "-v", expecting: 0)
            #expect(verbose.split(separator: "\n").count == 5)
            #expect(verbose.contains("web: \(bench.edges[0].address) live, available, "))
            // Two spares' worth of edges die: one has a replacement.
            for edge in bench.edges.prefix(3) { try await edge.behave(.refuse) }
            try await bench.round()
            let broken = try await check(bench, "-A", "web", expecting: 2)
            #expect(
                broken.hasPrefix("EDGEMANAGE CRITICAL: web: 1 of 3 live and passing (not passing"))
            _ = try await check(bench, "--live-critical", "1:", expecting: 1)
            _ = try await check(
                bench, "--live-critical=~:", "--live-warning=~:", expecting: 0)
            _ = try await check(
                bench, "--live-critical=~:", "--live-warning=~:", "--down-warning", "@3",
                expecting: 1)
        }
    }

    @Test func severalNetworksAreOneLineAndTheWorstCounts() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure(live: 2)
            try bench.write("includes/other/other.test.zone", "@ 3600 IN MX 10 mail\n")
            let text = bench.text("edgemanage.yaml")
            try bench.write(
                "edgemanage.yaml",
                text + "  other: {edges: edges/other, live: 1, zones: includes/other}\n")
            try bench.write("edges/other", "\(bench.edges[0].address)\n")
            try await bench.round()
            let well = try await check(bench, expecting: 0)
            #expect(well.contains("web 2 of 2 live"), "\(well)")
            #expect(well.contains("; other 1 of 1 live") || well.contains("other 1 of 1 live"))
            #expect(well.contains("'web live'=2;") && well.contains("'other live'=1;"))
            let one = try await check(bench, "-A", "other", "-A", "other", expecting: 0)
            #expect(!one.contains("web") && one.components(separatedBy: "'other live'").count == 2)
            _ = try await check(
                bench, "--age-critical", "@0:1000", "-A", "other", expecting: 2)
            let missing = try await check(bench, "-A", "web", "-A", "nonet", expecting: 3)
            #expect(missing.hasPrefix("EDGEMANAGE UNKNOWN: nonet: "), "\(missing)")
            #expect(missing.contains("1 other network is well | 'web live'"))
        }
    }

    @Test(arguments: [
        ["--wrong"], ["operand"], ["--live-warning", "x"], ["--live-warning", "20:10"],
        ["--age-critical"], ["-t", "0"], ["-t", "soon"], ["-A", "../x"], ["--l", "1"],
        ["-A"], ["-c"], ["-w", "1"],
    ])
    func wrongUsageIsUnknown(words: [String]) async throws {
        try await CommandBench.with(edges: 1) { bench in
            for name in [nil, Self.name] {
                let all = name == nil ? [Self.name] + words : words
                let ending = try await bench.start(all, as: name).ending()
                #expect(ending.status == 3, "\(ending.everything)")
                #expect(ending.output.hasPrefix("EDGEMANAGE UNKNOWN: "), "\(ending.everything)")
                #expect(ending.output.contains("\nusage: check_edgemanage "))
            }
        }
    }

    @Test func whatCantBeReadIsUnknown() async throws {
        try await CommandBench.with(edges: 1) { bench in
            #expect(
                try await check(bench, expecting: 3).contains("edgemanage.yaml does not exist"))
            try bench.configure(live: 1, top: ["colour: red"])
            let mistake = try await check(bench, expecting: 3)
            #expect(mistake.contains("unknown key \"colour\""), "\(mistake)")
            try bench.configure(live: 1)
            try await bench.round()
            try bench.write("edgemanage.db", String(repeating: "no database ", count: 1000))
            let damaged = try await check(bench, expecting: 3)
            #expect(damaged.hasPrefix("EDGEMANAGE UNKNOWN: web: "), "\(damaged)")
            #expect(damaged.contains("edgemanage.db"))
            #expect(damaged.split(separator: "\n").count == 1)
        }
    }

    @Test func itNamesItsVersionAndItsOptions() async throws {
        try await CommandBench.with(edges: 1) { bench in
            let version = try await bench.run("-V", as: Self.name)
            let own = try await bench.run("--version")
            #expect(version.status == 0 && version.output == "edgemanage \(own.output)")
            #expect(try await bench.run("-h", as: Self.name).status == 0)
        }
    }

    /// Somebody who may read the files may ask, and changes nothing by it.
    @Test func aReaderMayAsk() async throws {
        try await CommandBench.with(edges: 1) { bench in
            try bench.configure(live: 1)
            try await bench.round()
            _ = try await bench.tool(["cp", "-L", CommandBench.program, bench.path("program")])
            let before = try bench.listing()
            let ending = try await bench.tool([
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                bench.path("program"), Self.name, "-c", "edgemanage.yaml",
            ])
            #expect(ending.status == 0, "\(ending.everything)")
            #expect(try bench.listing() == before)
            chmod(bench.path("edgemanage.db"), 0o600)
            let refused = try await bench.tool([
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                bench.path("program"), Self.name, "-c", "edgemanage.yaml",
            ])
            #expect(refused.status == 3, "\(refused.everything)")
            #expect(refused.output.contains("edgemanage.db"), "\(refused.everything)")
        }
    }

    /// Certificates' ends are known by the metrics file.
    @Test func certificatesAreReadFromTheMetricsFile() async throws {
        try await CommandBench.with(edges: 1, certificate: .good) { bench in
            func configure(_ top: [String]) throws {
                try bench.configure(live: 1, top: top)
                let text = bench.text("edgemanage.yaml")
                    .replacingOccurrences(of: "http://object.test", with: "https://object.test")
                    .replacingOccurrences(
                        of: "local: object.txt}", with: "local: object.txt, verify: false}")
                try bench.write("edgemanage.yaml", text)
            }
            try configure([])
            try await bench.round()
            let unknown = try await check(bench, expecting: 0)
            #expect(unknown.contains("'web certificate'=U;14:;2:"), "\(unknown)")
            _ = try await check(bench, "--certificate-warning", "7:", expecting: 3)
            try configure(["metrics: {file: m.prom}"])
            try await bench.round()
            let ends = try await check(
                bench, "--certificate-critical", "1000000:", expecting: 2)
            let words = "web: the certificate of \(bench.edges[0].address) ends in "
            #expect(ends.hasPrefix("EDGEMANAGE CRITICAL: " + words), "\(ends)")
        }
    }

    /// It ends by itself, whatever holds it up.
    @Test func itAnswersInTime() async throws {
        try await CommandBench.with(edges: 1) { bench in
            try bench.configure(live: 1)
            try await bench.round()
            // strace holds its first look at the configuration up for longer than anybody waits.
            let ending = try await bench.tool([
                "strace", "-f", "-qq", "-o", "/dev/null", "-P", bench.path("edgemanage.yaml"),
                "-e", "trace=openat,open", "-e", "inject=openat,open:delay_enter=5000000",
                CommandBench.program, Self.name, "-c", bench.path("edgemanage.yaml"), "-t", "1",
            ])
            #expect(ending.status == 3, "\(ending.everything)")
            #expect(ending.output == "EDGEMANAGE UNKNOWN: no answer in time: see -t\n")
        }
    }
}
