internal import EdgeCore
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// All probes of one call, on their event loop; nothing here is touched from anywhere else.
///
/// A probe is waiting (not begun, or between two attempts), in flight (it has an `Attempt`), or
/// settled (it has an observation). Starts are paced; one timer serves all deadlines, which are kept in
/// their order: most probes have the same time and so run out in the order in which they began.
final class ProbeRound {
    let plan: ProbePlan
    let loop: any EventLoop
    let clock: LoopClock
    private let requests: [ProbeRequest]
    private let pacing: NIOProber.Pacing
    private let done: EventLoopPromise<[Observation]>
    private let concurrency: Int
    private let security: TLSContexts
    private var breaker: CanaryBreaker
    private var requestTexts: [ProbeRequest.Question: ByteBuffer] = [:]

    private var observations: [Observation?]
    private var unsettled: Int
    private var next = 0
    private var running: [Int: RunningProbe] = [:]
    /// Begun probes, with the steady judge attempts, in the order of their deadlines; those that ended are
    /// dropped when they come up.
    private var deadlines = CircularBuffer<(at: NIODeadline, index: Int)>()
    /// The earliest time of the next start.
    private var nextStart = NIODeadline.uptimeNanoseconds(0)
    /// When each request's turn comes at the earliest; empty: at once.
    private var turns: [NIODeadline] = []
    /// No probe begins later, so that the round ends within its budget (I19).
    private var lastStart = NIODeadline.distantFuture
    private var startScheduled = false
    private var nextDeadline: NIODeadline?

    init(
        _ requests: [ProbeRequest], plan: ProbePlan, pacing: NIOProber.Pacing,
        loop: any EventLoop, done: EventLoopPromise<[Observation]>
    ) {
        self.requests = requests
        self.plan = plan
        self.pacing = pacing
        self.loop = loop
        self.done = done
        clock = LoopClock(loop)
        concurrency = min(
            max(1, plan.concurrency),
            ProbeConcurrency.allowed(descriptorLimit: DescriptorLimit.current))
        security = TLSContexts(trust: plan.trust)
        breaker = CanaryBreaker(limit: plan.canaryKiller)
        observations = Array(repeating: nil, count: requests.count)
        unsettled = requests.count
    }

    /// Starts the first probes.
    func begin() {
        if requests.contains(where: { $0.scheme == .https }) { security.prepare() }
        clock.begin()
        nextStart = clock.now()
        let begun = nextStart
        turns = plan.spread?.starts(requests.count).map { begun + TimeAmount($0) } ?? []
        let budget = ProbeConcurrency.budget
        let latest = max(budget / 2, budget - plan.longestTime)
        lastStart = nextStart + TimeAmount(latest + (plan.spread?.length ?? .zero))
        scheduleStart()
    }

    /// Ends everything at once: the surrounding task was cancelled.
    func cancel() {
        for index in requests.indices {
            settle(index, .localFault(reason: "the round was cancelled"))
        }
    }

    // MARK: Starting

    /// Comes back when pacing allows the next start; never starts from within an event, so that
    /// connections that fail at once don't pile up on the stack.
    private func scheduleStart() {
        guard !startScheduled, next < requests.count, running.count < concurrency else { return }
        startScheduled = true
        loop.assumeIsolated().scheduleTask(deadline: max(nextStart, turn)) {
            self.startScheduled = false
            self.startSome()
        }
    }

    /// Starts what a millisecond's pacing allows. A loop that comes late doesn't catch up: it is
    /// busy with answers, which must not wait behind new connections.
    private func startSome() {
        let now = clock.now()
        guard now <= lastStart else { return giveUpTheRest() }
        nextStart = max(nextStart, now)
        let end = now + .milliseconds(1)
        while nextStart < end, turn < end, next < requests.count, running.count < concurrency {
            let index = next
            next += 1
            guard observations[index] == nil else { continue }
            let isSecure = requests[index].scheme == .https
            nextStart = nextStart + TimeAmount(isSecure ? pacing.secure : pacing.plain)
            start(index)
        }
        scheduleStart()
    }

    /// When the next request's turn comes.
    private var turn: NIODeadline { next < turns.count ? turns[next] : .uptimeNanoseconds(0) }

    /// With too few descriptors not every edge's turn comes in time, which is nothing against the edge.
    private func giveUpTheRest() {
        let first = next
        next = requests.count
        for index in first..<requests.count {
            settle(
                index,
                .localFault(
                    reason:
                        "its turn did not come within the round's \(ProbeConcurrency.budget.shortSeconds)"
                        + "; allow more open files"))
        }
    }

