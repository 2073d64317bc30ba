/// Who is told of what, when and how often.
public struct AlarmSettings: Hashable, Sendable {
    /// In the configuration's order, each name once; empty: nobody is told of anything.
    public var receivers: [AlarmReceiver]
    /// By kind; one without a rule goes by the usual one.
    public var rules: [AlarmKind: AlarmRule]
    /// How long after a notification what still holds is told again; nil: never.
    public var remind: Duration?
    /// When only critical notifications pass; nil: never.
    public var quiet: QuietHours?
    /// The least time between two notifications of one kind, a resolution or a worse severity excepted.
    public var pace: Duration
    /// So many appearances within an hour are flapping; nil: nothing is.
    public var flapping: Int?
    /// The most notifications to one receiver in an hour; what is critical may come as often again.
    public var perHour: Int
    /// Which edges are told of.
    public var edges: Edges
    /// How long before a certificate's end it is told.
    public var certificate: Duration
    /// What all sending of one round may take.
    public var timeout: Duration

    /// Which failing edges are told of.
    public enum Edges: String, Hashable, Sendable, CaseIterable {
        /// Every one that operators have not taken out.
        case any
        /// Those that were live when they failed.
        case live
    }

    /// Within this time appearances count as flapping.
    public static let flappingWindow: Duration = .seconds(3600)
    /// What flapped and is steady for so long is told as it stands.
    public static let settlingTime: Duration = .seconds(1800)

    public init(
        receivers: [AlarmReceiver] = [], rules: [AlarmKind: AlarmRule] = [:],
        remind: Duration? = .seconds(4 * 3600), quiet: QuietHours? = nil,
        pace: Duration = .seconds(300), flapping: Int? = 4, perHour: Int = 30,
        edges: Edges = .any, certificate: Duration = .seconds(14 * 86_400),
        timeout: Duration = .seconds(10)
    ) {
        self.receivers = receivers
        self.rules = rules
        self.remind = remind
        self.quiet = quiet
        self.pace = pace
        self.flapping = flapping
        self.perHour = perHour
        self.edges = edges
        self.certificate = certificate
        self.timeout = timeout
    }

    /// What holds for a kind.
    func rule(_ kind: AlarmKind) -> AlarmRule { rules[kind] ?? AlarmRule(kind) }
}

/// What holds for one kind.
public struct AlarmRule: Hashable, Sendable {
    /// False: it is never told.
    public var isOn: Bool
    public var after: AlarmThreshold
    /// nil: as the condition says.
    public var severity: AlarmSeverity?
    /// nil: as `AlarmSettings.remind`; zero: never.
    public var remind: Duration?

    /// The usual rule of a kind.
    public init(_ kind: AlarmKind) {
        isOn = true
        after = kind.usualThreshold
        severity = nil
        remind = nil
    }
}

/// A time of day, every day, by the system's local time.
public struct QuietHours: Hashable, Sendable {
    /// Minutes after midnight, from 0 to 1439.
    public var begin: Int
    public var end: Int

    /// Reads `22:00-07:00`; nil when it is no such text, or has no length.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let begin = Self.minutes(parts[0]),
            let end = Self.minutes(parts[1]), begin != end
        else { return nil }
        self.begin = begin
        self.end = end
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }),
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    /// Whether a minute of the day is within; the end is not.
    public func contains(_ minute: Int) -> Bool {
        begin < end ? minute >= begin && minute < end : minute >= begin || minute < end
    }

    /// As it is written.
    public var text: String {
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        let clock = { (minutes: Int) in "\(two(minutes / 60)):\(two(minutes % 60))" }
        return "\(clock(begin))-\(clock(end))"
    }
}
