internal import EdgeCore

/// What was last read for the API, so that the database is read once however many ask the same: until the network's
/// next round, and for five seconds at most, for there are words that are no round's.
actor Recall {
    private struct Kept {
        var stamp: Int
        var read: ContinuousClock.Instant
        var value: any Sendable
    }

    private var kept: [String: Kept] = [:]
    private let clock: @Sendable () -> ContinuousClock.Instant

    static let patience: Duration = .seconds(5)
    /// How many readings are kept at most.
    static let most = 64

    /// How many readings are kept.
    var count: Int { kept.count }

    /// - Parameter clock: the time.
    init(clock: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }) {
        self.clock = clock
    }

    /// What was read under a key, or is read now.
    ///
    /// - Parameters:
    ///   - key: tells one reading from all others.
    ///   - stamp: changes when it must be read anew.
    func value<Value: Sendable>(
        _ key: String, stamp: Int, reading: @Sendable () async throws -> Value
    ) async throws -> Value {
        let now = clock()
        if let old = kept[key], old.stamp == stamp, now - old.read < Self.patience,
            let value = old.value as? Value
        {
            return value
        }
        let value = try await reading()
        if kept.count >= Self.most { kept = [:] }
        kept[key] = Kept(stamp: stamp, read: now, value: value)
        return value
    }
}
