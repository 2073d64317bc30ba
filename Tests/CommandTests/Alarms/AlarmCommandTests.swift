import EdgeCore
import EdgeLoopback
import Foundation
import Testing

/// Whole commands that tell a real hook on loopback.
@Suite struct AlarmCommandTests {
    private func with(
        edges: Int = 4, _ body: (CommandBench, LoopbackHook) async throws -> Void
    ) async throws {
        try await CommandBench.with(edges: edges) { bench in
            let hook = try await LoopbackHook.start()
            do {
                try await body(bench, hook)
            } catch {
                await hook.stop()
                throw error
            }
            await hook.stop()
        }
    }

    private func configure(
        _ bench: CommandBench, _ hook: LoopbackHook, live: Int = 2, more: String = "",
        receiver: String = ""
    ) throws {
        try bench.configure(
            live: live,
            top: [
                "alarms:", "  pace: none", "  kinds: {edge_out: {after: 1 round}}", more,
                "  receivers:",
                "    - {name: ops, kind: webhook, url: \"http://127.0.0.1:\(hook.port)/x\"\(receiver)}",
            ])
    }

    private func told(_ hook: LoopbackHook) throws -> [AlarmNotification] {
        try hook.take().map {
            try JSONDecoder().decode(AlarmNotification.self, from: Data($0.body))
        }
    }

