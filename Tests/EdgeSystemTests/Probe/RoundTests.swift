import EdgeCore
import EdgeTesting
import EdgeLoopback
import EdgeSystemProbe
import Testing

/// What holds of a whole round.
@Suite(.timeLimit(.minutes(2)), .serialized) struct RoundTests {
    @Test("I31: a probe connects to its address alone, whatever host and server name say")
    func probesStay() async throws {
        try await ProbeScene.with { scene in
            let asked = try await scene.edge(address: "127.0.3.7", certificate: .good)
            let other = try await scene.edge(
                address: "127.0.3.8", port: asked.port, certificate: .good)
            let seen = await scene.probe(
                asked, host: "127.0.3.8:\(other.port)", serverName: "sni.test")
            #expect(seen.outcome.fetchTime != nil)
            #expect(asked.lastHost == "127.0.3.8:\(other.port)")
            #expect(asked.lastServerName == "sni.test")
            #expect(asked.requests == 1)
            #expect(other.connections == 0)
            try await asked.behave(.redirect("https://127.0.3.8:\(other.port)/object"))
            _ = await scene.probe(asked)
            #expect(other.connections == 0)
        }
    }

    @Test("The fetch time ends with the body's last byte, not with the header")
    func theBodyIsPartOfTheTime() async throws {
        try await ProbeScene.with { scene in
            // A millisecond and more before each byte but the first.
            let edge = try await scene.edge(behaviour: .dripBody(.milliseconds(1)))
            let seen = await scene.probe(edge, timeout: .seconds(60))
            let time = try #require(seen.outcome.fetchTime)
            #expect(time >= .milliseconds(ProbeScene.object.count - 1))
        }
    }

    @Test("I16: hostile neighbours change nobody's measurement")
    func neighbours() async throws {
        try await ProbeScene.with { scene in
            var requests: [ProbeRequest] = []
            let hostile: [LoopbackBehaviour] = [
                .silent, .endlessHeaders, .endlessBody, .interimStorm, .gzip, .garbage,
                .dripHeaders(.milliseconds(500)), .resetMidBody, .closeWithoutAnswer, .refuse,
            ]
            for (index, behaviour) in hostile.enumerated() {
                let bad = try await scene.edge(
                    address: "127.0.4.\(index + 1)", behaviour: behaviour)
                let good = try await scene.edge(
                    address: "127.0.5.\(index + 1)", behaviour: .delay(.milliseconds(100)))
                requests += [try ProbeScene.request(bad), try ProbeScene.request(good)]
            }
            // The neighbours that never end use all of it up.
            let timeout = Duration.seconds(3)
            var seen = await scene.prober.probe(requests, by: ProbeScene.plan(timeout: timeout))
            // A machine that stood still meanwhile says so: what it measured then is no edge's.
            let good = Array(stride(from: 1, to: requests.count, by: 2))
            for _ in 1...4 where good.contains(where: { seen[$0].outcome.isLocalFault }) {
                seen = await scene.prober.probe(requests, by: ProbeScene.plan(timeout: timeout))
            }
            #expect(seen.map(\.address) == requests.map(\.address))
            for index in good {
                let time = try #require(seen[index].outcome.fetchTime)
                #expect(time >= .milliseconds(100))
                // Far below the neighbours' time, far above its own.
                #expect(time < timeout / 2)
                #expect(seen[index - 1].outcome.fetchTime == nil)
            }
        }
    }

    @Test("I19: 1,000 edges that accept and say nothing cost a few timeouts, not 1,000")
    func thousandSilent() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(address: "0.0.0.0", behaviour: .silent)
            let requests = (0..<1000).map { index in
                let address = IPAddress.v4(0x7F06_0000 + UInt32(index) + 1)
                return ProbeRequest(
                    target: ProbeTarget(name: EdgeName(address), family: .ipv4), address: address,
                    port: edge.port, scheme: .http,
                    question: .object(path: "/", hostHeader: "object.test"))
            }
            let timeout = Duration.seconds(1)
            let concurrency = ProbeConcurrency.needed(
                requests: 1000, timeout: timeout, budget: .milliseconds(5500),
                descriptorLimit: DescriptorLimit.current)
            #expect(concurrency == 250)
            let clock = ContinuousClock()
            let start = clock.now
            let seen = await scene.prober.probe(
                requests, by: ProbeScene.plan(timeout: timeout, concurrency: concurrency))
            let took = clock.now - start
            // One after the other they would take 1,000 seconds; how long exactly is no matter of a test.
            #expect(took < .seconds(100))
            // A machine that stood still meanwhile says so, and holds it against no edge.
            #expect(
                seen.allSatisfy { $0.outcome == .timeout(.processing) || $0.outcome.isLocalFault })
            #expect(seen.map(\.address) == requests.map(\.address))
        }
    }

    @Test("Canaries: when enough have failed the others are cancelled")
    func canaries() async throws {
        try await ProbeScene.with { scene in
            let bad = try await scene.edge(address: "127.0.7.1", behaviour: .status(503))
            let slow = try await scene.edge(address: "127.0.7.2", behaviour: .silent)
            let edge = try await scene.edge(
                address: "127.0.7.3", behaviour: .delay(.milliseconds(200)))
            var requests = [try ProbeScene.request(slow, role: .canary)]
            requests += [
                try ProbeScene.request(bad, role: .canary),
                try ProbeScene.request(bad, role: .canary), try ProbeScene.request(edge),
            ]
            let seen = await scene.prober.probe(
                requests, by: ProbeScene.plan(timeout: .seconds(30), canaryKiller: 2))
            let reason = "cancelled: 2 canaries have failed in this round"
            #expect(seen[0].outcome == .localFault(reason: reason))
            #expect(seen[1].outcome == .http(status: 503))
            #expect(seen[2].outcome == .http(status: 503))
            #expect(seen[3].outcome.fetchTime != nil)
        }
    }

    @Test("A cancelled round ends at once")
    func cancelled() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: .silent)
            let hole = try await scene.edge(address: "127.0.7.9", behaviour: .blackHole)
            let requests = [try ProbeScene.request(edge), try ProbeScene.request(hole)]
            let seen = await withTaskGroup(of: [Observation].self) { group in
                group.addTask {
                    await scene.prober.probe(
                        requests, by: ProbeScene.plan(timeout: .seconds(100), concurrency: 2))
                }
                while edge.requests == 0 { await Task.yield() }
                group.cancelAll()
                return await group.next() ?? []
            }
            #expect(seen.count == 2)
            #expect(seen.allSatisfy { $0.outcome.isLocalFault })
        }
    }

    @Test("An address that the monitor has no way to is its own fault")
    func noRoute() async throws {
        let address = IPAddress("2001:db8::1")
        let request = ProbeRequest(
            target: ProbeTarget(name: EdgeName(address), family: .ipv6), address: address, port: 80,
            scheme: .http, question: .object(path: "/", hostHeader: "object.test"))
        let seen = await NIOProber().probe(
            [request], by: ProbeScene.plan(timeout: .milliseconds(500)))
        // Where there is a route, nobody answers at an address for documentation.
        switch seen[0].outcome {
        case .localFault(let reason): #expect(reason == "no IPv6 route on this machine")
        case .timeout(.connect), .unreachable: break
        default: Issue.record("\(seen[0].outcome)")
        }
    }

    @Test("IPv6 is probed at its own address")
    func ipv6() async throws {
        try await ProbeScene.with { scene in
            // A machine without IPv6 has nothing to listen on.
            guard let edge = try? await scene.edge(address: "::1") else { return }
            let seen = await scene.probe(edge)
            #expect(seen.target.family == .ipv6)
            #expect(seen.outcome.fetchTime != nil)
        }
    }

    @Test("I16: 200 edges that take 200 ms are measured as such, all alike")
    func accuracy() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(
                address: "0.0.0.0", behaviour: .delay(.milliseconds(200)))
            let requests = (0..<200).map { index in
                let address = IPAddress.v4(0x7F09_0001 + UInt32(index))
                return ProbeRequest(
                    target: ProbeTarget(name: EdgeName(address), family: .ipv4), address: address,
                    port: edge.port, scheme: .http,
                    question: .object(path: "/", hostHeader: "object.test"))
            }
            let seen = await scene.prober.probe(requests, by: ProbeScene.plan())
            let times = seen.compactMap { $0.outcome.fetchTime }.sorted()
            #expect(times.count == 200)
            #expect(times[0] >= .milliseconds(200))
            // How exactly is the benchmark's matter; here all must fall into one class.
            #expect(times[199] < JudgeSettings().goodEnough)
        }
    }

    @Test("No request, no observation")
    func empty() async {
        #expect(await NIOProber().probe([], by: ProbeScene.plan()).isEmpty)
    }
}
