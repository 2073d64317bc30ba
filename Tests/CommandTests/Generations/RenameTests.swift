import EdgeLoopback
import Foundation
import Testing

/// A network that got another name in the configuration, and zones that belong to another network.
@Suite struct RenameTests {
    private func rename(_ bench: CommandBench, to name: String = "site") throws {
        let text = bench.text("edgemanage.yaml")
        try bench.write(
            "edgemanage.yaml", text.replacingOccurrences(of: "  web:\n", with: "  \(name):\n"))
    }

    /// Frozen zones are no success, and everything says the way out.
    @Test func zonesOfTheOldNameFailUntilItIsSaid() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            let before = try bench.published()
            try rename(bench)
            let way =
                "zone example.test is published by network web already, which this configuration does "
                + "not declare: run edgemanage network rename web site, if web is site's old name; else "
                + "edgemanage zone forget web example.test"
            for words in [["run", "--force", "-q"], ["plan"], ["check", "--no-probe"], ["check"]] {
                let ending = try await bench.start(words + ["-c", "edgemanage.yaml"]).ending()
                #expect(ending.status == 1, "\(words): \(ending.everything)")
                #expect(ending.everything.contains(way), "\(words): \(ending.everything)")
            }
            #expect(try await bench.command("status").contains(way))
            #expect(try bench.published() == before)
            let history = try await bench.command("history", "web")
            #expect(history.contains("because it is new"), "\(history)")
        }
    }

    @Test func aRenamedNetworkGoesOnAsItWas() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            _ = try await bench.command(
                "edge", "set", "unavailable", bench.edges[3].address, "-m", "kernel")
            try await bench.round()
            let serial = try bench.published().serial
            try rename(bench)
            // A zone that is new waits for the others, or there would be two networks.
            try bench.write("includes/web/new.test.zone", "mail 60 IN A 192.0.2.25\n")
            let early = try await bench.command("run", "--force", expecting: 1)
            #expect(
                early.contains("zone new.test: it is new, and waits until the zones of network web")
            )
            let names = try await bench.status("site").troubles
            #expect(names.contains { $0.contains("zone new.test: it is new") }, "\(names)")
            _ = try await bench.command(
                "edge", "set", "unavailable", bench.edges[2].address, "-m", "disk")
            let said = try await bench.command("network", "rename", "web", "site")
            #expect(said.contains("network web is site now"))

            await bench.edges[0].stop()
            _ = try await bench.command("run", "--force")
            let status = try await bench.status("site")
            // Its history goes on: the dead edge stays, for both others were taken out by operators.
            #expect(status.live == bench.addresses(1, 2).sorted())
            let comments = status.edges.map(\.comment)
            for words in ["] kernel", "] disk"] {
                #expect(comments.contains { $0.hasSuffix(words) }, "\(comments)")
            }
            #expect(try bench.published().serial == serial)
            _ = try await bench.command("edge", "set", "available", bench.edges[3].address)
            for _ in 1...3 { _ = try await bench.command("run", "--force") }
            #expect(Set(try bench.published().addresses) == Set(bench.addresses(2, 4)))
            let history = try await bench.command("history", "site")
            #expect(history.contains("because it is new"))
            #expect(try await bench.command("history", "web", expecting: 1).contains("no network"))
        }
    }

    @Test func aRenameThatCanNotBeIsRefused() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            let declared = try await bench.command("network", "rename", "web", "site", expecting: 1)
            #expect(declared.contains("edgemanage.yaml still declares network web"))
            let unknown = try await bench.command("network", "rename", "old", "web", expecting: 1)
            #expect(unknown.contains("the database knows no network old; it knows web"))
            try rename(bench)
            let undeclared = try await bench.command(
                "network", "rename", "web", "shop", expecting: 1)
            #expect(undeclared.contains("edgemanage.yaml declares no network shop"))
            // A network with zones of its own stays what it is.
            try FileManager.default.moveItem(
                atPath: bench.path("includes/web/example.test.zone"),
                toPath: bench.path("includes/web/other.test.zone"))
            _ = try await bench.command("run", "--force")
            let taken = try await bench.command("network", "rename", "web", "site", expecting: 1)
            #expect(taken.contains("network site publishes 1 zone of its own already"))
            let held = FileManager.default
            #expect(held.fileExists(atPath: bench.path("zones/other.test.zone")))
            _ = try await bench.command("network", "rename", "web", "web", expecting: 2)
        }
    }

    @Test func aZoneOfANetworkThatIsGoneCanBeForgotten() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            try rename(bench)
            _ = try await bench.command("run", "--force", expecting: 1)
            let said = try await bench.command("zone", "forget", "web", "example.test")
            #expect(said.contains("zone example.test is forgotten"))
            _ = try await bench.command("run", "--force")
            #expect(try await bench.status("site").troubles.isEmpty)
        }
    }

    /// The original's configuration does not list its networks: both ways out are said.
    @Test func theOriginalsWordsFitBothCases() async throws {
        try await CommandBench.with { bench in
            try bench.configureOriginal()
            let first = try await bench.start(
                ["run", "-c", "original.yaml", "--force", "web"]
            ).ending()
            #expect(first.status == 0, "\(first.everything)")
            try FileManager.default.moveItem(
                atPath: bench.path("edges/web"), toPath: bench.path("edges/site"))
            try FileManager.default.moveItem(
                atPath: bench.path("includes/web"), toPath: bench.path("includes/site"))
            let text = bench.text("original.yaml")
            try bench.write(
                "original.yaml", text.replacingOccurrences(of: "{web: 2}", with: "{site: 2}"))
            let run = try await bench.run("run", "-c", "original.yaml", "--force", "site")
            #expect(run.status == 1, "\(run.everything)")
            #expect(
                run.everything.contains(
                    "remove its include from one; if web is site's old name, run edgemanage network "
                        + "rename web site"), "\(run.everything)")
            let renamed = try await bench.run(
                "network", "rename", "web", "site", "-c", "original.yaml")
            #expect(renamed.status == 0, "\(renamed.everything)")
            let again = try await bench.run("run", "-c", "original.yaml", "--force", "site")
            #expect(again.status == 0, "\(again.everything)")
        }
    }
}
