import EdgeLoopback
import EdgeTesting
import Foundation
import Testing

/// What operators are told of slow edges that the load-cascade guard keeps, and of edges that keep the monitor out.
@Suite struct LoadGuardViewTests {
    /// In plan, run, log, status and history, in the same words.
    @Test func aSlowEdgeThatIsKeptIsTold() async throws {
        try await CommandBench.with(edges: 3) { bench in
            let names = bench.addresses(1, 2, 3)
            try bench.configure(network: [
                "judge: {keep: threshold, good_enough: 1s}",
                "capacity: {default: 2, \(names[2]): 0.5}",
            ])
            try await bench.begin()
            try await bench.edges[0].behave(.delay(.milliseconds(1300)))
            let words =
                "; stays, since \(names[2]) can carry 25 % of what it can, and the load is unknown (load)"
            let plan = try await bench.run("plan", "-c", "edgemanage.yaml")
            #expect(plan.output.contains(words), "\(plan.everything)")
            #expect(plan.output.contains("nothing would change"))
            try bench.write("includes/web/other.test.zone", "@ 3600 IN MX 10 mail\n")
            let round = try await bench.round()
            #expect(round.output.contains("  ! \(names[0])  answered in 1"), "\(round.everything)")
            for (place, text) in [
                ("run", round.output), ("log", bench.text("edgemanage.log")),
                ("status", try await bench.command("status")),
                ("history", try await bench.command("history", "web")),
            ] { #expect(text.contains(words), "\(place): \(text)") }
            #expect(try await bench.status().live == Array(names.prefix(2)))
            // With a load that the small one carries, it takes the place.
            try bench.configure(network: [
                "judge: {keep: threshold, good_enough: 1s}",
                "capacity: {default: 2, \(names[2]): 0.5}", "load: 1",
            ])
            try await bench.round()
            #expect(try await bench.status().live == Array(names.suffix(2)))
        }
    }

    @Test func checkComparesTheLoadWithWhatEdgesCarry() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure(network: ["capacity: 2", "load: 3"])
            let check = try await bench.run("check", "-c", "edgemanage.yaml")
            #expect(
                check.output.contains(
                    "web: capacity: the smallest 1 edge can carry 2 together, and the load is 3: too little "
                        + "while one of 2 is down"), "\(check.everything)")
        }
    }

    /// Who answers 429 is neither up nor down by that: blocked is shown in place of a class.
    @Test func anEdgeThatKeepsTheMonitorOutIsBlocked() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure(network: [
                "judge: {rule: steady, good_enough: 1s, steady: {attempt_pause: 0s}}"
            ])
            for _ in 0..<3 { _ = try await bench.judgingRound() }
            let live = try await bench.status().live
            let place = try #require(bench.edges.firstIndex { live.contains($0.address) })
            let name = bench.edges[place].address
            try await bench.edges[place].behave(.status(429))
            let plan = try await bench.command("plan")
            let row = plan.split(separator: "\n").first { $0.contains(name) } ?? ""
            #expect(row.contains(" blocked ") && row.contains("= "), "\(plan)")
            for _ in 0..<4 { _ = try await bench.judgingRound() }
            #expect(try await bench.status().live == live)
            let status = try await bench.command("status")
            let line = status.split(separator: "\n").first { $0.contains(name) } ?? ""
            #expect(line.contains(" blocked "), "\(status)")
            #expect(status.contains("\(name) keeps this monitor out (blocked)"), "\(status)")
            #expect(!status.contains("live and failing"))
            let json = try await bench.command("status", "--json")
            #expect(json.contains(#""lastOutcome":"blocked""#), "\(json)")
        }
    }
}
