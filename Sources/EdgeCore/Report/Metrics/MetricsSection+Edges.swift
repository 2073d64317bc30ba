extension MetricsSection {
    /// How a target is told in labels.
    private static func labels(_ target: ProbeTarget) -> [String] {
        [target.name.text, target.family.rawValue]
    }

    /// Who is live, and in which mode.
    mutating func takeEdges(_ round: MetricsRound) {
        let edges = round.report.edges.filter { !$0.isCanary }
        set(.edges, edges.count)
        set(.liveEdges, round.report.live.count)
        set(.liveEdgesWanted, round.settings.selection.liveCount)
        set(.liveEdgesMinimum, round.decision.selection.minimum)
        let modes = edges.map { ([$0.name.text, $0.mode.mode.rawValue], 1.0) }
        setAll(.edgeMode, Dictionary(modes, uniquingKeysWith: { first, _ in first }))
        takeLive(round, listed: Set(edges.map(\.name.text)))
    }

    private mutating func takeLive(_ round: MetricsRound, listed: Set<String>) {
        var live: [[String]: Double] = [:]
        if round.isProbed {
            for observation in round.observations where observation.target.role == .edge {
                live[Self.labels(observation.target)] = 0
            }
        } else {
            for labels in (numbers[.edgeLive] ?? [:]).keys where listed.contains(labels[0]) {
                live[labels] = 0
            }
        }
        for edge in round.report.live {
            let families = Set(edge.addresses.all.map(\.family))
            for family in families.isEmpty ? [edge.addresses.primary] : families {
                live[Self.labels(ProbeTarget(name: edge.name, family: family))] = 1
            }
        }
        setAll(.edgeLive, live)
    }

    /// What probing came to.
    mutating func takeProbes(_ round: MetricsRound) {
        set(.monitorSick, round.decision.monitor.sickness != nil)
        set(.testObjectSuspect, round.decision.monitor.allMismatch != nil)
        var up: [[String]: Double] = [:]
        var fetches: [[String]: Double] = [:]
        let edges = round.observations.filter { $0.target.role == .edge }
        forgetEdges(besides: Set(edges.map { Self.labels($0.target) }), round.settings)
        for observation in edges {
            let labels = Self.labels(observation.target)
            let health = round.health(of: observation.target)
            if let health { up[labels] = health.isPassing ? 1 : 0 }
            if let time = observation.fetchTime { fetches[labels] = Self.seconds(time) }
            if let end = observation.certificateExpiry { set(.certificateExpiry, end, labels) }
            count(.probes, 1, labels + [observation.outcome.word])
            countPhases(observation)
        }
        setAll(.edgeUp, up)
        setAll(.edgeFetch, fetches)
        takeOthers(round)
    }

    private mutating func countPhases(_ observation: Observation) {
        let family = observation.target.family.rawValue
        count(.probeRetries, observation.earlier.count, [family])
        for phase in ProbePhase.allCases {
            guard let time = observation.phases[phase] else { continue }
            observe(.probeDuration, time, [family, phase.rawValue])
        }
        if let time = observation.fetchTime { observe(.fetchDuration, time, [family]) }
    }

    /// Counters of edges that are probed no more go; a certificate stays known while its edge is asked for one.
    private mutating func forgetEdges(besides present: Set<[String]>, _ settings: NetworkSettings) {
        let probes = numbers[.probes] ?? [:]
        setAll(.probes, probes.filter { present.contains(Array($0.key.prefix(2))) })
        let certificates = settings.object.scheme == .https ? numbers[.certificateExpiry] : nil
        setAll(.certificateExpiry, (certificates ?? [:]).filter { present.contains($0.key) })
    }

    private mutating func takeOthers(_ round: MetricsRound) {
        let canaries = round.observations.filter { $0.target.role == .canary }
        set(.canaries, canaries.count)
        set(.canariesUp, canaries.count { round.health(of: $0.target)?.isPassing ?? false })
        let references = round.observations.filter { $0.target.role == .reference }
        set(.references, references.count)
        set(.referencesAnswering, references.count { $0.outcome.showsAHost })
    }
}

extension MetricsRound {
    /// As judged in this round, else as before; nil: never judged.
    fileprivate func health(of target: ProbeTarget) -> Health? {
        decision.verdicts[target]?.health ?? state.targets[target]?.health
    }
}
