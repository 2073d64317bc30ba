/// What a round saw, decided and did: everything that reports are made from.
public struct RoundReport: Sendable {
    public var network: NetworkName
    public var moment: Moment
    /// Whether it carried an operator's word out by the verdicts of the round before: its samples are not new.
    public var isStanding: Bool
    /// The edge list's edges in its order, then the canaries.
    public var edges: [EdgeReport]
    /// The live set, in effect from this round on.
    public var live: [LiveEdge]
    /// Edges that went in and out in this round.
    public var added: [EdgeName]
    public var removed: [EdgeName]
    /// Canary addresses that zones are published with.
    public var activeCanaries: [ZoneName: IPAddress]
    /// Include files' modification times, for the original's state file.
    public var includeTimes: [ZoneName: UnixTime]
    /// Edges that served other content in this round.
    public var verificationFailures: [EdgeName]
    public var holds: [Hold]
    /// Zones whose files were written.
    public var written: [ZoneName]
    public var warnings: [String]
    /// How long the probing and the round took.
    public var duration: Duration

    public init(
        network: NetworkName, moment: Moment, isStanding: Bool = false, edges: [EdgeReport] = [],
        live: [LiveEdge] = [],
        added: [EdgeName] = [], removed: [EdgeName] = [],
        activeCanaries: [ZoneName: IPAddress] = [:], includeTimes: [ZoneName: UnixTime] = [:],
        verificationFailures: [EdgeName] = [], holds: [Hold] = [], written: [ZoneName] = [],
        warnings: [String] = [], duration: Duration = .zero
    ) {
        self.network = network
        self.moment = moment
        self.isStanding = isStanding
        self.edges = edges
        self.live = live
        self.added = added
        self.removed = removed
        self.activeCanaries = activeCanaries
        self.includeTimes = includeTimes
        self.verificationFailures = verificationFailures
        self.holds = holds
        self.written = written
        self.warnings = warnings
        self.duration = duration
    }
}

/// One edge or canary in a report.
public struct EdgeReport: Hashable, Sendable {
    public var name: EdgeName
    public var isCanary: Bool
    public var health: Health
    public var mode: ModeRecord
    public var isLive: Bool
    /// This round's sample as kept; nil when there was none.
    public var sample: Duration?
    /// The fetch time, when the probe succeeded.
    public var fetchTime: Duration?
    /// The mean of all kept samples, this round's included.
    public var mean: Duration?

    public init(
        name: EdgeName, isCanary: Bool, health: Health, mode: ModeRecord, isLive: Bool,
        sample: Duration?, fetchTime: Duration?, mean: Duration?
    ) {
        self.name = name
        self.isCanary = isCanary
        self.health = health
        self.mode = mode
        self.isLive = isLive
        self.sample = sample
        self.fetchTime = fetchTime
        self.mean = mean
    }
}
