/// What befalls edges and monitor, round by round: fixed before a rule sees the first of it.
struct Timeline {
    /// How one edge does in one round, apart from its load.
    struct Condition {
        /// The share of requests that fail.
        var failing: Float = 0
        /// The share of requests that stall for a second and more.
        var stalling: Float = 0
        /// What fetch times are multiplied by.
        var slowness: Float = 1
        /// The share of the monitor's own requests that are lost on its way.
        var lostOnTheWay: Float = 0
        var kind = FailureKind.timeout
    }

    let edges: Int
    let rounds: Int
    /// By round, then by edge.
    private var conditions: [Condition]
    /// Rounds in which the monitor is sick.
    private(set) var sick: [Bool]
    /// The users' requests, by round, in units of one usual edge's capacity for each place.
    private(set) var demand: [Float]
    /// The flood, in the same units.
    private(set) var flood: [Float]

    /// Rounds before anything happens: rules get to know their edges.
    static let quiet = 60

    subscript(round: Int, edge: Int) -> Condition {
        get { conditions[round * edges + edge] }
        set { conditions[round * edges + edge] = newValue }
    }

    init(_ family: Family, layout: Layout, rounds: Int, random: inout SeededRandom) {
        edges = layout.edges
        self.rounds = rounds
        conditions = Array(repeating: Condition(), count: rounds * layout.edges)
        sick = Array(repeating: false, count: rounds)
        demand = Array(repeating: 0.4, count: rounds)
        flood = Array(repeating: 0, count: rounds)
        switch family {
        case .crash: crashes(&random)
        case .slow: slowness(&random)
        case .lossy: losses(&random)
        case .flapping: flapping(&random)
        case .correlated: correlated(&random)
        case .attack: floods(&random)
        case .diurnal: days(&random)
        case .sickMonitor: sickness(&random)
        case .badRegion: regions(&random)
        }
    }

    // MARK: The families

    private mutating func crashes(_ random: inout SeededRandom) {
        episodes(everyDays: 4, minutes: 2...240, &random) { span, edge, timeline, random in
            timeline.die(edge, span, .random(&random))
        }
    }

    private mutating func slowness(_ random: inout SeededRandom) {
        episodes(everyDays: 4, minutes: 5...180, &random) { span, edge, timeline, random in
            let factor = Float.random(in: 3...20, using: &random)
            for round in span { timeline[round, edge].slowness = factor }
        }
    }

    private mutating func losses(_ random: inout SeededRandom) {
        episodes(everyDays: 5, minutes: 15...480, &random) { span, edge, timeline, random in
            let share = Float.random(in: 0.05...0.4, using: &random)
            for round in span {
                timeline[round, edge].failing = share / 2
                timeline[round, edge].stalling = share / 2
            }
        }
    }

    private mutating func flapping(_ random: inout SeededRandom) {
        episodes(everyDays: 8, minutes: 60...360, &random) { span, edge, timeline, random in
            let kind = FailureKind.random(&random)
            var round = span.lowerBound
            while round < span.upperBound {
                let end = min(round + Int.random(in: 1...6, using: &random), span.upperBound)
                timeline.die(edge, round..<end, kind)
                round = end + Int.random(in: 2...10, using: &random)
            }
        }
    }

    private mutating func correlated(_ random: inout SeededRandom) {
        moments(everyDays: 2, minutes: 3...60, &random) { span, timeline, random in
            let kind = FailureKind.random(&random)
            let share = Double.random(in: 0.33...0.66, using: &random)
            let count = max(2, Int(Double(timeline.edges) * share))
            for edge in (0..<timeline.edges).shuffled(using: &random).prefix(count) {
                timeline.die(edge, span, kind)
            }
        }
    }

    private mutating func floods(_ random: inout SeededRandom) {
        moments(everyDays: 4, minutes: 30...120, &random) { span, timeline, random in
            let strength = Float.random(in: 0.3...1.5, using: &random)
            for round in span { timeline.flood[round] = strength }
        }
    }

