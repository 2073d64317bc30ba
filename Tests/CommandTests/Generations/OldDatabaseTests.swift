import EdgeTesting
import Foundation
import Testing

/// Commands at a database that an older program wrote.
@Suite struct OldDatabaseTests {
    /// A bench that published twice, its database as version 1 would have it.
    private func with(_ body: (CommandBench) async throws -> Void) async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            let text = bench.text("edgemanage.yaml")
            try bench.write(
                "edgemanage.yaml",
                text.replacing("database: edgemanage.db", with: "database: state/edgemanage.db"))
            try FileManager.default.createDirectory(
                atPath: bench.path("state"), withIntermediateDirectories: true)
            try bench.write("includes/web/other.test.zone", "mail 3600 IN A 192.0.2.10\n")
            try await bench.begin()
            try bench.write("includes/web/example.test.zone", "mail 3600 IN A 192.0.2.26\n")
            try await bench.round()
            let now = bench.path("state/edgemanage.db")
            try bench.write("old.sql", OldDatabase.version1 + OldDatabase.copy1(of: now))
            let made = try await bench.tool("sqlite3", "state/old.db", ".read old.sql")
            #expect(made.status == 0, "\(made.everything)")
            for ending in ["", "-wal", "-shm"] { try? bench.remove("state/edgemanage.db\(ending)") }
            try FileManager.default.moveItem(atPath: bench.path("state/old.db"), toPath: now)
            try await body(bench)
        }
    }

    /// Who only looks needs neither a run before nor the right to write, and changes nothing (I21).
    @Test func whoOnlyReadsSeesEverything() async throws {
        try await with { bench in
            let before = FileManager.default.contents(atPath: bench.path("state/edgemanage.db"))
            let status = try await bench.status()
            #expect(status.generation == 2 && status.live == bench.addresses(1, 2))
            let history = try await bench.run("history", "-c", "edgemanage.yaml", "web")
            #expect(
                history.status == 0 && history.output.contains("2  20"), "\(history.everything)")
            let plan = try await bench.run("plan", "-c", "edgemanage.yaml")
            #expect(plan.status == 0, "\(plan.everything)")
            let query = try await bench.run(
                "-A", "web", "-c", "edgemanage.yaml", "-s", "in", "-q", as: "edge_query")
            #expect(query.status == 0, "\(query.everything)")
            #expect(query.output == bench.addresses(1, 2).map { $0 + "\n" }.joined())
            let after = FileManager.default.contents(atPath: bench.path("state/edgemanage.db"))
            #expect(before == after)
        }
    }

    @Test(.enabled(if: DiskTests.canMount, "nothing can be mounted here"))
    func whoMayNotWriteReadsToo() async throws {
        try await with { bench in
            let ending = try await bench.tool([
                "unshare", "-m", "sh", "-eu", "-c",
                """
                rm -f state/*-wal state/*-shm state/*.lock
                mount --bind state state; mount -o remount,ro,bind state
                "$0" status -c edgemanage.yaml web
                "$0" plan -c edgemanage.yaml
                "$0" edge_query -A web -c edgemanage.yaml -s in -q
                ls state
                """, CommandBench.program,
            ])
            #expect(ending.status == 0, "\(ending.everything)")
            #expect(
                ending.output.hasSuffix(
                    bench.addresses(1, 2).map { $0 + "\n" }.joined()
                        + "edgemanage.db\n"), "\(ending.everything)")
        }
    }

    /// What was published before the update can be brought back whole.
    @Test func whatWasPublishedBeforeIsTheFirstGeneration() async throws {
        try await with { bench in
            try bench.write("includes/web/example.test.zone", "mail 3600 IN A 192.0.2.27\n")
            try await bench.round()
            let diff = try await bench.run("diff", "-c", "edgemanage.yaml", "web", "3")
            #expect(diff.status == 0, "\(diff.everything)")
            #expect(diff.output.contains("- mail.example.test. 3600 A 192.0.2.26"))
            #expect(diff.output.contains("+ mail.example.test. 3600 A 192.0.2.27"))
            #expect(!diff.output.contains("other.test"), "\(diff.output)")
            let whole = try await bench.run(
                "diff", "-c", "edgemanage.yaml", "web", "3", "--zone", "other.test", "--json")
            #expect(whole.status == 0, "\(whole.everything)")
            let back = try await bench.run("rollback", "-c", "edgemanage.yaml", "web", "2")
            #expect(back.status == 0, "\(back.everything)")
            #expect(try bench.published().text.contains("192.0.2.26"))
            #expect(try bench.published("other.test").text.contains("192.0.2.10"))
        }
    }
}
