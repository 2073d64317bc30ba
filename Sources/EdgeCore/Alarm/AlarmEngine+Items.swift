extension AlarmEngine {
    /// Follows what came, stays and went in one round.
    func update(
        _ group: inout AlarmGroup, _ kind: AlarmKind, with conditions: [AlarmCondition],
        withdrawn: Set<String>
    ) {
        let rule = settings.rule(kind)
        var present: Set<String> = []
        group.total = conditions.count
        for condition in conditions {
            let isNew = group.items[condition.subject] == nil
            guard !isNew || group.items.count < AlarmState.mostItems else { continue }
            var item =
                group.items[condition.subject]
                ?? AlarmItem(since: now, severity: condition.severity, words: "")
            item.severity = rule.severity ?? condition.severity
            item.place = condition.place
            see(&item, condition.words, rule: rule)
            group.items[condition.subject] = item
            present.insert(condition.subject)
        }
        for (subject, item) in group.items.sorted(by: { $0.key < $1.key }) {
            var item = item
            if !present.contains(subject) {
                let isWithdrawn = kind == .edgeOut && withdrawn.contains(subject)
                miss(&item, subject, isWithdrawn: isWithdrawn, ended: &group.ended)
            }
            settle(&item, subject, ended: &group.ended)
            item.appearances.removeAll {
                now.elapsed(since: $0) >= AlarmSettings.flappingWindow
            }
            let isOver = !item.isPresent && !item.isFlapping && item.appearances.isEmpty
            group.items[subject] = isOver ? nil : item
        }
    }

    private func see(_ item: inout AlarmItem, _ words: String, rule: AlarmRule) {
        if !item.isPresent {
            item.isPresent = true
            item.absentSince = nil
            item.appearances = item.appearances.suffix(31) + [now]
            if !item.isFlapping {
                item.since = now
                item.rounds = 0
            }
        }
        // The present facts, also of what was told: new words alone are no news.
        item.words = AlarmWords.plain(words)
        if case .rounds(let most) = rule.after { item.rounds = min(item.rounds + 1, most) }
        if rule.after.isReached(rounds: item.rounds, time: now.elapsed(since: item.since)) {
            item.isFiring = true
        }
        guard let limit = settings.flapping, !item.isFlapping else { return }
        let recent = item.appearances.count {
            now.elapsed(since: $0) < AlarmSettings.flappingWindow
        }
        if recent >= limit {
            item.isFlapping = true
            item.isFiring = true
        }
    }

    /// One that flaps goes on as if it held.
    private func miss(
        _ item: inout AlarmItem, _ subject: String, isWithdrawn: Bool, ended: inout [EndedItem]
    ) {
        guard item.isPresent else { return }
        item.isPresent = false
        item.absentSince = now
        if item.isFlapping {
            item.words = "it is not so now, and watched until it is steady: \(item.words)"
        } else {
            end(&item, subject, isWithdrawn: isWithdrawn, ended: &ended)
        }
    }

    private func end(
        _ item: inout AlarmItem, _ subject: String, isWithdrawn: Bool = false,
        ended: inout [EndedItem]
    ) {
        if item.isTold {
            let length = now.elapsed(since: item.since)
            ended.append(
                EndedItem(
                    subject: subject, since: item.since.wall, seconds: length.components.seconds,
                    isWithdrawn: isWithdrawn ? true : nil))
        }
        item.isFiring = false
        item.isTold = false
        item.toldBy = nil
        item.toldSeverity = nil
        item.isToldFlapping = false
        item.rounds = 0
    }

    /// What flapped and was steady for long enough flaps no more.
    private func settle(_ item: inout AlarmItem, _ subject: String, ended: inout [EndedItem]) {
        guard item.isFlapping else { return }
        guard let change = item.isPresent ? item.appearances.last ?? item.since : item.absentSince,
            now.elapsed(since: change) >= AlarmSettings.settlingTime
        else { return }
        item.isFlapping = false
        item.isToldFlapping = false
        item.appearances = []
        if !item.isPresent { end(&item, subject, ended: &ended) }
    }
}
