/// One edge's file of the original's health store, `<edge>.edgestore`.
public struct EdgeStoreFile: Hashable, Sendable {
    /// One kept fetch: when, and how long it took.
    public struct Fetch: Hashable, Sendable {
        public var time: UnixTime
        public var duration: Duration

        public init(time: UnixTime, duration: Duration) {
            self.time = time
            self.duration = duration
        }
    }

    public var comment: String
    /// Oldest first; at most 2,000.
    public var fetchTimes: [Fetch]
    /// `Health.rawValue`; nil where the file says something else.
    public var health: Health?
    /// Means by hour, oldest first; the time is the hour's beginning.
    public var historicalAverage: [Fetch]
    public var mode: Mode
    /// When the edge went in or out, oldest first; at most 2,000.
    public var rotationHistory: [UnixTime]
    /// `state`: "in" or "out".
    public var isLive: Bool
    /// When the mode was last changed; nil when it never was.
    public var stateEntryTime: UnixTime?

    public init(
        comment: String = "", fetchTimes: [Fetch] = [], health: Health? = nil,
        historicalAverage: [Fetch] = [], mode: Mode = .available,
        rotationHistory: [UnixTime] = [], isLive: Bool = false, stateEntryTime: UnixTime? = nil
    ) {
        self.comment = comment
        self.fetchTimes = fetchTimes
        self.health = health
        self.historicalAverage = historicalAverage
        self.mode = mode
        self.rotationHistory = rotationHistory
        self.isLive = isLive
        self.stateEntryTime = stateEntryTime
    }
}

/// The original's state file of one network.
public struct OriginalStateFile: Hashable, Sendable {
    /// The times of the last rotations, oldest first; at most 100.
    public var rotationList: [UnixTime]
    public var lastRun: UnixTime?
    public var lastLive: [EdgeName]
    /// The includes' modification times.
    public var zoneTimes: [ZoneName: UnixTime]
    public var activeCanaries: [ZoneName: IPAddress]
    public var verificationFailures: [EdgeName]

    public init(
        rotationList: [UnixTime] = [], lastRun: UnixTime? = nil, lastLive: [EdgeName] = [],
        zoneTimes: [ZoneName: UnixTime] = [:], activeCanaries: [ZoneName: IPAddress] = [:],
        verificationFailures: [EdgeName] = []
    ) {
        self.rotationList = rotationList
        self.lastRun = lastRun
        self.lastLive = lastLive
        self.zoneTimes = zoneTimes
        self.activeCanaries = activeCanaries
        self.verificationFailures = verificationFailures
    }
}
