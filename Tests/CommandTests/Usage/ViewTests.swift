import EdgeLoopback
import EdgeTesting
import Foundation
import Testing

/// What operators are shown: plan, status, check, approve.
@Suite struct ViewTests {
    @Test func statusBeforeTheFirstRoundMakesNothing() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            let before = try bench.listing()
            let status = try await bench.run("status", "-c", "edgemanage.yaml")
            #expect(status.status == 0, "\(status.everything)")
            #expect(status.output.contains("never run"))
            #expect(status.output.contains("not probed yet"))
            #expect(try bench.listing() == before)
        }
    }

    /// The plan tells records, serials and reasons; carrying it out does just that.
    @Test func planTellsEveryRecord() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            try await bench.begin()
            try await bench.edges[0].behave(.refuse)
            try bench.write(
                "includes/web/example.test.zone",
                "mail 3600 IN A 192.0.2.26\n@ 3600 IN MX 10 mail\n")
            let old = try bench.published()
            let plan = try await bench.run("plan", "-c", "edgemanage.yaml")
            #expect(plan.status == 0, "\(plan.everything)")
            for line in [
                "  - example.test. 300 A \(bench.edges[0].address)",
                "  + example.test. 300 A \(bench.edges[2].address)",
                "  - www.example.test. 300 A \(bench.edges[0].address)",
                "  + www.example.test. 300 A \(bench.edges[2].address)",
                "  - mail.example.test. 3600 A 192.0.2.25",
                "  + mail.example.test. 3600 A 192.0.2.26",
                "zone example.test  serial \(old.serial) -> ",
                "1 in, 1 out; 1 zone would be written; 0 held",
            ] { #expect(plan.output.contains(line), "\(line) in \(plan.output)") }
            #expect(!plan.output.contains("NS ns1"))
            try await bench.round()
            let new = try bench.published()
            #expect(
                old.lines.symmetricDifference(new.lines)
                    == Set(
                        plan.output.split(separator: "\n")
                            .filter { $0.hasPrefix("  - ") || $0.hasPrefix("  + ") }
                            .map { String($0.dropFirst(4)) }
                            .filter { $0.contains("example.test. ") }))
        }
    }

    @Test func approvingNothingSaysSo() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.round()
            let approve = try await bench.run("approve", "-c", "edgemanage.yaml", "web")
            #expect(approve.status == 0)
            #expect(approve.output == "nothing is held in network web\n")
        }
    }

    /// `approve --zone` lets through what concerns that zone alone.
    @Test func approvalOfOneZoneLeavesTheOther() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            let hosts = (1...6).map { "host\($0) 300 IN A 192.0.2.\($0)\n" }
            for zone in ["a", "b"] {
                try bench.write("includes/web/\(zone).test.zone", hosts.joined())
            }
            try await bench.round()
            for zone in ["a", "b"] {
                try bench.write("includes/web/\(zone).test.zone", hosts.prefix(1).joined())
            }
            try await bench.round()
            #expect(try await bench.status().holds.count == 2)
            let approve = try await bench.run(
                "approve", "-c", "edgemanage.yaml", "web", "--zone", "a.test")
            #expect(approve.status == 0, "\(approve.everything)")
            try await bench.round()
            #expect(try !bench.published("a.test").lines.contains("host6.a.test. 300 A 192.0.2.6"))
            #expect(try bench.published("b.test").lines.contains("host6.b.test. 300 A 192.0.2.6"))
            #expect(try await bench.status().holds.count == 1)
            try await bench.round("--force-update")
            #expect(try !bench.published("b.test").lines.contains("host6.b.test. 300 A 192.0.2.6"))
        }
    }

    /// `check` says which answers the original took for healthy.
    @Test func checkTellsWhatTheOriginalCountedOtherwise() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configureOriginal()
            try await bench.edges[0].behave(.redirect("http://object.test/elsewhere"))
            try await bench.edges[1].behave(.gzip)
            try await bench.edges[2].behave(.status(304))
            let check = try await bench.run("check", "-c", "original.yaml")
            #expect(check.status == 0, "\(check.everything)")
            for words in [
                "the original followed redirects", "the original decoded it",
                "the original passed every status under 400",
            ] { #expect(check.output.contains(words), "\(check.everything)") }
            #expect(!bench.has("commands.txt"))
        }
    }

    @Test func twoNetworksAreRunAndShownTogether() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configure()
            try bench.write("edges/web", bench.addresses(1, 2).joined(separator: "\n"))
            try bench.write("edges/shop", bench.addresses(3, 4).joined(separator: "\n"))
            try bench.write("includes/shop/shop.test.zone", "")
            try bench.write(
                "edgemanage.yaml",
                bench.text("edgemanage.yaml")
                    + "  shop: {edges: edges/shop, live: 2, zones: includes/shop}\n")
            let round = try await bench.round()
            #expect(round.output.contains("web: 2 of 2 live"), "\(round.everything)")
            #expect(round.output.contains("shop: 2 of 2 live"), "\(round.everything)")
            #expect(try bench.published().addresses == bench.addresses(1, 2))
            #expect(try bench.published("shop.test").addresses == bench.addresses(3, 4))
            // One of them failing outright is the other's business not at all.
            for edge in bench.edges.prefix(2) { try await edge.behave(.refuse) }
            let second = try await bench.round()
            #expect(
                second.output.contains("web: 2 of 2 live, 0 in, 0 out, 0 zones written, 1 held"))
            #expect(
                second.output.contains("shop: 2 of 2 live, 0 in, 0 out, 0 zones written, 0 held"))
        }
    }
}
