/// How long what happened is remembered (`history`).
public struct HistorySettings: Hashable, Sendable {
    /// How long sums over 5 minutes are kept.
    public var minutes: Duration
    /// How long sums over an hour are kept.
    public var hours: Duration
    /// How long sums over a day, and when edges were live, are kept.
    public var days: Duration
    /// How long lines of the audit log are kept; of all networks together no more than 100,000.
    public var audit: Duration

    public init(
        minutes: Duration = .seconds(2 * 86_400), hours: Duration = .seconds(60 * 86_400),
        days: Duration = .seconds(800 * 86_400), audit: Duration = .seconds(400 * 86_400)
    ) {
        self.minutes = minutes
        self.hours = hours
        self.days = days
        self.audit = audit
    }

    /// How long sums of this length are kept.
    public func length(of span: HistorySpan) -> Duration {
        switch span {
        case .minutes: minutes
        case .hours: hours
        case .days: days
        }
    }
}

extension HistorySettings {
    /// Before which start sums are dropped; nil: none has been kept for long enough.
    ///
    /// Two sums of each target go at most, so that no round takes long when less is to be kept from now on, or the
    /// clock is wrong.
    ///
    /// - Parameter oldest: the start of the oldest that is kept.
    public func bound(of span: HistorySpan, oldest: Int64?, at now: UnixTime) -> Int64? {
        let horizon = now.adding(.zero - length(of: span)).seconds
        guard let oldest, oldest < horizon else { return nil }
        return min(horizon, oldest + 2 * span.seconds)
    }
}

extension HistorySettings {
    /// What is taken of each.
    enum Limits {
        private static func days(_ range: ClosedRange<Int>) -> ClosedRange<Duration> {
            .seconds(range.lowerBound * 86_400) ... .seconds(range.upperBound * 86_400)
        }
        /// Long enough that an hour is summed up of what is kept.
        static let minutes: ClosedRange<Duration> = .seconds(7200) ... .seconds(31 * 86_400)
        /// Long enough that a day is.
        static let hours = days(2...400)
        static let days = days(2...3660)
        static let audit = days(1...3660)
    }
}

/// The lengths of time that rounds are summed up over, each of the shorter ones before it.
public enum HistorySpan: Int, Hashable, Sendable, CaseIterable, Comparable {
    /// Five minutes.
    case minutes = 0
    case hours
    /// A day, in UTC.
    case days

    /// How long it is, in seconds.
    public var seconds: Int64 {
        switch self {
        case .minutes: 300
        case .hours: 3600
        case .days: 86_400
        }
    }

    /// When the one began that a time lies in, in seconds since 1970.
    public func start(of time: UnixTime) -> Int64 { start(of: time.seconds) }

    /// The same for whole seconds.
    public func start(of time: Int64) -> Int64 {
        let rest = time % seconds
        return time - (rest < 0 ? rest + seconds : rest)
    }

    /// Whether the five minutes are over that the last of some rounds lies in.
    ///
    /// - Parameter rounds: the times of the rounds that are not summed up yet.
    public static func areOver(_ rounds: some Collection<UnixTime>, at now: UnixTime) -> Bool {
        guard let newest = rounds.max() else { return false }
        // However often the clock is set, rounds don't wait for ever.
        return minutes.start(of: newest) != minutes.start(of: now) || rounds.count > 4096
    }

    /// Shorter before longer.
    public static func < (left: HistorySpan, right: HistorySpan) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A time that an edge was live without a break.
public struct LiveSpan: Hashable, Sendable {
    public var edge: EdgeName
    public var began: UnixTime
    /// nil: it is live still.
    public var ended: UnixTime?

    public init(edge: EdgeName, began: UnixTime, ended: UnixTime? = nil) {
        self.edge = edge
        self.began = began
        self.ended = ended
    }

    /// How much of it lies between two times.
    public func overlap(from start: UnixTime, to end: UnixTime) -> Duration {
        max(.zero, min(ended ?? end, end).since(max(began, start)))
    }

    /// Whether the edge was live at a time.
    public func contains(_ time: UnixTime) -> Bool {
        began <= time && ended.map { time < $0 } ?? true
    }
}

/// What was summed up of a time, and from when on.
public struct HistoryWindow: Hashable, Sendable {
    /// By target; those without a round are left out.
    public var summaries: [ProbeTarget: FetchSummary]
    /// When the first round was that is counted, to the length of the sums; nil: none is.
    public var since: UnixTime?

    public init(summaries: [ProbeTarget: FetchSummary] = [:], since: UnixTime? = nil) {
        self.summaries = summaries
        self.since = since
    }

    /// Adds what was summed up from a time on.
    public mutating func add(_ summary: FetchSummary, of target: ProbeTarget, since start: UnixTime)
    {
        summaries[target, default: FetchSummary()].add(summary)
        since = since.map { min($0, start) } ?? start
    }
}

/// Which sums make up a time that ends now: as long ones as there are, shorter ones at both ends, and single rounds
/// after the last.
public struct HistoryCover: Hashable, Sendable {
    /// Starts of sums, in seconds, from the first on and before the second.
    public var ranges: [HistorySpan: [Range<Int64>]]

    /// - Parameter newest: the start of the newest sum of each length that was finished before now.
    public init(from: UnixTime, newest: [HistorySpan: Int64]) {
        // A sum that began before counts whole where it is a short one.
        let first = HistorySpan.minutes.start(of: from)
        var ranges: [HistorySpan: [Range<Int64>]] = [:]
        // What lies between is told by longer sums.
        var (from, to) = (first, first)
        for span in HistorySpan.allCases.reversed() {
            guard let last = newest[span] else { continue }
            let begin = Self.next(span, from: first)
            let end = last + span.seconds
            guard begin < end else { continue }
            if from == to {
                ranges[span] = [begin..<end]
                (from, to) = (begin, end)
            } else {
                ranges[span] = [begin..<max(begin, from), to..<max(to, end)].filter { !$0.isEmpty }
                (from, to) = (min(from, begin), max(to, end))
            }
        }
        self.ranges = ranges
    }

    private static func next(_ span: HistorySpan, from time: Int64) -> Int64 {
        let start = span.start(of: time)
        return start == time ? start : start + span.seconds
    }
}
