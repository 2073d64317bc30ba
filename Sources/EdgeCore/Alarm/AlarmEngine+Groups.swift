extension AlarmEngine {
    /// Says what there is to say of one kind, at most one notification.
    func speak(of group: inout AlarmGroup, _ kind: AlarmKind, state: inout AlarmState) {
        let firing = group.items.filter(\.value.isFiring).sorted { $0.key < $1.key }
            .map { (subject: $0.key, item: $0.value) }
        guard !firing.isEmpty else {
            if group.isTold { resolve(&group, kind, state: &state) }
            group.ended = []
            return
        }
        let severity = firing.map(\.item.severity).max() ?? .warning
        guard let phase = phase(of: group, kind, firing: firing.map(\.item), severity: severity)
        else {
            renew(group, kind, firing, severity, state: &state)
            return
        }
        if phase == .reminder, isQuiet, severity < .critical { return }
        let isFirst = !group.isTold
        let notification = compose(phase, group, kind, firing, severity, number: state.count + 1)
        for (subject, item) in firing {
            group.items[subject]?.isTold = true
            group.items[subject]?.toldBy = item.toldBy ?? state.count + 1
            group.items[subject]?.toldSeverity = item.severity
            group.items[subject]?.isToldFlapping = item.isFlapping
        }
        group.isTold = true
        group.severity = severity
        group.worst = max(severity, group.worst ?? severity)
        group.lastTold = now
        group.ended = []
        tell(notification, about: kind, group: &group, isFirst: isFirst, state: &state)
    }

    /// Whether something is to be told now; nil: not yet.
    private func phase(
        of group: AlarmGroup, _ kind: AlarmKind, firing: [AlarmItem], severity: AlarmSeverity
    ) -> AlarmNotification.Phase? {
        let age = group.lastTold.map { now.elapsed(since: $0) }
        let isPaced = age.map { $0 < settings.pace } ?? false
        let isWorse = group.severity.map { severity > $0 } ?? true
        guard group.isTold else { return isPaced && !isWorse ? nil : .firing }
        let isNews = firing.contains { item in
            !item.isTold || (item.isFlapping && !item.isToldFlapping)
                || item.toldSeverity.map { item.severity > $0 } ?? false
        }
        if isWorse { return .firing }
        if isNews || !group.ended.isEmpty { return isPaced ? nil : .firing }
        guard let pause = remind(kind), let age else { return nil }
        return age >= pause ? .reminder : nil
    }

    private func remind(_ kind: AlarmKind) -> Duration? {
        guard let own = settings.rule(kind).remind else { return settings.remind }
        return own == .zero ? nil : own
    }

    private func compose(
        _ phase: AlarmNotification.Phase, _ group: AlarmGroup, _ kind: AlarmKind,
        _ firing: [(subject: String, item: AlarmItem)], _ severity: AlarmSeverity, number: Int
    ) -> AlarmNotification {
        // Those that are new come first in the sentence.
        let ordered = firing.filter { !$0.item.isTold } + firing.filter(\.item.isTold)
        let followed = group.items.count { $0.value.isPresent }
        let total = firing.count + max(0, group.total - followed)
        let flapping = firing.filter(\.item.isFlapping).map(\.subject)
        let sentence =
            (phase == .reminder ? "still: " : "")
            + AlarmWords.firing(kind, ordered, total: total, now: now)
            + AlarmWords.besides(kind, ended: group.ended.map(\.subject), flapping: flapping)
        return AlarmNotification(
            id: "\(network)-\(number)-\(now.wall.seconds)", phase: phase, network: network,
            kind: kind, severity: severity, sentence: "network \(network): \(sentence)",
            count: total,
            subjects: ordered.prefix(AlarmNotification.mostSubjects).map {
                AlarmNotification.Subject(
                    name: $0.subject, severity: $0.item.severity, words: $0.item.words,
                    since: $0.item.since.wall.seconds)
            }, ended: group.ended.prefix(AlarmNotification.mostSubjects).map(\.subject),
            isFlapping: !flapping.isEmpty, since: firing.map(\.item.since.wall).min(),
            time: now.wall)
    }

    /// What still waits, and was never tried, says what is so when it is sent.
    private func renew(
        _ group: AlarmGroup, _ kind: AlarmKind, _ firing: [(subject: String, item: AlarmItem)],
        _ severity: AlarmSeverity, state: inout AlarmState
    ) {
        for (name, receiver) in state.receivers where !isSending(receiver) {
            let waiting = receiver.outbox.firstIndex {
                $0.notification.kind == kind && $0.notification.phase != .resolved
                    && $0.attempts == 0
            }
            guard let waiting else { continue }
            let old = receiver.outbox[waiting].notification
            var group = group
            group.ended = old.ended.map { EndedItem(subject: $0, since: now.wall, seconds: 0) }
            var new = compose(old.phase, group, kind, firing, severity, number: 0)
            new.id = old.id
            state.receivers[name]?.outbox[waiting].notification = new
        }
    }

    private func resolve(_ group: inout AlarmGroup, _ kind: AlarmKind, state: inout AlarmState) {
        let ended = group.ended.sorted { $0.subject < $1.subject }
        let notification = AlarmNotification(
            id: "\(network)-\(state.count + 1)-\(now.wall.seconds)", phase: .resolved,
            network: network, kind: kind, severity: group.worst ?? .warning,
            sentence: "network \(network): \(AlarmWords.resolved(kind, ended))",
            count: ended.count,
            ended: ended.prefix(AlarmNotification.mostSubjects).map(\.subject),
            since: ended.map(\.since).min(), time: now.wall)
        tell(notification, about: kind, group: &group, isFirst: false, state: &state)
        group.isTold = false
        group.receivers = []
        group.worst = nil
        group.delivered = nil
        group.lastTold = now
    }
}
