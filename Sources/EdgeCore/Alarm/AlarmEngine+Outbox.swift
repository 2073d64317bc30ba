extension AlarmEngine {
    /// Puts a notification into the outboxes of those whom it concerns, or keeps it for after the quiet hours.
    func tell(
        _ notification: AlarmNotification, about kind: AlarmKind, group: inout AlarmGroup,
        isFirst: Bool, state: inout AlarmState
    ) {
        state.count += 1
        let receivers = settings.receivers.filter { receiver in
            guard !receiver.keepsAccount else { return false }
            return notification.phase == .resolved
                ? group.receivers.contains(receiver.name)
                : receiver.accepts(network, kind, notification.severity)
        }.map(\.name)
        if isQuiet, notification.severity < .critical {
            group.receivers.formUnion(receivers)
            guard !receivers.isEmpty else { return }
            guard state.quieted.count < AlarmState.mostQuieted else {
                state.quietedMore += 1
                return
            }
            state.quieted.append(
                QuietedNotification(
                    notification: notification, receivers: Set(receivers), number: state.count))
            return
        }
        for name in receivers {
            let isNew = isFirst || !group.receivers.contains(name)
            group.receivers.insert(name)
            queue(
                notification, for: name, isFirst: isNew, numbers: [kind: state.count],
                state: &state)
        }
    }

    /// A newer notification takes the place of the one of its kind that still waits. When the one that waits
    /// was the first word, was never tried, and all is well by now, neither is sent.
    private func queue(
        _ notification: AlarmNotification, for name: ReceiverName, isFirst: Bool,
        numbers: [AlarmKind: Int], state: inout AlarmState
    ) {
        var receiver = state.receivers[name.text] ?? ReceiverState()
        let waiting = receiver.outbox.firstIndex { $0.notification.kind == notification.kind }
        var isFirst = isFirst
        if let waiting {
            let replaced = receiver.outbox.remove(at: waiting)
            let isUnknown = replaced.isFirst && replaced.attempts == 0 && !isSending(receiver)
            if notification.phase == .resolved, isUnknown {
                state.receivers[name.text] = receiver
                return
            }
            isFirst = isFirst || isUnknown
        }
        receiver.outbox.append(
            AlarmDelivery(
                notification: notification, queued: now.wall, isFirst: isFirst, numbers: numbers))
        state.receivers[name.text] = receiver
    }

    /// After the quiet hours: what they kept back, in one notification a receiver.
    func tellOfQuietHours(_ state: inout AlarmState) {
        guard !isQuiet, !state.quieted.isEmpty else { return }
        for receiver in settings.receivers where !receiver.keepsAccount {
            let quieted = state.quieted.filter { $0.receivers.contains(receiver.name) }
            let kept = quieted.map(\.notification)
            guard !kept.isEmpty else { continue }
            let numbers = quieted.reduce(into: [AlarmKind: Int]()) { numbers, quieted in
                guard let kind = quieted.notification.kind else { return }
                numbers[kind] = max(numbers[kind] ?? 0, quieted.number ?? 0)
            }
            state.count += 1
            let prefix = "network \(network): "
            let lines = kept.map { notification in
                notification.sentence.hasPrefix(prefix)
                    ? String(notification.sentence.dropFirst(prefix.count)) : notification.sentence
            }
            let count = kept.count + state.quietedMore
            let digest = AlarmNotification(
                id: "\(network)-\(state.count)-\(now.wall.seconds)", phase: .digest,
                network: network, kind: nil, severity: kept.map(\.severity).max() ?? .warning,
                sentence: prefix + "in the quiet hours: " + lines.prefix(5).joined(separator: "; ")
                    + (count > 5 ? "; and \(count - 5) more" : ""),
                count: count, lines: lines, since: kept.first.map { UnixTime(seconds: $0.time) },
                time: now.wall)
            queue(digest, for: receiver.name, isFirst: true, numbers: numbers, state: &state)
        }
        state.quieted = []
        state.quietedMore = 0
    }

    /// How long a process may take to send: what another one claimed longer ago it did not live to send.
    var lease: Duration { settings.timeout + .seconds(30) }

    /// Whether a process is sending to a receiver at this moment.
    func isSending(_ receiver: ReceiverState) -> Bool {
        receiver.claimed.map { now.elapsed(since: $0) < lease } ?? false
    }
}

extension ReceiverState {
    /// How long a receiver is left alone after so many failures in a row: 20 s, doubled each time, 15 minutes
    /// at most.
    public static func pause(after failures: Int) -> Duration {
        failures <= 0 ? .zero : min(.seconds(900), .seconds(20 << min(failures - 1, 6)))
    }
}
