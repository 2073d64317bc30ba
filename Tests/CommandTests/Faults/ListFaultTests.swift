import EdgeLoopback
import Foundation
import Testing

/// Lists and modes that operators change, well or badly.
@Suite struct ListFaultTests {
    @Test func massRemovalWaitsForApproval() async throws {
        try await CommandBench.with(edges: 6) { bench in
            try bench.configure(live: 3)
            try await bench.begin(live: 3)
            let zone = try bench.published()
            try bench.write("edges/web", bench.addresses(3, 4, 5, 6).joined(separator: "\n") + "\n")
            let held = try await bench.round()
            #expect(held.output.contains("held: 2 of 3 live edges are gone from the edge list"))
            #expect(try bench.published() == zone)
            let status = try await bench.status()
            #expect(status.holds.map(\.approvable) == [true])

            let approve = try await bench.run("approve", "-c", "edgemanage.yaml", "web")
            #expect(approve.status == 0, "\(approve.everything)")
            #expect(approve.output.contains("approved: 2 of 3 live edges are gone"))
            try await bench.round()
            let after = try bench.published()
            #expect(after.serial > zone.serial)
            #expect(after.addresses.count == 3)
            #expect(after.addresses.contains(bench.edges[2].address))
            #expect(try await bench.status().holds.isEmpty)
        }
    }

    /// An approval lets through what was shown, and nothing else.
    @Test func approvalOfOnePlanIsNoneForAnother() async throws {
        try await CommandBench.with(edges: 6) { bench in
            try bench.configure(live: 3)
            try await bench.begin(live: 3)
            let zone = try bench.published()
            try bench.write("edges/web", bench.addresses(3, 4, 5, 6).joined(separator: "\n") + "\n")
            try await bench.round()
            try await bench.run("approve", "-c", "edgemanage.yaml", "web")
            try bench.write("edges/web", bench.addresses(4, 5, 6).joined(separator: "\n") + "\n")
            let held = try await bench.round()
            #expect(held.output.contains("held: 3 of 3 live edges are gone from the edge list"))
            #expect(try bench.published() == zone)
        }
    }

    /// An edge removed from the list leaves in the same round, outside the budget.
    @Test func removedEdgeLeavesAtOnce() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configure(live: 2, budget: 1)
            try await bench.begin()
            try bench.write("edges/web", bench.addresses(2, 3, 4).joined(separator: "\n") + "\n")
            let round = try await bench.round()
            #expect(round.output.contains("\(bench.edges[0].address)  out: no longer in the"))
            #expect(try bench.published().addresses.contains(bench.edges[1].address))
            #expect(try bench.published().addresses.count == 2)
            #expect(try await bench.status().budgetRemaining == 1)
        }
    }

    @Test(arguments: ["", "# only a comment\n", "\n\n"])
    func emptiedEdgeListChangesNothing(text: String) async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            try await bench.begin()
            let zone = try bench.published()
            try bench.write("edges/web", text)
            let round = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
            #expect(round.everything.contains("edges/web"), "\(round.everything)")
            #expect(try bench.published() == zone)
            #expect(!round.everything.contains("Fatal"))
            try bench.write("edges/web", bench.addresses(1, 2, 3).joined(separator: "\n") + "\n")
            try await bench.round()
            #expect(try bench.published() == zone)
        }
    }

    @Test func missingEdgeListIsNamed() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            let zone = try bench.published()
            try bench.remove("edges/web")
            let round = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
            #expect(round.status == 1)
            #expect(round.errors.contains("edges/web"))
            #expect(try bench.published() == zone)
        }
    }

    /// I34: what is no name becomes neither a path nor zone text.
    @Test func linesThatAreNoNamesAreLeftOut() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            let good = bench.addresses(1, 2)
            try bench.write(
                "edges/web", "\(good[0])\n../x\na;rm\nb\u{7}c\n\(good[0])\n\(good[1])\n")
            let round = try await bench.round()
            #expect(try bench.published().addresses == good)
            for line in 2...5 {
                #expect(round.output.contains("edges/web:\(line)"), "\(round.everything)")
            }
            #expect(!round.everything.contains("\u{7}"))
        }
    }

    // MARK: Modes

    @Test func modesAreObeyedInTheNextRound() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configure()
            try await bench.begin()
            let names = bench.edges.map(\.address)
            func set(_ mode: String, _ edge: String, _ comment: String = "why") async throws {
                let ending = try await bench.run(
                    "edge", "set", "-c", "edgemanage.yaml", mode, edge, "-m", comment)
                #expect(ending.status == 0, "\(ending.everything)")
                #expect(
                    ending.output
                        == "Set mode for \(edge) to \(mode)\n"
                        + "the DNS is as it was: the next run of network web obeys it\n"
                )
            }
            try await set("unavailable", names[0], "disk change")
            try await bench.round()
            let live = try bench.published().addresses
            #expect(live.contains(names[1]))
            #expect(!live.contains(names[0]))
            #expect(try await bench.status().edges[0].comment.hasSuffix("] disk change"))
            try await set("force", names[3])
            try await bench.round()
            #expect(try bench.published().addresses.contains(names[3]))
            #expect(try bench.published().addresses.count == 2)
            try await bench.edges[3].behave(.refuse)
            try await bench.round()
            #expect(try !bench.published().addresses.contains(names[3]))
            try await set("blindforce", names[3])
            try await bench.round()
            #expect(try bench.published().addresses.contains(names[3]))
        }
    }

    @Test func tooManyUnavailableAreRefusedUnlessInsisted() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure(network: ["min_live: 2"])
            try await bench.round()
            let arguments = [
                "edge", "set", "-c", "edgemanage.yaml", "unavailable", bench.edges[0].address,
                "-m", "work",
            ]
            let refused = try await bench.start(arguments).ending()
            #expect(refused.status == 1)
            #expect(refused.errors.contains("only 1 edge of network web could be live"))
            #expect(refused.errors.contains("--insist"))
            #expect(try await bench.status().edges.map(\.mode) == ["available", "available"])
            let insisted = try await bench.start(arguments + ["--insist"]).ending()
            #expect(insisted.status == 0, "\(insisted.everything)")
            #expect(try await bench.status().edges[0].mode == "unavailable")
        }
    }

    @Test func unknownEdgesAndModesAreRefused() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            let edge = try await bench.run(
                "edge", "set", "-c", "edgemanage.yaml", "force", "nobody.test", "-m", "x")
            #expect(edge.status == 1)
            #expect(edge.errors.contains("nobody.test is no edge of network web"))
            let mode = try await bench.run(
                "edge", "set", "-c", "edgemanage.yaml", "sideways", bench.edges[0].address)
            #expect(mode.status == 2)
            #expect(mode.errors.contains("sideways is no mode"))
        }
    }
}
