import EdgeCore
import EdgeLoopback
import NIOCore
import NIOPosix
import Testing

@testable import EdgeSystemProbe

/// What is left of a round once it is over.
@Suite(.timeLimit(.minutes(2))) struct RoundLifetimeTests {
    /// Remembers a round without keeping it.
    private final class Memory {
        weak var round: ProbeRound?

        init(_ round: ProbeRound) {
            self.round = round
        }
    }

    /// I27: nothing keeps a round, its loop or its handlers, however its probes ended.
    @Test func nothingIsLeftOfARound() async throws {
        try await ProbeScene.with { scene in
            let requests = [
                try ProbeScene.request(try await scene.edge(address: "127.0.6.1")),
                try ProbeScene.request(
                    try await scene.edge(address: "127.0.6.2", behaviour: .refuse)),
                try ProbeScene.request(
                    try await scene.edge(address: "127.0.6.3", behaviour: .silent)),
            ]
            let loop = MultiThreadedEventLoopGroup.singleton.any()
            let done = loop.makePromise(of: [Observation].self)
            let plan = ProbeScene.plan(timeout: .milliseconds(300))
            let memory = try await loop.submit {
                let round = ProbeRound(
                    requests, plan: plan, pacing: .init(), loop: loop, done: done)
                round.begin()
                return NIOLoopBound(Memory(round), eventLoop: loop)
            }.get()
            #expect(try await done.futureResult.get().count == 3)
            // Timers that are still to come hold it for a while.
            let patience = ContinuousClock.now + .seconds(30)
            while try await loop.submit({ memory.value.round != nil }).get() {
                try #require(ContinuousClock.now < patience, "the round is still there")
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }
}
