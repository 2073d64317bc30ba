/// What a round came to, as far as metrics tell of it.
public struct MetricsRound: Sendable {
    public var settings: NetworkSettings
    public var report: RoundReport
    public var decision: RoundDecision
    /// What was known when the round was decided.
    public var state: NetworkState
    /// One a target; none when an operator's word took the place of probing.
    public var observations: [Observation]
    public var settlements: [ZoneSettlement]
    /// The generation that the round published, or found.
    public var generation: Int
    /// Zones that could not be published.
    public var failures: Set<ZoneName>
    /// How much else went wrong.
    public var troubles: Int
    /// Name servers that do not serve yet what was published, and those that did not answer.
    public var lags: [ServerLag]
    public var silentServers: [ServerName]
    /// When the round ended.
    public var end: UnixTime

    public init(
        settings: NetworkSettings, report: RoundReport, decision: RoundDecision,
        state: NetworkState, observations: [Observation], settlements: [ZoneSettlement],
        generation: Int, failures: Set<ZoneName> = [], troubles: Int = 0,
        lags: [ServerLag] = [], silentServers: [ServerName] = [], end: UnixTime
    ) {
        self.settings = settings
        self.report = report
        self.decision = decision
        self.state = state
        self.observations = observations
        self.settlements = settlements
        self.generation = generation
        self.failures = failures
        self.troubles = troubles
        self.lags = lags
        self.silentServers = silentServers
        self.end = end
    }

    /// Whether a plan was published.
    public var publishes: Bool { generation > state.generation }

    /// Whether everything was done that should have been.
    var isDone: Bool { failures.isEmpty && troubles == 0 }

    /// Whether edges were probed; else what is known of them stays as it was.
    var isProbed: Bool { observations.contains { $0.target.role == .edge } }

    /// The highest serial of the published zones; 0: none is published.
    var highestSerial: UInt32 {
        var serials = state.zones.mapValues(\.serial.value)
        for settlement in settlements where !failures.contains(settlement.step.zone) {
            if case .hold = settlement.action { continue }
            serials[settlement.step.zone] = settlement.serial.value
        }
        return serials.values.max() ?? 0
    }
}
