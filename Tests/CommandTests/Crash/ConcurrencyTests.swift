import EdgeLoopback
import Foundation
import Testing

/// Many processes at once, and processes that are killed (I22, I24).
@Suite struct ConcurrencyTests {
    /// I24: each does its round in turn or steps back, naming the holder; nothing is corrupted.
    @Test func manyStartsAtOnce() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            let children = try (0..<50).map { _ in
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

    /// Somebody removes the lock all the time, so that nothing but the database's generation parts the
    /// writers (I5, I24): no two publish the same one, and no serial comes with other content.
    @Test func manyStartsWithoutALock() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            try await bench.begin()
            let stranger = try Self.startStranger(on: bench)
            var children: [ChildProcess] = []
            for number in 1...50 {
                if number % 5 == 1 { try Self.revise(bench, to: number) }
                children.append(
                    try bench.start(["run", "-c", "edgemanage.yaml", "--force", "--json"]))
            }
            var endings: [ChildProcess.Ending] = []
            var seen: [UInt32: Set<String>] = [:]
            for child in children {
                endings.append(await child.ending())
                let zone = try bench.published()
                seen[zone.serial, default: []].insert(zone.text)
            }
            try bench.write("over", "")
            _ = await stranger.ending()
            #expect(bench.text("removed").count > 10)
            try Self.judge(endings)
            let texts = seen.filter { $0.value.count > 1 }
            #expect(texts.isEmpty, "a serial with two contents: \(texts)")
            // Whatever they left, the next round sets right.
            try Self.revise(bench, to: 99)
            try await bench.round()
            let zone = try bench.published()
            #expect(zone.text.contains("\"99\""))
            let highest = try #require(seen.keys.max())
            #expect(highest < zone.serial)
            let check = try await bench.tool(
                "sqlite3", "edgemanage.db", "PRAGMA integrity_check; PRAGMA foreign_key_check")
            #expect(check.output == "ok\n", "\(check.everything)")
            let names = try FileManager.default.contentsOfDirectory(atPath: bench.path("zones"))
            #expect(names == ["example.test.zone"])
        }
    }

    /// Each did its round or stepped back with a reason, and no generation was published twice.
    private static func judge(_ endings: [ChildProcess.Ending]) throws {
        let reasons = [
            "is being run already", "is replaced all the time", "newer plan was published",
            "this plan was made from generation",
        ]
        var published: [Int] = []
        for ending in endings {
            if let run = try? JSONDecoder().decode(
                RunDocument.self, from: Data(ending.output.utf8)), run.written > 0
            {
                published.append(run.generation)
            }
            let isRefused =
                ending.status == 1 && reasons.contains { ending.everything.contains($0) }
            #expect(ending.status == 0 || isRefused, "\(ending.everything)")
        }
        #expect(!published.isEmpty)
        #expect(published.count == Set(published).count, "\(published)")
    }

    /// Removes the lock as often as it can.
    private static func startStranger(on bench: CommandBench) throws -> ChildProcess {
        try bench.write(
            "stranger.sh",
            """
            while [ ! -e over ]; do
                rm edgemanage.db.web.lock 2>/dev/null && printf x >> removed
            done

            """)
        return try ChildProcess.start(
            "sh", ["stranger.sh"], directory: bench.directory,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
    }

    private struct RunDocument: Decodable {
        var generation: Int
        var written: Int
    }

    private static func revise(_ bench: CommandBench, to number: Int) throws {
        try bench.write(
            "includes/web/example.test.zone",
            "mail 3600 IN A 192.0.2.25\nrevision 60 IN TXT \"\(number)\"\n")
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
