extension MetricsSection {
    /// What a round can end as.
    static let results = ["done", "failed", "refused"]

    /// A network's section before its first round: counters begin at 0, so that their first step is seen.
    static func ofNetwork() -> MetricsSection {
        var section = MetricsSection()
        for result in results { section.count(.rounds, 0, [result]) }
        for direction in ["in", "out"] { section.count(.rotations, 0, [direction]) }
        section.count(.zonesPublished, 0)
        return section
    }

    /// Takes a round in: counters go on, everything else is as of now.
    mutating func take(_ round: MetricsRound) {
        takeRound(round)
        takeEdges(round)
        if round.isProbed { takeProbes(round) }
        takePlan(round)
        takePublication(round)
        takeServers(round)
    }

    private mutating func takeRound(_ round: MetricsRound) {
        count(.rounds, 1, [round.isDone ? "done" : "failed"])
        observe(.roundDuration, round.report.duration)
        set(.roundInterval, Self.seconds(round.settings.interval))
        set(.lastRound, round.end)
        set(.roundTroubles, round.troubles)
    }

    private mutating func takePlan(_ round: MetricsRound) {
        let selection = round.decision.selection
        count(.rotations, round.report.added.count, ["in"])
        count(.rotations, round.report.removed.count, ["out"])
        set(.budget, selection.budget.limit)
        set(.budgetRemaining, selection.budget.remaining)
        set(.edgesKeptBack, selection.heldBack.count)
        let holds = round.report.holds
        set(.rotationsHeld, holds.contains { $0.kind == "rotations_held" })
        set(.planHeld, !holds.isEmpty)
        setAll(.holds, holds.reduce(into: [:]) { $0[[$1.kind], default: 0] += 1 })
    }

    private mutating func takePublication(_ round: MetricsRound) {
        let unpublished = round.failures.subtracting(round.state.zones.keys)
        let zones = Set(round.state.zones.keys)
            .union(round.settlements.map(\.step.zone)).subtracting(unpublished)
        set(.zones, zones.count)
        set(.generation, round.generation)
        set(.publishSerial, Int(round.highestSerial))
        if round.publishes { set(.lastPublish, round.report.moment.wall) }
        count(.zonesPublished, round.report.written.count)
        set(.publicationFailures, round.failures.count)
    }

    private mutating func takeServers(_ round: MetricsRound) {
        for metric in [Metric.nameServerUp, .nameServerLag, .nameServerZonesOwed] {
            numbers[metric] = nil
        }
        for server in round.settings.publish.servers {
            let lag = round.lags.first { $0.server == server.name }
            let labels = [server.name.text]
            set(.nameServerUp, !round.silentServers.contains(server.name), labels)
            let since = lag.map { max(.zero, round.end.since($0.since)) } ?? .zero
            set(.nameServerLag, Self.seconds(since), labels)
            set(.nameServerZonesOwed, lag?.zones ?? 0, labels)
        }
    }
}
