import EdgeLoopback
import Foundation
import Testing

/// The way of somebody who begins with `init`.
@Suite struct NewcomerTests {
    @Test func initCheckPlanRunStatus() async throws {
        try await CommandBench.with { bench in
            let made = try await bench.run(
                "init", "--url", "http://object.test:\(bench.port)/object.txt", "--network", "web",
                "--edge", bench.edges[0].address, "--edge", bench.edges[1].address, "--live", "1")
            #expect(made.status == 0)
            #expect(made.errors.isEmpty)
            try bench.write(
                "edgemanage.yaml",
                made.output.replacingOccurrences(of: "/var/lib/edgemanage/", with: "")
                    .replacingOccurrences(of: "edgetest.txt", with: "object.txt")
                    .replacingOccurrences(of: "zones/web", with: "includes/web")
                    .replacingOccurrences(of: "log: syslog", with: "log: edgemanage.log"))

            let check = try await bench.run("check", "-c", "edgemanage.yaml")
            #expect(check.status == 0, "\(check.everything)")
            #expect(check.output.contains("edgemanage.yaml: 1 network checked"))
            // Nobody knows them yet; the first places are theirs all the same.
            #expect(check.output.contains("; not up yet: 1 of 2 clean rounds in a row"))

            let before = try bench.listing()
            let plan = try await bench.run("plan", "-c", "edgemanage.yaml", "--detailed-exitcode")
            #expect(plan.status == 2, "\(plan.everything)")
            #expect(plan.output.contains("1 in, 0 out; 1 zone would be written; 0 held"))
            #expect(try bench.listing() == before)

            let run = try await bench.run("run", "-c", "edgemanage.yaml")
            #expect(run.status == 0, "\(run.everything)")
            #expect(run.output.contains("web: 1 of 1 live, 1 in, 0 out, 1 zone written, 0 held"))
            let live = try bench.published().addresses
            #expect(live.count == 1)

            let again = try await bench.run("plan", "-c", "edgemanage.yaml", "--detailed-exitcode")
            #expect(again.status == 0, "\(again.everything)")
            #expect(again.output.contains("nothing would change"))

            let status = try await bench.status()
            #expect(status.schema == 1)
            #expect(status.generation == 1)
            #expect(status.live == live)
            #expect(Set(status.edges.map(\.state)) == ["in", "out"])
            #expect(status.holds.isEmpty)
            #expect(status.troubles.isEmpty)
        }
    }

    /// I4: unchanged content means no write and no new serial.
    @Test func secondRoundWritesNothing() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            let zone = try bench.published()
            #expect(zone.lines == CommandBench.records(bench.addresses(1, 2)))
            let file = try bench.listing()["zones/example.test.zone"]
            let second = try await bench.round()
            #expect(second.output.contains("0 in, 0 out, 0 zones written, 0 held"))
            #expect(try bench.published() == zone)
            #expect(try bench.listing()["zones/example.test.zone"] == file)
        }
    }

    @Test func roundsAreThirtySecondsApartUnlessForced() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.round()
            let refused = try await bench.run("run", "-c", "edgemanage.yaml")
            #expect(refused.status == 1)
            #expect(refused.output.isEmpty)
            #expect(refused.errors.contains("the last run was "))
            #expect(refused.errors.contains("use --force to run all the same"))
            #expect(refused.errors.split(separator: "\n").count == 1)
            try await bench.round()
        }
    }

    /// An updated zone has a higher serial even within one second.
    @Test func forceUpdateWritesEveryZoneAnew() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.round()
            var last = try bench.published()
            for _ in 1...3 {
                try await bench.round("--force-update")
                let next = try bench.published()
                #expect(next.serial > last.serial)
                #expect(next.lines == last.lines)
                last = next
            }
        }
    }

    @Test func zonesPassNamedCheckzone() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.round()
            let found = try await bench.tool("which", "named-checkzone")
            guard found.status == 0 else { return }
            let checked = try await bench.tool(
                "named-checkzone", "-i", "none", "example.test", "zones/example.test.zone")
            #expect(checked.status == 0, "\(checked.everything)")
        }
    }

    /// An import means the same as what it was made from.
    @Test func importedConfigurationPublishesTheSameRecords() async throws {
        try await CommandBench.with { bench in
            try bench.configureOriginal()
            let old = try await bench.run(
                "-A", "web", "-c", "original.yaml", "--force", as: "edge_manage")
            #expect(old.status == 0, "\(old.everything)")
            let records = try bench.published().lines
            let made = try await bench.run("import", "original.yaml", "--network", "web")
            #expect(made.status == 0, "\(made.everything)")
            try bench.write("edgemanage.yaml", made.output)
            let plan = try await bench.run("plan", "-c", "edgemanage.yaml", "--detailed-exitcode")
            #expect(plan.status == 0, "\(plan.everything)")
            try await bench.round()
            #expect(try bench.published().lines == records)
        }
    }

    @Test func demoInAPipeEndsWell() async throws {
        try await CommandBench.with(edges: 1) { bench in
            let demo = try await bench.run("demo", "--directory", bench.path("demo"))
            #expect(demo.status == 0, "\(demo.everything)")
            #expect(demo.output.contains("Everything happened as it should."))
            #expect(bench.has("demo/zones/example.test.zone"))
            #expect(!demo.output.contains("\u{1B}"))
        }
    }
}
