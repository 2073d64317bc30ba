import EdgeLoopback
import Foundation
import Testing

/// A real full disk, directories that can't be written, and state that is damaged (I23, I26).
@Suite struct DiskTests {
    static let canMount = Tracing.succeeds([
        "unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt",
    ])

    /// Runs a shell script with the program as `$0`, in a mount namespace of its own.
    private func script(_ bench: CommandBench, _ text: String) async throws -> ChildProcess.Ending {
        try await bench.tool(["unshare", "-m", "sh", "-eu", "-c", text, CommandBench.program])
    }

    @Test(.enabled(if: canMount, "a tmpfs can't be mounted here"))
    func fullZoneDirectoryKeepsTheOldZone() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            let ending = try await script(
                bench,
                """
                mount -t tmpfs -o size=64k none zones
                "$0" run -c edgemanage.yaml --force >/dev/null
                cp zones/example.test.zone before
                dd if=/dev/zero of=zones/filler bs=4k >/dev/null 2>&1 || true
                echo 'x 60 IN A 192.0.2.9' >> includes/web/example.test.zone
                status=0; "$0" run -c edgemanage.yaml --force || status=$?
                echo "status $status"; ls -A zones
                cmp before zones/example.test.zone
                rm zones/filler
                "$0" run -c edgemanage.yaml --force
                cp zones/example.test.zone after
                """)
            #expect(ending.status == 0, "\(ending.everything)")
            #expect(ending.output.contains("status 1\nexample.test.zone\nfiller\n"))
            #expect(ending.output.contains("failed: zone example.test: "), "\(ending.output)")
            #expect(ending.output.contains("o space left"))
            #expect(bench.text("after").contains("192.0.2.9"))
        }
    }

    @Test(.enabled(if: canMount, "a tmpfs can't be mounted here"))
    func fullDiskUnderTheDatabaseChangesNothing() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            let text = bench.text("edgemanage.yaml")
            try bench.write(
                "edgemanage.yaml",
                text.replacingOccurrences(of: "edgemanage.db", with: "state/edgemanage.db"))
            try FileManager.default.createDirectory(
                atPath: bench.path("state"), withIntermediateDirectories: true)
            let ending = try await script(
                bench,
                """
                mount -t tmpfs -o size=900k none state
                "$0" run -c edgemanage.yaml --force >/dev/null
                cp zones/example.test.zone before
                dd if=/dev/zero of=state/filler bs=4k >/dev/null 2>&1 || true
                echo 'x 60 IN A 192.0.2.9' >> includes/web/example.test.zone
                status=0; "$0" run -c edgemanage.yaml --force || status=$?
                echo "status $status"
                cmp before zones/example.test.zone
                rm state/filler
                "$0" run -c edgemanage.yaml --force
                cp zones/example.test.zone after
                """)
            #expect(ending.status == 0, "\(ending.everything)")
            #expect(ending.output.contains("status 1\n"), "\(ending.everything)")
            #expect(ending.errors.contains("edgemanage.db"), "\(ending.errors)")
            #expect(bench.text("after").contains("192.0.2.9"))
        }
    }

    /// What could not be written down did not happen: the log tells of a rotation once, when it does.
    @Test(.enabled(if: canMount, "a tmpfs can't be mounted here"))
    func aFullDiskTellsOfNoRotation() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configure()
            let text = bench.text("edgemanage.yaml")
            try bench.write(
                "edgemanage.yaml", text.replacing("edgemanage.db", with: "state/edgemanage.db"))
            try FileManager.default.createDirectory(
                atPath: bench.path("state"), withIntermediateDirectories: true)
            let names = bench.edges.map { $0.address + "\n" }
            try bench.write("edges/web", names.prefix(2).joined())
            try bench.write("later", names.dropFirst().joined())
            let ending = try await script(
                bench,
                """
                mount -t tmpfs -o size=900k none state
                "$0" run -c edgemanage.yaml --force >/dev/null
                mv later edges/web
                dd if=/dev/zero of=state/filler bs=4k >/dev/null 2>&1 || true
                for i in 1 2; do "$0" run -c edgemanage.yaml --force && exit 9; done
                cp edgemanage.log full
                rm state/filler
                "$0" run -c edgemanage.yaml --force
                """)
            #expect(ending.status == 0, "\(ending.everything)")
            let line = "\(bench.edges[0].address) out: "
            #expect(!bench.text("full").contains(line), "\(bench.text("full"))")
            let said = bench.text("edgemanage.log").components(separatedBy: line).count - 1
            #expect(said == 1, "\(bench.text("edgemanage.log"))")
        }
    }

    /// I23: whatever became of the database, the live set stands in the published zones.
    @Test(arguments: ["", "garbage", "SQLite format 3\u{0} and then nothing of the kind"])
    func damagedDatabaseRotatesNothing(damage: String) async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configure()
            try await bench.begin()
            try await bench.edges[0].behave(.refuse)
            try await bench.round()
            let zone = try bench.published()
            try await bench.edges[0].behave(.serve)
            for ending in ["-wal", "-shm"] { try? bench.remove("edgemanage.db\(ending)") }
            try bench.write(
                "edgemanage.db", String(repeating: damage, count: damage.isEmpty ? 1 : 500))
            let round = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
            // An empty file is a new database; a damaged one is no success, once.
            #expect(round.status == (damage.isEmpty ? 0 : 1), "\(round.everything)")
            let after = try bench.published()
            #expect(after.lines == zone.lines, "\(round.everything)")
            #expect(after.serial >= zone.serial)
            #expect(try await Set(bench.status().live) == Set(zone.addresses))
        }
    }

    @Test func lostDatabaseRotatesNothing() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configure()
            try await bench.begin()
            try await bench.edges[0].behave(.refuse)
            try await bench.round()
            let zone = try bench.published()
            try await bench.edges[0].behave(.serve)
            for ending in ["", "-wal", "-shm"] { try? bench.remove("edgemanage.db\(ending)") }
            try await bench.round()
            #expect(try bench.published() == zone)
            #expect(bench.text("edgemanage.log").contains("taken from the published zones"))
        }
    }

    /// The zones are out all the same, but who reads these files goes by old ones: the run says which and
    /// exits 1, until they can be written again.
    @Test(arguments: ["web.live", "web.state", "prom/edgemanage.prom", "health/EDGE.edgestore"])
    func staleFilesOfOthersAreAFailure(file: String) async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configureOriginal()
            let name = file.replacing("EDGE", with: bench.edges[0].address)
            // Nothing can be put in the place of a directory.
            try bench.write("\(name)/in the way", "")
            func round() async throws -> ChildProcess.Ending {
                try await bench.run(
                    "-A", "web", "-c", "original.yaml", "--force", as: "edge_manage")
            }
            let failed = try await round()
            #expect(failed.status == 1, "\(failed.everything)")
            #expect(try bench.published().addresses == bench.addresses(1, 2))
            let lines = bench.text("original.log").split(separator: "\n").filter {
                $0.contains(bench.path(name)) && $0.contains("rror")
            }
            #expect(!lines.isEmpty, "\(bench.text("original.log"))")
            try bench.remove(name)
            let mended = try await round()
            #expect(mended.status == 0, "\(mended.everything) \(bench.text("original.log"))")
            #expect(bench.has(name))
        }
    }

    @Test func missingZoneDirectoryIsNamed() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try bench.remove("zones")
            let round = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
            #expect(round.status == 1)
            #expect(round.everything.contains("zones"), "\(round.everything)")
            let check = try await bench.run("check", "-c", "edgemanage.yaml", "--no-probe")
            #expect(check.status == 1)
            #expect(check.output.contains("zones"), "\(check.everything)")
        }
    }

    /// A symbolic link at a zone's place is replaced, never written through.
    @Test func linkAtAZonesPlaceIsReplaced() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try bench.write("precious", "not a zone\n")
            symlink(bench.path("precious"), bench.path("zones/example.test.zone"))
            _ = try await bench.run("run", "-c", "edgemanage.yaml", "--force", "--force-update")
            #expect(bench.text("precious") == "not a zone\n")
            #expect(try bench.published().addresses == bench.addresses(1, 2))
        }
    }

    /// A directory that nobody may write: the old zone stays, it is said, and nobody's help is needed once it
    /// is writable again.
    @Test(.enabled(if: canMount, "nothing can be mounted here"))
    func readOnlyZoneDirectoryKeepsTheOldZone() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            let ending = try await script(
                bench,
                """
                "$0" run -c edgemanage.yaml --force >/dev/null
                cp zones/example.test.zone before
                mount --bind zones zones
                mount -o remount,ro,bind zones
                echo 'x 60 IN A 192.0.2.9' >> includes/web/example.test.zone
                status=0; "$0" run -c edgemanage.yaml --force || status=$?
                echo "status $status"; ls -A zones
                cmp before zones/example.test.zone
                umount zones
                "$0" run -c edgemanage.yaml --force
                cp zones/example.test.zone after
                """)
            #expect(ending.status == 0, "\(ending.everything)")
            #expect(ending.output.contains("status 1\nexample.test.zone\n"), "\(ending.output)")
            #expect(ending.output.contains("ead-only file system"), "\(ending.output)")
            #expect(bench.text("after").contains("192.0.2.9"))
        }
    }

    /// The same for everything that is written: database, log, locks and zones.
    @Test(.enabled(if: canMount, "nothing can be mounted here"))
    func readOnlyDirectoryOfAllChangesNothing() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            let ending = try await script(
                bench,
                """
                "$0" run -c edgemanage.yaml --force >/dev/null
                cp zones/example.test.zone before
                echo 'x 60 IN A 192.0.2.9' >> includes/web/example.test.zone
                mount --bind . .
                cd "$PWD"
                mount -o remount,ro,bind .
                status=0; "$0" run -c edgemanage.yaml --force || status=$?
                echo "status $status"
                cmp before zones/example.test.zone
                mount -o remount,rw,bind .
                "$0" run -c edgemanage.yaml --force
                cp zones/example.test.zone after
                """)
            #expect(ending.status == 0, "\(ending.everything)")
            #expect(ending.output.contains("status 1\n"), "\(ending.everything)")
            #expect(ending.errors.contains("ead-only file system"), "\(ending.errors)")
            #expect(bench.text("after").contains("192.0.2.9"))
        }
    }

    /// Links where locks, the live list and temporary files come: nothing is written through them.
    @Test func linksInTheWayAreNotFollowed() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configureOriginal()
            let round = ["-A", "web", "-c", "original.yaml", "--force"]
            func run() async throws -> ChildProcess.Ending {
                try await bench.start(round, as: "edge_manage").ending()
            }
            #expect(try await run().status == 0)
            try bench.write("precious", "not to be touched\n")
            for name in ["web.live", "web.state"] {
                try bench.remove(name)
                symlink(bench.path("precious"), bench.path(name))
                try bench.write("includes/web/example.test.zone", "a 60 IN TXT \"\(name)\"\n")
                let ending = try await run()
                #expect(ending.status == 0, "\(name): \(ending.everything)")
                #expect(bench.text("precious") == "not to be touched\n", "\(name)")
            }
            // A lock is never taken through a link: whoever made it could point it anywhere.
            try bench.remove("lock")
            symlink(bench.path("precious"), bench.path("lock"))
            let refused = try await run()
            #expect(refused.status == 1, "\(refused.everything)")
            #expect(refused.errors.contains("lock"), "\(refused.everything)")
            #expect(bench.text("precious") == "not to be touched\n")
            try bench.remove("lock")
            #expect(try await run().status == 0)
        }
    }

    /// A link at the very name of a zone's temporary file, which has the process's number in it.
    @Test func linkAtATemporaryFileIsReplaced() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            try bench.write("precious", "not to be touched\n")
            try bench.write("includes/web/example.test.zone", "a 60 IN TXT \"new\"\n")
            // The shell becomes the program: its process number is the program's.
            let ending = try await script(
                bench,
                """
                ln -s ../precious "zones/.edgemanage-example.test.$$.tmp"
                exec "$0" run -c edgemanage.yaml --force
                """)
            #expect(ending.status == 0, "\(ending.everything)")
            #expect(bench.text("precious") == "not to be touched\n")
            #expect(try bench.published().text.contains("new"))
            let names = try FileManager.default.contentsOfDirectory(atPath: bench.path("zones"))
            #expect(names == ["example.test.zone"])
        }
    }

    /// Nobody takes a damaged database for a new installation.
    @Test func aDamagedDatabaseIsSaid() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            for ending in ["-wal", "-shm"] { try? bench.remove("edgemanage.db\(ending)") }
            try bench.write("edgemanage.db", String(repeating: "garbage ", count: 700))
            let status = try await bench.run("status", "-c", "edgemanage.yaml")
            #expect(status.status == 1)
            // First, and no numbers that are not so.
            #expect(status.output.hasPrefix("network web: the database "), "\(status.everything)")
            #expect(status.output.contains("edgemanage.db is damaged"), "\(status.everything)")
            #expect(!status.output.contains("live"), "\(status.everything)")
            let round = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
            // Operators' words may be lost with it: no success, once.
            #expect(round.status == 1, "\(round.everything)")
            #expect(round.errors.contains("was damaged"), "\(round.everything)")
            #expect(round.errors.contains("set aside as"), "\(round.everything)")
        }
    }
}
