/// One target's attempts of one round, as the steady judge counts them.
struct RoundOfAttempts {
    /// How many attempts say something of the edge.
    private(set) var attempts = 0
    /// How long each of the last of them took, in order; a failed one counts as the deadline.
    private(set) var times = RecentFetchTimes()
    /// The best answer's fetch time; nil when no attempt was answered well.
    private(set) var fetchTime: Duration?
    /// Whether an attempt was served something else than the object.
    private(set) var isMismatch = false
    /// Whether the monitor was kept out, and never answered well.
    var isBlocked: Bool { wasKeptOut && fetchTime == nil && !isMismatch }
    /// Whether the round says anything of the edge: a fault of the monitor's own does not, nor does an edge
    /// that keeps it out.
    var saysSomething: Bool { attempts > 0 && !isBlocked }

    private var wasKeptOut = false
    /// A bit for each attempt that failed, the first one's lowest.
    private var failures: UInt64 = 0
    /// The same for each that was answered, not under good enough.
    private var slowAnswers: UInt64 = 0
    private let deadline: Duration
    private let goodEnough: Duration

    /// - Parameters:
    ///   - deadline: what a failed attempt counts as.
    ///   - goodEnough: the fetch time under which an answer is simply fine.
    ///   - resetsBlock: a reset keeps the monitor out, since the edge is known to serve others.
    init(
        _ observation: Observation, deadline: Duration, goodEnough: Duration, resetsBlock: Bool
    ) {
        self.deadline = deadline
        self.goodEnough = goodEnough
        for outcome in observation.earlier { count(outcome, resetsBlock: resetsBlock) }
        count(observation.outcome, resetsBlock: resetsBlock)
    }

    /// Whether any attempt failed.
    var hasFailure: Bool { failures != 0 }

    /// Whether an attempt failed, the first one being 0.
    func hasFailed(_ attempt: Int) -> Bool { failures >> UInt64(attempt) & 1 == 1 }

    /// Whether an attempt failed or was answered slowly.
    func wasBad(_ attempt: Int) -> Bool { (failures | slowAnswers) >> UInt64(attempt) & 1 == 1 }

    private mutating func add(failed: Bool, took time: Duration, isSlow: Bool) {
        // No plan makes so many; the rest would say nothing new.
        guard attempts < 64 else { return }
        if failed { failures |= 1 << UInt64(attempts) }
        if isSlow { slowAnswers |= 1 << UInt64(attempts) }
        times.add(time, keeping: RecentFetchTimes.capacity)
        attempts += 1
    }

    private mutating func count(_ outcome: ProbeOutcome, resetsBlock: Bool) {
        switch outcome {
        case .ok(let time):
            add(failed: false, took: time, isSlow: time >= goodEnough)
            fetchTime = fetchTime.map { min($0, time) } ?? time
        case .localFault:
            break
        case .reset where resetsBlock:
            wasKeptOut = true
        case .mismatch:
            add(failed: true, took: deadline, isSlow: false)
            isMismatch = true
        case .http, .redirect, .tls, .unresolvable, .refused, .unreachable, .timeout, .reset,
            .tooLarge, .protocolError:
            if outcome.isBlocking {
                wasKeptOut = true
            } else {
                add(failed: true, took: deadline, isSlow: false)
            }
        }
    }
}
