/// Something that holds now and that somebody may have to hear of.
public struct AlarmCondition: Hashable, Sendable {
    public var kind: AlarmKind
    /// What tells it from others of its kind: an edge's name, a name server's, a hold's identity; empty where
    /// the network has one alone.
    public var subject: String
    /// How bad it is when the configuration does not say.
    public var severity: AlarmSeverity
    /// Why, in words that may follow the subject and a colon, or a sentence of its own.
    public var words: String
    /// Where an edge that fails is; nil: a canary, or no edge.
    public var place: EdgePlace?

    /// - Parameter severity: nil: the kind's usual one.
    public init(
        _ kind: AlarmKind, subject: String = "", severity: AlarmSeverity? = nil, words: String,
        place: EdgePlace? = nil
    ) {
        self.kind = kind
        self.subject = subject
        self.severity = severity ?? kind.usualSeverity ?? .warning
        self.words = words
        self.place = place
    }
}

/// What a round came to, as far as alarms go.
public struct AlarmReport: Hashable, Sendable {
    /// Kinds of which everything that holds is among the conditions; of others nothing is known.
    public var examined: Set<AlarmKind>
    public var conditions: [AlarmCondition]
    /// Edges that an operator has taken out: what ends with them is not well again.
    public var withdrawn: Set<String>
    /// The time from one round to the next.
    public var interval: Duration

    public init(
        examined: Set<AlarmKind>, conditions: [AlarmCondition] = [],
        withdrawn: Set<String> = [], interval: Duration = .seconds(60)
    ) {
        self.withdrawn = withdrawn
        self.examined = examined
        self.conditions = conditions
        self.interval = interval
    }
}

extension AlarmCondition {
    /// Edges whose certificates end within `length`, or have ended.
    public static func certificates(
        _ ends: [EdgeName: UnixTime], within length: Duration, now: UnixTime
    ) -> [AlarmCondition] {
        ends.sorted { $0.key < $1.key }.compactMap { edge, end in
            let left = end.since(now)
            guard left <= length else { return nil }
            let words =
                left > .zero
                ? "its certificate ends in \(AlarmWords.length(left))"
                : "its certificate ended \(AlarmWords.length(.zero - left)) ago"
            return AlarmCondition(
                .certificateExpiring, subject: edge.text,
                severity: left <= length / 4 ? .critical : .warning, words: words)
        }
    }
}
