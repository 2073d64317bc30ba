/// Counts failing canaries in a round and trips at `canary_killer`: the rest are then not worth
/// asking, and none is used.
public struct CanaryBreaker: Hashable, Sendable {
    /// How many failures trip it; nil: never.
    public let limit: Int?
    /// How many canaries have failed so far.
    public private(set) var failures = 0

    public init(limit: Int?) {
        self.limit = limit
    }

    /// Whether enough have failed.
    public var hasTripped: Bool {
        guard let limit else { return false }
        return failures >= limit
    }

    /// Takes note of an outcome; those of other roles and local faults don't count.
    public mutating func record(_ observation: Observation) {
        guard observation.target.role == .canary, observation.fetchTime == nil,
            !observation.outcome.isLocalFault
        else { return }
        failures += 1
    }
}
