/// What a rule came to on one run, as sums that add up over runs.
public struct Measure: Sendable {
    public var days = 0.0
    var loss = 0.0
    /// The loss by its cause.
    var causes = Array(repeating: 0.0, count: LossCause.allCases.count)
    var rounds = 0
    var wrongRemovals = 0
    var publications = 0
    var publicationsWhileSick = 0
    var sickDays = 0.0
    var cold = 0.0
    /// Rounds from an edge's death to its removal.
    var detections: [Int] = []

    public init() {}

    /// Adds another run's.
    public static func += (left: inout Measure, right: Measure) {
        left.days += right.days
        left.loss += right.loss
        for index in left.causes.indices { left.causes[index] += right.causes[index] }
        left.rounds += right.rounds
        left.wrongRemovals += right.wrongRemovals
        left.publications += right.publications
        left.publicationsWhileSick += right.publicationsWhileSick
        left.sickDays += right.sickDays
        left.cold += right.cold
        left.detections += right.detections
    }

    /// The share of users' requests that met a dead or slow edge.
    public var lossShare: Double { loss / Double(max(rounds, 1)) }
    /// The part of `lossShare` that has this cause.
    public func lossShare(_ cause: LossCause) -> Double {
        causes[cause.rawValue] / Double(max(rounds, 1))
    }
    /// Removals of edges that were well, a day.
    public var wrongADay: Double { Double(wrongRemovals) / max(days, 1e-9) }
    /// Publications a day.
    public var publicationsADay: Double { Double(publications) / max(days, 1e-9) }
    /// Publications while the monitor was sick, a day of the family in which it falls sick; 0 in others.
    public var sickPublicationsADay: Double {
        sickDays > 0 ? Double(publicationsWhileSick) / sickDays : 0
    }
    /// The share of requests that met an edge with a cold cache.
    public var coldShare: Double { cold / Double(max(rounds, 1)) }
    /// Monitor rounds.
    public var roundCount: Int { rounds }

    /// The rounds within which this share of deaths was answered; nil when nobody died.
    public func detection(_ share: Double) -> Int? {
        guard !detections.isEmpty else { return nil }
        let sorted = detections.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}

/// One rule on one world.
struct Run {
    private var world: World
    private var rule: any Rule
    private var measure = Measure()
    private var live = EdgeSet()
    /// How warm each edge's cache is, 0 to 1.
    private var warmth: [Double]
    /// Rounds since each edge was last bad.
    private var wellFor: [Int]
    /// Live edges that died and are still live: since which round.
    private var dyingSince: [Int?]
    /// Live edges that were bad when they were chosen, or would be with a live edge's load, and have not been well since.
    private var badChoices = EdgeSet()
    private var rounds: Int

    /// A cache is warm after this many rounds of traffic, and cold after ten times as many without.
    private static let warming = 20.0
    /// An edge is well when it was not bad for this many rounds.
    private static let wellAfter = 4
    /// From this share of failing requests on an edge is dead.
    private static let dead = 0.9

    init(
        _ name: RuleName, layout: Layout, family: Family, days: Int, seed: UInt64,
        tuning: SteadyTuning
    ) {
        rounds = days * 86_400 / Layout.interval
        world = World(layout: layout, family: family, rounds: rounds, seed: seed)
        rule = name.rule(layout, tuning: tuning)
        warmth = Array(repeating: 1, count: layout.edges)
        wellFor = Array(repeating: 0, count: layout.edges)
        dyingSince = Array(repeating: nil, count: layout.edges)
    }

    mutating func measured() -> Measure {
        for round in 0..<rounds { step(round) }
        measure.days = Double(rounds * Layout.interval) / 86_400
        if world.family == .sickMonitor { measure.sickDays = measure.days }
        return measure
    }

    private mutating func step(_ round: Int) {
        world.observe(round)
        let badness = world.view.badness
        for edge in badness.indices {
            wellFor[edge] = badness[edge] < OracleRule.limit ? wellFor[edge] + 1 : 0
        }
        noteDeaths(round, badness)
        let next = rule.decide(world.view)
        if next != live { note(change: next, round: round) }
        noteChoices(next)
        live = next
        world.publish(live)
        guard round >= Timeline.quiet else { return }
        measure.rounds += 1
        for edge in badness.indices {
            let share = world.shares[edge]
            if share > 0, badness[edge] > 0 {
                measure.loss += share * badness[edge]
                measure.causes[cause(edge, badness[edge]).rawValue] += share * badness[edge]
            }
            measure.cold += share * (1 - warmth[edge])
            if share > 0 {
                warmth[edge] += (1 - warmth[edge]) / Self.warming
            } else {
                warmth[edge] -= warmth[edge] / (10 * Self.warming)
            }
        }
    }

    private mutating func noteChoices(_ next: EdgeSet) {
        let view = world.view
        for edge in view.badness.indices {
            if !next.contains(edge) || live.contains(edge) && wellFor[edge] > 0 {
                badChoices.remove(edge)
            } else if !live.contains(edge),
                max(view.badness[edge], view.burdened[edge]) >= OracleRule.limit
            {
                badChoices.insert(edge)
            }
        }
    }

    private func cause(_ edge: Int, _ badness: Double) -> LossCause {
        if !live.contains(edge) { return .lag }
        if badness < OracleRule.limit { return .trifle }
        if badChoices.contains(edge) { return .choice }
        return rule.reasonToWait(edge) ?? .unseen
    }

    /// Counts what leaves, and whether it had to.
    private mutating func note(change next: EdgeSet, round: Int) {
        guard round >= Timeline.quiet else { return }
        measure.publications += 1
        if world.timeline.sick[round] { measure.publicationsWhileSick += 1 }
        live.forEach { edge in
            guard !next.contains(edge) else { return }
            if wellFor[edge] >= Self.wellAfter { measure.wrongRemovals += 1 }
            if let since = dyingSince[edge] {
                measure.detections.append(round - since + 1)
                dyingSince[edge] = nil
            }
        }
    }

    private func failsOutright(_ edge: Int, _ round: Int) -> Bool {
        Double(world.timeline[max(round, 0), edge].failing) >= Self.dead
    }

    /// An edge's death counts when it was live and well before, and somebody could take its place.
    private mutating func noteDeaths(_ round: Int, _ badness: [Double]) {
        let dead = badness.indices.filter { failsOutright($0, round) && live.contains($0) }
        let spares = badness.indices.count {
            badness[$0] < OracleRule.limit && !live.contains($0)
        }
        for edge in badness.indices {
            let isDead = failsOutright(edge, round)
            if let since = dyingSince[edge], !isDead {
                // It came back before anybody saw: three rounds and more are a failure to see.
                if round - since >= 3 { measure.detections.append(round - since) }
                dyingSince[edge] = nil
            }
            guard isDead, dyingSince[edge] == nil, live.contains(edge), round >= Timeline.quiet,
                dead.count <= spares, !failsOutright(edge, round - 1)
            else { continue }
            dyingSince[edge] = round
        }
    }
}

/// Measures one rule on many seeds.
public func measure(
    _ rule: RuleName, layout: Layout, family: Family, days: Int, seeds: Range<UInt64>,
    tuning: SteadyTuning = SteadyTuning()
) -> Measure {
    var total = Measure()
    for seed in seeds {
        var run = Run(
            rule, layout: layout, family: family, days: days, seed: seed, tuning: tuning)
        total += run.measured()
    }
    return total
}
