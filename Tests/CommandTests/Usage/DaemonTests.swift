import EdgeLoopback
import EdgeTesting
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `--daemonise` goes by the configuration as it is now, and by signals.
@Suite struct DaemonTests {
    /// Starts a daemon, hands it to `body`, and ends it by SIGTERM, which must end it with status 0.
    private func with(
        _ bench: CommandBench, _ words: [String], as name: String? = nil,
        _ body: (ChildProcess) async throws -> Void
    ) async throws {
        let daemon = try bench.start(words, as: name)
        do {
            try await body(daemon)
        } catch {
            daemon.kill()
            _ = await daemon.ending()
            throw error
        }
        kill(daemon.id, SIGTERM)
        let ending = await daemon.ending()
        #expect(ending.status == 0, "\(ending.everything)")
    }

    /// What the daemon says on standard error names the network once.
    @Test func aNetworkThatIsGoneIsNamedOnce() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try edit(bench, "timeout: 3s,", "timeout: 3s, interval: 1s,")
            let daemon = try bench.start(["run", "-c", "edgemanage.yaml", "--daemonise"])
            do {
                try await bench.wait { live(bench) == 2 }
                try edit(bench, "  web:\n", "  shop:\n")
                kill(daemon.id, SIGHUP)
                try await bench.wait {
                    bench.text("edgemanage.log").contains("its zones stay as they are")
                }
            } catch {
                daemon.kill()
                _ = await daemon.ending()
                throw error
            }
            kill(daemon.id, SIGTERM)
            let ending = await daemon.ending()
            #expect(
                ending.errors.contains(
                    "edgemanage: network web: edgemanage.yaml has it no more: its zones stay as they are"
                ),
                "\(ending.everything)")
        }
    }

    private func edit(_ bench: CommandBench, _ old: String, _ new: String) throws {
        let text = bench.text("edgemanage.yaml")
        try #require(text.contains(old))
        // Put in place at once, so that no round reads half of it.
        try bench.write("new.yaml", text.replacing(old, with: new))
        try #require(rename(bench.path("new.yaml"), bench.path("edgemanage.yaml")) == 0)
    }

    private func live(_ bench: CommandBench) -> Int {
        bench.text("zones/example.test.zone").split(separator: "\n")
            .count { $0.hasPrefix("www ") && $0.contains(" A ") }
    }

    @Test func anEditCountsFromTheNextRoundOn() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configure()
            try edit(bench, "timeout: 3s,", "timeout: 3s, interval: 1s,")
            try await with(bench, ["run", "-c", "edgemanage.yaml", "--daemonise"]) { _ in
                try await bench.wait { live(bench) == 2 }
                try edit(bench, "live: 2", "live: 3")
                try await bench.wait { live(bench) == 3 }
                // One that can't be used is named, and the rounds go on.
                let good = bench.text("edgemanage.yaml")
                try edit(bench, "live: 3", "live: [")
                try await bench.wait {
                    bench.text("edgemanage.log").contains(
                        "the rounds go on by the configuration as it was read before")
                }
                let seen = bench.edges[0].requests
                try await bench.wait { bench.edges[0].requests > seen + 1 }
                #expect(live(bench) == 3)
                try bench.write("edgemanage.yaml", good.replacing("live: 3", with: "live: 1"))
                try await bench.wait { live(bench) == 1 }
                let lines = bench.text("edgemanage.log").split(separator: "\n")
                #expect(lines.count { $0.contains("the rounds go on by") } == 1)
            }
        }
    }

    @Test(arguments: ["run", "edge_manage"])
    func aHangupMeansARoundAtOnce(command: String) async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            try edit(bench, "timeout: 3s,", "timeout: 3s, interval: 1h,")
            let words =
                command == "run"
                ? ["run", "-c", "edgemanage.yaml", "--daemonise", "web"]
                : ["-A", "web", "-c", "edgemanage.yaml", "--daemonise"]
            try await with(bench, words, as: command == "run" ? nil : command) { daemon in
                try await bench.wait { live(bench) == 2 }
                try edit(bench, "live: 2", "live: 3")
                kill(daemon.id, SIGHUP)
                try await bench.wait { live(bench) == 3 }
            }
        }
    }

    /// Without names, the networks are those of the configuration as it is now.
    @Test func networksComeAndGo() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try edit(bench, "timeout: 3s,", "timeout: 3s, interval: 1s,")
            try bench.write("includes/more/more.test.zone", "mail 3600 IN A 192.0.2.25\n")
            let daemon = ["run", "-c", "edgemanage.yaml", "--daemonise"]
            try await with(bench, daemon) { daemon in
                try await bench.wait { live(bench) == 2 }
                try edit(
                    bench, "networks:\n",
                    "networks:\n  more: {edges: edges/web, live: 1, zones: includes/more}\n")
                kill(daemon.id, SIGHUP)
                try await bench.wait { bench.has("zones/more.test.zone") }
                try edit(
                    bench, "  more: {edges: edges/web, live: 1, zones: includes/more}\n", "")
                try await bench.wait {
                    bench.text("edgemanage.log").contains(
                        "edgemanage.yaml has it no more: its zones stay as they are")
                }
                #expect(bench.has("zones/more.test.zone"))
            }
        }
    }
}
