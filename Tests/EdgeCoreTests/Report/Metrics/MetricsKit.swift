import EdgeCore
import EdgeTesting

/// A network whose rounds are counted.
struct MetricsBench {
    var settings = NetworkSettings(
        network: "web", format: .version1,
        object: TestObject(scheme: .https, host: "object.test", path: "/o", localFile: "/o"),
        judge: JudgeSettings(goodEnough: .seconds(1)),
        selection: SelectionSettings(liveCount: 1),
        dns: DNSSettings(
            primary: "ns1.dns.test.", mailbox: "host.dns.test.", nameServers: ["ns1.dns.test."],
            isExplicit: true),
        edges: .inline([]), zoneIncludes: "/includes",
        publish: PublishSettings(directory: "/zones"), database: "/db")
    var edges: [EdgeName] = ["a.test", "b.test"]
    var state = NetworkState()
    var now = UnixTime(seconds: 1_700_000_000)

    /// Each edge's one address of each family.
    private func addresses(_ edge: EdgeName) -> EdgeAddresses {
        let number = (edges.firstIndex(of: edge) ?? 0) + 1
        return EdgeAddresses(ipv4: IPAddress("192.0.2.\(number)"), ipv6: nil)
    }

    func seen(
        _ edge: EdgeName, _ outcome: ProbeOutcome = .ok(fetchTime: .milliseconds(30)),
        family: AddressFamily = .ipv4, phases: ProbePhases = ProbePhases(),
        earlier: [ProbeOutcome] = [], expiry: UnixTime? = nil
    ) -> Observation {
        Observation(
            target: ProbeTarget(name: edge, family: family), address: addresses(edge).ipv4,
            outcome: outcome, phases: phases, attempts: earlier.count + 1, earlier: earlier,
            certificateExpiry: expiry)
    }

    /// What a round comes to that decides on these observations.
    mutating func round(
        _ observations: [Observation], change: (inout MetricsRound) -> Void = { _ in }
    ) -> MetricsRound {
        now = now.adding(.seconds(60))
        let moment = Moment(
            wall: now, sinceBoot: now.since(UnixTime(seconds: 1_600_000_000)), bootID: "b")
        let inventory = Inventory(
            edges: edges,
            addresses: Dictionary(uniqueKeysWithValues: edges.map { ($0, addresses($0)) }))
        let decision = Round.decide(
            RoundInput(
                settings: settings, inventory: inventory, state: state,
                observations: observations, now: moment))
        let live = Set(decision.live.map(\.name))
        let report = RoundReport(
            network: settings.network, moment: moment,
            edges: edges.map { name in
                EdgeReport(
                    name: name, isCanary: false, health: .pass,
                    mode: state.modes[name] ?? ModeRecord(), isLive: live.contains(name),
                    sample: nil, fetchTime: nil, mean: nil)
            },
            live: decision.live, added: decision.selection.added,
            removed: decision.selection.removed, holds: decision.holds,
            duration: .milliseconds(1500))
        var round = MetricsRound(
            settings: settings, report: report, decision: decision, state: state,
            observations: observations, settlements: [], generation: state.generation, end: now)
        change(&round)
        state.live = decision.live
        state.generation = round.generation
        state.substitutions = decision.selection.budget.recent
        for (target, verdict) in decision.verdicts {
            state.targets[target, default: TargetRecord()].health = verdict.health
        }
        return round
    }
}

extension MetricsBook {
    /// The lines of a metric, without its name.
    func lines(_ metric: Metric) -> [String] {
        page().split(separator: "\n").filter { $0.hasPrefix(metric.rawValue + "{") }
            .map { String($0.dropFirst(metric.rawValue.count)) }
    }

    /// The one number of a metric of the network `web`; nil: it has none.
    func number(_ metric: Metric) -> String? {
        let start = "{network=\"web\"} "
        return lines(metric).first { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
    }
}
