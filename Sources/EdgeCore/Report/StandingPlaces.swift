/// What the board says of places: why an edge keeps one that it should lose, what a healthy one waits for, and what
/// the live set lacks. It is asked anew each time: what a round left in words would tell of a place that an order
/// changed since.
struct StandingPlaces {
    private let round: StandingRound
    private let selection: Selection?
    private let live: Set<EdgeName>

    init(_ round: StandingRound) {
        self.round = round
        // Before the first round there is nothing to choose by.
        selection = round.state.lastRun == nil ? nil : round.selection()
        live = Set(round.state.live.map(\.name))
    }

    /// The row with what is to be said of its place behind what was seen.
    func complete(_ row: StatusView.StatusEdge) -> StatusView.StatusEdge {
        guard let words = words(row) else { return row }
        var row = row
        row.detail += "; \(words)"
        return row
    }

    private func words(_ row: StatusView.StatusEdge) -> String? {
        guard !row.isBlocked, let name = EdgeName(row.edge),
            let role = ProbeTarget.Role(rawValue: row.role)
        else { return nil }
        if role == .edge, row.state == "in", let stay = selection?.reasons[name]?.stayWords {
            return stay
        }
        let target = StandingRound.targets(of: name).first {
            $0.role == role && round.state.targets[$0] != nil
        }
        return target.flatMap { round.recovery(of: $0) }.map { "not up yet: \($0.words)" }
    }

    /// That nobody is replaced any more though somebody could be.
    var budgetTroubles: [String] {
        guard let selection else { return [] }
        let waiting = selection.heldBack.filter {
            if case .budgetSpent? = selection.reasons[$0] { true } else { false }
        }
        guard !waiting.isEmpty else { return [] }
        let spare = round.candidates().first {
            !live.contains($0.name) && $0.mayBeLive && $0.isPassing
        }
        guard let spare else { return [] }
        let failing = waiting.count { round.state.targets[round.target(of: $0)]?.health == .fail }
        let noun =
            failing == waiting.count
            ? "failing edge" : failing == 0 ? "slow edge" : "failing or slow edge"
        let free = freeAgain.map { "it is free again at \($0.clockText) UTC; " } ?? ""
        return [
            "budget used up: \(waiting.count.counted(noun)) \(waiting.count == 1 ? "waits" : "wait") "
                + "(\(waiting.fewWords)) while spares are idle; \(free)"
                + "edgemanage force \(spare.name) -m REASON takes a spare in now"
        ]
    }

    /// When the next substitution may be; nil: never.
    private var freeAgain: UnixTime? {
        let budget = RotationBudget(
            log: round.state.substitutions, limit: round.settings.selection.substitutionBudget,
            now: round.now)
        return budget.wait(now: round.now).map { round.now.wall.adding($0) }
    }
}

extension StatusView {
    /// What the live set lacks, for those who look at the board.
    static func shortages(_ edges: [StatusEdge], wanted: Int) -> [String] {
        let live = edges.filter { $0.state == "in" }
        guard !live.isEmpty else { return [] }
        var troubles: [String] = []
        let failing = live.filter { !$0.isPassing && $0.health != nil }.map(\.edge)
        if !failing.isEmpty { troubles.append("live and failing: \(failing.fewWords)") }
        let new = live.filter { $0.health == nil }.map(\.edge)
        if !new.isEmpty { troubles.append("live and not probed yet: \(new.fewWords)") }
        if live.count < wanted {
            let out = edges.filter { $0.state == "out" }.map(\.boardState)
            let counts = BoardState.allCases.compactMap { state in
                let count = out.count { $0 == state }
                return count > 0 ? "\(count) \(state.rawValue)" : nil
            }
            let others =
                counts.isEmpty
                ? "the edge list has no other" : "out: \(counts.joined(separator: ", "))"
            troubles.append(
                "only \(live.count) of \(wanted.counted("wanted edge")) "
                    + "\(live.count == 1 ? "is" : "are") live; \(others)")
        }
        return troubles
    }
}