    private func start(_ index: Int) {
        let now = clock.now()
        let time = plan.time(of: requests[index])
        let spent = min(requests[index].resolveTime ?? .zero, time)
        let probe = RunningProbe(start: now, end: now + TimeAmount(time - spent))
        running[index] = probe
        setDeadline(probe.end, of: index, probe)
        attempt(index, probe)
    }

    /// Notes when what begins now ends at the latest.
    private func setDeadline(_ deadline: NIODeadline, of index: Int, _ probe: RunningProbe) {
        probe.deadline = deadline
        // In order of time: only a name that was slow to resolve comes before those that began earlier.
        var place = deadlines.endIndex
        while place > deadlines.startIndex {
            let before = deadlines.index(before: place)
            guard deadlines[before].at > deadline else { break }
            place = before
        }
        deadlines.replaceSubrange(place..<place, with: [(at: deadline, index: index)])
        scheduleDeadline()
    }

    /// Makes one attempt to connect; the handler takes over from there.
    private func attempt(_ index: Int, _ probe: RunningProbe) {
        let request = requests[index]
        probe.attempts += 1
        do {
            let text = try text(of: request)
            let security = try security.handler(for: request)
            let address = try SocketAddress(request.address, port: request.port)
            let now = clock.now()
            probe.attemptStart = now
            if let steady = plan.attempts(of: request) {
                let deadline = now + TimeAmount(steady.settings.attemptTimeout)
                setDeadline(min(deadline, probe.end), of: index, probe)
            }
            let handler = ProbeHandler(
                round: self, index: index, start: now, requestText: text, security: security)
            probe.handler = handler
            let bound = NIOLoopBound(handler, eventLoop: loop)
            // One an attempt: what it is told of the handler it keeps, and the handler keeps the round.
            // The deadline is the round's own; the bootstrap's only gives the socket back.
            ClientBootstrap(group: loop)
                .channelOption(
                    .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 8192)
                )
                .connectTimeout(probe.deadline - now + .seconds(1))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try bound.value.install(in: channel) }
                }
                .connect(to: address)
                .assumeIsolated()
                .whenFailure { self.connectFailed(index, handler, $0) }
        } catch let error as RequestFault {
            settle(index, .localFault(reason: error.reason))
        } catch {
            settle(index, .localFault(reason: NetworkText.printable("\(error)")))
        }
    }

    /// Tries again after a pause, while attempts and time are left.
    private func connectFailed(_ index: Int, _ handler: ProbeHandler, _ error: any Error) {
        guard let probe = running[index], probe.handler === handler else { return }
        let request = requests[index]
        let outcome = ConnectFailure.outcome(of: error, to: request.address)
        guard plan.attempts(of: request) == nil else { return attemptEnded(index, outcome) }
        let pause = TimeAmount.milliseconds(100) * probe.attempts
        // A refused handshake is an answer: the host is there.
        let isAnswer = request.question == .handshake && outcome == .refused
        guard probe.attempts < plan.attempts, !isAnswer, clock.now() + pause < probe.deadline
        else { return settle(index, outcome) }
        probe.handler = nil
        attemptAgain(index, probe, after: pause)
    }

    private func attemptAgain(_ index: Int, _ probe: RunningProbe, after pause: TimeAmount) {
        loop.assumeIsolated().scheduleTask(in: pause) {
            guard self.running[index] === probe, probe.handler == nil else { return }
            self.attempt(index, probe)
        }
    }

    /// The bytes to send: the same for all probes with the same question.
    private func text(of request: ProbeRequest) throws(RequestFault) -> ByteBuffer? {
        guard case .object(let path, let host) = request.question else { return nil }
        if let text = requestTexts[request.question] { return text }
        // A line's end in any of them would be a second request (RFC 9110 §5.5).
        for (what, value) in [("path", path), ("Host", host), ("user agent", plan.userAgent)] {
            let least: UInt8 = what == "path" ? 0x21 : 0x20
            guard value.utf8.allSatisfy({ $0 >= least && $0 != 0x7F }) else {
                throw RequestFault(reason: "the request's \(what) holds a control character")
            }
        }
        let text = ByteBuffer(
            string: "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: \(plan.userAgent)\r\n"
                + "Accept: */*\r\nConnection: close\r\n\r\n")
        // Only `testing` asks each edge for its own host; those need no cache.
        if requestTexts.count < 16 { requestTexts[request.question] = text }
        return text
    }

    // MARK: Ending

    /// One timer for the earliest deadline.
    private func scheduleDeadline() {
        guard let first = deadlines.first else { return }
        if let nextDeadline, nextDeadline <= first.at { return }
        nextDeadline = first.at
        loop.assumeIsolated().scheduleTask(deadline: first.at) {
            self.nextDeadline = nil
            self.expire()
        }
    }

    private func expire() {
        let now = clock.now()
        while let first = deadlines.first {
            guard let probe = running[first.index], probe.deadline == first.at else {
                deadlines.removeFirst()
                continue
            }
            guard first.at <= now else { break }
            deadlines.removeFirst()
            attemptEnded(first.index, .timeout(probe.handler?.phase ?? .connect))
        }
        scheduleDeadline()
    }

    /// What an attempt came to: the probe's outcome, or with the steady judge a reason to try again.
    func attemptEnded(_ index: Int, _ outcome: ProbeOutcome) {
        guard let probe = running[index], let steady = plan.attempts(of: requests[index]) else {
            return settle(index, outcome)
        }
        let outcome = believed(outcome, since: probe.attemptStart)
        let pause = steady.pause(
            after: outcome, made: probe.attempts, left: Duration(probe.end - clock.now()),
            isWatched: requests[index].isWatched)
        guard let pause else { return settle(index, outcome) }
        probe.earlier.append(outcome)
        let handler = probe.handler
        probe.certificateExpiry = handler?.certificateExpiry ?? probe.certificateExpiry
        probe.handler = nil
        probe.deadline = .distantFuture
        handler?.close()
        attemptAgain(index, probe, after: TimeAmount(pause))
    }

    /// What was measured while this process stood still says nothing of an edge.
    private func believed(_ outcome: ProbeOutcome, since start: NIODeadline) -> ProbeOutcome {
        clock.hasStalled(since: start)
            ? .localFault(reason: "this process stood still while the probe ran") : outcome
    }

    /// Notes a probe's outcome, gives back what it held, and starts others.
    func settle(_ index: Int, _ outcome: ProbeOutcome) {
        guard observations[index] == nil else { return }
        let probe = running.removeValue(forKey: index)
        let handler = probe?.handler
        let request = requests[index]
        var outcome = outcome
        if let probe {
            let repeats = plan.attempts(of: request) != nil
            outcome = believed(outcome, since: repeats ? probe.attemptStart : probe.start)
        }
        var phases = handler?.phases ?? ProbePhases()
        phases.resolve = request.resolveTime
        let observation = Observation(
            target: request.target, address: request.address, outcome: outcome,
            phases: phases, attempts: probe?.attempts ?? 0,
            earlier: probe?.earlier ?? [],
            certificateExpiry: handler?.certificateExpiry ?? probe?.certificateExpiry)
        observations[index] = observation
        unsettled -= 1
        handler?.close()
        guard unsettled > 0 else { return finish() }
        if request.target.role == .canary { note(observation) }
        if probe != nil { scheduleStart() }
    }

    /// When enough canaries have failed the rest are not worth asking.
    private func note(_ observation: Observation) {
        let had = breaker.hasTripped
        breaker.record(observation)
        guard breaker.hasTripped, !had else { return }
        let reason = "cancelled: \(breaker.failures) canaries have failed in this round"
        for index in requests.indices where requests[index].target.role == .canary {
            settle(index, .localFault(reason: reason))
        }
    }

    private func finish() {
        clock.end()
        done.succeed(observations.compactMap { $0 })
    }
}

/// Why a request can't be made at all: the monitor's own trouble.
struct RequestFault: Error {
    var reason: String
}

/// One probe in flight or between two attempts.
final class RunningProbe {
    let start: NIODeadline
    /// When all its attempts must have ended.
    let end: NIODeadline
    /// When the attempt in flight must have.
    var deadline: NIODeadline
    var attempts = 0
    var attemptStart: NIODeadline
    /// What the steady judge's attempts before this one came to.
    var earlier: [ProbeOutcome] = []
    /// When the certificate ends that those attempts saw last.
    var certificateExpiry: UnixTime?
    /// The attempt in flight; nil in the pause before the next.
    var handler: ProbeHandler?

    init(start: NIODeadline, end: NIODeadline) {
        self.start = start
        self.end = end
        deadline = end
        attemptStart = start
    }
}
