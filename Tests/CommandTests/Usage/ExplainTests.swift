import EdgeCore
import EdgeLoopback
import EdgeTesting
import Foundation
import Testing

/// `edgemanage explain`, `uptime` and `log`: what they say is what is so, and what follows.
@Suite struct ExplainTests {
    /// A steady judge whose rounds are short.
    static let steady = [
        "judge: {rule: steady, steady: {attempts: 2, attempt_timeout: 1600ms, attempt_pause: 1ms}}"
    ]

    /// The text without what differs from run to run: addresses, times and durations; blanks collapsed.
    static func normalised(_ text: String, _ bench: CommandBench) -> String {
        var text = text
        for (index, edge) in bench.edges.enumerated() {
            text = text.replacing(edge.address, with: "EDGE\(index + 1)")
        }
        text.replace(#/serial \d+/#, with: "serial N")
        text.replace(#/\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?( UTC)?/#, with: "TIME")
        text.replace(#/\d\d:\d\d:\d\d/#, with: "TIME")
        text.replace(#/\b\d+ (ms|µs)/#, with: "N ms")
        // Where a line is broken depends on how long names are.
        text.replace(#/\n +/#, with: " ")
        return text.replacing(#/ {2,}/#, with: " ")
    }

    private func compare(_ text: String, _ name: String, _ bench: CommandBench) throws {
        for line in text.split(separator: "\n").flatMap({ String($0).folded(to: 80) }) {
            #expect(line.count <= 80, "\(line)")
        }
        let golden = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Golden/\(name).txt")
        let text = Self.normalised(text, bench)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try Data(text.utf8).write(to: golden)
        }
        #expect(try String(contentsOf: golden, encoding: .utf8) == text)
    }

    private func view(_ bench: CommandBench, _ words: String...) async throws -> ExplainView {
        let ending = try await bench.start(
            ["explain", "-c", "edgemanage.yaml", "--json"] + words
        ).ending()
        #expect(ending.status == 0, "\(ending.everything)")
        return try JSONDecoder().decode(ExplainView.self, from: Data(ending.output.utf8))
    }

    private func output(_ bench: CommandBench, _ words: String...) async throws -> String {
        let ending = try await bench.start(words + ["-c", "edgemanage.yaml"]).ending()
        #expect(ending.status == 0, "\(ending.everything)")
        return ending.output
    }

    // MARK: Texts

    @Test func steadyTextsAreAsRecorded() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configure(network: Self.steady)
            try await bench.begin()
            try await bench.round()
            try await bench.edges[0].behave(.refuse)
            try await bench.round()
            try await bench.round()
            let edge = bench.edges[0].address
            // Which spare took its place depends on who answered faster.
            let live = try await bench.status().live
            let text = try await output(bench, "explain", edge)
            try compare(text, "explain-edge-steady", bench)
            let zone = try await output(bench, "explain", "example.test")
            for address in live { #expect(zone.contains(address)) }
            #expect(!zone.contains(edge))
            #expect(zone.contains("since: generation 2"))
            let network = try await output(bench, "explain", "web")
            #expect(network.contains("2 of 2 live; at least 1 stay live"))
            #expect(network.contains("substitutions left in 10 minutes: 99 of 100"))
            for text in [zone, network] {
                for line in text.split(separator: "\n").flatMap({ String($0).folded(to: 80) }) {
                    #expect(line.count <= 80, "\(line)")
                }
            }
            let uptime = try await output(bench, "uptime", "web")
            #expect(uptime.contains(#/50\.00%  50\.00%  50\.00%  50\.00%/#), "\(uptime)")
            for line in uptime.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        }
    }

    @Test func classicTextIsAsRecorded() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            try await bench.begin()
            _ = try await bench.command(
                "edge", "set", "unavailable", bench.edges[0].address, "-m", "kernel")
            try await bench.round()
            let text = try await output(bench, "explain", bench.edges[0].address)
            let user = try #require(text.firstMatch(of: #/ by (\S+): \[/#)).1
            try compare(
                text.replacing(" \(user):", with: " USER:").replacing("[\(user)]", with: "[USER]"),
                "explain-edge-classic", bench)
            let log = try await output(bench, "log", "web")
            #expect(log.contains("mode         \(user)"), "\(log)")
            #expect(log.contains("unavailable by an operator"), "\(log)")
        }
    }

    // MARK: What follows

    /// What explain says would happen is what happens.
    @Test func drainingDoesWhatWasSaid() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configure(live: 2, network: ["min_live: 2"])
            // So that it is clear which of the spares is the better one.
            try await bench.edges[3].behave(.delay(.milliseconds(150)))
            try await bench.begin()
            try await bench.round()
            var left = try await bench.status().live
            for spares in [1, 0] {
                let edge = try #require(left.first)
                let drain = try #require(try await view(bench, edge).edge).drain
                #expect(drain.isSafe && drain.isLive && drain.liveAfter == 2)
                #expect(drain.sparesLeft == spares)
                _ = try await bench.command("edge", "set", "unavailable", edge, "-m", "work")
                try await bench.round()
                let now = try await bench.status().live
                #expect(Set(now).subtracting(left) == Set(drain.replacements))
                #expect(!now.contains(edge))
                left = now
            }
            // Nobody is left, and min_live says no.
            let edge = try #require(left.first)
            let drain = try #require(try await view(bench, edge).edge).drain
            #expect(!drain.isSafe)
            #expect(drain.replacements.isEmpty)
            let text = try await output(bench, "explain", edge)
            #expect(text.contains("safe to drain? no: "), "\(text)")
            #expect(drain.held != nil && drain.liveAfter == 2)
            let refused = try await bench.command(
                "edge", "set", "unavailable", edge, "-m", "work", expecting: 1)
            #expect(refused.contains("only 1 edge of network web could be live"), "\(refused)")
        }
    }

