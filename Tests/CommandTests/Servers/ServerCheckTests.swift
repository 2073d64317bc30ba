import EdgeLoopback
import EdgeRealServers
import Testing

/// `check` asks the name servers, and `zone forget` waits for nobody's round.
@Suite(.serialized) struct ServerCheckTests {
    @Test(arguments: [RealServer.Kind.bind, .nsd])
    func checkSaysWhatAServerServes(kind: RealServer.Kind) async throws {
        try await ServerBench.with(kind) { scene in
            func check() async throws -> String {
                let ending = try await scene.bench.run("check", "-c", "edgemanage.yaml")
                #expect(ending.status == 0, "\(ending.everything)")
                return ending.output
            }
            let before = try await check()
            #expect(
                before.contains(
                    "warning: name server ns1 serves 0 of 1 zone of network web: for example.test "
                        + "it answers SERVFAIL"), "\(before)")
            try await scene.begin()
            let served = try await check()
            #expect(
                served.contains("ok: name server ns1: serves 1 zone of network web"), "\(served)")
            await scene.server.stop()
            let dead = try await check()
            #expect(
                dead.contains(
                    "warning: name server ns1 at 127.0.0.1 port \(scene.server.port) can't be "
                        + "reached: connection refused: start it"), "\(dead)")
        }
    }

    /// A zone that is given up while a round runs would come back with it.
    @Test func aZoneIsNotForgottenDuringARound() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            try bench.remove("includes/web/example.test.zone")
            try await bench.edges[0].behave(.silent)
            let round = try bench.start(["run", "-c", "edgemanage.yaml", "--force"])
            try await bench.wait { bench.text("edgemanage.db.web.lock") == "\(round.id)\n" }
            let words = ["zone", "forget", "-c", "edgemanage.yaml", "web", "example.test"]
            let refused = try await bench.start(words).ending()
            #expect(refused.status == 1)
            #expect(
                refused.errors.contains("network web is being run"), "\(refused.everything)")
            round.kill()
            _ = await round.ending()
            let done = try await bench.start(words).ending()
            #expect(done.status == 0, "\(done.everything)")
        }
    }

    /// The zone is given up here all the same, and somebody must look at the server.
    @Test func aServerThatKeepsAForgottenZoneIsAFailure() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            try bench.remove("includes/web/example.test.zone")
            let server =
                "{name: ns1, kind: nsd, address: 127.0.0.1, port: \(bench.port), control: [/bin/false], "
                + "new_zones: ours}"
            let text = bench.text("edgemanage.yaml").replacing(
                "publish: {directory: zones}",
                with: "publish: {directory: zones, servers: [\(server)]}")
            try bench.write("edgemanage.yaml", text)
            let words = ["zone", "forget", "-c", "edgemanage.yaml", "web", "example.test"]
            let ending = try await bench.start(words).ending()
            #expect(ending.status == 1, "\(ending.everything)")
            #expect(
                ending.errors.contains("ns1 did not give zone example.test up"),
                "\(ending.everything)")
            #expect(
                ending.output.contains("zone example.test is forgotten"), "\(ending.everything)")
        }
    }
}
