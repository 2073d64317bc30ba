import EdgeCore
import EdgeLoopback
import EdgeTesting
import Foundation
import Testing

/// Includes, zone files and name servers that change under the program's feet.
@Suite struct ZoneFaultTests {
    static let include = "includes/web/example.test.zone"
    static let file = "zones/example.test.zone"

    @Test(arguments: [
        ("@ 300 IN A 192.0.2.1", "A"), ("www 300 IN CNAME elsewhere.test.", "CNAME"),
        ("@ 300 IN SOA a. b. 1 2 3 4 5", "SOA"), ("$INCLUDE /etc/passwd", "$INCLUDE"),
        ("$GENERATE 1-9 a$ A 192.0.2.$", "$GENERATE"), ("outside.net. 300 IN A 192.0.2.1", ""),
        ("text 300 IN TXT \"never closed", ""),
    ])
    func refusedIncludeKeepsTheLastOne(line: String, word: String) async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            try await bench.begin()
            let good = bench.text(Self.include)
            try bench.write(Self.include, "\(good)\(line)\n")
            try await bench.edges[0].behave(.refuse)
            let round = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
            #expect(round.everything.contains("\(Self.include):3"), "\(round.everything)")
            #expect(word.isEmpty || round.everything.contains(word))
            #expect(!round.everything.contains("root:"))
            #expect(try bench.published().lines == CommandBench.records(bench.addresses(2, 3)))

