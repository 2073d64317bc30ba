public import EdgeCore
internal import Synchronization

/// Where a round's end is turned into notifications: takes in what it came to, remembers, sends.
///
/// What is to be sent is durable before it is sent, and is crossed out when it has arrived: a process that is
/// killed in between sends it again, under the same id.
public struct AlarmDesk: Sendable {
    private let store: any AlarmStore
    private let sender: any AlarmSender
    private let clock: any MomentSource
    private let localClock: any LocalClock
    private let log: any RoundLog
    private let standing = StandingConditions()
    private let memory = AlarmMemory()

    public init(
        store: any AlarmStore, sender: any AlarmSender, clock: any MomentSource,
        localClock: any LocalClock, log: any RoundLog
    ) {
        self.store = store
        self.sender = sender
        self.clock = clock
        self.localClock = localClock
        self.log = log
    }

    /// Lets a condition hold from outside a round until it is cleared; rounds report it from the next one on.
    public func raise(_ condition: AlarmCondition) { standing.raise(condition) }

    /// Ends what was raised of a kind.
    public func clear(_ kind: AlarmKind) { standing.clear(kind) }

    /// Tells what a round came to; what goes wrong is logged.
    public func attend(
        _ outcome: RoundOutcome, settings: NetworkSettings, options: RoundOptions
    ) async {
        guard isAsked(settings, options: options) else { return }
        await handle(settings) { state in
            func present(_ kind: AlarmKind) -> [String: AlarmItem] {
                (state.groups[kind]?.items ?? [:]).filter(\.value.isPresent)
            }
            return outcome.alarmReport(
                settings: settings, isDirected: options.directive != nil,
                known: present(.edgeOut).mapValues(\.place),
                expiring: Set(present(.certificateExpiring).keys),
                now: clock.now())
        }
    }

    /// Tells why there was no round. One that came too soon after the last, or an operator's own command, is
    /// nobody's concern.
    public func attend(
        refusal error: any Error, settings: NetworkSettings, options: RoundOptions
    ) async {
        guard isAsked(settings, options: options), options.directive == nil else { return }
        if case .tooSoon? = error as? RoundRefusal { return }
        let condition = AlarmCondition(.noRound, words: "\(error)")
        await handle(settings) { _ in
            AlarmReport(
                examined: [.noRound], conditions: [condition], interval: settings.interval)
        }
    }

    private func isAsked(_ settings: NetworkSettings, options: RoundOptions) -> Bool {
        !options.isDry && !settings.alarms.receivers.isEmpty
    }

    private func handle(
        _ settings: NetworkSettings, report: (AlarmState) -> AlarmReport
    ) async {
        let network = settings.network
        let now = clock.now()
        let engine = AlarmEngine(
            network: network, settings: settings.alarms, now: now,
            minuteOfDay: localClock.minuteOfDay(now.wall))
        let raised = standing.all
        do {
            let (errands, known) = try store.updateAlarms(network) { state, elsewhere in
                memory.giveBack(to: &state)
                var report = report(state)
                report.examined.insert(.configurationRefused)
                report.conditions += raised
                engine.take(report, into: &state)
                return (engine.claim(&state, elsewhere: elsewhere), state)
            }
            memory.remember(known)
            guard !errands.isEmpty else { return }
            let results = await run(errands, settings: settings, now: now)
            let after = AlarmEngine(
                network: network, settings: settings.alarms, now: clock.now(), minuteOfDay: 0)
            _ = memory.settle(results, by: after)
            note(results, of: network, by: after)
        } catch {
            log.write(
                .error, "alarms can't be told of, but for what stops the rounds: \(error)")
            await tellFromMemory(report, by: engine, settings: settings)
        }
    }

    /// What was sent is sent again when this can't be written down.
    private func note(
        _ results: [AlarmErrandResult], of network: NetworkName, by engine: AlarmEngine
    ) {
        do {
            let notes = try store.updateAlarms(network) { state, _ in
                engine.settle(results, in: &state)
            }
            for note in notes { log.write(.error, note) }
        } catch {
            log.write(.error, "what alarms were told can't be written down: \(error)")
        }
    }

    private func tellFromMemory(
        _ report: (AlarmState) -> AlarmReport, by engine: AlarmEngine, settings: NetworkSettings
    ) async {
        let errands = memory.take(
            report, by: engine, stored: try? store.alarms(settings.network))
        guard !errands.isEmpty else { return }
        let results = await run(errands, settings: settings, now: clock.now())
        let after = AlarmEngine(
            network: settings.network, settings: settings.alarms, now: clock.now(),
            minuteOfDay: 0)
        for note in memory.settle(results, by: after) { log.write(.error, note) }
    }

    /// All receivers side by side.
    private func run(
        _ errands: [AlarmErrand], settings: NetworkSettings, now: Moment
    ) async -> [AlarmErrandResult] {
        await withTaskGroup(of: AlarmErrandResult.self) { group in
            for errand in errands {
                group.addTask {
                    await sender.run(
                        errand, network: settings.network, interval: settings.interval,
                        now: now.wall, within: settings.alarms.timeout)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }
}

/// What holds besides what rounds see.
private final class StandingConditions: Sendable {
    private let conditions = Mutex<[AlarmCondition]>([])

    var all: [AlarmCondition] { conditions.withLock { $0 } }

    func raise(_ condition: AlarmCondition) {
        conditions.withLock { known in
            known.removeAll { ($0.kind, $0.subject) == (condition.kind, condition.subject) }
            known.append(condition)
        }
    }

    func clear(_ kind: AlarmKind) { conditions.withLock { $0.removeAll { $0.kind == kind } } }
}
