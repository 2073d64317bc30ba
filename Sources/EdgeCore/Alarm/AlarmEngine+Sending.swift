/// What is to be sent to one receiver now.
public struct AlarmErrand: Hashable, Sendable {
    public var receiver: AlarmReceiver
    public var load: Load

    /// What is sent.
    public enum Load: Hashable, Sendable {
        /// Notifications, one after the other.
        case notifications([AlarmNotification])
        /// Every alert that holds, and those that are over since they were last sent.
        case alerts(standing: [StandingAlert], over: [StandingAlert])
    }

    public init(receiver: AlarmReceiver, load: Load) {
        self.receiver = receiver
        self.load = load
    }
}

/// What came of an errand.
public struct AlarmErrandResult: Hashable, Sendable {
    public var receiver: ReceiverName
    /// The notifications that arrived, by their id.
    public var delivered: [String]
    /// What Alertmanager has from now on; nil: it was given nothing.
    public var standing: [StandingAlert]?
    /// Why the rest did not arrive; nil: all did.
    public var failure: String?

    public init(
        receiver: ReceiverName, delivered: [String] = [], standing: [StandingAlert]? = nil,
        failure: String? = nil
    ) {
        self.receiver = receiver
        self.delivered = delivered
        self.standing = standing
        self.failure = failure
    }
}

extension AlarmEngine {
    /// Claims what can be sent now: receivers that failed a moment ago, are being sent to by another process,
    /// or were told as much as they may be are left alone.
    ///
    /// - Parameter elsewhere: what receivers were sent within the last hour for other networks.
    public func claim(
        _ state: inout AlarmState, elsewhere: [String: [Moment]] = [:]
    ) -> [AlarmErrand] {
        var errands: [AlarmErrand] = []
        for receiver in settings.receivers {
            var known = state.receivers[receiver.name.text] ?? ReceiverState()
            let before = known
            if receiver.keepsAccount {
                if let load = alerts(for: receiver, known: known, state: state) {
                    errands.append(AlarmErrand(receiver: receiver, load: load))
                }
                continue
            }
            known.sent.removeAll { now.elapsed(since: $0) >= .seconds(3600) }
            let others = elsewhere[receiver.name.text, default: []].count {
                now.elapsed(since: $0) < .seconds(3600)
            }
            let left = max(0, settings.perHour - known.sent.count - others)
            let ready = known.outbox.prefix(left).map(\.notification)
            if !ready.isEmpty, mayBeTried(known) {
                known.claimed = now
                errands.append(AlarmErrand(receiver: receiver, load: .notifications(ready)))
            }
            if known != before { state.receivers[receiver.name.text] = known }
        }
        return errands
    }

    private func mayBeTried(_ receiver: ReceiverState) -> Bool {
        guard !isSending(receiver) else { return false }
        guard receiver.failures > 0, let last = receiver.lastTry else { return true }
        return now.elapsed(since: last) >= ReceiverState.pause(after: receiver.failures)
    }

    /// What Alertmanager is given in this round; nil: nothing holds, and it knows of nothing.
    private func alerts(
        for receiver: AlarmReceiver, known: ReceiverState, state: AlarmState
    ) -> AlarmErrand.Load? {
        guard mayBeTried(known) else { return nil }
        var standing: [StandingAlert] = []
        for (kind, group) in state.groups.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            for (subject, item) in group.items.sorted(by: { $0.key < $1.key })
            where item.isFiring && receiver.accepts(network, kind, item.severity) {
                standing.append(
                    StandingAlert(
                        kind: kind, subject: subject, severity: item.severity, words: item.words,
                        since: item.since.wall))
            }
        }
        let over = known.alerts.filter { alert in !standing.contains { $0.isSame(alert) } }
        return standing.isEmpty && over.isEmpty ? nil : .alerts(standing: standing, over: over)
    }

    /// Notes what came of errands; returns what the log should have of it.
    public func settle(_ results: [AlarmErrandResult], in state: inout AlarmState) -> [String] {
        var notes: [String] = []
        for result in results {
            guard let receiver = settings.receivers.first(where: { $0.name == result.receiver })
            else { continue }
            var known = state.receivers[result.receiver.text] ?? ReceiverState()
            known.claimed = nil
            if let standing = result.standing { known.alerts = standing }
            for id in result.delivered {
                known.outbox.removeAll { $0.notification.id == id }
                known.sent.append(now)
                known.lastDelivered = now.wall
            }
            if let failure = result.failure {
                notes += fail(&known, receiver, because: AlarmWords.plain(failure))
            } else {
                known.failures = 0
                known.lastFailure = nil
                known.lastTry = nil
            }
            state.receivers[result.receiver.text] = known
        }
        return notes
    }

    private func fail(
        _ known: inout ReceiverState, _ receiver: AlarmReceiver, because reason: String
    ) -> [String] {
        known.failures = min(known.failures + 1, 1000)
        known.lastTry = now
        known.lastFailure = reason
        var notes = ["alarm receiver \(receiver.name) was not reached: \(reason)"]
        guard !known.outbox.isEmpty else { return notes }
        // They are sent in their order: the first is the one that failed.
        known.outbox[0].attempts += 1
        if known.outbox[0].attempts >= receiver.retries {
            let lost = known.outbox.removeFirst().notification.sentence
            notes.append(
                "alarm receiver \(receiver.name): given up after "
                    + "\(receiver.retries.counted("attempt")): \(lost)")
        }
        return notes
    }
}
