/// A rule that chooses the live set of each round.
protocol Rule {
    /// The live set from this round on.
    mutating func decide(_ view: RoundView) -> EdgeSet
    /// Why an edge that is down by this rule was left live in the last round; nil: it is up, or the rule has no guards.
    func reasonToWait(_ edge: Int) -> LossCause?
}

extension Rule {
    func reasonToWait(_ edge: Int) -> LossCause? { nil }
}

/// A rule that tells healthy edges from others, and ranks them; choosing is the same for all of these.
protocol HealthRule: Rule {
    /// Which edges are healthy, and each one's rank: lower is better.
    mutating func judge(_ view: RoundView) -> (healthy: EdgeSet, ranks: [Double])
}

extension HealthRule {
    /// Healthy edges stay, the best healthy spares fill what is free, and what nobody can fill stays as it is.
    mutating func decide(_ view: RoundView) -> EdgeSet {
        let (healthy, ranks) = judge(view)
        var live = EdgeSet()
        view.live.forEach { if healthy.contains($0) { live.insert($0) } }
        var spares: [Int] = []
        healthy.forEach { if !live.contains($0) { spares.append($0) } }
        let free = view.layout.live - live.count
        if free > 0, !spares.isEmpty {
            spares.sort { ranks[$0] != ranks[$1] ? ranks[$0] < ranks[$1] : $0 < $1 }
            for edge in spares.prefix(free) { live.insert(edge) }
        }
        view.live.forEach { edge in
            if live.count < view.layout.live { live.insert(edge) }
        }
        return live
    }
}

/// The rules that are compared.
public enum RuleName: String, Hashable, Sendable, CaseIterable {
    case original
    case riseFall = "rise-fall"
    case gdnsd
    case route53
    case akamai
    case classic
    case steady
    case oracle

    /// What it is, for the report.
    public var words: String {
        switch self {
        case .original: "the original's rule"
        case .riseFall: "rise/fall 2/3, an attempt a round"
        case .gdnsd: "gdnsd's 20/10/10, three attempts a round"
        case .route53: "Route 53-like: 3 of 3, two attempts a round"
        case .akamai: "Akamai-like: max of instant and decaying mean"
        case .classic: "classic judge, keep: window"
        case .steady: "steady judge"
        case .oracle: "an oracle that sees what users meet"
        }
    }

    /// The rule at its start.
    func rule(_ layout: Layout, tuning: SteadyTuning) -> any Rule {
        switch self {
        case .original: OriginalRule(edges: layout.edges)
        case .riseFall:
            CounterRule(edges: layout.edges, rise: 2, fall: 3, attempts: 1, slowness: 1)
        case .gdnsd: GdnsdRule(edges: layout.edges)
        case .route53:
            CounterRule(edges: layout.edges, rise: 3, fall: 3, attempts: 2, slowness: 4)
        case .akamai: AkamaiRule(edges: layout.edges)
        case .classic: ProductionRule(layout: layout, steady: nil, tuning: tuning)
        case .steady:
            ProductionRule(layout: layout, steady: tuning.settings, tuning: tuning)
        case .oracle: OracleRule()
        }
    }
}
