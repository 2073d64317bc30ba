import EdgeCore
import EdgeLoopback
import EdgeTesting
import Foundation
import Testing

/// Canaries, through whole rounds: the bench's last edges serve as canaries' addresses.
@Suite struct CanaryTests {
    /// A bench with two more zones; edges 5 and 6 are no edges of the list but canaries.
    private func with(
        killer: String, _ body: (CommandBench) async throws -> Void
    ) async throws {
        try await CommandBench.with(edges: 6) { bench in
            let canaries = bench.addresses(5, 6)
            try bench.configure(
                network: [
                    "canaries: {b.test: \(canaries[0]), c.test: \(canaries[1])}",
                    "canary_killer: \(killer)",
                ])
            try bench.write("edges/web", bench.addresses(1, 2).joined(separator: "\n"))
            for zone in ["b", "c"] {
                try bench.write("includes/web/\(zone).test.zone", "t 60 IN TXT \"\(zone)\"\n")
            }
            try await body(bench)
        }
    }

    @Test func passingCanaryTakesOnePlaceOfItsZoneAlone() async throws {
        try await with(killer: "false") { bench in
            try await bench.round()
            let live = bench.addresses(1, 2)
            #expect(try bench.published().addresses == live)
            let first = try bench.published("b.test").addresses
            #expect(first.count == 2)
            #expect(first.contains(bench.edges[4].address))
            #expect(first.filter { live.contains($0) }.count == 1)
            let file = try bench.listing()["zones/b.test.zone"]
            try await bench.round()
            #expect(try bench.published("b.test").addresses == first)
            #expect(try bench.listing()["zones/b.test.zone"] == file)
        }
    }

    @Test func failingCanaryLeavesItsZoneToTheEdges() async throws {
        try await with(killer: "false") { bench in
            try await bench.round()
            try await bench.edges[4].behave(.wrongContent)
            try await bench.round()
            #expect(try bench.published("b.test").addresses == bench.addresses(1, 2))
            #expect(try bench.published("c.test").addresses.contains(bench.edges[5].address))
            try await bench.edges[4].behave(.serve)
            try await bench.round()
            #expect(try bench.published("b.test").addresses.contains(bench.edges[4].address))
        }
    }

    @Test func killerSwitchesAllCanariesOff() async throws {
        try await with(killer: "1") { bench in
            try await bench.round()
            #expect(try bench.published("c.test").addresses.contains(bench.edges[5].address))
            try await bench.edges[4].behave(.refuse)
            try await bench.round()
            for zone: ZoneName in ["b.test", "c.test"] {
                #expect(try bench.published(zone).addresses == bench.addresses(1, 2))
            }
        }
    }

    /// I12: a canary never stands alone.
    @Test func canaryIsAddedToAnOnlyEdge() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure(
                live: 1, network: ["canaries: {example.test: \(bench.edges[1].address)}"])
            try bench.write("edges/web", bench.edges[0].address)
            try await bench.round()
            #expect(try bench.published().addresses == bench.addresses(1, 2))
        }
    }

    @Test func canaryThatIsAnEdgeStaysAnEdge() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure(network: ["canaries: {example.test: \(bench.edges[2].address)}"])
            try await bench.begin()
            let round = try await bench.round()
            #expect(round.output.contains("it stays an edge only"), "\(round.everything)")
            #expect(try bench.published().addresses == bench.addresses(1, 2))
        }
    }
}
