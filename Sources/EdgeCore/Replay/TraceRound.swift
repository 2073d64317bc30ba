/// What one round of a trace saw.
public struct TraceRound: Hashable, Sendable {
    public var time: UnixTime
    /// Edges and reference targets, each once, in the order of their first lines.
    public var probes: [TraceProbe]

    public init(time: UnixTime, probes: [TraceProbe] = []) {
        self.time = time
        self.probes = probes
    }
}

/// What one round of a trace saw of one target.
public struct TraceProbe: Hashable, Sendable {
    public var target: ProbeTarget
    /// One at least, in their order.
    public var attempts: [ProbeOutcome]

    public init(target: ProbeTarget, attempts: [ProbeOutcome]) {
        self.target = target
        self.attempts = attempts
    }
}

/// Makes rounds of lines: those of one time are one.
public struct TraceRounds: Sendable {
    /// The most attempts at one target in a round.
    public static let mostAttempts = 100

    private var round: TraceRound?
    private var places: [ProbeTarget: Int] = [:]

    public init() {}

    /// Adds a line; returns the round before it when the line begins another.
    public mutating func add(_ line: TraceLine) throws(TraceProblem) -> TraceRound? {
        guard let time = round?.time, time == line.time else {
            if let last = round?.time, last > line.time {
                throw .timeGoesBack(from: last, to: line.time)
            }
            let finished = finish()
            round = TraceRound(time: line.time)
            append(line)
            return finished
        }
        guard let place = places[line.target] else {
            append(line)
            return nil
        }
        if round?.probes[place].attempts.count == Self.mostAttempts {
            throw .tooManyAttempts(line.target.name, limit: Self.mostAttempts)
        }
        round?.probes[place].attempts.append(line.outcome)
        return nil
    }

    private mutating func append(_ line: TraceLine) {
        places[line.target] = round?.probes.count
        round?.probes.append(TraceProbe(target: line.target, attempts: [line.outcome]))
    }

    /// The round that the last lines made; nil when there was no line.
    public mutating func finish() -> TraceRound? {
        defer { round = nil }
        places.removeAll(keepingCapacity: true)
        return round
    }
}

/// Makes rounds of kept samples that have no round in common, as the original's files have them: each edge's
/// samples have times of their own, some seconds apart within a round.
public struct SampleRounds: Sendable {
    /// How long after its first sample a round may go on: the least time between two runs.
    public static let longest: Duration = .seconds(30)
    /// What the original counts a failed probe as.
    public static let originalFailure: Duration = .seconds(10)

    private let timeout: Duration
    private var round: TraceRound?
    private var seen: Set<ProbeTarget> = []

    /// - Parameter timeout: what a failed probe was counted as; so long a sample is a failure, and so is one of
    ///   exactly 10 s.
    public init(timeout: Duration) {
        self.timeout = timeout
    }

    /// Adds a sample, not older than the one before; returns the round before it when it begins another.
    public mutating func add(_ target: ProbeTarget, _ fetch: EdgeStoreFile.Fetch) -> TraceRound? {
        var finished: TraceRound?
        if let first = round?.time,
            seen.contains(target) || fetch.time.since(first) >= Self.longest
        {
            finished = finish()
        }
        if round == nil { round = TraceRound(time: fetch.time) }
        seen.insert(target)
        let outcome =
            fetch.duration == Self.originalFailure
            ? .timeout(.processing)
            : ProbeOutcome.recorded(fetch.duration, timeout: timeout)
        round?.probes.append(TraceProbe(target: target, attempts: [outcome]))
        return finished
    }

    /// The round that the last samples made; nil when there was none.
    public mutating func finish() -> TraceRound? {
        defer { round = nil }
        seen.removeAll(keepingCapacity: true)
        return round
    }
}

extension ProbeOutcome {
    /// What a kept sample was the sample of: one that took the whole timeout is a failure, of which no more
    /// is kept.
    public static func recorded(_ sample: Duration, timeout: Duration) -> ProbeOutcome {
        sample < timeout ? .ok(fetchTime: sample) : .timeout(.processing)
    }
}
