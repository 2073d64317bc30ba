import EdgeCore
import EdgeServer
import EdgeShell
import EdgeSystemConfiguration
import EdgeSystemFiles
import EdgeSystemHistory

extension Watch: PageFace {
    /// How many of the last decisions and commands are shown.
    private static let shownEvents = 12
    /// The time that an edge's chart shows, by minutes, and the most samples that are read for it.
    private static let (chartLength, chartCells, chartSamples) = (Duration.seconds(3600), 60, 4000)

    func stamp(of network: NetworkName) -> Int? { watch(of: network)?.present.stamp }

    func pageNetwork(_ network: NetworkName) throws -> PageNetwork? {
        guard let seat = watch(of: network)?.present else { return nil }
        let (bench, settings) = (seat.bench.reading, seat.settings)
        let now = bench.clock.now()
        let state = try bench.store.load(network, judge: settings.judge, now: now)
        let overview = try state.lastRun.map { _ in
            ExplainedNetwork(
                StandingRound(
                    settings: settings, state: state, edges: Self.edges(of: settings), now: now),
                spans: try bench.store.liveSpans(
                    network, from: now.wall.adding(.seconds(-86_400))),
                events: try bench.store.events(network, limit: Self.shownEvents)
                    .map { LogView.Event(time: $0.time, $0.event) })
        }
        return PageNetwork(
            status: try bench.status(settings, state: state, now: now), overview: overview,
            alarms: try bench.alarmView(), goodEnough: settings.judge.goodEnough)
    }

    func hour(of network: NetworkName, cells: Int) throws -> [ProbeTarget: Sparkline] {
        guard let bench = watch(of: network)?.present.bench.reading else { return [:] }
        return try bench.store.cells(network, cells: cells, now: bench.clock.now().wall)
            .mapValues { Sparkline($0) }
    }

    func pageEdge(_ edge: EdgeName, of network: NetworkName) throws -> PageEdge? {
        guard let part = try part(edge, of: network) else { return nil }
        guard let explained = try Explainer(part: part, time: nil).view().edge else { return nil }
        let store = part.bench.store
        let now = part.bench.clock.now().wall
        let uptime = try part.uptime(of: [edge]).edges.first
        let family = uptime.flatMap { AddressFamily(rawValue: $0.family) } ?? .ipv4
        var probes: [KeptProbe] = []
        // A canary is looked up only where the name is no edge's.
        for role in [ProbeTarget.Role.edge, .canary] where probes.isEmpty {
            probes = try store.probes(
                network, target: ProbeTarget(role: role, name: edge, family: family),
                since: now.adding(.zero - Self.chartLength), until: now, limit: Self.chartSamples)
        }
        return PageEdge(
            explained: explained, uptime: uptime,
            hour: PhaseHistory(
                probes, cells: Self.chartCells, length: Self.chartLength, now: now),
            goodEnough: part.settings.judge.goodEnough)
    }

    func pageZones(_ network: NetworkName) throws -> [PageZone]? {
        guard let seat = watch(of: network)?.present else { return nil }
        let state = try seat.bench.reading.store.load(
            network, judge: seat.settings.judge, now: seat.bench.reading.clock.now())
        return PageZone.all(of: state, servers: seat.settings.publish.servers.map(\.name))
    }

    /// An edge that the network has or had; nil: there is no such one, or no round was yet.
    private func part(_ edge: EdgeName, of network: NetworkName) throws -> NamedPart? {
        guard let seat = watch(of: network)?.present, seat.lastEndWall != nil else { return nil }
        let edges = Self.edges(of: seat.settings)
        guard
            try edges.contains(edge) || seat.bench.reading.store.knownEdges(network).contains(edge)
        else { return nil }
        return NamedPart(.edge(edge), of: seat.bench.reading, edges: edges)
    }

    static func edges(of settings: NetworkSettings) -> [EdgeName] {
        (try? FileInventoryReader().edges(from: settings.edges).names) ?? []
    }
}

extension NamedPart {
    /// A part of a network whose workplace is open already.
    init(_ kind: Kind, of bench: Workplace, edges: [EdgeName]) {
        self.kind = kind
        self.bench = bench
        self.edges = edges
    }
}
