import EdgeLoopback
import EdgeTesting
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `edgemanage watch` as operators and systemd use it.
@Suite struct WatchTests {
    private func configure(_ bench: CommandBench, interval: String = "1s") throws {
        try bench.configure()
        let text = bench.text("edgemanage.yaml")
        try #require(text.contains("timeout: 3s,"))
        try bench.write(
            "edgemanage.yaml",
            text.replacing("timeout: 3s,", with: "timeout: 3s, interval: \(interval),"))
    }

    /// The command returns when the zones say so, however far the next round is.
    @Test func aDrainIsInEffectWhenItReturns() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try configure(bench, interval: "1h")
            try await bench.watching { _ in
                try await bench.wait { bench.live().count == 2 }
                let victim = try #require(bench.live().min())
                let drain = try await bench.run(
                    "drain", "-c", "edgemanage.yaml", victim, "--for", "2h", "-m", "kernel",
                    environment: ["SUDO_USER": "anna"])
                #expect(drain.status == 0, "\(drain.everything)")
                #expect(drain.output.hasPrefix("Set mode for \(victim) to unavailable for 2h\n"))
                #expect(
                    bench.text("edgemanage.log").contains(
                        "Set mode for \(victim) to unavailable in web by anna: [anna] kernel"))
                #expect(drain.output.contains("- \(victim)  unavailable by an operator"))
                #expect(!bench.live().contains(victim) && bench.live().count == 2)
                let status = try await bench.run("status", "-c", "edgemanage.yaml")
                #expect(
                    status.output.contains(/\[anna\] kernel; for (2 more hours|119 more minutes)/))
                let undrain = try await bench.run(
                    "undrain", "-c", "edgemanage.yaml", victim)
                #expect(undrain.status == 0, "\(undrain.everything)")
                let history = try await bench.run("history", "-c", "edgemanage.yaml", "web")
                #expect(history.output.contains("anna"), "\(history.everything)")
            }
        }
    }

    @Test func aDrainedEdgeComesBackByItself() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try configure(bench)
            try await bench.watching { _ in
                try await bench.wait { bench.live().count == 2 }
                let victim = try #require(bench.live().min())
                let drain = try await bench.run(
                    "drain", "-c", "edgemanage.yaml", victim, "--for", "2s", "-m", "kernel")
                #expect(drain.status == 0, "\(drain.everything)")
                #expect(!bench.live().contains(victim))
                try await bench.wait { bench.live().contains(victim) }
            }
        }
    }

    @Test func ordersThatMayNotBeAreRefused() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try configure(bench, interval: "1h")
            try await bench.watching { _ in
                try await bench.wait { bench.live().count == 2 }
                let before = bench.live()
                for edge in bench.edges.dropLast() {
                    try await bench.run(
                        "drain", "-c", "edgemanage.yaml", edge.address, "-m", "kernel")
                }
                let last = bench.edges[2].address
                let refused = try await bench.run(
                    "drain", "-c", "edgemanage.yaml", last, "-m", "kernel")
                #expect(refused.status == 1)
                #expect(refused.errors.contains("add --insist"), "\(refused.everything)")
                #expect(!bench.live().isEmpty && !before.isEmpty)
                let unknown = try await bench.run(
                    "drain", "-c", "edgemanage.yaml", "192.0.2.99", "-m", "kernel")
                #expect(unknown.status == 1)
                #expect(unknown.errors.contains("192.0.2.99 is no edge"), "\(unknown.everything)")
                let wordless = try await bench.run(
                    "drain", "-c", "edgemanage.yaml", last)
                #expect(wordless.status == 2)
                let endless = try await bench.run(
                    "drain", "-c", "edgemanage.yaml", last, "-m", "x", "--for", "soon")
                #expect(endless.status == 2)
            }
        }
    }

    @Test func rotationsAreHeldAndGoOn() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try configure(bench)
            try await bench.watching { _ in
                try await bench.wait { bench.live().count == 2 }
                let hold = try await bench.run(
                    "hold", "-c", "edgemanage.yaml", "web", "attack", "--for", "1h")
                #expect(hold.status == 0 && hold.output.contains("are held until"))
                let victim = try #require(bench.live().min())
                try await bench.edge(victim).behave(.refuse)
                let round = try await bench.run("resume", "-c", "edgemanage.yaml", "web")
                #expect(round.status == 0 && round.output.contains("go on"), "\(round.everything)")
                try await bench.wait { !bench.live().contains(victim) }
            }
        }
    }

    /// Killed in the middle of whatever it does: the next start takes over, and nothing said is lost.
    @Test func aKilledDaemonIsFollowedByTheNext() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try configure(bench)
            let first = try bench.start(["watch", "-c", "edgemanage.yaml"])
            try await bench.wait { bench.live().count == 2 && bench.has("edgemanage.sock") }
            let victim = try #require(bench.live().min())
            let drain = try await bench.run(
                "drain", "-c", "edgemanage.yaml", victim, "-m", "kernel")
            #expect(drain.status == 0, "\(drain.everything)")
            first.kill()
            _ = await first.ending()
            #expect(bench.has("edgemanage.sock"))
            // Its socket is there, and nobody listens: the word is written down.
            let word = try await bench.run(
                "undrain", "-c", "edgemanage.yaml", victim, "-m", "done")
            #expect(word.status == 1, "\(word.everything)")
            #expect(word.errors.contains("it is noted, and the DNS is as it was"))
            let other = try #require(bench.live().min())
            try await bench.run("drain", "-c", "edgemanage.yaml", other, "-m", "kernel")
            try await bench.watching { _ in
                try await bench.wait { !bench.live().contains(other) && bench.live().count == 2 }
            }
        }
    }

    /// A socket that a killed daemon left behind is tried once: it costs a command no time.
    @Test(.enabled(if: Tracing.isPossible, "strace is missing here or may not trace"))
    func aSocketWithoutADaemonIsTriedOnce() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try configure(bench)
            let bind = "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])"
            let made = try await bench.tool(
                ["python3", "-c", bind, bench.path("edgemanage.sock")])
            try #require(made.status == 0, "\(made.everything)")
            let word = try await bench.traced(
                ["-e", "trace=connect"], ["hold", "-c", "edgemanage.yaml", "web", "attack"],
                into: bench.path("connects"))
            #expect(word.status == 0, "\(word.everything)")
            #expect(word.output.contains("the next run of network web obeys it"))
            let tries = bench.text("connects").split(separator: "\n").count {
                $0.contains("edgemanage.sock") && $0.contains("ECONNREFUSED")
            }
            #expect(tries == 1, "\(bench.text("connects"))")
        }
    }

    /// One writer a network (I24): a second daemon and cron's run are refused by name.
    @Test func nobodyElseRunsItsRounds() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try configure(bench)
            try await bench.watching { daemon in
                try await bench.wait { bench.live().count == 2 && bench.has("edgemanage.sock") }
                for words in [["watch"], ["run"], ["run", "--force"], ["run", "--daemonise"]] {
                    let ending = try await bench.start(words + ["-c", "edgemanage.yaml"]).ending()
                    #expect(ending.status == 1)
                    #expect(
                        ending.errors.contains(
                            "the rounds of network web are run by process \(daemon.id)"),
                        "\(ending.everything)")
                }
            }
            let run = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
            #expect(run.status == 0, "\(run.everything)")
        }
    }

    /// Others than root and the daemon's own user may not give orders.
    @Test func strangersGiveNoOrders() async throws {
        try #require(getuid() == 0, "this test changes its user")
        try await CommandBench.with(edges: 3) { bench in
            try configure(bench, interval: "1h")
            let text = bench.text("edgemanage.yaml")
            try bench.write("edgemanage.yaml", text + "server: {group: daemon}\n")
            chmod(bench.directory, 0o755)
            try await bench.watching { _ in
                try await bench.wait { bench.live().count == 2 && bench.has("edgemanage.sock") }
                let path = bench.path("edgemanage.sock")
                // The daemon lets its group in after the socket is there.
                try await bench.wait {
                    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
                    return attributes?[.posixPermissions] as? Int == 0o660
                }
                func ask(_ user: [String], _ words: String...) async throws -> String {
                    try await bench.tool(
                        ["setpriv"] + user + ["curl", "-s", "--unix-socket", path] + words
                    ).output
                }
                let hold = [
                    "-HContent-Type: application/json", "-d{\"reason\": \"mine\"}",
                    "http://x/api/v1/networks/web/hold",
                ]
                let nobody = ["--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
                #expect(try await ask(nobody, hold[0], hold[1], hold[2]).isEmpty)
                // Whoever may open the socket is still asked who he is.
                chmod(path, 0o666)
                let refused = try await ask(nobody, hold[0], hold[1], hold[2])
                #expect(refused.contains("\"code\":\"forbidden\""), "\(refused)")
                #expect(!refused.contains("applied"))
                let member = ["--reuid", "nobody", "--regid", "daemon", "--clear-groups"]
                let obeyed = try await ask(
                    member, hold[0], hold[1], "-H", "X-Edgemanage-Actor: root", hold[2])
                #expect(obeyed.contains("\"applied\":true"), "\(obeyed)")
                // A member speaks for himself alone.
                let status = try await bench.status()
                #expect(status.rotationHold?.contains("held by nobody") == true)
            }
        }
    }

    /// A name server that is dead does not stop a drain; it is told once, and the drain counts as troubled.
    @Test func aDeadNameServerIsToldOnce() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try configure(bench)
            let text = bench.text("edgemanage.yaml")
            try #require(text.contains("publish: {"))
            try bench.write(
                "edgemanage.yaml",
                text.replacing(
                    "publish: {",
                    with:
                        "publish: {wait: 1s, servers: [{name: ns1, kind: other, address: 127.0.0.1, port: 9}], "
                ))
            try await bench.watching { _ in
                try await bench.wait {
                    bench.text("edgemanage.log").contains("name server ns1 has not answered for 1")
                }
                let victim = try #require(bench.live().min())
                let drain = try await bench.run(
                    "drain", "-c", "edgemanage.yaml", victim, "-m", "kernel")
                #expect(drain.status == 1 && !bench.live().contains(victim))
                #expect(!drain.output.contains("failed:"), "\(drain.everything)")
                let said = drain.errors.split(separator: "\n").count { $0.contains("ns1") }
                #expect(said == 1, "\(drain.everything)")
                let seen = bench.edges[0].requests
                try await bench.wait { bench.edges[0].requests > seen + 2 }
                let logged = bench.text("edgemanage.log").split(separator: "\n")
                    .count { $0.contains("name server ns1 has not answered for") }
                #expect(logged <= 2, "\(bench.text("edgemanage.log"))")
            }
        }
    }

    /// Publishing matters more than the page: the daemon runs without it, says why, and tries again.
    @Test func aTakenAddressStopsNoRound() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try configure(bench)
            let taken = try TakenAddress()
            let text = bench.text("edgemanage.yaml")
            try bench.write(
                "edgemanage.yaml", text + "server: {listen: \"\(taken.text)\"}\n")
            let manager = try ManagerSocket(bench.path("notify"))
            func health() async throws -> String {
                try await bench.tool(
                    "curl", "-s", "--unix-socket", bench.path("edgemanage.sock"),
                    "http://x/api/v1/health"
                ).output
            }
            try await bench.watching(environment: ["NOTIFY_SOCKET": manager.path]) { _ in
                try await bench.wait { bench.live().count == 2 }
                let words = "nothing can listen at \(taken.text) (Address already in use)"
                try await bench.wait { bench.text("edgemanage.log").contains(words) }
                try await bench.wait { manager.heard.contains { $0.contains("STATUS=\(words)") } }
                let troubled = try await health()
                #expect(troubled.contains("\"listenTrouble\":\"\(words)"), "\(troubled)")
                #expect(troubled.contains("set server.listen to"), "\(troubled)")
                taken.free()
                try await bench.wait {
                    bench.text("edgemanage.log").contains("listening at http://\(taken.text)/")
                }
                // It was tried several times, and said once.
                let log = bench.text("edgemanage.log")
                #expect(log.components(separatedBy: words).count == 2, "\(log)")
                let page = try await bench.tool(
                    "curl", "-s", "http://\(taken.text)/api/v1/health")
                #expect(page.output.contains("\"fresh\":true"), "\(page.output)")
                #expect(!page.output.contains("listenTrouble"), "\(page.output)")
                try await bench.wait { manager.heard.last == "STATUS=web: 2 of 2 live" }
            }
        }
    }

    /// Without its socket a daemon could not be given orders: it does not begin, nor with an address that is none.
    @Test func whatIsInItsWayIsNamed() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try configure(bench)
            let text = bench.text("edgemanage.yaml")
            try bench.write("edgemanage.yaml", text + "server: {listen: \"127.0.0.1:x\"}\n")
            let wrong = try await bench.start(["watch", "-c", "edgemanage.yaml"]).ending()
            #expect(
                wrong.status == 1 && wrong.errors.contains("listen"), "\(wrong.everything)")
            try bench.write("edgemanage.yaml", text + "server: {socket: /nowhere/at.sock}\n")
            let lost = try await bench.start(["watch", "-c", "edgemanage.yaml"]).ending()
            #expect(
                lost.status == 1 && lost.errors.contains("/nowhere/at.sock"), "\(lost.everything)")
        }
    }

    /// systemd hears that it is ready, how it is, that rounds end, and that it ends.
    @Test func theServiceManagerHears() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try configure(bench)
            let manager = try ManagerSocket(bench.path("notify"))
            try await bench.watching(
                environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "60000000"]
            ) { daemon in
                try await bench.wait { manager.heard.contains { $0.hasPrefix("READY=1\n") } }
                try await bench.wait { manager.heard.count { $0 == "WATCHDOG=1" } >= 3 }
                try await bench.wait { manager.heard.contains("STATUS=web: 2 of 2 live") }
                let good = bench.text("edgemanage.yaml")
                try bench.write("edgemanage.yaml", good.replacing("live: 2", with: "live: ["))
                try await bench.wait {
                    manager.heard.contains { $0.contains("STATUS=configuration refused: ") }
                }
                let health = try await bench.tool(
                    "curl", "-s", "--unix-socket", bench.path("edgemanage.sock"),
                    "http://x/api/v1/health")
                #expect(health.output.contains("\"configurationTrouble\":"), "\(health.output)")
                try bench.write("edgemanage.yaml", good)
                try await bench.wait { manager.heard.last?.contains("refused") == false }
            }
            try await bench.wait { manager.heard.contains("STOPPING=1") }
        }
    }

    /// A watchdog that rounds don't feed would never notice a stuck one.
    @Test func onlyRoundsFeedTheWatchdog() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try configure(bench, interval: "1h")
            let manager = try ManagerSocket(bench.path("notify"))
            try await bench.watching(
                environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "60000000"]
            ) { daemon in
                try await bench.wait { manager.heard.contains("WATCHDOG=1") }
                kill(daemon.id, SIGHUP)
                try await bench.wait { manager.heard.count { $0 == "WATCHDOG=1" } == 2 }
            }
            #expect(manager.heard.count { $0 == "WATCHDOG=1" } == 2)
        }
    }
}