    private mutating func days(_ random: inout SeededRandom) {
        let shift = Float.random(in: 0..<1, using: &random)
        for round in 0..<rounds {
            // A parabola a day comes near enough to a sine.
            let place = (Float(round * Layout.interval) / 86_400 + shift)
                .truncatingRemainder(dividingBy: 1)
            let wave = 1 - (4 * place - 2) * (4 * place - 2) / 2
            demand[round] = 0.4 * (1 + 0.5 * wave)
        }
    }

    private mutating func sickness(_ random: inout SeededRandom) {
        moments(everyDays: 0.5, minutes: 1...40, &random) { span, timeline, random in
            let share: Float =
                Int.random(in: 0..<2, using: &random) == 0
                ? 1 : Float.random(in: 0.5...0.9, using: &random)
            for round in span {
                timeline.sick[round] = true
                for edge in 0..<timeline.edges { timeline[round, edge].lostOnTheWay = share }
            }
        }
    }

    private mutating func regions(_ random: inout SeededRandom) {
        moments(everyDays: 2, minutes: 10...120, &random) { span, timeline, random in
            let size = max(1, timeline.edges / 4)
            let first = Int.random(in: 0..<timeline.edges, using: &random)
            let isTheWay = Int.random(in: 0..<10, using: &random) < 3
            let share = Float.random(in: 0.1...0.5, using: &random)
            for offset in 0..<size {
                let edge = (first + offset) % timeline.edges
                for round in span {
                    if isTheWay {
                        timeline[round, edge].lostOnTheWay = share
                    } else {
                        timeline[round, edge].failing = share / 2
                        timeline[round, edge].stalling = share / 2
                        timeline[round, edge].slowness = 2
                    }
                }
            }
        }
    }

    // MARK: Episodes

    private mutating func die(_ edge: Int, _ span: Range<Int>, _ kind: FailureKind) {
        for round in span {
            self[round, edge].failing = 1
            self[round, edge].kind = kind
        }
    }

    /// Episodes of each edge by itself, `everyDays` apart on average over all edges. Edges are not alike: nine times as
    /// often at the worst as at the best.
    private mutating func episodes(
        everyDays days: Double, minutes: ClosedRange<Int>, _ random: inout SeededRandom,
        _ body: (Range<Int>, Int, inout Timeline, inout SeededRandom) -> Void
    ) {
        for edge in 0..<edges {
            let rate = Self.logUniform(1.0 / 3...3, &random) / Self.usualRate
            moments(everyDays: days / rate, minutes: minutes, &random) {
                span, timeline, random in
                body(span, edge, &timeline, &random)
            }
        }
    }

    /// The mean of edges' rates, which they are divided by.
    private static let usualRate = 1.24

    /// Spans of time, `everyDays` apart on average, each round as likely to begin one as the next: what failed a moment
    /// ago is no safer for it. Short ones are more common than long ones.
    private mutating func moments(
        everyDays days: Double, minutes: ClosedRange<Int>, _ random: inout SeededRandom,
        _ body: (Range<Int>, inout Timeline, inout SeededRandom) -> Void
    ) {
        let chance = Double(Layout.interval) / (days * 86_400)
        var round = Self.quiet
        while round < rounds {
            guard Double.random(in: 0..<1, using: &random) < chance else {
                round += 1
                continue
            }
            let length = Self.logUniform(
                Double(minutes.lowerBound)...Double(minutes.upperBound), &random)
            let end = min(rounds, round + max(1, Int(length) * 60 / Layout.interval))
            body(round..<end, &self, &random)
            round = end + 1
        }
    }

    /// A number of the range, each doubling of it as likely as the next.
    static func logUniform(
        _ range: ClosedRange<Double>, _ random: inout SeededRandom
    ) -> Double {
        var value = range.lowerBound
        var left =
            Double.random(in: 0..<1, using: &random)
            * doublings(range.upperBound / range.lowerBound)
        while left >= 1 {
            value *= 2
            left -= 1
        }
        return value * (1 + left)
    }

    private static func doublings(_ ratio: Double) -> Double {
        var (count, rest) = (0.0, ratio)
        while rest >= 2 {
            count += 1
            rest /= 2
        }
        return count + rest - 1
    }
}
