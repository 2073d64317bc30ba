/// How many edges may still leave the live set for health's sake (I10): `dnschange_maxfreq` in any sliding
/// ten minutes, counted across restarts.
public struct RotationBudget: Hashable, Sendable {
    /// The sliding window.
    public static let window: Duration = .seconds(600)

    /// Substitutions still counted, restamped to the present boot.
    public private(set) var recent: [Substitution]
    public let limit: Int

    /// Takes over the log; what is older than the window falls out, a stamp from the future counts as now.
    public init(log: [Substitution], limit: Int, now: Moment) {
        self.limit = limit
        recent = log.map { entry in
            var entry = entry
            entry.moment = now.restamped(entry.moment)
            return entry
        }.filter { now.elapsed(since: $0.moment) < Self.window }
    }

    /// What is left for health's sake. What operators did counts, but leaves half of the limit, rounded up: nobody
    /// who drained edges for an evening's work shall find that the next one that dies is not replaced.
    public var remaining: Int { remaining(after: recent) }

    private func remaining(after recent: [Substitution]) -> Int {
        let forHealth = recent.count { !$0.byOperator }
        return max(0, limit - recent.count, (limit + 1) / 2 - forHealth)
    }

    /// How long it is until something is left; nil: something is, or never will be.
    public func wait(now: Moment) -> Duration? {
        guard remaining == 0 else { return nil }
        let oldestFirst = recent.map { (age: now.elapsed(since: $0.moment), entry: $0) }
            .sorted { $0.age > $1.age }
        let expired = oldestFirst.indices.first { index in
            remaining(after: oldestFirst[(index + 1)...].map(\.entry)) > 0
        }
        return expired.map { Self.window - oldestFirst[$0].age }
    }

    /// Notes a substitution of this round.
    public mutating func spend(_ edge: EdgeName, byOperator: Bool, now: Moment) {
        recent.append(Substitution(moment: now, edge: edge, byOperator: byOperator))
    }
}
