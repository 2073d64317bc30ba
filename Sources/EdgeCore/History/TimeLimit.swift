/// How long something that an operator said is meant to last.
public struct TimeLimit: Hashable, Sendable {
    /// From when on.
    public var since: Moment
    public var length: Duration

    public init(since: Moment, length: Duration) {
        self.since = since
        self.length = length
    }

    /// What is left of it, zero when it is over; within a boot no step of the wall clock prolongs or ends it
    /// (I25).
    public func left(at now: Moment) -> Duration {
        max(.zero, length - now.elapsed(since: since))
    }

    /// Whether it is over.
    public func isOver(at now: Moment) -> Bool { left(at: now) == .zero }

    /// Until when it lasts, by the wall clock.
    public var until: UnixTime { since.wall.adding(length) }
}
