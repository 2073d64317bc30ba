/// One target's attempts of one round, as the steady judge counts them.
struct RoundOfAttempts {
    /// How many attempts say something of the edge.
    private(set) var attempts = 0
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

    /// - Parameter resetsBlock: a reset keeps the monitor out, since the edge is known to serve others.
    init(_ observation: Observation, resetsBlock: Bool) {
        for outcome in observation.earlier { count(outcome, resetsBlock: resetsBlock) }
        count(observation.outcome, resetsBlock: resetsBlock)
    }

    /// Whether any attempt failed.
    var hasFailure: Bool { failures != 0 }

    /// Whether an attempt failed, the first one being 0.
    func hasFailed(_ attempt: Int) -> Bool { failures >> UInt64(attempt) & 1 == 1 }

    private mutating func add(hasFailed: Bool) {
        // No plan makes so many; the rest would say nothing new.
        guard attempts < 64 else { return }
        if hasFailed { failures |= 1 << UInt64(attempts) }
        attempts += 1
    }

    private mutating func count(_ outcome: ProbeOutcome, resetsBlock: Bool) {
        switch outcome {
        case .ok(let time):
            add(hasFailed: false)
            fetchTime = fetchTime.map { min($0, time) } ?? time
        case .localFault:
            break
        case .reset where resetsBlock:
            wasKeptOut = true
        case .mismatch:
            add(hasFailed: true)
            isMismatch = true
        case .http, .redirect, .tls, .unresolvable, .refused, .unreachable, .timeout, .reset,
            .tooLarge, .protocolError:
            if outcome.isBlocking {
                wasKeptOut = true
            } else {
                add(hasFailed: true)
            }
        }
    }
}
