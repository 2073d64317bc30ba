import EdgeCore

extension RoundOutcome {
    /// What a round came to, as far as alarms go. A sick monitor says nothing of edges, and an operator's own
    /// plan nothing that probing would show.
    ///
    /// - Parameters:
    ///   - known: edges that are out already.
    ///   - expiring: edges whose certificates are known to end soon.
    func alarmReport(
        settings: NetworkSettings, isDirected: Bool, known: Set<String>,
        expiring: Set<String> = [], now: Moment
    ) -> AlarmReport {
        var examined: Set<AlarmKind> = [.publicationFailed, .serverLagging, .noRound]
        var conditions = publicationConditions() + serverConditions()
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
            examined: examined, conditions: conditions, interval: settings.interval)
    }

    /// When each edge's certificate ends, of both families' the one that ends first.
    private var certificateEnds: [EdgeName: UnixTime] {
        Dictionary(
            observations.filter { $0.target.role != .reference }.compactMap { observation in
                observation.certificateExpiry.map { (observation.target.name, $0) }
            }, uniquingKeysWith: min)
    }

    private func edgeConditions(
        _ settings: NetworkSettings, known: Set<String>
    ) -> [AlarmCondition] {
        let live = Set(state.live.map(\.name)).union(report.live.map(\.name))
        let reasons = Dictionary(
            decision.verdicts.filter { $0.key.role != .reference && $0.value.health == .fail }
                .map { ($0.key.name, $0.value.reason.description) },
            uniquingKeysWith: { first, _ in first })
        return report.edges.compactMap { edge in
            guard edge.health == .fail, edge.mode.mode != .unavailable else { return nil }
            let counts =
                settings.alarms.edges == .any || edge.isCanary || live.contains(edge.name)
                || known.contains(edge.name.text)
            guard counts else { return nil }
            let words = reasons[edge.name] ?? "it fails"
            return AlarmCondition(
                .edgeOut, subject: edge.name.text,
                words: edge.isCanary ? "\(words) (a canary)" : words)
        }
    }

    /// Fewer edges live and passing than wanted: critical below the fewest that may be live.
    private func degradation(_ settings: NetworkSettings) -> [AlarmCondition] {
        let edges = report.edges.filter { !$0.isCanary }
        let wanted = settings.selection.liveCount
        let passing = edges.count { $0.isLive && $0.health.isPassing }
        guard passing < wanted else { return [] }
        let minimum = settings.selection.minimum(
            mayBeLive: edges.count { $0.mode.mode != .unavailable }, published: report.live.count)
        let failing = edges.filter { $0.isLive && !$0.health.isPassing }.map(\.name)
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

    /// Name servers that have not got for too long what was published, or could not be told of it.
    private func serverConditions() -> [AlarmCondition] {
        saidServers.sorted().map { server in
            let words =
                troubles.first { $0.names(server) }
                ?? lags.first { $0.server == server }?.example
                ?? "it does not answer"
            return AlarmCondition(.serverLagging, subject: server.text, words: words)
        }
    }
}

extension String {
    /// Whether a sentence speaks of a name server.
    fileprivate func names(_ server: ServerName) -> Bool {
        split { !($0.isLetter || $0.isNumber || "._-".contains($0)) }.contains { $0 == server.text }
    }
}
