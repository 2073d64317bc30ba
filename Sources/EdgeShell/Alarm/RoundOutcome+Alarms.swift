import EdgeCore

extension RoundOutcome {
    /// What a round came to, as far as alarms go. A sick monitor says nothing of edges, and an operator's own
    /// plan nothing that probing would show.
    ///
    /// - Parameters:
    ///   - known: edges that are out already, and where they were.
    ///   - expiring: edges whose certificates are known to end soon.
    func alarmReport(
        settings: NetworkSettings, isDirected: Bool, known: [String: EdgePlace?],
        expiring: Set<String> = [], now: Moment
    ) -> AlarmReport {
        var examined: Set<AlarmKind> = [
            .publicationFailed, .serverLagging, .includeRefused, .noRound,
        ]
        var conditions =
            publicationConditions() + serverConditions(now: now) + includeConditions()
        if !isDirected {
            examined.formUnion([.planHeld, .monitorSick])
            conditions += holdConditions()
            if !decision.monitor.holdsHealth {
                examined.formUnion([.edgeOut, .degraded])
                conditions +=
                    edgeConditions(settings, known: known) + degradation(settings)
            }
            // Who shows no certificate in this round has not got a new one.
            let ends = certificateEnds
            if expiring.allSatisfy({ name in ends.keys.contains { $0.text == name } }) {
                examined.insert(.certificateExpiring)
                conditions += AlarmCondition.certificates(
                    ends, within: settings.alarms.certificate, now: now.wall)
            }
        }
        return AlarmReport(
            examined: examined, conditions: conditions,
            withdrawn: Set(
                report.edges.filter { $0.mode.mode == .unavailable }.map(\.name.text)),
            interval: settings.interval)
    }

    /// When each edge's certificate ends, of both families' the one that ends first.
    private var certificateEnds: [EdgeName: UnixTime] {
        Dictionary(
            observations.filter { $0.target.role != .reference }.compactMap { observation in
                observation.certificateExpiry.map { (observation.target.name, $0) }
            }, uniquingKeysWith: min)
    }

    private func edgeConditions(
        _ settings: NetworkSettings, known: [String: EdgePlace?]
    ) -> [AlarmCondition] {
        let live = Set(state.live.map(\.name)).union(report.live.map(\.name))
        let reasons = Dictionary(
            decision.verdicts.filter { $0.key.role != .reference && $0.value.health == .fail }
                .map { ($0.key.name, $0.value.reason.description) },
            uniquingKeysWith: { first, _ in first })
        let strength = strength(settings)
        return report.edges.compactMap { edge in
            // What an operator has taken out is his; unless it is still in the DNS.
            guard edge.health == .fail, edge.mode.mode != .unavailable || edge.isLive else {
                return nil
            }
            let counts =
                settings.alarms.edges == .any || edge.isCanary || live.contains(edge.name)
                || known[edge.name.text] != nil
            guard counts else { return nil }
            let cause = reasons[edge.name] ?? "it does not pass"
            guard !edge.isCanary else {
                return AlarmCondition(
                    .edgeOut, subject: edge.name.text, words: "is out: \(cause) (a canary)")
            }
            let place = place(of: edge, before: known[edge.name.text] ?? nil)
            let isGrave = place == .inDNS && strength.passing < strength.minimum
            return AlarmCondition(
                .edgeOut, subject: edge.name.text, severity: isGrave ? .critical : nil,
                words: place.words(
                    cause: cause, obstacle: decision.selection.reasons[edge.name]?.obstacle),
                place: place)
        }
    }

    /// Where an edge that fails is, and where it was in the round before.
    private func place(of edge: EdgeReport, before: EdgePlace?) -> EdgePlace {
        if edge.isLive { return .inDNS }
        if report.removed.contains(edge.name) {
            return .replaced(by: report.added.map(\.text))
        }
        switch before {
        case .replaced(let others): return .replaced(by: others)
        case .inDNS: return .replaced(by: [])
        case .spare, nil: return .spare
        }
    }

