import EdgeLoopback
import Foundation
import Testing

/// Commands around rounds, names that don't resolve, rounds that must end, and the daemon.
@Suite struct ServiceFaultTests {
    /// The configuration with these commands.
    private func configure(_ bench: CommandBench, _ commands: String) throws {
        try bench.configure(top: ["commands: {\(commands)}"])
    }

    /// I35: split at spaces, no shell, nothing of the caller's environment.
    @Test func commandsArePlain() async throws {
        try await CommandBench.with(edges: 2) { bench in
            let here = bench.directory
            try bench.write("env.sh", "#!/bin/sh\nenv > \(here)/environment\n")
            chmod(bench.path("env.sh"), 0o755)
            try configure(
                bench, "before: \"touch \(here)/a;b \(here)/$HOME\", after: \"\(here)/env.sh\"")
            try FileManager.default.createDirectory(
                atPath: bench.path("$HOME"), withIntermediateDirectories: true)
            try bench.remove("$HOME")
            let round = try await bench.run(
                "run", "-c", "edgemanage.yaml", environment: ["API_TOKEN": "secret"])
            #expect(round.status == 0, "\(round.everything)")
            #expect(bench.has("a;b"))
            #expect(bench.has("$HOME"))
            #expect(bench.text("environment").contains("PATH="))
            #expect(!bench.text("environment").contains("secret"))
        }
    }

    @Test(arguments: ["/nowhere/at/all", "/bin/false"])
    func failingCommandsBeforeAndAfterStopNothing(command: String) async throws {
        try await CommandBench.with(edges: 2) { bench in
            try configure(bench, "before: \(command), after: \(command)")
            try await bench.round()
            #expect(try bench.published().addresses == bench.addresses(1, 2))
            let log = bench.text("edgemanage.log")
            #expect(log.contains("error run_before "), "\(log)")
            #expect(log.contains("error run_after "), "\(log)")
        }
    }

    /// Pipes that grandchildren hold open don't hold the round up.
    @Test func grandchildrenAreNotWaitedFor() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.write(
                "fork.sh", "#!/bin/sh\nsleep 50 &\necho $! > \(bench.directory)/child\n")
            chmod(bench.path("fork.sh"), 0o755)
            try configure(bench, "before: \(bench.path("fork.sh"))")
            let start = ContinuousClock.now
            try await bench.round()
            #expect(ContinuousClock.now - start < .seconds(30))
            if let child = Int32(bench.text("child").filter(\.isNumber)) { kill(child, SIGKILL) }
        }
    }

    @Test func nameThatDoesNotResolveStopsNobody() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try bench.write("edges/web", "nobody.invalid\n" + bench.text("edges/web"))
            try await bench.round()
            #expect(try bench.published().addresses == bench.addresses(1, 2))
            let status = try await bench.status()
            #expect(status.edges[0].edge == "nobody.invalid")
            #expect(status.edges[0].state == "out")
        }
    }

    /// I16, I19: whatever edges do, the round ends, and the healthy ones are live.
    @Test func everythingWrongAtOnceEndsInTime() async throws {
        let behaviours: [LoopbackBehaviour] = [
            .serve, .serve, .silent, .blackHole, .dripHeaders(.milliseconds(200)),
            .dripBody(.milliseconds(200)), .endlessBody, .endlessHeaders, .interimStorm,
            .resetMidBody, .refuse, .redirectLoop, .garbage,
        ]
        try await CommandBench.with(edges: behaviours.count) { bench in
            try bench.configure(live: 3)
            for (edge, behaviour) in zip(bench.edges, behaviours) {
                try await edge.behave(behaviour)
            }
            let start = ContinuousClock.now
            try await bench.round()
            #expect(ContinuousClock.now - start < .seconds(15))
            #expect(try bench.published().addresses == bench.addresses(1, 2))
            for edge in bench.edges { #expect(edge.lastHost == nil || edge.requests >= 1) }
        }
    }

    /// I14: dead reference targets hold what health asks for, not what operators do.
    @Test func sickMonitorStillObeysOperators() async throws {
        try await CommandBench.with(edges: 5) { bench in
            try bench.configure()
            try await bench.begin()
            try bench.write("edges/web", bench.addresses(1, 2, 3, 4).joined(separator: "\n"))
            try await bench.round()
            let text = bench.text("edgemanage.yaml")
            // The last edge is none here but the reference target, and nobody is there.
            try await bench.edges[4].behave(.blackHole)
            let reference = "\(bench.edges[4].address):\(bench.port)"
            try bench.write(
                "edgemanage.yaml",
                text.replacingOccurrences(
                    of: "probe: {timeout: 3s,",
                    with: "probe: {timeout: 2s, references: [\"\(reference)\"],"))
            try await bench.edges[0].behave(.refuse)
            let zone = try bench.published()
            let held = try await bench.round()
            #expect(held.output.contains("reference target answered"), "\(held.everything)")
            #expect(try bench.published() == zone)
            let set = try await bench.run(
                "edge", "set", "-c", "edgemanage.yaml", "unavailable", bench.edges[1].address,
                "-m", "work")
            #expect(set.status == 0, "\(set.everything)")
            try await bench.round()
            let after = try bench.published()
            #expect(!after.addresses.contains(bench.edges[1].address))
            #expect(after.addresses.count == 2)
        }
    }

    @Test func daemonGoesRoundAfterRoundUntilASignal() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            let text = bench.text("edgemanage.yaml")
            try bench.write(
                "edgemanage.yaml",
                text.replacingOccurrences(of: "timeout: 3s,", with: "timeout: 3s, interval: 1s,"))
            let daemon = try bench.start(["run", "-c", "edgemanage.yaml", "--daemonise"])
            try await bench.wait { bench.edges[0].requests >= 3 }
            #expect(try bench.published().addresses == bench.addresses(1, 2))
            let other = try await bench.run("status", "-c", "edgemanage.yaml")
            #expect(other.status == 0)
            kill(daemon.id, SIGTERM)
            let ending = await daemon.ending()
            #expect([0, -SIGTERM].contains(ending.status), "\(ending.everything)")
            try await bench.round()
        }
    }
}
