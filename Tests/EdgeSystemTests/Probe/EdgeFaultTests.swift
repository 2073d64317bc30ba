import EdgeCore
import EdgeLoopback
import EdgeSystemProbe
import Testing

/// One test for each fault of an edge (INVARIANTS: faults that have a test each).
@Suite(.timeLimit(.minutes(1))) struct EdgeFaultTests {
    static let object = ProbeScene.object

    /// What each behaviour must come out as.
    static let faults: [(LoopbackBehaviour, ProbeOutcome)] = [
        (.refuse, .refused),
        (.blackHole, .timeout(.connect)),
        (.silent, .timeout(.processing)),
        (.dripHeaders(.milliseconds(20)), .timeout(.transfer)),
        (.dripBody(.milliseconds(20)), .timeout(.transfer)),
        (.endlessHeaders, .tooLarge(limit: ResponseParser.headLimit)),
        (.endlessBody, .mismatch(.length(received: object.count + 1, expected: object.count))),
        (.gzip, .mismatch(.encoding("gzip"))),
        (.wrongContent, .mismatch(.content(firstDifference: 0))),
        (
            .olderObject(Array("an older object".utf8)),
            .mismatch(.length(received: 15, expected: object.count))
        ),
        (.errorPage, .mismatch(.length(received: 24, expected: object.count))),
        (.status(503), .http(status: 503)),
        (.status(404), .http(status: 404)),
        (.status(206), .http(status: 206)),
        (
            .redirect("http://elsewhere.test/\u{1b}[31m"),
            .redirect(status: 302, target: "http://elsewhere.test/?[31m")
        ),
        (.redirectLoop, .redirect(status: 302, target: "/object")),
        (.interimStorm, .protocolError(reason: "more than 8 interim answers")),
        (.conflictingLength, .protocolError(reason: "conflicting Content-Length fields")),
        (.garbage, .protocolError(reason: "no HTTP/1 status line")),
        (.closeWithoutAnswer, .protocolError(reason: "closed without an answer")),
        (.resetMidBody, .protocolError(reason: "connection reset")),
    ]

    @Test("Each fault has its own outcome", arguments: faults)
    func fault(_ behaviour: LoopbackBehaviour, _ expected: ProbeOutcome) async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: behaviour)
            let seen = await scene.probe(edge, timeout: .milliseconds(600))
            if case .redirect("http://elsewhere.test/\u{1b}[31m") = behaviour {
                // An escape in a field is refused as a whole.
                #expect(seen.outcome == .protocolError(reason: "control character in a field"))
            } else {
                #expect(seen.outcome == expected)
            }
            #expect(seen.attempts == (behaviour == .refuse ? 3 : 1))
        }
    }

    @Test(
        "Each way of sending the object is fine",
        arguments: [LoopbackBehaviour.serve, .closeDelimited, .chunked, .delay(.milliseconds(50))])
    func whole(_ behaviour: LoopbackBehaviour) async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: behaviour)
            let seen = await scene.probe(edge)
            let time = try #require(seen.outcome.fetchTime)
            if behaviour == .delay(.milliseconds(50)) { #expect(time >= .milliseconds(50)) }
            #expect(seen.phases.connect != nil)
            #expect(seen.phases.tls == nil)
            #expect(seen.phases.processing != nil)
            #expect(seen.phases.transfer != nil)
        }
    }

    @Test("The same faults look the same through TLS", arguments: faults)
    func faultThroughTLS(_ behaviour: LoopbackBehaviour, _ expected: ProbeOutcome) async throws {
        guard behaviour != .resetMidBody else { return }
        if case .redirect = behaviour { return }
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: behaviour, certificate: .good)
            let seen = await scene.probe(edge, timeout: .milliseconds(600))
            #expect(seen.outcome == expected)
        }
    }

    @Test("Retries stop at the deadline, and an edge that comes back is found")
    func retries() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: .refuse)
            async let seen = scene.probe(edge, timeout: .seconds(20), attempts: 100)
            try await edge.behave(.serve)
            let observation = await seen
            #expect(observation.outcome.fetchTime != nil)
            // The pauses between attempts are ours, not the edge's.
            #expect(observation.outcome.fetchTime ?? .seconds(9) < .seconds(2))
        }
    }

    @Test("A handshake is answered by a connection or its refusal")
    func handshake() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: .silent)
            let connected = await scene.probe(edge, question: .handshake)
            #expect(connected.outcome.fetchTime != nil)
            try await edge.behave(.refuse)
            let refused = await scene.probe(edge, question: .handshake)
            #expect(refused.outcome == .refused)
            #expect(refused.attempts == 1)
        }
    }
}
