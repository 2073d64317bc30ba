/// What an alarm is about; each kind of a network is told as one.
public enum AlarmKind: String, Hashable, Sendable, CaseIterable, Codable, CodingKeyRepresentable {
    /// Edges or canaries that fail.
    case edgeOut = "edge_out"
    /// Fewer edges live and passing than wanted.
    case degraded
    /// A plan waits for an operator.
    case planHeld = "plan_held"
    /// Zones, files or commands of a publication failed.
    case publicationFailed = "publication_failed"
    /// Zone includes that are refused or gone: the last accepted ones go on.
    case includeRefused = "include_refused"
    /// Name servers that have not got for too long what was published.
    case serverLagging = "server_lagging"
    /// The monitor's own network, or its copy of the test object, is in doubt.
    case monitorSick = "monitor_sick"
    /// A daemon goes on by the configuration that it read before.
    case configurationRefused = "configuration_refused"
    /// Edges' certificates that end soon.
    case certificateExpiring = "certificate_expiring"
    /// There could be no round.
    case noRound = "no_round"

    /// The severity unless the configuration says another; nil: it depends on how bad it is.
    var usualSeverity: AlarmSeverity? {
        switch self {
        case .edgeOut, .planHeld, .includeRefused, .serverLagging, .configurationRefused: .warning
        case .publicationFailed, .monitorSick, .noRound: .critical
        case .degraded, .certificateExpiring: nil
        }
    }

    /// How long it stands before it is told, unless the configuration says otherwise.
    public var usualThreshold: AlarmThreshold {
        switch self {
        case .planHeld, .includeRefused, .configurationRefused, .certificateExpiring: .rounds(1)
        case .edgeOut, .degraded, .publicationFailed, .serverLagging, .monitorSick: .rounds(2)
        case .noRound: .rounds(3)
        }
    }

    /// What Alertmanager knows it by: `EdgemanageEdgeOut`.
    public var alertName: String {
        "Edgemanage"
            + rawValue.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }
            .joined()
    }

    /// The label that Alertmanager gets a subject under; nil: there is one alert a network.
    public var subjectLabel: String? {
        switch self {
        case .edgeOut, .certificateExpiring: "edge"
        case .includeRefused: "zone"
        case .serverLagging: "server"
        case .planHeld: "hold"
        case .degraded, .publicationFailed, .monitorSick, .configurationRefused, .noRound: nil
        }
    }
}

/// How bad it is, the mildest first.
public enum AlarmSeverity: String, Hashable, Sendable, CaseIterable, Codable, Comparable {
    case info, warning, critical

    public static func < (left: AlarmSeverity, right: AlarmSeverity) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .critical: 2
        }
    }
}

/// How long a condition stands before it is told.
public enum AlarmThreshold: Hashable, Sendable {
    /// In so many rounds in a row, at least 1.
    case rounds(Int)
    /// For so long since it was first seen.
    case time(Duration)

    /// Reads `3 rounds`, `1 round`, or a duration; nil when it is neither.
    public init?(_ text: String) {
        let words = text.split(separator: " ")
        if words.count == 2, words[1] == "rounds" || words[1] == "round" {
            guard let count = Int(words[0]), (1...1000).contains(count) else { return nil }
            self = .rounds(count)
        } else {
            guard let time = DurationText.parse(text), time <= .seconds(7 * 86_400) else {
                return nil
            }
            self = .time(time)
        }
    }

    /// Whether a condition that was seen in `rounds` rounds, for `time`, is to be told.
    func isReached(rounds: Int, time: Duration) -> Bool {
        switch self {
        case .rounds(let count): rounds >= count
        case .time(let length): time >= length
        }
    }
}
