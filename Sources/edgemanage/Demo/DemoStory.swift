import EdgeCore
import EdgeLoopback
import EdgeShell

/// What happens in the demo, step by step; each step checks that it happened.
struct DemoStory: Sendable {
    let stage: DemoStage

    /// Tells the whole story.
    func tell() async throws {
        Terminal.say(
            "Edgemanage, on this machine alone: edges at 127.77.x.y, files in \(stage.directory)")

        title("1. Two networks for the first time: five edges over HTTP, three over HTTPS")
        try await round(stage.web, expecting: Expected(live: 3, added: 3, written: 1))
        try await round(stage.shop, expecting: Expected(live: 2, added: 2, written: 1))
        try board(stage.web)

        title("2. Nothing happened: nothing is written, the serial stays")
        try await round(stage.web, expecting: Expected(live: 3))

        try await breakOne("3. A live edge stops listening", .refuse, because: "refused")
        try await breakOne(
            "4. Another one serves somebody else's file", .wrongContent, because: "other content")
        try await repair("5. Both are mended: they are spares now, and DNS does not change")

        try await breakOne(
            "6. A live edge answers with an error", .status(503), because: "status 503")
        try await breakOne(
            "7. One becomes slow", .delay(.milliseconds(600)), because: "others answer better")
        try await repair("8. All are mended")

        title("9. A certificate runs out: a live HTTPS edge")
        try await expireCertificate()

        title(
            "10. Every edge of a network fails at once: that is taken for the monitor's own trouble"
        )
        for edge in stage.web.edges { try await edge.behave(.refuse) }
        try await round(stage.web, expecting: Expected(live: 3, held: 1))
        for edge in stage.web.edges { try await edge.behave(.serve) }

        try ending()
    }

    /// What a round must come to.
    struct Expected {
        var live: Int
        var added = 0
        var removed = 0
        var written = 0
        var held = 0
    }

    private func title(_ text: String) {
        Terminal.say("\n\(text)")
    }

    /// Runs a round, prints it, and checks it.
    @discardableResult
    private func round(
        _ network: DemoStage.Network, expecting expected: Expected
    ) async throws -> RoundOutcome {
        let options = RoundOptions(ignoresLastRun: true)
        let outcome = try await network.bench.runner.run(network.settings, options: options)
        RunView(outcome, settings: network.settings).show(indent: "   ")
        let report = outcome.report
        let seen = [
            report.live.count, report.added.count, report.removed.count, report.written.count,
            report.holds.count,
        ]
        let wanted = [
            expected.live, expected.added, expected.removed, expected.written, expected.held,
        ]
        guard seen == wanted, !outcome.hasFailures else {
            throw CommandFailure(
                message:
                    "the demo expected live, in, out, written, held to be \(wanted), and saw \(seen)"
            )
        }
        return outcome
    }

    /// Breaks the first live edge of the HTTP network, and sees it replaced for the right reason.
    private func breakOne(
        _ text: String, _ behaviour: LoopbackBehaviour, because: String
    ) async throws {
        title(text)
        let live = try stage.web.bench.status(stage.web.settings).live
        guard let victim = stage.web.edges.first(where: { live.contains($0.address) }) else {
            throw CommandFailure(message: "the demo found no live edge to break")
        }
        try await victim.behave(behaviour)
        let expected = Expected(live: 3, added: 1, removed: 1, written: 1)
        let outcome = try await round(stage.web, expecting: expected)
        let name = outcome.report.removed.first
        let reason = name.flatMap { outcome.decision.selection.reasons[$0] }.map { "\($0)" } ?? ""
        guard name?.text == victim.address, reason.contains(because) else {
            throw CommandFailure(
                message:
                    "the demo expected \(victim.address) out for \(because), and saw: \(reason)")
        }
        try records(stage.web)
    }

    private func repair(_ text: String) async throws {
        title(text)
        for edge in stage.web.edges { try await edge.behave(.serve) }
        try await round(stage.web, expecting: Expected(live: 3))
    }

    private func expireCertificate() async throws {
        let live = try stage.shop.bench.status(stage.shop.settings).live
        guard let victim = stage.shop.edges.first(where: { live.contains($0.address) }) else {
            throw CommandFailure(message: "the demo found no live HTTPS edge")
        }
        let expired = try await stage.restart(victim, with: .expired)
        try await round(
            stage.shop, expecting: Expected(live: 2, added: 1, removed: 1, written: 1))
        _ = try await stage.restart(expired, with: .good)
    }

    private func board(_ network: DemoStage.Network) throws {
        for line in try network.bench.status(network.settings).text() {
            Terminal.say("   " + Terminal.painted(line))
        }
    }

    /// The zone's serial and rotated addresses as the file has them.
    private func records(_ network: DemoStage.Network) throws {
        let directory = network.settings.publish.directory
        let runner = network.bench.runner
        guard let file = try runner.effects.zoneFiles.read(network.zone, in: directory) else {
            throw CommandFailure(message: "the demo's zone \(network.zone) is not there")
        }
        let parsed = try runner.effects.parser.parse(
            file.text, zone: network.zone, file: "\(network.zone).zone"
        ).get()
        let addresses = parsed.records.filter { $0.owner == "\(network.zone)." && $0.type == "A" }
        Terminal.say(
            "   zone \(network.zone): serial \(parsed.serial), A "
                + addresses.map(\.data).joined(separator: " "))
    }

    private func ending() throws {
        let directory = stage.directory
        Terminal.say(
            """

            Everything happened as it should. Left for you in \(directory):
              zones/example.test.zone  the zone as a name server would read it
              edgemanage.yaml          the configuration
              edgemanage.log           what was logged
            and \(Terminal.isTerminal(.standardOutput) ? "while the edges are up" : "on a terminal, where the edges stay up"), for example:
              edgemanage status --config \(directory)/edgemanage.yaml
              edgemanage plan --config \(directory)/edgemanage.yaml web
            """)
    }
}
