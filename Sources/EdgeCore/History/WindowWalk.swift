/// Walks a network's rounds from the newest to the oldest and says which of them lie in the window
/// that ends now.
///
/// Ages are added up from round to round instead of being taken from now each: so a round's age
/// never falls as the walk goes on, intervals within a boot come from the boot's own clock even when
/// now is in a later boot, and a stamp from the future counts as now once and ages with the rounds
/// that follow it (I25).
public struct WindowWalk: Sendable {
    /// The age of the round that was last asked about.
    public private(set) var age: Duration = .zero
    private var later: Moment
    private let length: Duration

    /// Begins at `now` with a window of `length`.
    public init(from now: Moment, length: Duration) {
        later = now
        self.length = length
    }

    /// How old `moment` is when it lies before the round that was last asked about.
    public func age(of moment: Moment) -> Duration {
        age + later.elapsed(since: moment)
    }

    /// Whether the next older round, at `moment`, is still in the window; once false, always false.
    public mutating func reaches(_ moment: Moment) -> Bool {
        age = age(of: moment)
        later = moment
        return age < length
    }
}
