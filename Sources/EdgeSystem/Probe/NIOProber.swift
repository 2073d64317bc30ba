public import EdgeCore
public import EdgeShell
internal import NIOCore
internal import NIOPosix

/// Probes edges over real sockets, on swift-nio.
///
/// Each call has one event loop of its own: no connection, timer or name outlives it, and what one
/// edge does reaches no other's measurement (I16). A probe connects to its request's address and
/// nowhere else (I31); host names are never resolved here.
public struct NIOProber: Prober {
    /// How starts are paced, so that our own work is not measured as the edges' slowness.
    public struct Pacing: Hashable, Sendable {
        /// The least time between the starts of two probes without TLS.
        public var plain: Duration
        /// The least time between the starts of two probes with TLS, whose handshakes cost more.
        public var secure: Duration

        /// By default 250 µs and 1.3 ms: 1,000 edges within 0.3 and 1.3 s.
        public init(
            plain: Duration = .microseconds(250), secure: Duration = .microseconds(1300)
        ) {
            self.plain = plain
            self.secure = secure
        }
    }

    private let pacing: Pacing

    /// Makes a prober; it holds nothing between rounds.
    public init(pacing: Pacing = Pacing()) {
        self.pacing = pacing
    }

    /// Probes every request once; the observations come in the requests' order.
    ///
    /// At most `plan.concurrency` are in flight, fewer when the process may not open so many
    /// descriptors. A probe's clock begins when it begins to connect. When the surrounding task is
    /// cancelled, what is still open ends at once as a local fault.
    public func probe(_ requests: [ProbeRequest], by plan: ProbePlan) async -> [Observation] {
        guard !requests.isEmpty else { return [] }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let observations = await probe(requests, by: plan, on: group.any())
        try? await group.shutdownGracefully()
        return observations
    }

    /// Probes on a loop that somebody else began and will end.
    func probe(
        _ requests: [ProbeRequest], by plan: ProbePlan, on loop: any EventLoop
    ) async -> [Observation] {
        let done = loop.makePromise(of: [Observation].self)
        let pacing = pacing
        let started = loop.submit {
            let round = ProbeRound(requests, plan: plan, pacing: pacing, loop: loop, done: done)
            round.begin()
            return NIOLoopBound(round, eventLoop: loop)
        }
        let observations = await withTaskCancellationHandler {
            try? await done.futureResult.get()
        } onCancel: {
            started.whenSuccess { $0.value.cancel() }
        }
        return observations ?? []
    }
}
