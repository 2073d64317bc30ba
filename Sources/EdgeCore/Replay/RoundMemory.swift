/// What a network's rounds leave behind for the next one, without a database: the store's arithmetic on
/// `NetworkState`, for rounds whose moments are of one boot and never go back.
///
/// Zones, modes, approvals and name servers are no part of it: nothing is published here.
public struct RoundMemory: Sendable {
    private let judge: JudgeSettings
    private var state = NetworkState()
    private var samples: [ProbeTarget: KeptSamples] = [:]
    /// The number of the last round; the first is 1.
    private var round = 0
    /// The moments of the rounds since the one numbered `firstInWindow`, and some before it.
    private var moments: [Moment] = []
    private var firstMoment = 0

    /// A network that had no round yet.
    public init(judge: JudgeSettings) {
        self.judge = judge
    }

    private var firstInWindow: Int { round - (moments.count - firstMoment) + 1 }

    /// Everything that a round knows that is decided at `now`.
    public mutating func state(at now: Moment) -> NetworkState {
        while firstMoment < moments.count,
            now.elapsed(since: moments[firstMoment]) >= judge.window
        {
            firstMoment += 1
        }
        if firstMoment > 4096 {
            moments.removeFirst(firstMoment)
            firstMoment = 0
        }
        for index in samples.indices {
            samples.values[index].narrowWindow(to: firstInWindow)
            samples.values[index].tell(
                &state.targets[samples.keys[index], default: TargetRecord()],
                isFull: samples.values[index].kept.count >= max(judge.keptSamples, 1))
        }
        return state
    }

    /// Takes in what a round decided that was seen at `now`.
    public mutating func take(
        _ decision: RoundDecision, observations: [Observation], at now: Moment
    ) {
        round += 1
        moments.append(now)
        for observation in observations where observation.target.role != .reference {
            take(observation, decision.verdicts[observation.target], decision.monitor, at: now)
        }
        let selection = decision.selection
        if !selection.added.isEmpty || !selection.removed.isEmpty {
            state.generation += 1
            state.rotations = (state.rotations + [now.wall]).suffix(100)
        }
        state.live = decision.live
        state.substitutions = selection.budget.recent
        state.sickRoundsLeft = decision.monitor.sickRoundsLeft
        if decision.canPublish { state.publishedDNS = decision.dns }
        state.lastRun = now
        stand(decision.holds, at: now)
    }

    private mutating func take(
        _ observation: Observation, _ verdict: Verdict?, _ monitor: MonitorCheck, at now: Moment
    ) {
        var record = state.targets[observation.target] ?? TargetRecord()
        record.health = verdict?.health ?? record.health
        record.steady = verdict?.steady?.memory ?? record.steady
        let outcome = observation.outcome
        record.lastOutcome = verdict?.word(for: outcome) ?? outcome.word
        record.lastProbed = now.wall
        // What a sick monitor resolved is not remembered.
        if !monitor.holdsHealth { record.lastAddress = observation.address ?? record.lastAddress }
        if let sample = verdict?.sample {
            record.lastSample = max(sample, .zero)
            samples[observation.target, default: KeptSamples()]
                .add(max(sample, .zero), round: round, keeping: max(judge.keptSamples, 1))
        }
        state.targets[observation.target] = record
    }

    private mutating func stand(_ holds: [Hold], at now: Moment) {
        let before = Dictionary(
            state.holds.map { ($0.identity, $0.since) }, uniquingKeysWith: { first, _ in first })
        state.holds = holds.map { hold in
            StoredHold(
                approvalKey: hold.approvalKey, identity: hold.identity, zone: hold.zone,
                message: hold.description, since: before[hold.identity] ?? now.wall)
        }
    }

    /// Forgets the class of a target that nobody looked at for too long, and what the steady judge made of it.
    mutating func forgetHealth(of target: ProbeTarget) {
        state.targets[target]?.health = nil
        state.targets[target]?.steady = nil
    }

    /// What is known of a target after the last round; its window and the sample that falls out next are as
    /// that round found them.
    public func record(of target: ProbeTarget) -> TargetRecord? { state.targets[target] }
}

/// One target's kept samples with their exact sums.
struct KeptSamples: Sendable {
    private struct Sample {
        var round: Int
        var nanoseconds: Int64
    }

    /// Oldest first; those before `first` have fallen out.
    private var samples: [Sample] = []
    private var first = 0
    /// The first in the window.
    private var windowFirst = 0
    /// All that are kept.
    private(set) var kept = SampleSum()
    /// Those in the window.
    private(set) var window = SampleSum()

    /// Tells a target's record the sums and, when the store is full, the sample that falls out next.
    func tell(_ record: inout TargetRecord, isFull: Bool) {
        record.window = window
        record.kept = kept
        record.expiring =
            isFull && first < samples.count ? .nanoseconds(samples[first].nanoseconds) : nil
    }

    /// Adds a round's sample; the oldest falls out when there are more than `limit`.
    mutating func add(_ sample: Duration, round: Int, keeping limit: Int) {
        samples.append(Sample(round: round, nanoseconds: sample.inNanoseconds))
        kept = kept.adding(sample)
        window = window.adding(sample)
        while kept.count > limit {
            kept = kept.removing(.nanoseconds(samples[first].nanoseconds))
            if windowFirst == first { leaveWindow() }
            first += 1
        }
        if first > max(limit, 64) {
            samples.removeFirst(first)
            windowFirst -= first
            first = 0
        }
    }

    /// Leaves in the window what was sampled in the round `round` and later.
    mutating func narrowWindow(to round: Int) {
        while windowFirst < samples.count, samples[windowFirst].round < round { leaveWindow() }
    }

    private mutating func leaveWindow() {
        window = window.removing(.nanoseconds(samples[windowFirst].nanoseconds))
        windowFirst += 1
    }
}
