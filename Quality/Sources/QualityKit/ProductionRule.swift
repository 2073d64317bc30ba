internal import EdgeCore

/// The numbers that the steady judge is tried with.
public struct SteadyTuning: Hashable, Sendable {
    var settings = SteadySettings()
    /// The rotation budget in substitutions for each place; 2 is the default with the steady judge.
    var budgetShare = 2.0
    /// Whether the configuration says what each edge can carry.
    var knowsCapacity = false
    /// The load that the configuration gives, for each place; nil: none.
    var load: Double?

    public init() {}

    /// Sets a number by its name; false when there is none of that name, or the value does not fit.
    public mutating func set(_ name: String, to text: String) -> Bool {
        guard let value = Double(text) else { return false }
        switch name {
        case "budget": budgetShare = value
        case "capacity": knowsCapacity = value != 0
        case "load": load = value
        case "score_weight": settings.scoreWeight = value
        case "down_score": settings.downScore = value
        case "slow_score_weight": settings.slowScoreWeight = value
        case "slow_down_score": settings.slowDownScore = value
        case "watch_score": settings.watchScore = value
        case "up_score": settings.upScore = value
        case "return_share": settings.returnShare = value
        case "penalty_limit": settings.penaltyLimit = value
        case "fetch_time_weight": settings.fetchTimeWeight = value
        case "memory_weight": settings.memoryWeight = value
        case "memory_cost": settings.memoryCost = value
        case "failed_rounds": settings.failedRounds = Int(value)
        case "median_of": settings.medianOf = Int(value)
        case "median_at_least": settings.medianAtLeast = Int(value)
        case "clean_rounds": settings.cleanRounds = Int(value)
        case "penalty_half_life": settings.penaltyHalfLife = Int(value)
        case "recall_rounds": settings.recallRounds = Int(value)
        case "attempts": settings.attempts = min(Int(value), RoundView.attemptsAnEdge)
        case "attempt_timeout": settings.attemptTimeout = .nanoseconds(Int64(value * 1e9))
        case "retries_slow": settings.retriesSlow = value != 0
        default: return false
        }
        return true
    }
}

/// The production core, as the program runs it: `Round.decide` with its guards, its budget and its judge.
struct ProductionRule: Rule {
    private var input: RoundInput
    private let names: [EdgeName]
    private let steady: SteadySettings?
    private let goodEnough: Duration
    private let timeout: Duration
    private var histories: [SampleHistory]
    private let tuning: SteadyTuning
    private var reasons: [EdgeName: SelectionReason] = [:]

    init(layout: Layout, steady: SteadySettings?, tuning: SteadyTuning) {
        self.steady = steady
        self.tuning = tuning
        goodEnough = .nanoseconds(Int64(Layout.goodEnough * 1e9))
        timeout = .seconds(10)
        names = (0..<layout.edges).compactMap { EdgeName("edge\($0 / 10)\($0 % 10).test") }
        let settings = Self.settings(
            layout, steady: steady, goodEnough: goodEnough,
            budget: Int(tuning.budgetShare * Double(layout.live)))
        var inventory = Inventory(edges: names)
        var observations: [Observation] = []
        for (index, name) in names.enumerated() {
            let address = IPAddress.v4(0xC633_6400 + UInt32(index))
            inventory.addresses[name] = EdgeAddresses(ipv4: address)
            observations.append(
                Observation(
                    target: ProbeTarget(name: name, family: .ipv4), address: address,
                    outcome: .refused))
        }
        for reference in settings.references {
            observations.append(
                Observation(
                    target: ProbeTarget(
                        role: .reference, name: EdgeName(reference.address), family: .ipv4),
                    address: reference.address, outcome: .refused))
        }
        input = RoundInput(
            settings: settings, inventory: inventory, state: NetworkState(),
            observations: observations, now: Self.moment(0))
        histories = Array(repeating: SampleHistory(), count: layout.edges)
    }

    private static func settings(
        _ layout: Layout, steady: SteadySettings?, goodEnough: Duration, budget: Int
    ) -> NetworkSettings {
        guard let network = NetworkName("quality") else { preconditionFailure("a fixed name") }
        var judge = JudgeSettings(goodEnough: goodEnough, keep: .window)
        judge.steady = steady
        return NetworkSettings(
            network: network, format: .version1,
            object: TestObject(host: "www.test", path: "/", localFile: "/object"), judge: judge,
            selection: SelectionSettings(liveCount: layout.live, substitutionBudget: budget),
            references: (0..<3).map {
                ReferenceTarget(address: .v4(0xCB00_7100 + UInt32($0)), port: 53)
            },
            dns: DNSSettings(
                primary: "ns.test.", mailbox: "admin.test.", nameServers: ["ns.test."]),
            edges: .inline([]), zoneIncludes: "/includes",
            publish: PublishSettings(directory: "/zones"), database: "/database")
    }

