import EdgeLoopback
import Foundation
import Testing

/// What operators publish by hand is asked once before, so that no dead set goes out unseen.
@Suite struct DirectedHealthTests {
    @Test func aDeadGenerationIsNotRolledBackTo() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            _ = try await bench.judgingRound()
            for edge in bench.edges.prefix(2) { await edge.stop() }
            _ = try await bench.judgingRound()
            let before = try bench.published()
            #expect(Set(before.addresses) == Set(bench.addresses(3, 4)))
            let refused = try await bench.command(
                "rollback", "web", "1", "--hold", "30m", expecting: 1)
            #expect(
                refused.contains("none of the 2 edges that would be live answers as it should"))
            for address in bench.addresses(1, 2) {
                #expect(refused.contains("\(address): "), "\(refused)")
            }
            #expect(refused.contains("--insist publishes it all the same"))
            #expect(try bench.published() == before)
            // Nor is it held.
            #expect(try await !bench.command("status").contains("rotations are held by"))

            let insisted = try await bench.command("rollback", "web", "1", "--insist")
            #expect(Set(try bench.published().addresses) == Set(bench.addresses(1, 2)))
            for address in bench.addresses(1, 2) {
                #expect(insisted.contains("\(address) goes out although it fails: "))
            }
        }
    }

    @Test func whoFailsAndWhoStaysOutIsSaid() async throws {
        try await CommandBench.with(edges: 5) { bench in
            try bench.configure(live: 4, network: ["min_live: 1"])
            try await bench.begin(live: 4)
            let names = bench.addresses(1, 2, 3, 4)
            await bench.edges[0].stop()
            _ = try await bench.command("edge", "set", "unavailable", names[1], "-m", "kernel")
            try bench.write(
                "edges/web", bench.addresses(1, 2, 4, 5).map { $0 + "\n" }.joined())
            try await bench.round()
            let said = try await bench.command("rollback", "web", "1")
            #expect(said.contains("warning: \(names[0]) stays out: it fails: "), "\(said)")
            #expect(
                said.contains("warning: \(names[1]) stays out: unavailable by an operator: ["))
            #expect(
                said.contains("warning: \(names[2]) stays out: it is no longer in the edge list"))
            #expect(try bench.published().addresses == [names[3]])
        }
    }

    /// Without the test object nobody can be asked: who insists gets it published all the same.
    @Test func whoInsistsNeedsNoAnswer() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            _ = try await bench.judgingRound()
            await bench.edges[0].stop()
            _ = try await bench.judgingRound()
            let before = try bench.published()
            #expect(!before.addresses.contains(bench.edges[0].address))
            try bench.remove("object.txt")
            let refused = try await bench.command("rollback", "web", "1", expecting: 1)
            #expect(refused.contains("object.txt"), "\(refused)")
            #expect(try bench.published() == before)
            _ = try await bench.command("rollback", "web", "1", "--insist")
            #expect(Set(try bench.published().addresses) == Set(bench.addresses(1, 2)))
        }
    }

    @Test func aSavedPlanIsAskedToo() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            for edge in bench.edges.prefix(2) {
                _ = try await bench.command("edge", "set", "unavailable", edge.address, "-m", "x")
            }
            _ = try await bench.command("plan", "web", "--out", "plan.json")
            for edge in bench.edges.suffix(2) { await edge.stop() }
            let before = try bench.published()
            let refused = try await bench.command("apply", "plan.json", expecting: 1)
            #expect(
                refused.contains("none of the 2 edges that would be live answers as it should"))
            #expect(try bench.published() == before)
            let insisted = try await bench.command("apply", "plan.json", "--insist")
            #expect(insisted.contains("\(bench.edges[2].address) goes out although it fails: "))
            #expect(Set(try bench.published().addresses) == Set(bench.addresses(3, 4)))
        }
    }
}
