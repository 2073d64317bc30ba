import EdgeLoopback
import EdgeTesting
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// What a daemon answers to operators is what is so.
@Suite struct OrderTests {
    private func edit(_ bench: CommandBench, _ old: String, _ new: String) throws {
        let text = bench.text("edgemanage.yaml")
        try #require(text.contains(old), "\(text)")
        // Put in place at once, so that nobody reads half of it.
        try bench.write("new.yaml", text.replacing(old, with: new))
        try #require(rename(bench.path("new.yaml"), bench.path("edgemanage.yaml")) == 0)
    }

    private func ask(
        _ bench: CommandBench, _ method: String, _ place: String, _ body: String = "{}"
    ) async throws -> String {
        try await bench.tool(
            "curl", "-s", "-w", " %{http_code}", "-X", method, "--unix-socket",
            bench.path("edgemanage.sock"), "-H", "Content-Type: application/json", "-d", body,
            "http://x/api/v1/\(place)"
        ).output
    }

    /// Nobody pulls the plug of an edge that is still in the DNS.
    @Test func aDrainThatIsHeldIsNotInEffect() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure(network: ["min_live: 2"])
            try edit(bench, "timeout: 3s,", "timeout: 3s, interval: 1h,")
            try await bench.edges[2].behave(.refuse)
            try await bench.watching { _ in
                try await bench.wait { bench.live().count == 2 && bench.has("edgemanage.sock") }
                let victim = bench.edges[0].address
                let refused = try await bench.run(
                    "drain", "-c", "edgemanage.yaml", victim, "-m", "kernel")
                #expect(refused.status == 1, "\(refused.everything)")
                #expect(
                    refused.errors.contains("only 1 edge of network web would be live and pass"),
                    "\(refused.everything)")
                // Even who insists never leaves the set empty.
                for edge in [bench.edges[1].address, victim] {
                    _ = try await bench.run(
                        "drain", "-c", "edgemanage.yaml", edge, "-m", "kernel", "--insist")
                }
                let drain = try await bench.run(
                    "drain", "-c", "edgemanage.yaml", victim, "-m", "kernel", "--insist")
                #expect(drain.status == 1, "\(drain.everything)")
                #expect(
                    drain.errors.contains("\(victim) is still in the DNS, for something is held"),
                    "\(drain.everything)")
                #expect(bench.live().contains(victim))
                let again = try await ask(
                    bench, "POST", "networks/web/edges/\(victim)/mode",
                    #"{"mode": "unavailable", "comment": "kernel"}"#)
                #expect(again.contains(#""applied":false"#), "\(again)")
            }
        }
    }

    /// Two looks at once would judge the older one after the newer.
    @Test func anOrderedRoundIsTheNextLook() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            try edit(bench, "timeout: 3s,", "timeout: 3s, interval: 1h,")
            try await bench.watching { _ in
                try await bench.wait { bench.live().count == 2 && bench.has("edgemanage.sock") }
                let victim = try #require(bench.live().min())
                try await bench.edge(victim).behave(.refuse)
                let round = try await ask(bench, "POST", "networks/web/round")
                #expect(round.contains(#""applied":true"#), "\(round)")
                // What it saw is what the next order goes by: the dead edge comes in for nobody.
                let other = try #require(bench.live().first { $0 != victim })
                _ = try await bench.run(
                    "drain", "-c", "edgemanage.yaml", other, "-m", "kernel", "--insist")
                let status = try await bench.run("status", "-c", "edgemanage.yaml", "--json")
                #expect(status.output.contains(#""health":"fail""#), "\(status.output)")
            }
        }
    }

    /// A deploy script learns whether its file is in use.
    @Test func aReloadIsAnsweredWhenItIsDone() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            try edit(bench, "timeout: 3s,", "timeout: 3s, interval: 1h,")
            try await bench.watching { _ in
                try await bench.wait { bench.live().count == 2 && bench.has("edgemanage.sock") }
                let good = bench.text("edgemanage.yaml")
                try edit(bench, "live: 2", "live: [")
                let refused = try await ask(bench, "POST", "reload")
                #expect(refused.hasSuffix(" 409"), "\(refused)")
                #expect(refused.contains("edgemanage.yaml:"), "\(refused)")
                try bench.write("edgemanage.yaml", good.replacing("live: 2", with: "live: 3"))
                let taken = try await ask(bench, "POST", "reload")
                #expect(taken.hasSuffix(" 200"), "\(taken)")
                let health = try await ask(bench, "GET", "health")
                #expect(!health.contains("configurationTrouble"), "\(health)")
                try await bench.wait { bench.live().count == 3 }
            }
        }
    }

    /// An operator's word counts, though the edges can't be looked at.
    @Test func anOrderWithoutALookGoesByTheLastOne() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configure()
            try edit(bench, "timeout: 3s,", "timeout: 3s, interval: 1h,")
            try await bench.watching { daemon in
                try await bench.wait { bench.live().count == 2 && bench.has("edgemanage.sock") }
                try edit(bench, "local: object.txt", "local: nowhere.txt")
                kill(daemon.id, SIGHUP)
                try await bench.wait { bench.text("edgemanage.log").contains("nowhere.txt") }
                let victim = try #require(bench.live().min())
                let drain = try await bench.run(
                    "drain", "-c", "edgemanage.yaml", victim, "-m", "kernel")
                #expect(drain.status == 1, "\(drain.everything)")
                #expect(drain.errors.contains("the edges could not be looked at"))
                #expect(drain.errors.contains("nowhere.txt"), "\(drain.everything)")
                #expect(!bench.live().contains(victim) && bench.live().count == 2)
                // That it was carried out does not make the rounds well.
                let health = try await ask(bench, "GET", "health")
                #expect(health.contains("nowhere.txt"), "\(health)")
            }
        }
    }

    /// A look that is dropped for another one lets `run_before` end its work.
    @Test func aHangupDoesNotEndRunBefore() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try edit(bench, "timeout: 3s,", "timeout: 3s, interval: 1s,")
            try bench.write(
                "before.sh",
                "cd \(bench.directory); echo begun >> begun; until [ -e go ]; do sleep 0.02; done; echo done >> done\n"
            )
            let script = bench.path("before.sh")
            try bench.write(
                "edgemanage.yaml",
                bench.text("edgemanage.yaml") + "commands: {before: \"/bin/sh \(script)\"}\n")
            try bench.write("go", "")
            let manager = try ManagerSocket(bench.path("notify"))
            try await bench.watching(environment: ["NOTIFY_SOCKET": manager.path]) { daemon in
                try await bench.wait { bench.live().count == 2 && bench.has("edgemanage.sock") }
                try bench.remove("go")
                let begun = bench.text("begun").count
                try await bench.wait { bench.text("begun").count > begun }
                kill(daemon.id, SIGHUP)
                try await bench.wait { manager.heard.contains("RELOADING=1") }
                try bench.write("go", "")
                let ended = bench.text("done").count
                try await bench.wait { bench.text("done").count > ended }
                let log = bench.text("edgemanage.log")
                #expect(!log.contains("run_before did not end"), "\(log)")
                #expect(!log.contains("run_before was ended"), "\(log)")
            }
        }
    }

    /// A network whose database can't be opened begins as soon as it can.
    @Test func aNetworkThatCouldNotBeginBegins() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try edit(bench, "timeout: 3s,", "timeout: 3s, interval: 1h,")
            try bench.write("includes/more/more.test.zone", "mail 3600 IN A 192.0.2.25\n")
            try bench.write("own/more.db", "no database")
            try #require(mkdir(bench.path("own/more.db-wal"), 0o755) == 0)
            let more =
                "  more: {edges: edges/web, live: 1, zones: includes/more, "
                + "state: {database: own/more.db}}\n"
            try await bench.watching { _ in
                try await bench.wait { bench.live().count == 2 && bench.has("edgemanage.sock") }
                try edit(bench, "networks:\n", "networks:\n\(more)")
                let refused = try await ask(bench, "POST", "reload")
                #expect(refused.contains("own/more.db") && refused.hasSuffix(" 409"), "\(refused)")
                try bench.remove("own/more.db")
                try bench.remove("own/more.db-wal")
                let taken = try await ask(bench, "POST", "reload")
                #expect(taken.hasSuffix(" 200"), "\(taken)")
                try await bench.wait { !bench.live(zone: "more.test").isEmpty }
            }
        }
    }

    /// The watchdog is fed on when a network was taken out and put back, and has the patience that rounds need.
    @Test func theWatchdogIsFedAfterANetworkCameBack() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try edit(bench, "timeout: 3s,", "timeout: 3s, interval: 1h,")
            try bench.write("includes/more/more.test.zone", "mail 3600 IN A 192.0.2.25\n")
            let more = "  more: {edges: edges/web, live: 1, zones: includes/more}\n"
            let manager = try ManagerSocket(bench.path("notify"))
            func fed() -> Int { manager.heard.count { $0 == "WATCHDOG=1" } }
            try edit(bench, "networks:\n", "networks:\n\(more)")
            try await bench.watching(
                environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "60000000"]
            ) { daemon in
                try await bench.wait { manager.heard.contains { $0.hasPrefix("READY=1") } }
                // The second network's first round is half a minute away, or a hangup.
                for count in 1...3 {
                    kill(daemon.id, SIGHUP)
                    try await bench.wait { fed() >= count }
                }
                // No round of the other network ends while this one is away.
                for edge in bench.edges { try await edge.behave(.silent) }
                try edit(bench, more, "")
                _ = try await ask(bench, "POST", "reload")
                try edit(bench, "networks:\n", "networks:\n\(more)")
                let before = fed()
                _ = try await ask(bench, "POST", "reload")
                try await bench.wait { fed() > before }
            }
            #expect(manager.heard.count { $0.contains("WATCHDOG_USEC=7230000000") } == 1)
        }
    }
}
