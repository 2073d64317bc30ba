/// One attempt to fetch the object, before any rule's deadline is applied to it.
struct Attempt {
    /// nil when it failed.
    var seconds: Double?
    var kind = FailureKind.timeout
}

/// What a rule sees of a round.
struct RoundView {
    let layout: Layout
    let round: Int
    /// Four attempts an edge, some seconds apart.
    var attempts: [Attempt] = []
    /// Whether each reference target answered; they are no edges.
    var references: [Bool] = []
    /// The live set so far.
    var live = EdgeSet()
    /// The share of users' requests to each edge that fail or are slow: for the oracle's eyes alone.
    var badness: [Double] = []

    /// The same, had each edge a live edge's load.
    var burdened: [Double] = []
    /// What each edge can carry, one usual edge's being 1: for a configuration that says so.
    var capacity: [Double] = []

    static let attemptsAnEdge = 4

    func attempt(_ edge: Int, _ number: Int = 0) -> Attempt {
        attempts[edge * Self.attemptsAnEdge + number]
    }
}

/// Edges, users, floods and a monitor in simulated rounds, from one seed. The luck of each attempt is the same for every rule.
struct World {
    let layout: Layout
    let family: Family
    let timeline: Timeline
    private(set) var view: RoundView

    /// Each edge's own fetch time and capacity.
    private let base: [Double]
    private let capacity: [Double]
    private var luck: SeededRandom
    /// The share of users that each edge has now.
    private(set) var shares: [Double]
    private var past: [EdgeSet] = []

    /// How many rounds a resolver keeps an answer: a TTL of 300 s.
    private static let lag = 5
    private static let references = 3
    /// Of a healthy edge's requests: lost, and stalled, for a moment.
    private static let blip = 0.002
    private static let stall = 0.004
    /// How often a moment's trouble lasts until the next attempt.
    private static let lasting = 0.1

    init(layout: Layout, family: Family, rounds: Int, seed: UInt64) {
        var random = SeededRandom(seed: seed)
        self.layout = layout
        self.family = family
        base = (0..<layout.edges).map { _ in
            let share = Double.random(in: 0..<1, using: &random)
            return (family.hasLoad ? 0.08 : 0.1) + (family.hasLoad ? 0.2 : 0.5) * share * share
        }
        capacity = (0..<layout.edges).map { _ in Double.random(in: 0.6...1.6, using: &random) }
        timeline = Timeline(family, layout: layout, rounds: rounds, random: &random)
        luck = random.split()
        shares = Array(repeating: 0, count: layout.edges)
        view = RoundView(layout: layout, round: 0)
        view.attempts = Array(
            repeating: Attempt(), count: layout.edges * RoundView.attemptsAnEdge)
        view.references = Array(repeating: true, count: Self.references)
        view.badness = Array(repeating: 0, count: layout.edges)
        view.burdened = view.badness
    }

    /// What the monitor and the oracle see in this round.
    mutating func observe(_ round: Int) {
        view = RoundView(
            layout: layout, round: round, attempts: view.attempts, references: view.references,
            live: past.first ?? EdgeSet(), badness: view.badness, burdened: view.burdened,
            capacity: capacity)
        for edge in 0..<layout.edges {
            let plain = timeline[round, edge]
            let condition = loaded(plain, edge, round, share: shares[edge])
            view.badness[edge] = badness(condition, edge: edge)
            view.burdened[edge] =
                family.hasLoad
                ? badness(loaded(plain, edge, round, share: 1 / Double(layout.live)), edge: edge)
                : view.badness[edge]
            attempt(edge, condition)
        }
        let lost = timeline.sick[round] ? timeline[round, 0].lostOnTheWay : 0
        for index in view.references.indices {
            view.references[index] = unit() >= Double(lost)
        }
    }

    /// Publishes a set: resolvers hand out what they know for their time, users are spread evenly.
    mutating func publish(_ live: EdgeSet) {
        past.insert(live, at: 0)
        if past.count > Self.lag + 1 { past.removeLast() }
        for edge in shares.indices { shares[edge] = 0 }
        for age in 0...Self.lag {
            let set = past[min(age, past.count - 1)]
            guard set.count > 0 else { continue }
            // The age of a resolver's answer is spread evenly over the TTL; a round is a fifth of it.
            let weight = (age == 0 || age == Self.lag ? 0.1 : 0.2) / Double(set.count)
            set.forEach { shares[$0] += weight }
        }
    }

    // MARK: What edges do

    private mutating func unit() -> Double { Double(luck.next() >> 11) * 0x1p-53 }

    /// A condition with what the load adds to it.
    private func loaded(
        _ condition: Timeline.Condition, _ edge: Int, _ round: Int, share: Double
    ) -> Timeline.Condition {
        guard family.hasLoad else { return condition }
        var condition = condition
        // Floods look names up as users do.
        let requests = timeline.demand[round] + timeline.flood[round]
        let load = Double(requests) * Double(layout.live) * share
        let use = load / capacity[edge]
        condition.slowness *= Float(1 / (1 - min(use, 0.9)))
        if use > 1 { condition.failing = max(condition.failing, Float(1 - 1 / use)) }
        return condition
    }

    /// The share of requests that fail or are slow, moments' troubles apart.
    private func badness(_ condition: Timeline.Condition, edge: Int) -> Double {
        let usual = base[edge] * Double(condition.slowness)
        // Fetch times are spread evenly over 0.7 to 1.3 of the usual one.
        let slow = min(max((1.3 - Layout.goodEnough / usual) / 0.6, 0), 1)
        let answered = 1 - Double(condition.failing)
        return 1 - answered * (1 - Double(condition.stalling)) * (1 - slow)
    }

    private mutating func attempt(_ edge: Int, _ condition: Timeline.Condition) {
        let answered = 1 - Double(condition.failing)
        let reaches = answered * (1 - Double(condition.lostOnTheWay))
        var troubled = false
        for number in 0..<RoundView.attemptsAnEdge {
            let (fate, trouble, spread) = (unit(), unit(), unit())
            var attempt = Attempt(seconds: nil, kind: condition.kind)
            let blip = troubled ? Self.lasting : Self.blip
            let hasBlip = trouble < blip
            if fate < reaches, !hasBlip {
                var seconds = base[edge] * Double(condition.slowness) * (0.7 + 0.6 * spread)
                let stalls = blip + max(Double(condition.stalling), troubled ? 0 : Self.stall)
                // One or two retransmissions of what was lost (RFC 6298 §2).
                if trouble < stalls { seconds += spread < 0.7 ? 1 : 3 }
                attempt.seconds = seconds
            } else if fate < answered {
                attempt.kind = .timeout
            }
            troubled = hasBlip
            view.attempts[edge * RoundView.attemptsAnEdge + number] = attempt
        }
    }
}