            try bench.write(Self.include, "\(good)text 60 IN TXT \"mended\"\n")
            try await bench.round()
            #expect(
                try bench.published().lines
                    == CommandBench.records(bench.addresses(2, 3))
                    .union(["text.example.test. 60 TXT \"mended\""]))
        }
    }

    /// Permissions that keep every reader out are a fault like any other of the file, for root too.
    @Test func aFileThatNobodyMayReadIsReplaced() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            let serial = try bench.published().serial
            #expect(chmod(bench.path(Self.file), 0) == 0)
            let round = try await bench.run("run", "-c", "edgemanage.yaml", "--force", "--verbose")
            #expect(round.status == 0, "\(round.everything)")
            #expect(round.everything.contains("the file of zone example.test is replaced"))
            #expect(try bench.published().serial > serial)
            let mode = try FileManager.default.attributesOfItem(
                atPath: bench.path(Self.file))[.posixPermissions]
            #expect(mode as? Int == 0o644)
        }
    }

    /// A zone that never had an accepted include is not published; the others are.
    @Test func newZoneWithABadIncludeWaitsAlone() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try bench.write("includes/web/bad.test.zone", "www 300 IN A 192.0.2.1\n")
            let round = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
            #expect(round.everything.contains("includes/web/bad.test.zone:1"))
            #expect(!bench.has("zones/bad.test.zone"))
            #expect(try bench.published().addresses == bench.addresses(1, 2))
        }
    }

    @Test func lossOfManyRecordsWaitsForApproval() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            let hosts = (1...6).map { "host\($0) 300 IN A 192.0.2.\($0)\n" }
            try bench.write(Self.include, hosts.joined())
            try await bench.begin()
            let zone = try bench.published()
            try bench.write(Self.include, hosts.prefix(2).joined())
            let held = try await bench.round()
            #expect(held.output.contains("held: zone example.test would lose 4 of 6 records"))
            #expect(try bench.published() == zone)

            // Addresses go on changing while the include waits.
            try await bench.edges[0].behave(.refuse)
            try await bench.round()
            #expect(try bench.published().addresses == bench.addresses(2, 3))
            #expect(try bench.published().lines.contains("host6.example.test. 300 A 192.0.2.6"))

            let approve = try await bench.run("approve", "-c", "edgemanage.yaml", "web")
            #expect(approve.status == 0, "\(approve.everything)")
            try await bench.round()
            #expect(try !bench.published().lines.contains("host6.example.test. 300 A 192.0.2.6"))
            #expect(try bench.published().lines.contains("host2.example.test. 300 A 192.0.2.2"))
        }
    }

    @Test func additionsAndEditsPublishAtOnce() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            let serial = try bench.published().serial
            try bench.write(Self.include, "a 60 IN A 192.0.2.9\nmail 3600 IN A 192.0.2.26\n")
            try await bench.round()
            let zone = try bench.published()
            #expect(zone.serial > serial)
            #expect(zone.lines.contains("a.example.test. 60 A 192.0.2.9"))
        }
    }

    /// I7 and I3: deleted, edited or older files are put right, with a higher serial.
    @Test func damagedZoneFilesAreRepaired() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            let first = try bench.published()
            let damages: [(CommandBench) throws -> Void] = [
                { try $0.remove(Self.file) }, { try $0.write(Self.file, "") },
                { try $0.write(Self.file, "this is no zone\n") },
                {
                    let text = $0.text(Self.file)
                    try $0.write(Self.file, text.replacingOccurrences(of: "mail", with: "evil"))
                },
            ]
            var last = first.serial
            for damage in damages {
                try damage(bench)
                try await bench.round()
                let zone = try bench.published()
                #expect(zone.lines == first.lines)
                #expect(zone.serial > last)
                last = zone.serial
            }
        }
    }

    /// I3: a serial that was raised by hand is never undercut.
    @Test func serialRaisedByHandIsExceeded() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            let first = try bench.published()
            let raised = first.serial + 1_000_000
            let text = first.text.replacingOccurrences(of: "\(first.serial)", with: "\(raised)")
            try bench.write(Self.file, text)
            try await bench.round("--force-update")
            #expect(try bench.published().serial > raised)
        }
    }

    @Test func changeOfNameServersWaitsForApproval() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            let zone = try bench.published()
            try bench.configure(nameServers: "ns1.dns.test., other.dns.test.")
            let held = try await bench.round()
            #expect(held.output.contains("held: NS or SOA parameters would change in every zone"))
            #expect(try bench.published() == zone)
            try await bench.run("approve", "-c", "edgemanage.yaml", "web")
            try await bench.round()
            #expect(try bench.published().lines.contains("example.test. 300 NS other.dns.test."))
            #expect(try bench.published().serial > zone.serial)
        }
    }

    @Test func emptiedIncludeDirectoryLeavesZonesAlone() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            let zone = try bench.published()
            try bench.remove(Self.include)
            _ = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
            #expect(try bench.published() == zone)
            try bench.remove("includes/web")
            let round = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
            #expect(round.everything.contains("includes/web"), "\(round.everything)")
            #expect(try bench.published() == zone)
        }
    }

    /// I8: the operator's checker has the last word.
    @Test func checkerThatRefusesKeepsTheOldFile() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            try await bench.begin()
            let zone = try bench.published()
            let text = bench.text("edgemanage.yaml")
            try bench.write("checker.sh", "#!/bin/sh\necho no good; exit 1\n")
            chmod(bench.path("checker.sh"), 0o755)
            try bench.write(
                "edgemanage.yaml",
                text.replacingOccurrences(
                    of: "{directory: zones}",
                    with: "{directory: zones, checker: [\(bench.path("checker.sh"))]}"))
            try await bench.edges[0].behave(.refuse)
            let round = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
            #expect(round.status == 1)
            #expect(round.output.contains("failed: zone example.test"), "\(round.everything)")
            #expect(round.output.contains("no good"))
            #expect(try bench.published() == zone)
            #expect(try names(bench) == ["example.test.zone"])
            try bench.write("edgemanage.yaml", text)
            try await bench.round()
            #expect(try bench.published().addresses == bench.addresses(2, 3))
        }
    }

    private func names(_ bench: CommandBench) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: bench.path("zones")).sorted()
    }

    /// A failed reload is owed until it succeeds, and status says so.
    @Test func failedReloadIsRunAgain() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            let text = bench.text("edgemanage.yaml")
            let here = bench.path("reload.sh")
            try bench.write("reload.sh", "#!/bin/sh\ntest -e ready && touch done\n")
            chmod(here, 0o755)
            try bench.write(
                "edgemanage.yaml",
                text.replacingOccurrences(
                    of: "{directory: zones}", with: "{directory: zones, reload: \(here)}"))
            try bench.write(
                "reload.sh", "#!/bin/sh\ncd \(bench.directory)\n[ -e ok ] && touch done\n")
            let failed = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
            #expect(failed.status == 1)
            #expect(failed.output.contains("run again next round"), "\(failed.everything)")
            #expect(try await bench.status().troubles.contains { $0.contains("still owed") })
            try bench.write("ok", "")
            try await bench.round()
            #expect(bench.has("done"))
            #expect(try await bench.status().troubles.isEmpty)
            try bench.remove("done")
            try await bench.round()
            #expect(!bench.has("done"))
        }
    }

    @Test func oneZoneInTwoNetworksIsAnError() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try bench.write("includes/shop/example.test.zone", "a 60 IN A 192.0.2.1\n")
            let text = bench.text("edgemanage.yaml")
            try bench.write(
                "edgemanage.yaml",
                text + "  shop: {edges: edges/web, live: 1, zones: includes/shop}\n")
            let check = try await bench.run("check", "-c", "edgemanage.yaml", "--no-probe")
            #expect(check.status == 1, "\(check.everything)")
            #expect(check.output.contains("example.test"))
            let first = try await bench.run("run", "-c", "edgemanage.yaml", "--force", "web")
            let zone = try bench.published()
            let second = try await bench.run("run", "-c", "edgemanage.yaml", "--force", "shop")
            #expect(second.everything.contains("example.test"), "\(second.everything)")
            #expect(try bench.published() == zone, "\(first.everything)\(second.everything)")
        }
    }
}
