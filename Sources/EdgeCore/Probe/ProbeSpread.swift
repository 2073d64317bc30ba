/// How a daemon's probes are spread over the interval between two rounds, so that neither edges nor the monitor
/// see all of them at once, and a short trouble of the monitor's network meets few of them.
public struct ProbeSpread: Hashable, Sendable {
    /// The time over which the probes begin.
    public var length: Duration
    /// What the jitter is drawn from: the same seed gives the same starts (I20).
    public var seed: UInt64

    public init(over length: Duration, seed: UInt64) {
        self.length = length
        self.seed = seed
    }

    /// The spread of rounds that come each `interval`: what the interval leaves when the slowest probe's time is
    /// taken off, and half of the interval at least.
    ///
    /// - Parameters:
    ///   - interval: from the start of a round to the start of the next.
    ///   - longest: the longest that one probe may take (`ProbePlan.longestTime`).
    public static func length(interval: Duration, longest: Duration) -> Duration {
        let rest = interval - longest - interval / 20
        return min(max(rest, interval / 2), ProbeConcurrency.budget)
    }

    /// When each of `count` probes begins, counted from the round's start, in ascending order: each in a slot
    /// of its own, anywhere in it.
    public func starts(_ count: Int) -> [Duration] {
        guard count > 0, length > .zero else { return Array(repeating: .zero, count: count) }
        var generator = SplitMix64(seed: seed)
        let slot = Double(length.inNanoseconds) / Double(count)
        return (0..<count).map { index in
            let jitter = Double.random(in: 0..<1, using: &generator)
            return .nanoseconds(Int64((Double(index) + jitter) * slot))
        }
    }
}

/// Steele, Lea and Flood's generator ("Fast Splittable Pseudorandom Number Generators", OOPSLA 2014): small, and
/// good enough to spread things.
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    /// Begins the sequence of `seed`.
    public init(seed: UInt64) { state = seed }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
