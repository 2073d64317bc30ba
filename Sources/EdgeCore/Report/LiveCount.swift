/// How many edges are live, and how many of them pass: one count for board, explanation, run, page and plugin.
public struct LiveCount: Hashable, Sendable {
    public var live: Int
    /// Those of `live` that passed when they were probed last.
    public var passing: Int
    public var wanted: Int

    public init(live: Int, passing: Int, wanted: Int) {
        self.live = live
        self.passing = passing
        self.wanted = wanted
    }

    /// Whether users meet a failing edge, or fewer edges are live than wanted.
    public var isBad: Bool { passing < live || passing < wanted }

    /// `3 of 3 live` when all that are live pass, else `1 of 3 live and passing`.
    public var words: String {
        "\(passing) of \(wanted) live" + (passing == live ? "" : " and passing")
    }

    /// What its words are coloured for.
    public var tone: BoardTone { isBad ? .bad : .good }
}

extension StatusView.StatusEdge {
    /// Whether it passed when it was probed last.
    public var isPassing: Bool {
        health.flatMap(Health.init(rawValue:))?.isPassing ?? false
    }
}

extension StatusView {
    /// How many are live, and how many of them pass.
    public var count: LiveCount {
        LiveCount(
            live: live.count, passing: edges.count { $0.state == "in" && $0.isPassing },
            wanted: wanted)
    }
}

extension ExplainedNetwork {
    /// How many are live, and how many of them pass.
    public var count: LiveCount {
        let live = edges.filter(\.isLive)
        return LiveCount(live: live.count, passing: live.count { $0.isPassing }, wanted: wanted)
    }
}

extension ExplainedNetwork.Edge {
    /// One that keeps this monitor out is what it was before, as in `status`.
    fileprivate var isPassing: Bool {
        health == Verdict.blockedWord || health.flatMap(Health.init(rawValue:))?.isPassing ?? false
    }
}
