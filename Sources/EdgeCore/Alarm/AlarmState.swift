/// What is remembered of one network's alarms from round to round.
public struct AlarmState: Hashable, Sendable, Codable {
    public var groups: [AlarmKind: AlarmGroup]
    public var receivers: [String: ReceiverState]
    /// What was not told since the quiet hours began, oldest first; at most `mostQuieted`.
    public var quieted: [QuietedNotification]
    /// How many more there were.
    public var quietedMore: Int
    /// How many notifications were made: numbers them.
    public var count: Int

    /// The most subjects of one kind that are followed.
    public static let mostItems = 1000
    /// The most notifications that are kept for after the quiet hours.
    public static let mostQuieted = 50

    public init(
        groups: [AlarmKind: AlarmGroup] = [:], receivers: [String: ReceiverState] = [:],
        quieted: [QuietedNotification] = [], quietedMore: Int = 0, count: Int = 0
    ) {
        self.groups = groups
        self.receivers = receivers
        self.quieted = quieted
        self.quietedMore = quietedMore
        self.count = count
    }
}

/// Everything of one kind.
public struct AlarmGroup: Hashable, Sendable, Codable {
    /// By subject.
    public var items: [String: AlarmItem] = [:]
    /// Whether somebody was told, or would have been if it were not quiet.
    public var isTold = false
    /// Who was.
    public var receivers: Set<ReceiverName> = []
    /// The worst that held when it was last told.
    public var severity: AlarmSeverity?
    /// The worst that was told since it began: what its end is told as.
    public var worst: AlarmSeverity?
    /// By receiver, the number of the last notification that arrived there.
    public var delivered: [String: Int]?
    /// When something was last told.
    public var lastTold: Moment?
    /// What was told and is over, and that was not told yet.
    public var ended: [EndedItem] = []
    /// How many conditions there were in the last round, those that are not followed included.
    public var total = 0

    public init() {}
}

/// One subject: an edge, a hold, a name server.
public struct AlarmItem: Hashable, Sendable, Codable {
    /// Since when it holds.
    public var since: Moment
    /// Rounds in a row that showed it, up to its threshold.
    public var rounds = 0
    public var severity: AlarmSeverity
    public var words: String
    /// Where an edge that fails is; nil: a canary, or no edge.
    public var place: EdgePlace?
    public var isPresent = false
    /// Whether it is past its threshold.
    public var isFiring = false
    public var isTold = false
    /// The number of the notification that told it first; nil: none did.
    public var toldBy: Int?
    public var toldSeverity: AlarmSeverity?
    /// When it was last seen to be over; nil while it holds.
    public var absentSince: Moment?
    /// When it came, within the last hour.
    public var appearances: [Moment] = []
    public var isFlapping = false
    public var isToldFlapping = false

    public init(since: Moment, severity: AlarmSeverity, words: String) {
        self.since = since
        self.severity = severity
        self.words = words
    }
}

/// A subject that is well again.
public struct EndedItem: Hashable, Sendable, Codable {
    public var subject: String
    public var since: UnixTime
    /// How long it had held, in whole seconds.
    public var seconds: Int64
    /// Whether it ended by an operator's word, not by getting well; nil: no.
    public var isWithdrawn: Bool?

    public init(
        subject: String, since: UnixTime, seconds: Int64, isWithdrawn: Bool? = nil
    ) {
        self.subject = subject
        self.since = since
        self.seconds = seconds
        self.isWithdrawn = isWithdrawn
    }
}

/// What is told after the quiet hours.
public struct QuietedNotification: Hashable, Sendable, Codable {
    public var notification: AlarmNotification
    public var receivers: Set<ReceiverName>
    /// As of `AlarmState.count`.
    public var number: Int?

    public init(
        notification: AlarmNotification, receivers: Set<ReceiverName>, number: Int? = nil
    ) {
        self.notification = notification
        self.receivers = receivers
        self.number = number
    }
}

/// What is known of one receiver.
public struct ReceiverState: Hashable, Sendable, Codable {
    /// What waits for it: at most one notification of each kind, and a digest.
    public var outbox: [AlarmDelivery] = []
    /// Attempts in a row that failed.
    public var failures = 0
    public var lastTry: Moment?
    /// Why the last attempt failed; nil: it did not.
    public var lastFailure: String?
    public var lastDelivered: UnixTime?
    /// When it was told something, within the last hour.
    public var sent: [Moment] = []
    /// Alertmanager's alerts that it was given and that are not over as far as it knows.
    public var alerts: [StandingAlert] = []
    /// When a process last began to send to it; nil: none is sending.
    public var claimed: Moment?
    /// How many notifications waited for the limit when they were last to be sent; nil: none.
    public var heldBack: Int?

    public init() {}
}

/// A notification on its way.
public struct AlarmDelivery: Hashable, Sendable, Codable {
    public var notification: AlarmNotification
    /// Failed attempts.
    public var attempts: Int
    public var queued: UnixTime
    /// Whether nothing was told before it that it only goes on with.
    public var isFirst: Bool
    /// By kind, the number of the notification that it tells of; a digest has several.
    public var numbers: [AlarmKind: Int]?

    public init(
        notification: AlarmNotification, attempts: Int = 0, queued: UnixTime, isFirst: Bool,
        numbers: [AlarmKind: Int] = [:]
    ) {
        self.notification = notification
        self.attempts = attempts
        self.queued = queued
        self.isFirst = isFirst
        self.numbers = numbers
    }
}

/// One alert as Alertmanager is given it.
public struct StandingAlert: Hashable, Sendable, Codable {
    public var kind: AlarmKind
    public var subject: String
    public var severity: AlarmSeverity
    public var words: String
    public var since: UnixTime

    public init(
        kind: AlarmKind, subject: String, severity: AlarmSeverity, words: String, since: UnixTime
    ) {
        self.kind = kind
        self.subject = subject
        self.severity = severity
        self.words = words
        self.since = since
    }

    /// One sentence.
    public func summary(of network: NetworkName) -> String {
        "network \(network): \(AlarmWords.one(kind, subject, words))"
    }

    /// Whether Alertmanager takes both for one: its labels are the same.
    func isSame(_ other: StandingAlert) -> Bool {
        (kind, subject, severity) == (other.kind, other.subject, other.severity)
    }
}

extension Moment: Codable {
    private enum CodingKeys: String, CodingKey {
        case wall = "w"
        case sinceBoot = "b"
        case bootID = "i"
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            wall: UnixTime(nanoseconds: try values.decode(Int64.self, forKey: .wall)),
            sinceBoot: .nanoseconds(try values.decode(Int64.self, forKey: .sinceBoot)),
            bootID: try values.decode(String.self, forKey: .bootID))
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(wall.nanoseconds, forKey: .wall)
        try values.encode(sinceBoot.inNanoseconds, forKey: .sinceBoot)
        try values.encode(bootID, forKey: .bootID)
    }
}

extension UnixTime: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(nanoseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(nanoseconds)
    }
}
