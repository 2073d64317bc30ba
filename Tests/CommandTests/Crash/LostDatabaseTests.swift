import EdgeLoopback
import Foundation
import Testing

/// Databases that are damaged inside, lack a table, or are gone: said, once, with what is lost.
@Suite struct LostDatabaseTests {
    private func run(_ bench: CommandBench, _ words: String...) async throws
        -> ChildProcess.Ending
    {
        try await bench.start(words + ["-c", "edgemanage.yaml"]).ending()
    }

    /// A bench with a mode and a hold, its database in one file.
    private func with(_ body: (CommandBench) async throws -> Void) async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            let edge = bench.edges[0].address
            _ = try await run(bench, "edge", "set", "unavailable", edge, "-m", "kernel update")
            _ = try await run(bench, "hold", "web", "night shift")
            let closing = try await bench.tool(
                "sqlite3", "edgemanage.db", "PRAGMA wal_checkpoint(TRUNCATE)")
            #expect(closing.status == 0, "\(closing.everything)")
            for ending in ["-wal", "-shm"] { try? bench.remove("edgemanage.db\(ending)") }
            try await body(bench)
        }
    }

    /// An edge that was taken out may be live again: for a day everybody who asks hears of it.
    private func expectToBeLookedAt(_ words: String, _ bench: CommandBench) async throws {
        let status = try await bench.status()
        #expect(status.troubles.contains { $0.contains(words) }, "\(status.troubles)")
        let log = try await run(bench, "log", "web", "--kind", "salvage")
        #expect(log.output.contains(words), "\(log.everything)")
        let check = try await bench.start(["-c", "edgemanage.yaml"], as: "check_edgemanage")
            .ending()
        #expect(check.status == 1 || check.status == 2, "\(check.everything)")
        #expect(check.output.contains(words), "\(check.everything)")
    }

    /// The file's header is fine: it comes to light in the middle of the round.
    @Test func damageInTheMiddleIsSaidOnce() async throws {
        try await with { bench in
            var bytes = [UInt8](
                FileManager.default.contents(atPath: bench.path("edgemanage.db")) ?? Data())
            for index in 4096..<bytes.count { bytes[index] = 0xA5 }
            try Data(bytes).write(to: URL(filePath: bench.path("edgemanage.db")))
            for command in ["status", "plan", "check"] {
                let ending = try await run(bench, command)
                #expect(!ending.everything.contains("move it away"), "\(ending.everything)")
                #expect(ending.status == 1, "\(ending.everything)")
                #expect(
                    ending.everything.contains("else edgemanage run sets it aside"),
                    "\(ending.everything)")
            }
            let round = try await run(bench, "run", "--force", "-q")
            #expect(round.status == 1, "\(round.everything)")
            #expect(round.errors.contains("was set aside as"), "\(round.everything)")
            #expect(
                round.errors.contains(
                    "operators' modes, holds and approvals, the rotation budget's memory and kept "
                        + "generations are lost: set again what should hold"),
                "\(round.everything)")
            #expect(bench.text("edgemanage.log").contains("was set aside as"))
            let next = try await run(bench, "run", "--force")
            #expect(next.status == 0, "\(next.everything)")
            #expect(next.errors.isEmpty, "\(next.everything)")
            try await expectToBeLookedAt("was set aside as", bench)
        }
    }

    /// Without one of its tables no round could ever run; what operators said is brought over.
    @Test(arguments: ["zone", "content", "round"])
    func aMissingTableIsDamage(table: String) async throws {
        try await with { bench in
            let drop = try await bench.tool(
                "sqlite3", "edgemanage.db", "PRAGMA foreign_keys = OFF; DROP TABLE \(table)")
            #expect(drop.status == 0, "\(drop.everything)")
            let round = try await run(bench, "run", "--force")
            #expect(round.status == 1, "\(round.everything)")
            let said = round.errors
            #expect(said.contains("no such table: \(table)"), "\(said)")
            #expect(
                said.contains("1 mode and 1 hold of rotations could be read and were brought over"))
            let status = try await bench.status()
            #expect(
                status.edges.contains {
                    $0.mode == "unavailable" && $0.comment.hasSuffix("] kernel update")
                })
            #expect(try await run(bench, "run", "--force").status == 0)
        }
    }

    @Test func aDatabaseThatIsGoneIsSaidInTheFirstRun() async throws {
        try await with { bench in
            try bench.remove("edgemanage.db")
            let words = "modes, holds and the rotation budget of an earlier database are not known"
            let round = try await run(bench, "run", "--force")
            #expect(round.status == 0, "\(round.everything)")
            #expect(round.output.contains(words), "\(round.everything)")
            let next = try await run(bench, "run", "--force")
            #expect(!next.output.contains(words), "\(next.everything)")
            // For a day.
            #expect(try await bench.status().troubles.contains { $0.contains(words) })
        }
    }

    /// Both networks share the database; the round of the first one finds the damage.
    @Test func eachNetworkHearsWhatBecameOfItsOwnWords() async throws {
        try await CommandBench.with(edges: 4) { bench in
            let addresses = bench.edges.map { $0.address + "\n" }
            try bench.write("edges/shop", addresses.joined())
            try bench.write("includes/shop/shop.test.zone", "mail 3600 IN A 192.0.2.26\n")
            try bench.configure(network: [
                "@  shop: {edges: edges/shop, live: 2, budget: 100, zones: includes/shop}"
            ])
            let text = bench.text("edgemanage.yaml").replacing("    @  shop", with: "  shop")
            try bench.write("edgemanage.yaml", text)
            #expect(try await run(bench, "run", "--force").status == 0)
            let edge = bench.edges[3].address
            let set = try await run(
                bench, "edge", "set", "--network", "shop", "unavailable", edge, "-m", "disk")
            #expect(set.status == 0, "\(set.everything)")
            let drop = try await bench.tool(
                "sqlite3", "edgemanage.db", "PRAGMA foreign_keys = OFF; DROP TABLE round")
            #expect(drop.status == 0, "\(drop.everything)")
            let round = try await run(bench, "run", "--force", "web", "shop")
            #expect(round.status == 1, "\(round.everything)")
            #expect(
                round.errors.contains("and a new one begun; operators' modes, holds and approvals"),
                "\(round.everything)")
            #expect(
                round.output.contains("begun; 1 mode could be read and was brought over"),
                "\(round.everything)")
            #expect(!round.everything.contains("are not known"), "\(round.everything)")
            let next = try await run(bench, "run", "--force")
            #expect(next.status == 0, "\(next.everything)")
            #expect(!next.everything.contains("brought over"), "\(next.everything)")
        }
    }

    /// What an operator says is kept, and what was said before may be lost: that is no success.
    @Test(arguments: ["edge", "hold", "resume", "approve"])
    func commandsThatFindTheDamageSayItAndFail(command: String) async throws {
        try await with { bench in
            let drop = try await bench.tool(
                "sqlite3", "edgemanage.db",
                "PRAGMA foreign_keys = OFF; DROP TABLE \(command == "hold" ? "audit" : "hold")")
            #expect(drop.status == 0, "\(drop.everything)")
            let edge = bench.edges[1].address
            let words =
                switch command {
                case "edge": ["edge", "set", "force", edge, "-m", "mine"]
                case "hold": ["hold", "web", "day shift"]
                default: [command, "web"]
                }
            let ending = try await bench.start(words + ["-c", "edgemanage.yaml"]).ending()
            #expect(ending.status == 1, "\(ending.everything)")
            #expect(
                ending.errors.contains("1 mode and 1 hold of rotations could be read"),
                "\(ending.everything)")
            let status = try await bench.status()
            #expect(status.edges.contains { $0.mode == "unavailable" })
            switch command {
            case "edge": #expect(status.edges.contains { $0.edge == edge && $0.mode == "force" })
            case "hold": #expect(status.rotationHold?.contains("day shift") == true)
            case "resume": #expect(status.rotationHold == nil)
            default: break
            }
            // The run hears of it once more, and it is what is so.
            let round = try await run(bench, "run", "--force")
            #expect(round.status == 0, "\(round.everything)")
            #expect(round.output.contains("could be read"), "\(round.everything)")
            #expect(!round.output.contains("are not known"), "\(round.everything)")
        }
    }

    /// The database is taken away under a daemon: what the first run without one says is said there too.
    @Test func aDatabaseThatGoesUnderADaemonIsSaid() async throws {
        try await with { bench in
            let text = bench.text("edgemanage.yaml")
            try bench.write(
                "edgemanage.yaml",
                text.replacing("timeout: 3s,", with: "timeout: 3s, interval: 1s,"))
            let daemon = try bench.start(["run", "-c", "edgemanage.yaml", "--daemonise"])
            let before = bench.edges[1].requests
            do {
                try await bench.wait { bench.edges[1].requests > before + 1 }
                try bench.remove("edgemanage.db")
                try await bench.wait {
                    bench.text("edgemanage.log").contains("replaced while it was in use")
                }
            } catch {
                daemon.kill()
                _ = await daemon.ending()
                throw error
            }
            kill(daemon.id, SIGTERM)
            let ending = await daemon.ending()
            #expect(ending.status == 0, "\(ending.everything)")
            try await expectToBeLookedAt("replaced while it was in use", bench)
            #expect(
                bench.text("edgemanage.log").contains(
                    "the database edgemanage.db was replaced while it was in use: modes, holds and the "
                        + "rotation budget of an earlier database are not known; set again what should hold"
                ), "\(bench.text("edgemanage.log"))")
        }
    }
}
