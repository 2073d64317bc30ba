import EdgeLoopback
import EdgeTesting
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// What commands do while the daemon, or its configuration, is not as it should be.
@Suite struct BrokenConfigurationTests {
    private func start(_ bench: CommandBench) async throws -> ChildProcess {
        try bench.configure()
        try bench.write(
            "edgemanage.yaml",
            bench.text("edgemanage.yaml").replacing(
                "timeout: 3s,", with: "timeout: 3s, interval: 1h,"))
        return try await watch(bench)
    }

    private func watch(_ bench: CommandBench) async throws -> ChildProcess {
        let daemon = try bench.start(["watch", "-c", "edgemanage.yaml"])
        try await bench.wait { bench.live().count == 2 && bench.has("edgemanage.sock") }
        return daemon
    }

    private func drain(_ bench: CommandBench, _ edge: String) async throws -> ChildProcess.Ending {
        try await bench.run("drain", "-c", "edgemanage.yaml", edge, "-m", "kernel")
    }

    /// A slip of the pen takes nobody's board and orders away, as long as the daemon goes on.
    @Test(arguments: [("rule: classic", "rule: clasic"), ("live: 2", "live: [")])
    func theDaemonsConfigurationCountsWhileTheFileIsBroken(old: String, new: String) async throws {
        try await CommandBench.with(edges: 4) { bench in
            let daemon = try await start(bench)
            defer { daemon.kill() }
            let good = bench.text("edgemanage.yaml")
            try #require(good.contains(old))
            try bench.write("edgemanage.yaml", good.replacing(old, with: new))
            let victim = try #require(bench.live().min())
            let drained = try await drain(bench, victim)
            #expect(drained.status == 0, "\(drained.everything)")
            #expect(
                drained.errors.contains(
                    "the daemon goes on by what it was before, and so does this"))
            #expect(!bench.live().contains(victim))
            let status = try await bench.run("status", "-c", "edgemanage.yaml")
            #expect(status.status == 0 && status.output.contains("kernel"), "\(status.everything)")
            let check = try await bench.run("-c", "edgemanage.yaml", as: "check_edgemanage")
            #expect(check.status == 1, "\(check.everything)")
            // What changes something of its own goes by the file alone.
            let run = try await bench.run("plan", "-c", "edgemanage.yaml")
            #expect(run.status == 1, "\(run.everything)")
            kill(daemon.id, SIGTERM)
            _ = await daemon.ending()
            let late = try await bench.run("status", "-c", "edgemanage.yaml")
            #expect(late.status == 1 && late.errors.contains("nothing was done"))
            #expect(!bench.has("edgemanage.db.in-use.yaml"))
        }
    }

    /// What is known stays in sight when the daemon dies while the file is broken.
    @Test func aDeadDaemonsConfigurationIsReadOn() async throws {
        try await CommandBench.with(edges: 4) { bench in
            let daemon = try await start(bench)
            daemon.kill()
            _ = await daemon.ending()
            let good = bench.text("edgemanage.yaml")
            try bench.write(
                "edgemanage.yaml", good.replacing("rule: classic", with: "rule: clasic"))
            let status = try await bench.run("status", "-c", "edgemanage.yaml")
            #expect(status.status == 0, "\(status.everything)")
            #expect(status.output.contains("the daemon does not run, and can't begin before"))
            #expect(status.output.contains("2 of 2 live"), "\(status.everything)")
            let check = try await bench.run("-c", "edgemanage.yaml", as: "check_edgemanage")
            #expect(check.output.contains("configuration refused: edgemanage.yaml:"))
        }
    }

    /// Who drains beside a dead daemon hears that nothing came of it yet.
    @Test func aDeadDaemonIsNamed() async throws {
        try await CommandBench.with(edges: 4) { bench in
            let daemon = try await start(bench)
            daemon.kill()
            _ = await daemon.ending()
            let victim = try #require(bench.live().min())
            let noted = try await drain(bench, victim)
            #expect(noted.status == 1, "\(noted.everything)")
            #expect(noted.errors.contains("for the daemon does not run: start it"))
            #expect(bench.live().contains(victim))
            // A run that is refused is no round.
            let soon = try await bench.run("run", "-c", "edgemanage.yaml")
            #expect(soon.status == 1 && soon.errors.contains("must pass"), "\(soon.everything)")
            let again = try await drain(bench, victim)
            #expect(again.status == 1, "\(again.everything)")
            // Rounds from cron obey it, and then nobody waits for a daemon.
            let run = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
            #expect(run.status == 0 && !bench.live().contains(victim), "\(run.everything)")
            let other = try #require(bench.live().min())
            let later = try await drain(bench, other)
            #expect(later.status == 0, "\(later.everything)")
            #expect(later.output.contains("the DNS is as it was: the next run of network web"))
        }
    }

    @Test func aLostSocketIsNamed() async throws {
        try await CommandBench.with(edges: 4) { bench in
            let daemon = try await start(bench)
            defer { daemon.kill() }
            try bench.remove("edgemanage.sock")
            let noted = try await drain(bench, try #require(bench.live().min()))
            #expect(noted.status == 1, "\(noted.everything)")
            #expect(noted.errors.contains("edgemanage.sock is gone"), "\(noted.everything)")
        }
    }

    /// The audit log knows what became of the configuration.
    @Test func changesAreInTheAuditLog() async throws {
        try await CommandBench.with(edges: 4) { bench in
            let daemon = try await start(bench)
            defer { daemon.kill() }
            let good = bench.text("edgemanage.yaml")
            func log() async throws -> String {
                try await bench.run(
                    "log", "-c", "edgemanage.yaml", "web", "--kind", "configuration"
                ).output
            }
            try bench.write("edgemanage.yaml", good.replacing("live: 2", with: "live: 3"))
            try await bench.wait { bench.live().count == 3 }
            #expect(try await log().contains("edgemanage.yaml has changed"))
            try bench.write("edgemanage.yaml", good.replacing("live: 2", with: "live: ["))
            try await bench.wait { bench.text("edgemanage.log").contains("the rounds go on by") }
            #expect(try await log().contains("the rounds go on by the configuration"))
        }
    }
}
