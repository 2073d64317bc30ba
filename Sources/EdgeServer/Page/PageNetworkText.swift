internal import EdgeCore

/// How bad something is.
enum PageLevel: String, Comparable {
    case well, warning, bad

    var mark: PageMark {
        switch self {
        case .well: .well
        case .warning: .warning
        case .bad: .bad
        }
    }

    static func < (left: PageLevel, right: PageLevel) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .well: 0
        case .warning: 1
        case .bad: 2
        }
    }
}

extension PageNetwork {
    /// Edges that are live and fail: what users meet.
    var liveFailing: [StatusView.StatusEdge] {
        status.edges.filter { $0.boardState == .failing }
    }

    var firing: [AlarmView.Alarm] { alarms.alarms.filter { $0.state != .pending } }

    var level: PageLevel {
        if status.live.count < max(status.minimum, 1) || !liveFailing.isEmpty { return .bad }
        if firing.contains(where: { $0.severity == .critical }) { return .bad }
        let isWell =
            status.live.count >= status.wanted && status.holds.isEmpty && status.troubles.isEmpty
            && status.rotationHold == nil && firing.isEmpty
        return isWell ? .well : .warning
    }

    /// The state in one sentence.
    var sentence: String {
        let count = status.count
        let live =
            "\(count.passing) of \(count.wanted) wanted edges live"
            + (count.passing == count.live ? "" : " and passing")
        if status.lastRun == nil { return "No round has ended yet: nothing is known." }
        if status.live.isEmpty { return "Down: no edge is live." }
        if !liveFailing.isEmpty {
            return "Users meet failing edges: \(liveFailing.map(\.edge).fewWords); \(live)."
        }
        if status.live.count < max(status.minimum, 1) {
            return "Too few: \(live), at least \(status.minimum) must be."
        }
        switch level {
        case .well: return "All is well: \(live)."
        case .bad: return "\(firing.count.counted("alarm")) firing, the worst critical; \(live)."
        case .warning:
            if status.live.count < status.wanted { return "Short: \(live)." }
            if status.rotationHold != nil {
                return "Held: \(live), and nothing changes for health's sake."
            }
            if !status.holds.isEmpty {
                return "Waiting: \(live), \(status.holds.count.counted("plan")) held."
            }
            return "Serving, with something to look at: \(live)."
        }
    }
}

extension StatusView.StatusEdge {
    /// The state's shape and word.
    var standing: (mark: PageMark, word: String) {
        if role == "canary" {
            return health == "fail" ? (.down, "canary, failing") : (.canary, "canary")
        }
        return (PageMark(boardState.signed(isLive: state == "in")), boardState.rawValue)
    }
}
