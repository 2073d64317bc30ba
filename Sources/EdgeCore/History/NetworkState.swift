/// Everything the database knows of one network when a round begins.
public struct NetworkState: Hashable, Sendable {
    /// The number of the last published plan; 0 before the first.
    public var generation: Int
    /// The live set as last published.
    public var live: [LiveEdge]
    public var targets: [ProbeTarget: TargetRecord]
    /// Modes that were ever set; an edge without one is available.
    public var modes: [EdgeName: ModeRecord]
    /// Those of the last ten minutes at least, oldest first.
    public var substitutions: [Substitution]
    /// How many more rounds a sick monitor must keep still.
    public var sickRoundsLeft: Int
    /// Approval keys that an operator gave and that are not used up.
    public var approvals: Set<String>
    /// What waited after the last round.
    public var holds: [StoredHold]
    public var zones: [ZoneName: PublishedZone]
    /// Zones that were given up while a kept generation may still refer to them, with the highest
    /// revision of their includes: one that comes back counts on from there.
    public var givenUp: [ZoneName: Int]
    /// Zones that another network publishes.
    public var foreignZones: [ZoneName: NetworkName]
    /// The parameters that zones were last published with; nil before the first publication.
    public var publishedDNS: DNSSettings?
    public var lastRun: Moment?
    /// The times of the last rotations, oldest first; at most 100.
    public var rotations: [UnixTime]
    /// Whether `run_after_changes` is still owed to the name server.
    public var afterChangesPending: Bool
    /// An operator's word that the live set stays as it is; nil: none, or it is over.
    public var rotationHold: RotationHold?
    /// What is known of the name servers, by name; those that were never told or asked are not here.
    public var servers: [ServerName: ServerState]

    public init(
        generation: Int = 0, live: [LiveEdge] = [], targets: [ProbeTarget: TargetRecord] = [:],
        modes: [EdgeName: ModeRecord] = [:], substitutions: [Substitution] = [],
        sickRoundsLeft: Int = 0, approvals: Set<String> = [], holds: [StoredHold] = [],
        zones: [ZoneName: PublishedZone] = [:], givenUp: [ZoneName: Int] = [:],
        foreignZones: [ZoneName: NetworkName] = [:], publishedDNS: DNSSettings? = nil,
        lastRun: Moment? = nil,
        rotations: [UnixTime] = [], afterChangesPending: Bool = false,
        rotationHold: RotationHold? = nil, servers: [ServerName: ServerState] = [:]
    ) {
        self.generation = generation
        self.live = live
        self.targets = targets
        self.modes = modes
        self.substitutions = substitutions
        self.sickRoundsLeft = sickRoundsLeft
        self.approvals = approvals
        self.holds = holds
        self.zones = zones
        self.givenUp = givenUp
        self.foreignZones = foreignZones
        self.publishedDNS = publishedDNS
        self.lastRun = lastRun
        self.rotations = rotations
        self.afterChangesPending = afterChangesPending
        self.rotationHold = rotationHold
        self.servers = servers
    }

    /// The highest revision that a zone's includes had; 0: none. A kept generation may refer to it, so no
    /// other text ever gets it.
    public func includeRevision(of zone: ZoneName) -> Int {
        max(zones[zone]?.includeRevision ?? 0, givenUp[zone] ?? 0)
    }

    /// The mode of an edge; available when none was set.
    public func mode(of edge: EdgeName) -> Mode { modes[edge]?.mode ?? .available }
}

/// A hold as the database remembers it.
public struct StoredHold: Hashable, Sendable {
    /// `Hold.approvalKey`; nil when it goes by itself.
    public var approvalKey: String?
    /// `Hold.identity`: tells whether a hold is still the one of the round before.
    public var identity: String
    /// The zone that alone waits; nil when the whole network does.
    public var zone: ZoneName?
    /// `Hold.description`.
    public var message: String
    /// The first of the successive rounds in which the same hold stood.
    public var since: UnixTime

    public init(
        approvalKey: String?, identity: String, zone: ZoneName?, message: String, since: UnixTime
    ) {
        self.identity = identity
        self.approvalKey = approvalKey
        self.zone = zone
        self.message = message
        self.since = since
    }
}