    @Test func anEdgeThatDiesIsOneCallAndItsReturnAnother() async throws {
        try await with { bench, hook in
            try configure(bench, hook)
            try await bench.begin()
            try await bench.round()
            #expect(hook.requests.isEmpty)
            let edge = bench.edges[0]
            try await edge.behave(.refuse)
            for _ in 0..<3 { try await bench.round() }
            let out = try told(hook)
            #expect(out.count == 1 && out.first?.phase == .firing && out.first?.kind == .edgeOut)
            #expect(
                out.first?.sentence.hasPrefix("network web: edge \(edge.address) f") == true
                    && out.first?.sentence.contains(": refused the connection") == true)
            let shown = try await bench.command("alarms")
            #expect(shown.contains("edge_out") && shown.contains(edge.address))
            #expect(shown.contains("ops"))
            let json = try await bench.run("alarms", "-c", "edgemanage.yaml", "--json").output
            let view = try JSONDecoder().decode(AlarmView.self, from: Data(json.utf8))
            #expect(view.alarms.map(\.subject) == [edge.address])
            #expect(view.alarms.first?.told == ["ops"] && view.receivers.map(\.sentInHour) == [1])
            try await edge.behave(.serve)
            for _ in 0..<2 { try await bench.round() }
            let back = try told(hook)
            #expect(back.map(\.phase) == [.resolved] && back.first?.ended == [edge.address])
        }
    }

    @Test func fiftyThatDieAreOneCall() async throws {
        try await with(edges: 56) { bench, hook in
            try configure(bench, hook, live: 4)
            try await bench.begin(live: 4)
            try await bench.round()
            for edge in bench.edges.suffix(50) { try await edge.behave(.refuse) }
            for _ in 0..<2 { try await bench.round() }
            let out = try told(hook)
            #expect(out.map(\.count) == [50])
            #expect(out.first?.sentence.contains("50 edges fail: ") == true)
            for edge in bench.edges.suffix(50) { try await edge.behave(.serve) }
            for _ in 0..<2 { try await bench.round() }
            #expect(try told(hook).map(\.phase) == [.resolved])
        }
    }

    /// Dry rounds tell nobody; a receiver that can't be reached fails no round, and status names it.
    @Test func aDeadReceiverIsNamedAndFailsNothing() async throws {
        try await with { bench, hook in
            try bench.write("ops.secret", "tell-nobody\n")
            chmod(bench.path("ops.secret"), 0o600)
            try configure(bench, hook, receiver: ", secret: ops.secret")
            try await bench.begin()
            try await bench.edges[0].behave(.refuse)
            _ = try await bench.command("plan")
            #expect(hook.requests.isEmpty)
            hook.behave(.answer(503, "not now, Bearer tell-nobody"))
            try await bench.round()
            #expect(hook.take().map { $0.headers["authorization"] } == ["Bearer tell-nobody"])
            let words = "alarm receiver ops was not reached"
            #expect(bench.text("edgemanage.log").contains("\(words): it answered 503: not now"))
            let status = try await bench.status()
            #expect(
                status.troubles.contains {
                    $0.hasPrefix(words) && $0.hasSuffix("1 notification waits")
                })
            let shown = try await bench.command("alarms")
            #expect(shown.contains("waiting:"))
            // It is left alone for a while.
            try await bench.round()
            #expect(hook.requests.isEmpty)
            for text in [shown, bench.text("edgemanage.log"), status.troubles.joined()] {
                #expect(!text.contains("tell-nobody"))
            }
        }
    }

    @Test func aTestSaysWhatCameBack() async throws {
        try await with { bench, hook in
            try configure(bench, hook)
            let sent = try await bench.command("alarms", "--test", "ops")
            #expect(sent.contains("\nreceiver ops took the test in "))
            #expect(try told(hook).map(\.phase) == [.test])
            hook.behave(.answer(403, "who are you?"))
            let refused = try await bench.command("alarms", "--test", "ops", expecting: 1)
            #expect(
                refused.hasSuffix(
                    "edgemanage: receiver ops was not reached: it answered 403: who are you?\n"))
            let unknown = try await bench.command("alarms", "--test", "oops", expecting: 2)
            #expect(unknown.hasSuffix("has no receiver oops; did you mean ops?\n"))
        }
    }

    @Test func checkLooksAtSecretsAndTemplates() async throws {
        try await with { bench, hook in
            try bench.write("ops.secret", "x\n")
            chmod(bench.path("ops.secret"), 0o644)
            try bench.write("ops.template", "{\"text\": \"{{ sentence }}\",}")
            try configure(
                bench, hook, receiver: ", secret: ops.secret, template: ops.template")
            let open = try await bench.command("check", "--no-probe", expecting: 1)
            #expect(open.contains("error: web: alarm receiver ops: the secret file "))
            chmod(bench.path("ops.secret"), 0o600)
            let broken = try await bench.command("check", "--no-probe", expecting: 1)
            #expect(broken.contains("ops.template: what it makes is no JSON"))
            try bench.write("ops.template", "{\"text\": \"{{ sentense }}\"}")
            let misspelt = try await bench.command("check", "--no-probe", expecting: 1)
            #expect(misspelt.contains("sentense"))
            try bench.write("ops.template", "{\"text\": \"{{ sentence }}\"}")
            _ = try await bench.command("check", "--no-probe")
        }
    }

    /// The daemon goes on by the configuration it read before, and tells of it.
    @Test func aRefusedConfigurationIsTold() async throws {
        try await with { bench, hook in
            try configure(bench, hook)
            let good = bench.text("edgemanage.yaml")
                .replacing("timeout: 3s", with: "timeout: 3s, interval: 1s")
            try bench.write("edgemanage.yaml", good)
            let daemon = try bench.start(["run", "-c", "edgemanage.yaml", "--daemonise"])
            try await bench.wait { bench.has("zones/example.test.zone") }
            try bench.write("edgemanage.yaml", good + "nonsense: true\n")
            try await bench.wait {
                hook.requests.contains { $0.text.contains("configuration_refused") }
            }
            try bench.write("edgemanage.yaml", good)
            try await bench.wait { hook.requests.contains { $0.text.contains("resolved") } }
            kill(daemon.id, SIGTERM)
            #expect(await daemon.ending().status == 0)
            let told = try told(hook).filter { $0.kind == .configurationRefused }
            #expect(told.map(\.phase) == [.firing, .resolved])
            #expect(told.first?.sentence.contains("unknown key \"nonsense\"") == true)
        }
    }

    /// One that is refused, with its place, and one that vanished; both go on being published as they were.
    @Test func includesThatAreNotUsedAreTold() async throws {
        try await with { bench, hook in
            try configure(bench, hook)
            try await bench.begin()
            try await bench.round()
            #expect(hook.requests.isEmpty)
            let file = "includes/web/example.test.zone"
            let good = bench.text(file)
            try bench.write(file, good + "mail IN A 192.0.2.300\n")
            try await bench.round()
            let line = good.split(separator: "\n", omittingEmptySubsequences: false).count
            let refused = try told(hook)
            #expect(refused.map(\.kind) == [.includeRefused])
            let words = refused.first?.sentence ?? ""
            #expect(
                words.hasPrefix("network web: the include of zone example.test is not used: ")
                    && words.contains("example.test.zone:\(line)")
                    && words.hasSuffix("goes on with its last accepted include"), "\(words)")
            try bench.write(file, good)
            try await bench.round()
            let used = try told(hook)
            #expect(used.map(\.phase) == [.resolved])
            #expect(used.first?.sentence.contains("zone example.test is used again") == true)
            try bench.remove(file)
            try await bench.round()
            let gone = try told(hook)
            #expect(gone.map(\.kind) == [.includeRefused])
            #expect(
                gone.first?.sentence.contains(
                    "example.test.zone is gone; the last accepted one goes on") == true)
        }
    }

    @Test func noRoundIsToldToo() async throws {
        try await with { bench, hook in
            try configure(bench, hook)
            try await bench.begin()
            try bench.remove("edges/web")
            for _ in 0..<3 {
                let ending = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
                #expect(ending.status == 1)
            }
            #expect(try told(hook).map(\.kind) == [.noRound])
        }
    }
}
