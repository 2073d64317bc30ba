import EdgeCore

extension RoundRunner {
    /// Says which name servers have not got for too long what was published: a failure of each run while it
    /// lasts, whether this one tried again or left the server alone (decisions/name-servers.md).
    func takeOverdue(
        _ delivery: Delivery, settings: NetworkSettings, into outcome: inout RoundOutcome
    ) {
        let now = effects.clock.now().wall
        for server in settings.publish.servers.map(\.name) {
            guard let update = delivery.updates[server] else { continue }
            // This round's own try has said why.
            guard !delivery.hasSaid(update) else {
                outcome.saidServers.insert(server)
                continue
            }
            guard
                let trouble = delivery.overdue(update, settings: settings.publish, now: now)
            else { continue }
            outcome.saidServers.insert(server)
            outcome.troubles.append(trouble)
            effects.log.write(.error, trouble)
        }
    }
}

extension Delivery {
    /// Whether everything that a server owes is among what this round failed to bring to it.
    fileprivate func hasSaid(_ update: ServerUpdate) -> Bool {
        hasFailed(update) || (troubles[update.server] != nil && !update.owed.isEmpty)
    }

    /// Whether every zone that a server owes is a failure of this round's updates.
    func hasFailed(_ update: ServerUpdate) -> Bool {
        guard !update.owed.isEmpty else { return false }
        let failed = failures[update.server] ?? [:]
        return update.owed.keys.allSatisfy { failed[$0] != nil }
    }

    /// What an operator must hear of a server: it has been silent, or owed a zone, for longer than it may, or
    /// the last try to bring it a zone failed; nil: a lag of seconds, or none.
    fileprivate func overdue(
        _ update: ServerUpdate, settings: PublishSettings, now: UnixTime
    ) -> String? {
        let server = update.server
        let patience = settings.patience
        // Nothing can be sent to who says nothing.
        let isUnsent = settings.method == .updates && !update.owed.isEmpty
        if let since = update.silentSince, isUnsent || since.isOver(patience, at: now) {
            let owes = update.owed.isEmpty ? "" : ", and owes \(update.owed.count.counted("zone"))"
            return
                "name server \(server) has not answered for \(since.age(at: now))\(owes): start it, or "
                + "correct its address and port"
        }
        let failed = failures[server] ?? [:]
        let lag = update.lag { zone, owed in
            guard failed[zone] == nil else { return false }
            return owed.since.isOver(patience, at: now) || (update.failures > 0 && !owed.isTold)
        }
        guard let lag else { return nil }
        let how =
            lag.since.isOver(patience, at: now)
            ? "for \(lag.since.age(at: now))" : "since a failed attempt"
        let why = update.failures > 0 ? update.control?.failure ?? lastFailures[server] : nil
        return "not served \(how): \(lag.example)" + (lag.zones - 1).furtherWords("zone")
            + (why.map { "; the last try failed: \($0)" } ?? "")
    }
}

extension UnixTime {
    /// Whether so much has passed since then. A time from the future is from before the clock was set back.
    fileprivate func isOver(_ patience: Duration, at now: UnixTime) -> Bool {
        let age = now.since(self)
        return age >= patience || age < .zero
    }

    /// How long ago that was, in whole units.
    fileprivate func age(at now: UnixTime) -> String {
        let seconds = max(0, Int(now.since(self).inSeconds))
        guard seconds > 0 else { return "less than a second" }
        guard seconds >= 120 else { return seconds.counted("second") }
        guard seconds >= 7200 else { return (seconds / 60).counted("minute") }
        return (seconds / 3600).counted("hour")
    }
}
