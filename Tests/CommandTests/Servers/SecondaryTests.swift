import EdgeLoopback
import EdgeRealServers
import Testing

/// A primary that is told, and a secondary that is only asked: the world is served when both are right.
@Suite(.serialized) struct SecondaryTests {
    @Test(arguments: [RealServer.Kind.bind, .knot, .nsd, .powerdns])
    func aRotationReachesTheSecondary(kind: RealServer.Kind) async throws {
        try await SecondaryScene.with(kind) { scene in
            let bench = scene.bench
            try await scene.run("--wait")
            #expect(try await scene.served().addresses == bench.published().addresses)
            let failing = try bench.published().addresses[0]
            try await bench.edge(failing).behave(.refuse)
            try await scene.run("--wait")
            let served = try await scene.served()
            #expect(served.addresses.count == 2 && !served.addresses.contains(failing))
            #expect(try served.addresses == bench.published().addresses)
            #expect(try served.serial == bench.published().serial)
        }
    }

    /// A secondary that is down holds up nothing; it is named, by what it owes, until it has it. Knot DNS asks
    /// for the zone after a restart only when its refresh time is over: it must be notified again.
    @Test(arguments: [
        (RealServer.Kind.bind, RealServer.Kind.bind), (.knot, .bind), (.nsd, .bind),
        (.knot, .knot), (.knot, .nsd), (.knot, .powerdns),
    ])
    func aSecondaryThatWasDownIsNamedUntilItCatchesUp(
        kind: RealServer.Kind, primary: RealServer.Kind
    ) async throws {
        try await SecondaryScene.with(kind, of: primary) { scene in
            let bench = scene.bench
            try await scene.run("--wait")
            await scene.secondary.stop()
            try await bench.edge(bench.published().addresses[0]).behave(.refuse)
            let said = try await scene.run()
            #expect(said.contains("name server ns2 does not answer"), "\(said)")
            let down = try await bench.run("status", "-c", "edgemanage.yaml").output
            #expect(down.contains("127.0.0.1 port \(scene.primary.port)): serves"), "\(down)")
            #expect(down.contains("and owes 1 zone"), "\(down)")
            try await scene.secondary.restart()
            try await scene.run("--wait")
            #expect(try await scene.served().addresses == bench.published().addresses)
            let back = try await bench.run("status", "-c", "edgemanage.yaml").output
            #expect(back.split(separator: "serves what was published").count == 3)
        }
    }

    /// A secondary whose serial ran ahead takes nothing below it: a serial above is published for it.
    @Test func aSecondaryThatRanAheadIsOvertaken() async throws {
        try await SecondaryScene.with(.bind) { scene in
            let bench = scene.bench
            let file = "zones/example.test.zone"
            try await scene.run("--wait")
            let text = bench.text(file)
            let serial = try bench.published().serial
            let raised = serial &+ 1_000_000
            // Somebody publishes other content with a higher serial, and takes it back.
            try bench.write(
                file,
                text.replacing(" \(serial) ", with: " \(raised) ")
                    .replacing(try bench.published().addresses[0], with: "192.0.2.66"))
            try await scene.primary.tell(["reload", "example.test"])
            let deadline = ContinuousClock.now + .seconds(30)
            while try await scene.served().serial != raised {
                try #require(ContinuousClock.now < deadline)
                try await Task.sleep(for: .milliseconds(5))
            }
            try bench.write(file, text)
            try await scene.primary.tell(["reload", "example.test"])
            try await scene.run("--wait")
            let served = try await scene.served()
            #expect(served.serial > raised)
            #expect(try served.addresses == bench.published().addresses)
        }
    }
}
