/// Everything a round's decision depends on; the same input gives the same decision (I20).
public struct RoundInput: Sendable {
    public var settings: NetworkSettings
    public var inventory: Inventory
    public var state: NetworkState
    public var observations: [Observation]
    /// By zone; a zone the database knows and that is not here has lost its include.
    public var includes: [ZoneName: IncludeState]
    /// The published files' states; a zone without a file is not here.
    public var zoneFiles: [ZoneName: FileStamp]
    /// `--force-update`: every zone is written anew, and held plans go through.
    public var forcesUpdate: Bool
    /// What zones are rendered by.
    public var template: TemplateIdentity
    /// What name servers were found to serve.
    public var survey: ServerSurvey
    /// An operator's word that takes the place of probing and judging; nil: none.
    public var directive: RoundDirective?
    /// What the round before came to, for one that obeys operators without asking the edges again; nil: the
    /// observations are new.
    public var judged: JudgedRound?
    public var now: Moment

    public init(
        settings: NetworkSettings, inventory: Inventory, state: NetworkState,
        observations: [Observation], includes: [ZoneName: IncludeState] = [:],
        zoneFiles: [ZoneName: FileStamp] = [:], forcesUpdate: Bool = false,
        template: TemplateIdentity = .builtIn, survey: ServerSurvey = ServerSurvey(),
        directive: RoundDirective? = nil, judged: JudgedRound? = nil, now: Moment
    ) {
        self.judged = judged
        self.settings = settings
        self.inventory = inventory
        self.state = state
        self.observations = observations
        self.includes = includes
        self.zoneFiles = zoneFiles
        self.forcesUpdate = forcesUpdate
        self.template = template
        self.survey = survey
        self.directive = directive
        self.now = now
    }
}

extension RoundInput {
    /// The operator's hold on rotations, while it lasts; a command of an operator's own passes it.
    var rotationHold: Hold? {
        guard directive == nil, let hold = state.rotationHold, hold.holds(at: now) else {
            return nil
        }
        return .rotationsHeld(actor: hold.actor, reason: hold.reason, until: hold.until)
    }
}

/// The verdicts of a round, for those after it that carry an operator's word out at once: nothing of it enters
/// the history again.
public struct JudgedRound: Sendable {
    public var verdicts: [ProbeTarget: Verdict]
    public var monitor: MonitorCheck

    /// Takes a round's verdicts over.
    public init(_ decision: RoundDecision) {
        verdicts = decision.verdicts
        monitor = decision.monitor
    }
}

/// Everything that follows from a round's observations.
public struct RoundDecision: Sendable {
    /// By target, those of local faults and of a sick monitor included.
    public var verdicts: [ProbeTarget: Verdict]
    public var monitor: MonitorCheck
    public var selection: Selection
    /// The live set with the addresses to publish.
    public var live: [LiveEdge]
    /// What waits, for whatever reason.
    public var holds: [Hold]
    public var usedApprovals: Set<String>
    /// The zones to look at, in the order of their names.
    public var steps: [ZoneStep]
    /// The parameters in effect.
    public var dns: DNSSettings
    /// Canaries in use.
    public var canaries: [ZoneName: IPAddress]
    public var warnings: [String]
    /// Zones that another network publishes, and what to do.
    public var conflicts: [ZoneName: String]
    /// Whether there is a live set to publish.
    public var canPublish: Bool { !live.isEmpty }
}
