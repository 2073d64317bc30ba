/// A point of civil time, in nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// It can be wrong and can jump. Intervals are measured between two `Moment`s instead.
public struct UnixTime: Hashable, Sendable, Comparable {
    /// Nanoseconds since the epoch; good until the year 2262.
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Whole seconds since the epoch.
    public init(seconds: Int64) {
        let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        nanoseconds = overflow ? (seconds < 0 ? .min : .max) : value
    }

    /// Whole seconds since the epoch, rounded down.
    public var seconds: Int64 {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The time as seconds and a fraction, as the original's files write it.
    public var doubleSeconds: Double { Double(nanoseconds) / 1e9 }

    public static func < (left: UnixTime, right: UnixTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The time `duration` later, at the ends of Int64 where it would not fit.
    public func adding(_ duration: Duration) -> UnixTime {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.inNanoseconds)
        return UnixTime(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    /// The time from `earlier` to this one; negative when the clock was set back in between.
    public func since(_ earlier: UnixTime) -> Duration {
        .nanoseconds(nanoseconds) - .nanoseconds(earlier.nanoseconds)
    }
}

/// Now, on both clocks: what the wall says, and the time since boot that nobody can set (I25).
public struct Moment: Hashable, Sendable {
    /// CLOCK_REALTIME.
    public var wall: UnixTime
    /// CLOCK_BOOTTIME: runs on through suspend, never jumps.
    public var sinceBoot: Duration
    /// Which boot `sinceBoot` belongs to.
    public var bootID: String

    public init(wall: UnixTime, sinceBoot: Duration, bootID: String) {
        self.wall = wall
        self.sinceBoot = sinceBoot
        self.bootID = bootID
    }

    /// How long ago `earlier` was: by the boot clock within one boot, by the wall across boots, a
    /// stamp from the future counting as now.
    public func elapsed(since earlier: Moment) -> Duration {
        let interval =
            bootID == earlier.bootID
            ? sinceBoot - earlier.sinceBoot : wall.since(earlier.wall)
        return max(interval, .zero)
    }

    /// `earlier` told by this moment's clocks, both of them: a stamp from the future, counted as now once, ages
    /// from here on, and a wall clock that was set in between doesn't count when there is another boot.
    public func restamped(_ earlier: Moment) -> Moment {
        let age = elapsed(since: earlier)
        return Moment(wall: wall.adding(.zero - age), sinceBoot: sinceBoot - age, bootID: bootID)
    }
}

extension Duration {
    /// The duration in seconds and a fraction.
    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }

    /// The duration in whole nanoseconds, at the limits of Int64 where it would not fit.
    public var inNanoseconds: Int64 {
        let (scaled, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return components.seconds < 0 ? .min : .max }
        let (sum, carried) = scaled.addingReportingOverflow(components.attoseconds / 1_000_000_000)
        return carried ? (scaled < 0 ? .min : .max) : sum
    }
}
