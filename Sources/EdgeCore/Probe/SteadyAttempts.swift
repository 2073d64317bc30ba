/// How the steady judge has a target asked: several attempts a round, each with a deadline of its own.
public struct SteadyAttempts: Hashable, Sendable {
    public var settings: SteadySettings
    /// The fetch time under which an answer is simply fine.
    public var goodEnough: Duration

    public init(settings: SteadySettings, goodEnough: Duration) {
        self.settings = settings
        self.goodEnough = goodEnough
    }

    /// Whether another attempt is made, and after which pause; nil: what came is the round's outcome.
    ///
    /// An attempt whose whole deadline does not fit is not made: cut short, it would look like a failure.
    ///
    /// - Parameters:
    ///   - outcome: what the last attempt came to.
    ///   - made: how many were made.
    ///   - left: what is left of the round's time.
    ///   - isWatched: whether the target is under suspicion.
    public func pause(
        after outcome: ProbeOutcome, made: Int, left: Duration, isWatched: Bool
    ) -> Duration? {
        guard made < settings.attempts,
            settings.triesAgain(after: outcome, goodEnough: goodEnough, isWatched: isWatched),
            settings.attemptPause + settings.attemptTimeout <= left
        else { return nil }
        return settings.attemptPause
    }
}
