import EdgeCore
import EdgeLoopback
import EdgeSystemProbe
import Testing

/// Several attempts a round, as the steady judge wants them.
@Suite(.timeLimit(.minutes(2))) struct SteadyAttemptTests {
    private func probe(
        _ scene: ProbeScene, _ edge: LoopbackEdge, _ settings: SteadySettings = SteadySettings(),
        isWatched: Bool = false, resolveTime: Duration? = nil,
        question: ProbeRequest.Question? = nil
    ) async throws -> Observation {
        var plan = ProbeScene.plan(timeout: .seconds(2), attempts: 1)
        plan.steady = SteadyAttempts(settings: settings, goodEnough: .seconds(2))
        var request = try ProbeScene.request(
            edge, scheme: edge.hasTLS ? .https : .http, question: question)
        request.isWatched = isWatched
        request.resolveTime = resolveTime
        return await scene.prober.probe([request], by: plan)[0]
    }

    private func gaps(_ edge: LoopbackEdge) -> [Duration] {
        let times = edge.requestTimes
        return zip(times, times.dropFirst()).map { $1 - $0 }
    }

    @Test func whoFailsOnceIsAskedAgain() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: .inTurn([.status(503), .serve]))
            let seen = try await probe(scene, edge)
            #expect(seen.outcome.fetchTime != nil && seen.attempts == 2)
            #expect(seen.earlier == [.http(status: 503)])
            #expect(edge.requests == 2)
            // The pause is no part of the fetch time.
            #expect(seen.outcome.fetchTime ?? .seconds(9) < .seconds(1))
            #expect(gaps(edge).allSatisfy { $0 >= .seconds(1) })
        }
    }

    @Test func attemptsAreASecondApartAndAsManyAsSet() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: .closeWithoutAnswer)
            let seen = try await probe(scene, edge, SteadySettings(attempts: 3))
            let failure = ProbeOutcome.protocolError(reason: "closed without an answer")
            #expect(seen.outcome == failure && seen.earlier == [failure, failure])
            #expect(seen.attempts == 3 && edge.requests == 3)
            #expect(gaps(edge).count == 2 && gaps(edge).allSatisfy { $0 >= .seconds(1) })
        }
    }

    @Test func whatIsWrongIsNotAskedAgain() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge()
            let behaviours: [LoopbackBehaviour] = [
                .serve, .wrongContent, .status(404), .redirectLoop,
            ]
            for behaviour in behaviours {
                try await edge.behave(behaviour)
                let seen = try await probe(scene, edge)
                #expect(seen.attempts == 1 && seen.earlier.isEmpty, "\(behaviour)")
            }
            // A reference target is there or is not.
            try await edge.behave(.refuse)
            let reference = try await probe(scene, edge, question: .handshake)
            #expect(reference.outcome == .refused && reference.attempts == 1)
        }
    }

    /// The classic judge's words for it are others: `EdgeFaultTests`.
    @Test func aResetIsAClassOfItsOwn() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: .resetMidBody)
            let seen = try await probe(scene, edge, SteadySettings(attempts: 1))
            #expect(seen.outcome == .reset(.transfer) || seen.outcome == .reset(.processing))
        }
    }

    @Test func whoIsWatchedIsAskedEveryTime() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: .inTurn([.serve, .status(503), .serve]))
            let seen = try await probe(
                scene, edge, SteadySettings(attempts: 3, attemptPause: .zero), isWatched: true)
            #expect(seen.attempts == 3 && seen.outcome.fetchTime != nil)
            #expect(seen.earlier.first?.fetchTime != nil)
            #expect(seen.earlier.last == .http(status: 503))
        }
    }

    @Test func eachAttemptHasItsDeadlineAndAllHaveOne() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: .silent)
            // A third attempt would end a second too late.
            let settings = SteadySettings(
                attemptTimeout: .seconds(1), attemptPause: .seconds(1), roundTime: .seconds(4))
            let seen = try await probe(scene, edge, settings)
            #expect(seen.attempts == 2 && edge.requests == 2)
            #expect(seen.outcome == .timeout(.processing))
            #expect(seen.earlier == [.timeout(.processing)])
            // What the name took is missing from the rest.
            let late = try await probe(scene, edge, settings, resolveTime: .milliseconds(1500))
            #expect(late.attempts == 1 && late.earlier.isEmpty)
        }
    }

    @Test func oneThatCouldNotConnectIsAnAttemptToo() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: .refuse)
            let seen = try await probe(
                scene, edge, SteadySettings(attempts: 3, attemptPause: .zero))
            #expect(seen.outcome == .refused && seen.earlier == [.refused, .refused])
            #expect(seen.attempts == 3)
        }
    }
}