    private static func moment(_ round: Int) -> Moment {
        let seconds = Int64(round * Layout.interval)
        return Moment(
            wall: UnixTime(seconds: 1_700_000_000 + seconds), sinceBoot: .seconds(seconds),
            bootID: "boot")
    }

    mutating func decide(_ view: RoundView) -> EdgeSet {
        if tuning.knowsCapacity, view.round == 0 { learnCapacity(view) }
        input.now = Self.moment(view.round)
        for edge in names.indices { observe(edge, view) }
        for (index, answers) in view.references.enumerated() {
            input.observations[names.count + index].outcome =
                answers ? .ok(fetchTime: .milliseconds(20)) : .timeout(.connect)
        }
        let decision = Round.decide(input)
        reasons = decision.selection.reasons
        remember(decision)
        var live = EdgeSet()
        for (index, name) in names.enumerated() where decision.selection.live.contains(name) {
            live.insert(index)
        }
        return live
    }

    private mutating func learnCapacity(_ view: RoundView) {
        input.settings.selection.capacity = CapacitySettings(
            edges: Dictionary(uniqueKeysWithValues: zip(names, view.capacity)),
            load: tuning.load.map { $0 * Double(view.layout.live) })
    }

    func reasonToWait(_ edge: Int) -> LossCause? {
        switch reasons[names[edge]] {
        case .budgetSpent: .budget
        case .tooManyAtOnce: .tooMany
        case .noReplacement, .heldByMinimum: .nobody
        case .held: .doubt
        default: nil
        }
    }

    /// The attempts that the prober would have made.
    private mutating func observe(_ edge: Int, _ view: RoundView) {
        let deadline = steady?.attemptTimeout ?? timeout
        var number = 0
        var outcome = Self.outcome(view.attempt(edge), deadline: deadline)
        input.observations[edge].earlier.removeAll(keepingCapacity: true)
        if let steady {
            let isWatched = steady.watches(
                input.state.targets[input.observations[edge].target]?.steady)
            while number + 1 < steady.attempts,
                steady.triesAgain(
                    after: outcome, goodEnough: goodEnough, isWatched: isWatched)
            {
                input.observations[edge].earlier.append(outcome)
                number += 1
                outcome = Self.outcome(view.attempt(edge, number), deadline: deadline)
            }
        }
        input.observations[edge].outcome = outcome
        input.observations[edge].attempts = number + 1
    }

    private static func outcome(_ attempt: Attempt, deadline: Duration) -> ProbeOutcome {
        guard let seconds = attempt.seconds else {
            switch attempt.kind {
            case .refused: return .refused
            case .timeout: return .timeout(.connect)
            case .status: return .http(status: 503)
            case .mismatch: return .mismatch(.content(firstDifference: 0))
            }
        }
        let time = Duration.nanoseconds(Int64(seconds * 1e9))
        return time < deadline ? .ok(fetchTime: time) : .timeout(.transfer)
    }

    /// What the database would give back in the next round.
    private mutating func remember(_ decision: RoundDecision) {
        for edge in names.indices {
            let target = input.observations[edge].target
            guard let verdict = decision.verdicts[target] else { continue }
            var record = input.state.targets[target] ?? TargetRecord()
            record.health = verdict.health
            record.steady = verdict.steady?.memory
            if let sample = verdict.sample {
                histories[edge].add(sample)
                record.window = histories[edge].window
                record.kept = histories[edge].kept
                record.expiring = histories[edge].expiring
            }
            input.state.targets[target] = record
        }
        if !decision.selection.added.isEmpty || !decision.selection.removed.isEmpty {
            input.state.live = decision.live
        }
        input.state.substitutions = decision.selection.budget.recent
        input.state.sickRoundsLeft = decision.monitor.sickRoundsLeft
    }
}

/// The kept samples of one edge.
private struct SampleHistory {
    private static let limit = 2000
    private static let windowed = Int(300 / Layout.interval)
    private var samples: [Duration] = []
    private var next = 0
    private(set) var kept = SampleSum()
    private(set) var window = SampleSum()
    private var recent: [Duration] = []

    /// The sample that falls out when another is added.
    var expiring: Duration? { samples.count < Self.limit ? nil : samples[next] }

    mutating func add(_ sample: Duration) {
        kept = kept.adding(sample)
        if samples.count < Self.limit {
            samples.append(sample)
        } else {
            kept = kept.removing(samples[next])
            samples[next] = sample
            next = (next + 1) % Self.limit
        }
        // Four of the past: the fifth of the window is the round that is being judged.
        recent.append(sample)
        window = window.adding(sample)
        while recent.count > Self.windowed - 1 { window = window.removing(recent.removeFirst()) }
    }
}