/// What a round adds to the database: one transaction, durable before the first zone file is
/// renamed (I22).
public struct RoundRecord: Hashable, Sendable {
    public var network: NetworkName
    public var moment: Moment
    public var generation: Int
    public var targets: [TargetUpdate]
    /// The live set from here on.
    public var live: [LiveEdge]
    /// Edges that went in and out in this round; both empty when there was no rotation.
    public var added: [EdgeName]
    public var removed: [EdgeName]
    /// The whole list that counts from here on, restamped.
    public var substitutions: [Substitution]
    public var sickRoundsLeft: Int
    public var holds: [Hold]
    /// Approvals that were used up.
    public var usedApprovals: Set<String>
    /// Zones whose files are about to be written, with a nil `fileStamp`, and zones of which
    /// something else changed (adopted file, include stamp).
    public var zones: [ZoneName: PublishedZone]
    /// Newly accepted includes.
    public var includes: [ZoneName: AcceptedInclude]
    public var publishedDNS: DNSSettings?
    public var afterChangesPending: Bool
    /// What happened and why, for the audit log.
    public var events: [AuditEvent]
    /// The generation that the round was decided on: when the database has another one by now, nothing is
    /// taken in (I5).
    public var basis: Int
    /// The plan to keep under `generation`; nil when the round publishes nothing.
    public var plan: Generation?
    /// The name servers that owe `plan`'s zones from now on.
    public var servers: [ServerName]
    /// By name server, the zones that `plan` has because that server served something else.
    public var rewrites: [ServerName: Set<ZoneName>]
    /// By name server, the zones that were found served as published: nothing of before is owed of them.
    public var settled: [ServerName: Set<ZoneName>]
    /// By name server, labels of `plan`'s zones that rotate no more and that it may still have addresses at.
    public var gone: [ServerName: [ZoneName: [WithdrawnLabel]]]
    /// How many generations are kept.
    public var keptGenerations: Int
    /// Modes whose time is over, as they were: those edges are available from here on, unless an operator
    /// said something else meanwhile.
    public var endedModes: [EdgeName: ModeRecord]
    /// How long what happened is remembered.
    public var history: HistorySettings

    public init(
        network: NetworkName, moment: Moment, generation: Int, targets: [TargetUpdate] = [],
        live: [LiveEdge] = [], added: [EdgeName] = [], removed: [EdgeName] = [],
        substitutions: [Substitution] = [], sickRoundsLeft: Int = 0, holds: [Hold] = [],
        usedApprovals: Set<String> = [], zones: [ZoneName: PublishedZone] = [:],
        includes: [ZoneName: AcceptedInclude] = [:], publishedDNS: DNSSettings? = nil,
        afterChangesPending: Bool = false, events: [AuditEvent] = [], basis: Int? = nil,
        plan: Generation? = nil, servers: [ServerName] = [],
        rewrites: [ServerName: Set<ZoneName>] = [:],
        settled: [ServerName: Set<ZoneName>] = [:],
        gone: [ServerName: [ZoneName: [WithdrawnLabel]]] = [:], keptGenerations: Int = 100,
        endedModes: [EdgeName: ModeRecord] = [:], history: HistorySettings = HistorySettings()
    ) {
        self.endedModes = endedModes
        self.network = network
        self.moment = moment
        self.generation = generation
        self.targets = targets
        self.live = live
        self.added = added
        self.removed = removed
        self.substitutions = substitutions
        self.sickRoundsLeft = sickRoundsLeft
        self.holds = holds
        self.usedApprovals = usedApprovals
        self.zones = zones
        self.includes = includes
        self.publishedDNS = publishedDNS
        self.afterChangesPending = afterChangesPending
        self.events = events
        self.basis = basis ?? max(0, generation - 1)
        self.plan = plan
        self.servers = servers
        self.rewrites = rewrites
        self.settled = settled
        self.gone = gone
        self.keptGenerations = keptGenerations
        self.history = history
    }
}

/// What a round learned of one target.
public struct TargetUpdate: Hashable, Sendable {
    public var target: ProbeTarget
    public var address: IPAddress?
    /// The sample to keep; nil when the outcome says nothing about the edge.
    public var sample: Duration?
    public var health: Health?
    /// The outcome's word and its sentence, for status.
    public var outcome: String
    public var detail: String
    /// What the steady judge remembers from now on; nil when the classic one judged.
    public var steady: SteadyMemory?
    /// What the sample came of; nil: no more than the sample is known.
    public var evidence: ProbeEvidence?

    public init(
        target: ProbeTarget, address: IPAddress?, sample: Duration?, health: Health?,
        outcome: String, detail: String, steady: SteadyMemory? = nil,
        evidence: ProbeEvidence? = nil
    ) {
        self.evidence = evidence
        self.steady = steady
        self.target = target
        self.address = address
        self.sample = sample
        self.health = health
        self.outcome = outcome
        self.detail = detail
    }
}

/// An include that was accepted, with the number that tells it from its predecessors.
public struct AcceptedInclude: Hashable, Sendable {
    public var revision: Int
    public var text: [UInt8]

    public init(revision: Int, text: [UInt8]) {
        self.revision = revision
        self.text = text
    }
}

/// One line of the audit log.
public struct AuditEvent: Hashable, Sendable {
    /// What it is about, for filters.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case rotation, publication, hold, approval, mode, command, configuration, state
        /// A run that could not be; of each network the last one alone is kept.
        case refusal
        /// What a database that was begun in a damaged one's place has of the network's words.
        case salvage
    }

    public var kind: Kind
    /// The edge or zone, when there is one.
    public var subject: String?
    /// Who caused it: a user's name, or `edgemanage`.
    public var actor: String
    /// One sentence.
    public var message: String

    public init(kind: Kind, subject: String? = nil, actor: String = "edgemanage", message: String) {
        self.kind = kind
        self.subject = subject
        self.actor = actor
        self.message = message
    }
}
