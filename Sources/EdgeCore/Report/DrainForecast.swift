/// What would happen were an edge made unavailable now: "is it safe to drain?"
public struct DrainForecast: Hashable, Sendable, Codable {
    /// Whether users would notice nothing: as many edges would be live as before, all of them fit, none too small for
    /// the load.
    public var isSafe: Bool
    /// Whether the edge is live now.
    public var isLive: Bool
    public var liveBefore: Int
    public var liveAfter: Int
    /// The fewest that must stay live (`min_live`).
    public var minimum: Int
    /// Who would take its place, and why.
    public var replacements: [String]
    /// Healthy edges that would be left to take the next place.
    public var sparesLeft: Int
    /// Substitutions that health may still cause within ten minutes; an operator's word is counted, not refused.
    public var budgetLeft: Int
    /// What would wait, and how many are missing; nil: nothing.
    public var held: String?
    /// What the load would do to the others; nil: nothing is known to.
    public var load: String?
    /// Those that would be live and failing, in the text alone.
    private(set) var failing: [String] = []

    enum CodingKeys: String, CodingKey {
        case isSafe, isLive, liveBefore, liveAfter, minimum, replacements, sparesLeft, budgetLeft
        case held, load
    }

    /// - Parameter round: what the network's state would come to.
    public init(of edge: EdgeName, in round: StandingRound) {
        let before = round.selection()
        let drained = ModeRecord(mode: .unavailable, comment: "", changed: round.now.wall)
        let after = round.selection(with: edge, drained)
        let wasLive = Set(round.state.live.map(\.name))
        isLive = wasLive.contains(edge)
        liveBefore = wasLive.count
        liveAfter = after.live.count
        minimum = after.minimum
        replacements = after.live.filter { !wasLive.contains($0) && !before.live.contains($0) }
            .map(\.text)
        let known = Set(before.holds.map(\.identity))
        held = after.holds.first { !known.contains($0.identity) }.map {
            $0.words(drainOf: edge)
        }
        failing = after.live.filter {
            $0 != edge && round.state.targets[round.target(of: $0)]?.health == .fail
        }.map(\.text)
        let warning = LoadGuard.warning(after, round.settings.selection.capacity)
        load =
            warning == LoadGuard.warning(before, round.settings.selection.capacity) ? nil : warning
        let leaving = Set(after.live).union([edge])
        sparesLeft = round.candidates().count {
            !leaving.contains($0.name) && $0.mayBeLive && $0.isPassing
                && $0.steady.map { $0.standing == .up } ?? true
        }
        budgetLeft = after.budget.remaining
        let enough = min(before.live.count, round.settings.selection.liveCount)
        let sick = after.live.filter { after.reasons[$0]?.isReprieve == true }
        let sickBefore = before.live.filter { before.reasons[$0]?.isReprieve == true && $0 != edge }
        isSafe =
            !after.live.contains(edge) && liveAfter >= enough && held == nil && load == nil
            && sick.count <= sickBefore.count
    }

    /// `it is failing` of the only one that stays; else who fails.
    private var failingWords: String {
        guard !(liveAfter == 1 && held == nil) else { return "it is failing" }
        return "\(failing.fewWords) \(failing.count == 1 ? "is" : "are") failing"
    }

    /// The answer in words, the verdict first.
    public var words: [String] {
        guard isLive else {
            return [
                "yes: it is not live, so DNS stays as it is; "
                    + "\(sparesLeft.counted("healthy spare")) would be left"
            ]
        }
        var lines: [String] = []
        if let held {
            lines.append("no: \(held)")
            if !failing.isEmpty { lines.append("of those that stay, \(failingWords)") }
        } else if liveAfter < liveBefore {
            lines.append(
                "no: nobody takes its place; \(liveAfter) of \(liveBefore) would stay live"
                    + (failing.isEmpty ? "" : ", and \(failingWords)")
                    + ", at least \(minimum) must (min_live)")
        } else {
            let who = replacements.isEmpty ? "nobody new" : replacements.joined(separator: " ")
            lines.append(
                "\(isSafe ? "yes" : "no"): \(who) would take its place, \(liveAfter) stay live"
                    + (failing.isEmpty ? "; " : ", and \(failingWords); ")
                    + "\(sparesLeft.counted("healthy spare")) would be left")
        }
        if let load { lines.append(load) }
        lines.append(
            "substitutions left in 10 minutes after that: \(budgetLeft); at least \(minimum) stay live"
        )
        return lines
    }
}
