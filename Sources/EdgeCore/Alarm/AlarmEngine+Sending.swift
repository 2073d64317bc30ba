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
    /// The one that did not arrive, by its id; nil: none was tried in vain.
    public var refused: String?
    /// What Alertmanager has from now on; nil: it was given nothing.
    public var standing: [StandingAlert]?
    /// Why the rest did not arrive; nil: all did.
    public var failure: String?

    public init(
        receiver: ReceiverName, delivered: [String] = [], refused: String? = nil,
        standing: [StandingAlert]? = nil, failure: String? = nil
    ) {
        self.receiver = receiver
        self.delivered = delivered
        self.refused = refused
        self.standing = standing
        self.failure = failure
    }
}

extension AlarmEngine {
    /// Claims what can be sent now, what is critical first: receivers that failed a moment ago, or are being sent
    /// to by another process, are left alone. Who was told as much as may be gets only what is critical, and as
    /// much of that again.
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
            let ready = ready(in: known.outbox, sent: known.sent.count + others)
            let heldBack = known.outbox.count - ready.count
            known.heldBack = heldBack > 0 ? heldBack : nil
            if !ready.isEmpty, mayBeTried(known) {
                known.claimed = now
                errands.append(AlarmErrand(receiver: receiver, load: .notifications(ready)))
            }
            if known != before { state.receivers[receiver.name.text] = known }
        }
        return errands
    }

    /// What the limit lets through.
    private func ready(in outbox: [AlarmDelivery], sent: Int) -> [AlarmNotification] {
        let all = outbox.map(\.notification)
        let critical = all.filter { $0.severity == .critical }
            .prefix(max(0, 2 * settings.perHour - sent))
        let rest = all.filter { $0.severity < .critical }
            .prefix(max(0, settings.perHour - sent - critical.count))
        return Array(critical) + rest
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
                for delivery in known.outbox where delivery.notification.id == id {
                    note(delivery, to: receiver.name, in: &state)
                }
                known.outbox.removeAll { $0.notification.id == id }
                known.sent.append(now)
                known.lastDelivered = now.wall
            }
            if let failure = result.failure {
                notes += fail(
                    &known, receiver, refused: result.refused, because: AlarmWords.plain(failure))
            } else {
                known.failures = 0
                known.lastFailure = nil
                known.lastTry = nil
            }
            state.receivers[result.receiver.text] = known
        }
        return notes
    }

    /// Notes that a receiver was told.
    private func note(
        _ delivery: AlarmDelivery, to receiver: ReceiverName, in state: inout AlarmState
    ) {
        for (kind, number) in delivery.numbers ?? [:] {
            var delivered = state.groups[kind]?.delivered ?? [:]
            delivered[receiver.text] = max(delivered[receiver.text] ?? 0, number)
            state.groups[kind]?.delivered = delivered
        }
    }

    private func fail(
        _ known: inout ReceiverState, _ receiver: AlarmReceiver, refused: String?,
        because reason: String
    ) -> [String] {
        known.failures = min(known.failures + 1, 1000)
        known.lastTry = now
        known.lastFailure = reason
        var notes = ["alarm receiver \(receiver.name) was not reached: \(reason)"]
        guard let index = known.outbox.firstIndex(where: { $0.notification.id == refused })
        else { return notes }
        known.outbox[index].attempts += 1
        if known.outbox[index].attempts >= receiver.retries {
            let lost = known.outbox.remove(at: index).notification.sentence
            notes.append(
                "alarm receiver \(receiver.name): given up after "
                    + "\(receiver.retries.counted("attempt")): \(lost)")
        }
        return notes
    }
}