    /// As many clean rounds as were foretold bring an edge up, not one fewer.
    @Test func comesBackWhenItWasSaid() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure(network: Self.steady)
            try await bench.begin()
            try await bench.edges[0].behave(.refuse)
            for _ in 0..<2 { try await bench.round() }
            let edge = bench.edges[0].address
            let text = try await output(bench, "explain", edge)
            let count = try #require(
                text.firstMatch(of: #/next: (\d+) more clean rounds/#).flatMap { Int($0.1) })
            try await bench.edges[0].behave(.serve)
            for round in 1...count {
                try await bench.round()
                let explained = try #require(try await view(bench, edge).edge)
                let isUp = explained.outlook.contains { $0.contains("would take it down") }
                #expect(isUp == (round == count), "\(round) of \(count): \(explained.outlook)")
            }
        }
    }

    /// A canary has rules and probes too.
    @Test func canariesAreExplained() async throws {
        try await CommandBench.with(edges: 4) { bench in
            let canary = bench.edges[3].address
            try bench.configure(network: ["canaries: {example.test: \(canary)}"])
            try await bench.begin()
            try bench.write("edges/web", bench.addresses(1, 2, 3).map { $0 + "\n" }.joined())
            try await bench.round()
            let text = try await output(bench, "explain", canary)
            #expect(text.hasPrefix("canary \(canary) in network web\n"), "\(text)")
            #expect(text.contains("why: a canary, in use in example.test"), "\(text)")
            #expect(text.contains(">  2  last fetch: pass_threshold"), "\(text)")
            #expect(!text.contains("safe to drain"))
            let zone = try await output(bench, "explain", "example.test")
            #expect(zone.contains("canary: \(canary) in the place of "), "\(zone)")
            let uptime = try await output(bench, "uptime", canary)
            #expect(uptime.contains("100%"))
        }
    }

    // MARK: The past

    @Test func thePastIsToldFromKeptSamples() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure(network: Self.steady)
            try await bench.begin()
            try await bench.round()
            let edge = bench.edges[0].address
            let good = try #require(try await view(bench, edge).edge)
            let then = Date()
            _ = try await bench.command("edge", "set", "force", bench.edges[2].address, "-m", "x")
            try await bench.edges[0].behave(.refuse)
            for _ in 0..<2 { try await bench.round() }
            let now = try #require(try await view(bench, edge).edge)
            #expect(!now.isLive && now.health == "fail")
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            let time = style.format(then)
            let past = try await view(bench, edge, "--at", time)
            #expect(past.evidenceSince != nil)
            let explained = try #require(past.edge)
            #expect(explained.isLive && explained.health == good.health)
            #expect(explained.rules == good.rules)
            #expect(explained.probes.count == good.probes.count)
            // What was set later is not known then.
            let network = try #require(try await view(bench, "web", "--at", time).overview)
            #expect(network.generation == 1)
            #expect(network.edges.allSatisfy { $0.mode == "available" })
            #expect(network.edges.filter(\.isLive).map(\.edge) == bench.addresses(1, 2))
            let zone = try #require(try await view(bench, "example.test", "--at", time).zone)
            #expect(zone.addresses == bench.addresses(1, 2))
            #expect(zone.generation == 1)
        }
    }

    @Test func timesWithoutEvidenceAreRefused() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            let none = try await bench.command("explain", "web", expecting: 1)
            #expect(none.contains("network web had no round yet: edgemanage run web"))
            try await bench.begin()
            let edge = bench.edges[0].address
            let early = try await bench.command("explain", edge, "--at", "-2h", expecting: 1)
            #expect(early.contains("the kept samples of \(edge) begin at "), "\(early)")
            let late = try await bench.command(
                "explain", edge, "--at", "2200-01-01T00:00:00Z", expecting: 2)
            #expect(late.contains("is in the future"), "\(late)")
            let odd = try await bench.command("explain", edge, "--at", "soon", expecting: 2)
            #expect(odd.contains("--at must be a time such as"), "\(odd)")
            let unknown = try await bench.command("explain", "nobody.test", expecting: 1)
            #expect(
                unknown.contains("nobody.test is no network, and no edge or zone of network web"))
            for words in [["uptime", "example.test"], ["log", "nonet"]] {
                let ending = try await bench.start(words + ["-c", "edgemanage.yaml"]).ending()
                #expect(ending.status == 1 && ending.output.isEmpty, "\(ending.everything)")
            }
            for words in [
                ["uptime", "web", "--over", "2h"], ["log", "web", "--kind", "x"],
                ["log", "web", "--since", "x"], ["log", "web", "--limit", "0"],
            ] {
                let ending = try await bench.start(words + ["-c", "edgemanage.yaml"]).ending()
                #expect(ending.status == 2 && ending.output.isEmpty, "\(ending.everything)")
            }
        }
    }

    // MARK: The log

    private func events(_ bench: CommandBench, _ words: String...) async throws -> [LogView.Event] {
        let ending = try await bench.start(
            ["log", "web", "-c", "edgemanage.yaml", "--json"] + words
        ).ending()
        let view = try JSONDecoder().decode(LogView.self, from: Data(ending.output.utf8))
        return view.events
    }

    @Test func theLogHasEveryDecisionAndCommand() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            try await bench.begin()
            let edge = bench.edges[0].address
            _ = try await bench.command("edge", "set", "unavailable", edge, "-m", "kernel")
            try await bench.round()
            _ = try await bench.command("edge", "set", "available", edge)
            _ = try await bench.command("rollback", "web", "1")
            let all = try await events(bench)
            #expect(all.map(\.time) == all.map(\.time).sorted())
            let modes = try await events(bench, "--kind", "mode")
            #expect(modes.count == 2 && modes.allSatisfy { $0.actor != "edgemanage" })
            let commands = try await events(bench, "--kind", "command")
            #expect(commands.contains { $0.message == "edgemanage rollback 1 was carried out" })
            let user = try #require(modes.first).actor
            #expect(commands.allSatisfy { $0.actor == user })
            let own = try await events(bench, "--edge", edge)
            #expect(own.count >= 4 && own.allSatisfy { $0.subject == edge })
            // What a rollback did is laid to who asked for it.
            #expect(own.last?.actor == user && own.last?.kind == "rotation", "\(own)")
            #expect(
                try await events(bench, "--limit", "2").map(\.message)
                    == all.suffix(2).map(\.message))
            #expect(try await events(bench, "--since", "1h").count == all.count)
            #expect(try await events(bench, "--since", "0s").isEmpty)
        }
    }
}
