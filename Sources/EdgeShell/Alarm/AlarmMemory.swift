import EdgeCore
internal import Synchronization

/// What a process remembers of alarms while the database takes nothing in, so that what stops all rounds is told
/// all the same: by the same rules, of the kinds that a full disk brings about.
///
/// A process that has just begun and finds it so, such as a run of cron's, says nothing by it: it can't know
/// what the one before has told. Its exit status does.
final class AlarmMemory: Sendable {
    /// The kinds that are told without a database.
    static let kinds: Set<AlarmKind> = [.noRound, .publicationFailed]

    private struct Memory {
        /// As it was last, in the database or since; nil: not known yet.
        var state: AlarmState?
        /// How often in a row the database took nothing in.
        var failures = 0
    }

    private let memory = Mutex(Memory())

    /// The database has this.
    func remember(_ state: AlarmState) {
        memory.withLock { $0 = Memory(state: state) }
    }

    /// Takes in what a round came to, and says what is to be sent now.
    ///
    /// - Parameter stored: what the database has, for who has not read it yet.
    func take(
        _ report: (AlarmState) -> AlarmReport, by engine: AlarmEngine, stored: AlarmState?
    ) -> [AlarmErrand] {
        memory.withLock { memory in
            var state = memory.state ?? stored ?? AlarmState()
            var report = report(state)
            report.examined.formIntersection(Self.kinds)
            report.conditions.removeAll { !Self.kinds.contains($0.kind) }
            engine.take(report, into: &state)
            for name in state.receivers.keys {
                state.receivers[name]?.outbox.removeAll { !$0.isKept }
            }
            memory.failures += 1
            let errands = memory.failures > 1 ? engine.claim(&state) : []
            memory.state = state
            return errands
        }
    }

    /// Notes what came of errands; returns what the log should have of it.
    func settle(_ results: [AlarmErrandResult], by engine: AlarmEngine) -> [String] {
        memory.withLock { memory in
            var state = memory.state ?? AlarmState()
            defer { memory.state = state }
            return engine.settle(results, in: &state)
        }
    }

    /// What was told meanwhile, for a database that takes it in again: its end is told too.
    func giveBack(to state: inout AlarmState) {
        memory.withLock { memory in
            guard memory.failures > 0, let known = memory.state else { return }
            for kind in Self.kinds { state.groups[kind] = known.groups[kind] }
            state.count = max(state.count, known.count)
            for (name, receiver) in known.receivers {
                var stored = state.receivers[name] ?? ReceiverState()
                stored.outbox.removeAll(where: \.isKept)
                stored.outbox += receiver.outbox.filter(\.isKept)
                stored.sent = receiver.sent
                state.receivers[name] = stored
            }
        }
    }
}

extension AlarmDelivery {
    /// Whether it is of a kind that is told without a database.
    fileprivate var isKept: Bool {
        notification.kind.map(AlarmMemory.kinds.contains) ?? false
    }
}
