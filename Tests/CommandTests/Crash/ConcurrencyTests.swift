import EdgeLoopback
import Foundation
import Testing

/// Many processes at once, and processes that are killed (I22, I24).
@Suite struct ConcurrencyTests {
    /// I24: each does its round in turn or steps back, naming the holder; nothing is corrupted.
    @Test func manyStartsAtOnce() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            let children = try (0..<30).map { _ in
                try bench.start(["run", "-c", "edgemanage.yaml"])
            }
            var endings: [ChildProcess.Ending] = []
            for child in children { endings.append(await child.ending()) }
            let done = endings.filter { $0.status == 0 }
            #expect(done.count == 1)
            for ending in endings where ending.status != 0 {
                #expect(ending.status == 1)
                #expect(ending.output.isEmpty)
                #expect(
                    ending.errors.contains("network web is being run already: ")
                        || ending.errors.contains("use --force to run all the same"),
                    "\(ending.everything)")
            }
            #expect(try await bench.status().generation == 1)
            #expect(try bench.published().addresses.count == 2)
            let names = try FileManager.default.contentsOfDirectory(atPath: bench.path("zones"))
            #expect(names == ["example.test.zone"])
        }
    }

    /// Operators set modes while rounds run: none is lost, none fails.
    @Test func modesAreSetWhileRoundsRun() async throws {
        try await CommandBench.with(edges: 6) { bench in
            try bench.configure(network: ["min_live: 1"])
            try await bench.round()
            var children: [ChildProcess] = []
            for edge in bench.edges.dropFirst(2) {
                children.append(try bench.start(["run", "-c", "edgemanage.yaml", "--force"]))
                children.append(
                    try bench.start([
                        "edge", "set", "-c", "edgemanage.yaml", "unavailable", edge.address,
                        "-m", "work",
                    ]))
            }
            for (index, child) in children.enumerated() {
                let ending = await child.ending()
                let isRound = index.isMultiple(of: 2)
                #expect(ending.status == 0 || isRound, "\(ending.everything)")
            }
            let modes = try await bench.status().edges.map(\.mode)
            #expect(modes.filter { $0 == "unavailable" }.count == 4)
            try await bench.round()
            #expect(try bench.published().addresses == bench.addresses(1, 2))
        }
    }

    /// Killed with the lock in its hand, again and again: the next one is not in its way.
    @Test func killedHolderIsNobodysHolder() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.round()
            var watch = ZoneWatch(bench)
            try watch.look("the beginning")
            for time in 1...10 {
                try watch.change()
                let child = try bench.start(["run", "-c", "edgemanage.yaml", "--force"])
                try await bench.wait {
                    bench.text("edgemanage.db.web.lock") == "\(child.id)\n"
                }
                child.kill()
                _ = await child.ending()
                try watch.look("kill \(time)")
                try await watch.recover("kill \(time)")
            }
        }
    }

    /// The shared lock: busy in somebody else's hands, edge_conf exits with 2 and
    /// edge_manage with 1, both naming the holder.
    @Test(.enabled(if: Tracing.succeeds(["python3", "-c", "import fcntl"]), "no python3 here"))
    func sharedLockIsPythons() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configureOriginal()
            try bench.write(
                "hold.py",
                """
                import fcntl, os, time
                file = open("lock", "w")
                fcntl.lockf(file, fcntl.LOCK_EX)
                open("held.new", "w").write(str(os.getpid()))
                os.rename("held.new", "held")
                time.sleep(60)
                """)
            let holder = try ChildProcess.start(
                "python3", ["hold.py"], directory: bench.directory,
                environment: ["PATH": "/usr/local/bin:/usr/bin:/bin:\(Self.pythons)"])
            try await bench.wait { bench.has("held") }
            let round = try bench.start(
                ["-A", "web", "-c", "original.yaml"], as: "edge_manage")
            let busy = try await bench.run(
                "-A", "web", "-c", "original.yaml", "-m", "unavailable", "-C", "x", "--no-syslog",
                bench.edges[0].address, as: "edge_conf")
            #expect(busy.status == 2, "\(busy.everything)")
            #expect(busy.errors.contains("held by process \(bench.text("held"))"))
            // Its round waits twice as long, and has published nothing meanwhile.
            let refused = await round.ending()
            #expect(refused.status == 1)
            #expect(refused.errors.contains("held by process \(bench.text("held")); gave up after"))
            #expect(!bench.has("zones/example.test.zone"))
            holder.kill()
            _ = await holder.ending()
            let free = try await bench.run(
                "-A", "web", "-c", "original.yaml", "-m", "unavailable", "-C", "x", "--no-syslog",
                bench.edges[0].address, as: "edge_conf")
            #expect(free.status == 0, "\(free.everything)")
        }
    }

    /// Where this machine's python3 may be besides the usual places.
    private static let pythons = ProcessInfo.processInfo.environment["PATH"] ?? ""
}
