internal import EdgeCore

/// What was last read for the API, so that the database is read once however many ask the same: until the network's
/// next round, and for five seconds at most, for there are words that are no round's.
///
/// Whoever asks while it is being read waits for that reading. Readings wait for each other, on a thread of their own.
actor Recall {
    private struct Kept {
        var stamp: Int
        var read: ContinuousClock.Instant
        /// When it was asked for last, counted by all that was asked.
        var asked: Int
        var reading: Task<any Sendable, any Error>
        /// The reading's own number.
        var number: Int
        var isRead = false
    }

    private var kept: [String: Kept] = [:]
    /// How often something was asked for.
    private(set) var asked = 0
    private let desk = ReadingDesk("api")
    private let clock: @Sendable () -> ContinuousClock.Instant

    /// How many readings are kept at most.
    static let most = 64

    /// What is kept.
    var keys: Set<String> { Set(kept.keys) }

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
        _ key: String, stamp: Int, reading: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let now = clock()
        asked += 1
        if let old = kept[key], old.stamp == stamp,
            !old.isRead || now - old.read < ReadingDesk.patience
        {
            kept[key]?.asked = asked
            if let value = try await old.reading.value as? Value { return value }
        }
        let number = asked
        let desk = desk
        let task = Task<any Sendable, any Error> { try await desk.read(reading) }
        makeRoom(for: key)
        kept[key] = Kept(stamp: stamp, read: now, asked: number, reading: task, number: number)
        let result = await task.result
        if kept[key]?.number == number {
            switch result {
            case .success: kept[key]?.isRead = true
            // What failed is tried again by the next who asks.
            case .failure: kept[key] = nil
            }
        }
        guard let value = try result.get() as? Value else {
            preconditionFailure("what was read is what was asked for")
        }
        return value
    }

    /// Lets go of what nobody asked for the longest.
    private func makeRoom(for key: String) {
        guard kept[key] == nil, kept.count >= Self.most else { return }
        if let oldest = kept.min(by: { $0.value.asked < $1.value.asked }) { kept[oldest.key] = nil }
    }
}
