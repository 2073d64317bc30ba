/// One published plan, as it is kept: what it changed, why, and who or what caused it.
public struct Generation: Hashable, Sendable {
    public var number: Int
    public var time: UnixTime
    /// A user's name, or `edgemanage`.
    public var actor: String
    /// What caused it: one of the words of `GenerationCause`.
    public var cause: GenerationCause
    /// The live set from here on.
    public var live: [LiveEdge]
    public var added: [EdgeName]
    public var removed: [EdgeName]
    /// Why edges went in or out, or stayed although they would have left.
    public var reasons: [EdgeName: String]
    /// The parameters in effect.
    public var dns: DNSSettings
    /// The zones whose content it changed.
    public var zones: [ZoneName: GenerationZone]
    /// What of it can't be read, in words; nil: it is whole. The rest of it is what could be read.
    public var damage: String?

    public init(
        number: Int, time: UnixTime, actor: String, cause: GenerationCause, live: [LiveEdge],
        added: [EdgeName] = [], removed: [EdgeName] = [], reasons: [EdgeName: String] = [:],
        dns: DNSSettings, zones: [ZoneName: GenerationZone] = [:], damage: String? = nil
    ) {
        self.number = number
        self.time = time
        self.actor = actor
        self.cause = cause
        self.live = live
        self.added = added
        self.removed = removed
        self.reasons = reasons
        self.dns = dns
        self.zones = zones
        self.damage = damage
    }
}

/// What caused a generation.
public enum GenerationCause: Hashable, Sendable {
    /// A round decided it.
    case round
    /// `edgemanage apply` of a saved plan.
    case applied(file: String)
    /// `edgemanage rollback` to this generation.
    case rollback(to: Int)

    /// The cause as it is stored and shown: `round`, `apply FILE`, `rollback 17`.
    public var text: String {
        switch self {
        case .round: "round"
        case .applied(let file): "apply \(file)"
        case .rollback(let number): "rollback \(number)"
        }
    }

    /// Reads a stored cause; anything unknown is a round.
    public init(text: String) {
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        switch (parts.first, parts.dropFirst().first) {
        case ("apply"?, let file?): self = .applied(file: file)
        case ("rollback"?, let number?): self = Int(number).map { .rollback(to: $0) } ?? .round
        default: self = .round
        }
    }
}

/// One zone in a generation.
public struct GenerationZone: Hashable, Sendable {
    public var serial: SOASerial
    /// `ZoneContent.key`: addresses and parameters.
    public var contentKey: String
    public var includeRevision: Int
    public var canary: IPAddress?
    public var canaryReplaces: EdgeName?
    /// Why it was changed, in ascending order.
    public var causes: [ZoneCause]

    public init(
        serial: SOASerial, contentKey: String, includeRevision: Int, canary: IPAddress? = nil,
        canaryReplaces: EdgeName? = nil, causes: [ZoneCause] = []
    ) {
        self.serial = serial
        self.contentKey = contentKey
        self.includeRevision = includeRevision
        self.canary = canary
        self.canaryReplaces = canaryReplaces
        self.causes = causes
    }
}

/// Everything that was published at a generation: each zone as of the last generation up to it that
/// changed it.
public struct GenerationContents: Hashable, Sendable {
    public var generation: Generation
    /// Every zone that was published then, with the number of the generation that last changed it.
    public var zones: [ZoneName: GenerationZone]
    /// The includes those zones had.
    public var includes: [ZoneName: AcceptedInclude]

    public init(
        generation: Generation, zones: [ZoneName: GenerationZone],
        includes: [ZoneName: AcceptedInclude]
    ) {
        self.generation = generation
        self.zones = zones
        self.includes = includes
    }
}

/// An operator's word that a network's live set stays as it is.
public struct RotationHold: Hashable, Sendable {
    /// When it was asked for.
    public var since: Moment
    /// How long it holds; nil: until `edgemanage resume`.
    public var length: Duration?
    /// Who asked for it, and why.
    public var actor: String
    public var reason: String

    public init(since: Moment, length: Duration?, actor: String, reason: String) {
        self.since = since
        self.length = length
        self.actor = actor
        self.reason = reason
    }

    /// Whether it still holds; within a boot no step of the wall clock prolongs or ends it (I25).
    public func holds(at now: Moment) -> Bool {
        guard let length else { return true }
        return !TimeLimit(since: since, length: length).isOver(at: now)
    }

    /// Until when it holds, by the wall clock; nil: until it is taken back.
    public var until: UnixTime? { length.map { since.wall.adding($0) } }
}
