internal import EdgeCore

/// A random source that gives the same numbers for the same seed, everywhere: xoshiro256** with its
/// state filled by splitmix64. Not for secrets.
public struct SeededRandom: RandomNumberGenerator, Hashable, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// Begins the sequence of `seed`.
    public init(seed: UInt64) {
        var filler = SplitMix64(seed: seed)
        state = (filler.next(), filler.next(), filler.next(), filler.next())
    }

    /// The next number.
    public mutating func next() -> UInt64 {
        let result = Self.rotate(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = Self.rotate(state.3, by: 45)
        return result
    }

    /// A source of its own, split off: what it is used for does not disturb this one's sequence.
    public mutating func split() -> SeededRandom {
        SeededRandom(seed: next())
    }

    /// True once in `times` on average; `times` must be positive.
    public mutating func once(in times: Int) -> Bool {
        Int.random(in: 0..<times, using: &self) == 0
    }

    private static func rotate(_ value: UInt64, by bits: UInt64) -> UInt64 {
        value << bits | value >> (64 - bits)
    }

    /// Whether both go on alike.
    public static func == (left: SeededRandom, right: SeededRandom) -> Bool {
        left.state == right.state
    }

    /// Feeds the state to a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(state.0)
        hasher.combine(state.1)
        hasher.combine(state.2)
        hasher.combine(state.3)
    }
}
