import EdgeLoopback
import Foundation
import Testing

/// Edges that misbehave, seen through whole rounds.
@Suite struct EdgeFaultTests {
    /// A behaviour, and the words by which an operator is told of it.
    struct Fault: Sendable, CustomTestStringConvertible {
        var behaviour: LoopbackBehaviour
        var words: String
        var testDescription: String { "\(behaviour)" }

        init(_ behaviour: LoopbackBehaviour, _ words: String) {
            self.behaviour = behaviour
            self.words = words
        }
    }

    static let faults = [
        Fault(.refuse, "refused"), Fault(.wrongContent, "other content"),
        Fault(.olderObject(Array("older".utf8)), "other content"),
        Fault(.errorPage, "other content"), Fault(.gzip, "gzip"), Fault(.status(503), "status 503"),
        Fault(.status(204), "status 204"), Fault(.redirect("http://192.0.2.1/"), "redirect"),
        Fault(.redirectLoop, "redirect"), Fault(.closeWithoutAnswer, "out: "),
        Fault(.garbage, "out: "), Fault(.resetMidBody, "out: "),
        Fault(.endlessHeaders, "out: "), Fault(.endlessBody, "out: "),
        Fault(.interimStorm, "out: "), Fault(.conflictingLength, "out: "),
    ]

    /// I9, I16: whoever fails is replaced in the same round, with the reason; nobody else moves.
    @Test(arguments: faults)
    func isReplacedWithItsReason(fault: Fault) async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            try await bench.begin()
            let before = try bench.published()
            try await bench.edges[0].behave(fault.behaviour)
            let round = try await bench.judgingRound()
            let line = round.output.split(separator: "\n")
                .first { $0.hasPrefix("  - \(bench.edges[0].address)") }
            #expect(line?.contains(fault.words) == true, "\(round.everything)")
            #expect(round.output.contains("1 in, 1 out, 1 zone written, 0 held"))
            let after = try bench.published()
            #expect(after.serial > before.serial)
            #expect(after.lines == CommandBench.records(bench.addresses(2, 3)))
            #expect(bench.text("edgemanage.log").contains("\(bench.edges[0].address) out: "))
        }
    }

    /// A slow edge leaves once the mean of its window is too slow as well.
    @Test func slowEdgeIsOutdone() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure(goodEnough: "500ms")
            try await bench.begin()
            try await bench.edges[0].behave(.delay(.milliseconds(1500)))
            let round = try await bench.round()
            #expect(round.output.contains("others answer better"), "\(round.everything)")
            #expect(try bench.published().addresses == bench.addresses(2, 3))
        }
    }

    @Test func anEdgeThatHealsDoesNotMoveDNS() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            try await bench.begin()
            try await bench.edges[0].behave(.refuse)
            try await bench.round()
            let zone = try bench.published()
            try await bench.edges[0].behave(.serve)
            try await bench.round()
            #expect(try bench.published() == zone)
            #expect(try await bench.status().live == bench.addresses(2, 3))
        }
    }

    /// I14: all edges at once is the monitor's own trouble; it needs quiet rounds to be believed.
    @Test func allFailingAtOnceChangesNothing() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            try await bench.round()
            let zone = try bench.published()
            for edge in bench.edges { try await edge.behave(.refuse) }
            let round = try await bench.round()
            #expect(round.output.contains("held: this monitor seems to be the sick one"))
            #expect(try bench.published() == zone)
            let status = try await bench.status()
            #expect(status.live == bench.addresses(1, 2))
            #expect(status.holds.map(\.approvable) == [false])
            let approve = try await bench.run("approve", "-c", "edgemanage.yaml", "web")
            #expect(approve.status == 1)
            #expect(approve.errors.contains("can't be approved"))
            for edge in bench.edges { try await edge.behave(.serve) }
            for _ in 1...3 { try await bench.round() }
            #expect(try await bench.status().holds.isEmpty)
            #expect(try bench.published() == zone)
        }
    }

    /// I15: when every edge serves other content the local copy is the suspect.
    @Test func wrongLocalObjectIsNamed() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.round()
            let zone = try bench.published()
            try bench.write("object.txt", "a copy that somebody edited\n")
            let round = try await bench.round()
            #expect(
                round.output.contains(
                    "held: all 4 edges that answer serve other content than the local test"))
            #expect(try bench.published() == zone)
            try bench.write("object.txt", String(decoding: CommandBench.object, as: UTF8.self))
            try await bench.round()
            #expect(try await bench.status().holds.isEmpty)
            #expect(try bench.published() == zone)
        }
    }

    /// I1: with nobody passing and nothing published before there is no zone at all.
    @Test func nothingIsPublishedBeforeAnEdgePasses() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            for edge in bench.edges { try await edge.behave(.refuse) }
            let round = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
            #expect(!bench.has("zones/example.test.zone"), "\(round.everything)")
            #expect(round.output.contains("0 of 2 live"))
            #expect(
                bench.text("edgemanage.log").contains(
                    "no edge is known to pass and none was live before"))
            try await bench.edges[1].behave(.serve)
            for _ in 1...3 { try await bench.round() }
            #expect(try bench.published().addresses == bench.addresses(2))
        }
    }

    /// I10: the budget holds across processes, and status shows what it keeps back.
    @Test func spentBudgetIsShown() async throws {
        try await CommandBench.with(edges: 5) { bench in
            try bench.configure(live: 3, budget: 1)
            try await bench.begin(live: 3)
            try await bench.edges[0].behave(.refuse)
            try await bench.round()
            let zone = try bench.published()
            #expect(!zone.addresses.contains(bench.edges[0].address))
            #expect(try await bench.status().budgetRemaining == 0)
            try await bench.edges[1].behave(.refuse)
            let round = try await bench.round()
            #expect(
                round.output.hasPrefix(
                    "web: 2 of 3 live and passing, 0 in, 0 out, 0 zones written"))
            let explained = try await bench.run("explain", "web", "-c", "edgemanage.yaml")
            #expect(explained.output.contains("\n2 of 3 live and passing; at least "))
            #expect(try bench.published() == zone)
            let status = try await bench.status()
            #expect(status.edges.map(\.state)[1] == "in")
            #expect(status.troubles.contains("live and failing: \(bench.edges[1].address)"))
            let plan = try await bench.run("plan", "-c", "edgemanage.yaml")
            #expect(plan.output.contains("1 substitution in 10 minutes is used up"))
        }
    }

    /// I33: every way in which a certificate is wrong, told in the reason.
    @Test(arguments: [TestCertificate.expired, .wrongName, .selfSigned])
    func wrongCertificatesAreFailures(certificate: TestCertificate) async throws {
        try await CommandBench.with(edges: 3, certificate: .good) { bench in
            try bench.configure()
            try bench.write("authority.pem", TestCertificate.authority)
            let text = bench.text("edgemanage.yaml")
            try bench.write(
                "edgemanage.yaml",
                text.replacingOccurrences(of: "http://", with: "https://").replacingOccurrences(
                    of: "local: object.txt", with: "local: object.txt, verify: authority.pem"))
            try await bench.begin()
            try await bench.restart(bench.edges[0], with: certificate)
            let round = try await bench.round()
            #expect(round.output.contains("  - \(bench.edges[0].address)"), "\(round.everything)")
            #expect(round.output.contains("ertificate"), "\(round.everything)")
            #expect(try bench.published().addresses == bench.addresses(2, 3))
        }
    }
}