    /// How many edges are live and passing, and the fewest that may be live.
    private func strength(_ settings: NetworkSettings) -> (passing: Int, minimum: Int) {
        let edges = report.edges.filter { !$0.isCanary }
        return (
            edges.count { $0.isLive && $0.health.isPassing },
            settings.selection.minimum(
                mayBeLive: edges.count { $0.mode.mode != .unavailable },
                published: report.live.count)
        )
    }

    /// Fewer edges live and passing than wanted: critical below the fewest that may be live.
    private func degradation(_ settings: NetworkSettings) -> [AlarmCondition] {
        let wanted = settings.selection.liveCount
        let (passing, minimum) = strength(settings)
        guard passing < wanted else { return [] }
        let failing = report.edges.filter { !$0.isCanary && $0.isLive && !$0.health.isPassing }
            .map(\.name)
        let dead =
            failing.isEmpty
            ? "" : "; live and failing without a replacement: \(failing.fewWords)"
        return [
            AlarmCondition(
                .degraded, severity: passing < minimum ? .critical : .warning,
                words: "\(passing) of \(wanted.counted("wanted edge")) "
                    + "\(passing == 1 ? "is" : "are") live and passing, at least \(minimum) must be"
                    + dead)
        ]
    }

    /// Includes that are refused or gone.
    private func includeConditions() -> [AlarmCondition] {
        includeTroubles.sorted { $0.key < $1.key }.map { zone, words in
            AlarmCondition(.includeRefused, subject: zone.text, words: words)
        }
    }

    private func holdConditions() -> [AlarmCondition] {
        report.holds.compactMap { hold in
            switch hold {
            case .sickMonitor, .allMismatch:
                return AlarmCondition(.monitorSick, words: hold.description)
            case .rotationsHeld: return nil
            case .massRemoval, .belowMinimum, .parameters, .foreignParameters, .recordLoss,
                .templateLoss, .directiveTooSmall, .directiveFails, .serialNotComparable:
                return AlarmCondition(
                    .planHeld, subject: String(hold.identity.prefix(200)), words: hold.description)
            }
        }
    }

    private func publicationConditions() -> [AlarmCondition] {
        let lines =
            FailureWords.lines(of: failures)
            + troubles.filter { trouble in !saidServers.contains { trouble.names($0) } }
        guard let first = lines.first else { return [] }
        return [
            AlarmCondition(
                .publicationFailed, words: first + (lines.count - 1).furtherWords("failure"))
        ]
    }

    /// Name servers that have not got for too long what was published, or could not be told of it: what is so
    /// there, then the detail.
    private func serverConditions(now: Moment) -> [AlarmCondition] {
        saidServers.sorted().map { server in
            let lag = lags.first { $0.server == server }
            let isSilent = silentServers.contains(server)
            var words = isSilent ? "does not answer" : "does not serve what is published"
            if let lag {
                words +=
                    "\(isSilent ? ";" : ":") \(lag.zones.counted("zone")) "
                    + "\(lag.zones == 1 ? "has" : "have") old records there "
                    + AlarmWords.since(lag.since, now: now.wall)
            }
            let detail = troubles.first { $0.names(server) } ?? lag?.example
            return AlarmCondition(
                .serverLagging, subject: server.text,
                words: words + (detail.map { " (\($0))" } ?? ""))
        }
    }
}

extension SelectionReason {
    /// Why an edge that fails is handed out all the same; nil: it is not.
    fileprivate var obstacle: String? {
        guard isLive else { return nil }
        let words = description
        return words.firstRange(of: "stays, since ").map { String(words[$0.upperBound...]) }
            ?? words
    }
}

extension String {
    /// Whether a sentence speaks of a name server.
    fileprivate func names(_ server: ServerName) -> Bool {
        split { !($0.isLetter || $0.isNumber || "._-".contains($0)) }.contains { $0 == server.text }
    }
}
