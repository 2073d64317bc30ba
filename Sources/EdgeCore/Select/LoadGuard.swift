/// What the live edges carry, and what they would carry after an exchange: a slow edge is better than one that
/// takes its place and falls under the load (the load-cascade guard).
///
/// Resolvers hand out all live addresses alike, so of n that answer each carries 1/n, however much it can. A
/// dead one carries nothing: its users try the next address.
struct LoadGuard {
    private let load: Double?
    /// What an edge of the list can carry on average.
    private let average: Double

    /// Where the load is unknown: the share of the slow edge's capacity, and of the average, that a spare must have.
    /// Less costs most users under a flood, which an exchange outruns; more keeps edges that are flooded.
    private static let enough = 0.5

    /// Live edges that answer, as far as is known.
    private var carriers: [EdgeName: Double] = [:]
    private var total = 0.0
    /// Those of them that are slow.
    private var slow = 0
    /// The least that one of them can carry which is known to be fine under its share; nil: none is.
    private var smallestWell: Double?

    /// - Parameters:
    ///   - live: the live edges with whether each keeps its place by right.
    ///   - load: the network's; nil: unknown.
    ///   - average: what an edge that may be live can carry on average.
    init(_ live: [(candidate: Candidate, keepsItsPlace: Bool)], load: Double?, average: Double) {
        self.load = load
        self.average = average
        for (candidate, keepsItsPlace) in live {
            guard !candidate.isMismatch, candidate.isPassing || keepsItsPlace else { continue }
            add(candidate)
            if !keepsItsPlace {
                slow += 1
            } else if candidate.isKnownToBeWell {
                smallestWell = min(smallestWell ?? candidate.capacity, candidate.capacity)
            }
        }
    }

    /// Whether a spare is known to be able to carry one of so many places.
    func carries(_ spare: Candidate, places: Int) -> Bool {
        if let load { return !Self.exceeds(load, spare.capacity * Double(places)) }
        return smallestWell.map { spare.capacity >= $0 } ?? true
    }

    /// What speaks against a spare in a slow edge's place; nil: nothing does.
    func objection(to spare: Candidate, inPlaceOf slow: Candidate) -> LoadEstimate? {
        guard spare.capacity < slow.capacity else { return nil }
        guard let load else {
            if spare.capacity >= max(slow.capacity, average) * Self.enough { return nil }
            // Several slow at once are overloaded as likely as not: then nobody's well-being shows the share.
            let othersAreSlow = self.slow > 1
            if !othersAreSlow, let smallestWell, spare.capacity >= smallestWell { return nil }
            return .smaller(
                spare.name, percent: Self.percent(spare.capacity, of: slow.capacity),
                othersAreSlow: othersAreSlow)
        }
        let share = load / Double(max(1, carriers.count))
        if Self.exceeds(share, spare.capacity) {
            return .spare(spare.name, percent: Self.percent(share, of: spare.capacity))
        }
        let left = total - slow.capacity + spare.capacity
        guard Self.exceeds(load, left) else { return nil }
        return .all(with: spare.name, percent: Self.percent(load, of: left))
    }

    /// What the others would carry without an edge that nobody replaces.
    func without(_ edge: EdgeName) -> LoadEstimate {
        let count = carriers.count - (carriers[edge] == nil ? 0 : 1)
        let smallest = carriers.lazy.filter { $0.key != edge }.map(\.value).min()
        guard let smallest else { return .nobodyElse }
        guard let load else {
            return .more(others: count, percent: Self.percent(Double(count + 1), of: Double(count)))
        }
        let share = load / Double(count)
        return .others(count, percent: Self.percent(share, of: smallest))
    }

    /// One edge left the live set, and another came.
    mutating func exchange(_ old: Candidate, for new: Candidate?) {
        if let capacity = carriers.removeValue(forKey: old.name) { total -= capacity }
        if let new { add(new) }
    }

    /// An edge came into the live set.
    mutating func add(_ candidate: Candidate) {
        guard carriers.updateValue(candidate.capacity, forKey: candidate.name) == nil else {
            return
        }
        total += candidate.capacity
    }

    /// Whether a load is more than can be carried, sums' last bits apart.
    static func exceeds(_ load: Double, _ capacity: Double) -> Bool {
        load > capacity * (1 + 1e-9)
    }

    /// What is above or below 100 % never reads as 100 %.
    static func percent(_ part: Double, of whole: Double) -> Int {
        let share = Int(min(part / whole * 100, 1_000_000).rounded())
        return exceeds(part, whole) ? max(share, 101) : exceeds(whole, part) ? min(share, 99) : 100
    }
}

extension LoadGuard {
    /// What an operator is told when live edges are too small for their share of the load, as those may be that took a
    /// dead edge's place; nil: none is, or the load is unknown.
    static func warning(_ selection: Selection, _ capacity: CapacitySettings) -> String? {
        guard let load = capacity.load else { return nil }
        let carriers = selection.live.filter { name in
            if case .noReplacement = selection.reasons[name] { false } else { true }
        }
        let share = load / Double(max(1, carriers.count))
        let small = carriers.filter { exceeds(share, capacity[$0]) }
        guard let worst = small.min(by: { (capacity[$0], $0) < (capacity[$1], $1) }) else {
            return nil
        }
        return
            "under the full load \(worst) would carry \(percent(share, of: capacity[worst])) % of its capacity"
            + (small.count - 1).furtherWords("edge") + "; keep more edges live, or larger ones"
    }
}

/// What the load would do, had the slow edge left: why it stays.
public enum LoadEstimate: Hashable, Sendable {
    /// No better spare stands by: the others' share of what the smallest of them can carry.
    case others(Int, percent: Int)
    /// The same where the load is unknown: compared with what they carry now.
    case more(others: Int, percent: Int)
    /// No better spare stands by, and nobody else carries anything.
    case nobodyElse
    /// What the best spare would have to carry of what it can.
    case spare(EdgeName, percent: Int)
    /// What all live edges would have to carry, with the best spare among them.
    case all(with: EdgeName, percent: Int)
    /// The load is unknown, and the best spare can carry less than the slow edge.
    case smaller(EdgeName, percent: Int, othersAreSlow: Bool)
}

extension LoadEstimate: CustomStringConvertible {
    public var description: String {
        let noSpare = "no better spare stands by"
        switch self {
        case .others(1, let percent):
            return "\(noSpare): the other one would carry \(percent) % of its capacity"
        case .others(let count, let percent):
            return "\(noSpare): the other \(count) would carry up to \(percent) % of their capacity"
        case .more(1, let percent):
            return "\(noSpare): the other one would carry \(percent) % of what it does now"
        case .more(let count, let percent):
            return "\(noSpare): the other \(count) would carry \(percent) % of what they do now"
        case .nobodyElse: return noSpare
        case .spare(let name, let percent):
            return "\(name) in its place would carry \(percent) % of its capacity"
        case .all(let name, let percent):
            return
                "with \(name) in its place the live edges would carry \(percent) % of their capacity"
        case .smaller(let name, let percent, let othersAreSlow):
            return "\(name) can carry \(percent) % of what it can, and "
                + (othersAreSlow
                    ? "others are slow too: the load may be the cause"
                    : "the load is unknown (load)")
        }
    }
}
