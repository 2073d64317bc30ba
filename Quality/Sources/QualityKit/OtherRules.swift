/// The rule of the original as it is coded: a live edge stays while its last fetch was under good enough; free places
/// go to the best class, then to the lowest mean; a set that is not full is not published.
struct OriginalRule: Rule {
    private struct Memory {
        var window: [Double] = []
        var all: [Double] = []
        var next = 0
        var sum = 0.0

        mutating func add(_ seconds: Double) {
            window.append(seconds)
            if window.count > 5 { window.removeFirst() }
            if all.count < 2000 {
                all.append(seconds)
            } else {
                sum -= all[next]
                all[next] = seconds
                next = (next + 1) % 2000
            }
            sum += seconds
        }

        /// The class as a number, best first.
        func rank(_ seconds: Double, failed: Bool) -> Int {
            let limit = Layout.goodEnough
            if failed { return 4 }
            if seconds < limit { return 0 }
            if window.reduce(0, +) / Double(window.count) < limit { return 1 }
            return sum / Double(all.count) < limit ? 2 : 3
        }
    }

    /// What a failure counts as.
    private static let timeout = 10.0
    private var memories: [Memory]
    private var classes: [Int]

    init(edges: Int) {
        memories = Array(repeating: Memory(), count: edges)
        classes = Array(repeating: 4, count: edges)
    }

    mutating func decide(_ view: RoundView) -> EdgeSet {
        for edge in memories.indices {
            let seconds = view.attempt(edge).seconds ?? Self.timeout
            memories[edge].add(seconds)
            classes[edge] = memories[edge].rank(seconds, failed: seconds >= Self.timeout)
        }
        var live = EdgeSet()
        view.live.forEach { if classes[$0] == 0 { live.insert($0) } }
        guard live.count < view.layout.live else { return live }
        let pool = memories.indices.filter { !live.contains($0) && classes[$0] < 4 }.sorted {
            if classes[$0] != classes[$1] { return classes[$0] < classes[$1] }
            return memories[$0].sum / Double(memories[$0].all.count)
                < memories[$1].sum / Double(memories[$1].all.count)
        }
        for edge in pool.prefix(view.layout.live - live.count) { live.insert(edge) }
        return live.count == view.layout.live ? live : view.live
    }
}

/// So many good attempts in a row bring an edge up, so many bad ones take it down.
struct CounterRule: HealthRule {
    let rise: Int
    let fall: Int
    let attempts: Int
    /// Seconds from which an answer is as bad as none.
    let slowness: Double
    private var streaks: [Int]
    private var healthy: EdgeSet
    private var ranks: [Double]

    init(edges: Int, rise: Int, fall: Int, attempts: Int, slowness: Double) {
        self.rise = rise
        self.fall = fall
        self.attempts = attempts
        self.slowness = slowness
        streaks = Array(repeating: 0, count: edges)
        healthy = EdgeSet(0..<edges)
        ranks = Array(repeating: 0, count: edges)
    }

    mutating func judge(_ view: RoundView) -> (healthy: EdgeSet, ranks: [Double]) {
        for edge in streaks.indices {
            for number in 0..<attempts {
                let seconds = view.attempt(edge, number).seconds
                let isGood = seconds.map { $0 < slowness } ?? false
                ranks[edge] += 0.1 * ((seconds ?? 10) - ranks[edge])
                // What speaks for the present state starts the count anew.
                guard isGood != healthy.contains(edge) else {
                    streaks[edge] = 0
                    continue
                }
                streaks[edge] += 1
                guard streaks[edge] >= (isGood ? rise : fall) else { continue }
                streaks[edge] = 0
                if isGood { healthy.insert(edge) } else { healthy.remove(edge) }
            }
        }
        return (healthy, ranks)
    }
}

/// gdnsd's three states: down comes up after 20 good ones in a row; up is in danger at the first bad one, up again after 10
/// good ones in a row, and down when 10 bad ones have come before that.
struct GdnsdRule: HealthRule {
    private enum State { case up, danger(bad: Int), down }
    private var states: [State]
    private var good: [Int]
    private var ranks: [Double]

    init(edges: Int) {
        states = Array(repeating: .up, count: edges)
        good = Array(repeating: 0, count: edges)
        ranks = Array(repeating: 0, count: edges)
    }

    mutating func judge(_ view: RoundView) -> (healthy: EdgeSet, ranks: [Double]) {
        var healthy = EdgeSet()
        for edge in states.indices {
            for number in 0..<3 { take(view.attempt(edge, number), edge) }
            if case .down = states[edge] { continue }
            healthy.insert(edge)
        }
        return (healthy, ranks)
    }

    private mutating func take(_ attempt: Attempt, _ edge: Int) {
        let isGood = attempt.seconds.map { $0 < Layout.goodEnough } ?? false
        ranks[edge] += 0.1 * ((attempt.seconds ?? 10) - ranks[edge])
        good[edge] = isGood ? good[edge] + 1 : 0
        switch states[edge] {
        case .up: if !isGood { states[edge] = .danger(bad: 1) }
        case .danger(let bad):
            if good[edge] >= 10 {
                states[edge] = .up
            } else if !isGood {
                states[edge] = bad + 1 >= 10 ? .down : .danger(bad: bad + 1)
            }
        case .down: if good[edge] >= 20 { states[edge] = .up }
        }
    }
}

/// A score that is the worse of this moment's and a decaying mean's: quick to fall, slow to be trusted again.
struct AkamaiRule: HealthRule {
    private static let failure = 10.0
    private static let weight = 0.1
    private var means: [Double]
    private var scores: [Double]

    init(edges: Int) {
        means = Array(repeating: 0, count: edges)
        scores = Array(repeating: 0, count: edges)
    }

    mutating func judge(_ view: RoundView) -> (healthy: EdgeSet, ranks: [Double]) {
        var healthy = EdgeSet()
        for edge in means.indices {
            let now = view.attempt(edge).seconds ?? Self.failure
            means[edge] += Self.weight * (now - means[edge])
            scores[edge] = max(now, means[edge])
            if scores[edge] < Layout.goodEnough { healthy.insert(edge) }
        }
        return (healthy, scores)
    }
}

/// Knows what users meet and how much each edge can carry, and moves as little as it may.
struct OracleRule: HealthRule {
    /// From this share on an edge is not worth keeping.
    static let limit = 0.05

    mutating func judge(_ view: RoundView) -> (healthy: EdgeSet, ranks: [Double]) {
        var healthy = EdgeSet()
        for edge in view.badness.indices where view.badness[edge] < Self.limit {
            healthy.insert(edge)
        }
        return (healthy, view.burdened)
    }
}
