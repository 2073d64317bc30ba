import EdgeCore
import EdgeShell
import EdgeTesting

/// When a process decided, by the world's own time: after it had begun to look, and before the database was told.
struct DecisionTime: Hashable, Sendable {
    var earliest: WorldInstant
    var latest: WorldInstant

    /// The most that the program may take to have passed since an earlier decision. Across a reboot it has the wall
    /// clock alone, which may have gone ahead meanwhile (I25).
    func most(since past: DecisionTime) -> Duration {
        let passed = latest.passed - past.earliest.passed
        guard latest.moment.bootID != past.latest.moment.bootID else { return passed }
        let now = max(earliest.moment.wall.nanoseconds, latest.moment.wall.nanoseconds)
        let then = min(past.earliest.moment.wall.nanoseconds, past.latest.moment.wall.nanoseconds)
        return max(passed, .nanoseconds(now - then))
    }

    /// The least that really passed since then.
    func least(since past: DecisionTime) -> Duration { earliest.passed - past.latest.passed }
}

/// An edge that left the live set, within the budget or for an operator's sake.
struct Departure: Hashable, Sendable {
    var time: DecisionTime
    var byOperator: Bool
}

/// The rotation budget: I10, I25. Both are counted by the world's time; what the program counts is not asked.
extension InvariantChecker {
    /// The documented window of the budget.
    static let window: Duration = .seconds(600)

    mutating func checkBudget(
        _ outcome: RoundOutcome, settings: NetworkSettings, world: World, process: Int32
    ) {
        let now = world.decisionTime(of: process)
        let selection = outcome.decision.selection
        for name in selection.removed where selection.reasons[name] != .leftList {
            let byOperator = selection.removedByOperator.contains(name)
            departures.append(Departure(time: now, byOperator: byOperator))
        }
        departures.removeAll { now.least(since: $0.time) >= Self.window * 4 }
        let forHealth = selection.removed.filter { !selection.removedByOperator.contains($0) }
        let count = departures.count {
            !$0.byOperator && now.most(since: $0.time) < Self.window
        }
        let limit = settings.selection.substitutionBudget
        expect(
            forHealth.isEmpty || count <= limit, "I10",
            "\(count) substitutions in 10 minutes, \(limit) allowed")
        checkOperatorsWord(outcome, settings: settings, world: world)
        checkReprieves(outcome, settings: settings, now: now)
    }

    /// What a second writer did counts for the budget too; that operators' approvals were its to use is nothing
    /// to be surprised at.
    mutating func takeSecond(
        _ outcome: RoundOutcome, settings: NetworkSettings, world: World
    ) -> [Simulation.Violation] {
        found = []
        // What it was decided on may be gone.
        isExact = false
        checkBudget(outcome, settings: settings, world: world, process: 2)
        return found
    }

    /// Nobody leaves outside the budget without an operator's word (I10).
    private mutating func checkOperatorsWord(
        _ outcome: RoundOutcome, settings: NetworkSettings, world: World
    ) {
        guard isExact else { return }
        let list = world.change { Set($0.list) }
        let (state, selection) = (outcome.state, outcome.decision.selection)
        let forced = list.filter { [.force, .blindforce].contains(state.mode(of: $0)) }
        let isCrowded =
            forced.union(state.live.map(\.name)).count > settings.selection.liveCount
        for name in selection.removedByOperator.sorted() {
            let isMeant =
                !list.contains(name) || state.mode(of: name) == .unavailable
                || selection.reasons[name] == .noAddress || isCrowded
            expect(isMeant, "I10", "\(name) left by an operator's word, and none was given")
        }
    }

    /// Nothing is kept live for want of a budget that there is: no clock that was set blocks it (I25).
    private mutating func checkReprieves(
        _ outcome: RoundOutcome, settings: NetworkSettings, now: DecisionTime
    ) {
        let boot = now.latest.moment.bootID
        if boot != lastBoot {
            // Stamps of an earlier boot are brought over by the wall clock, which may be wrong, and then count
            // for one more window.
            if lastBoot != nil { budgetKnownSince = now.latest.passed + Self.window }
            lastBoot = boot
        }
        guard now.earliest.passed - budgetKnownSince >= Self.window else { return }
        // An operator's substitutions are not limited, and count all the same; half of the limit is left to health.
        let recent = departures.filter { now.least(since: $0.time) < Self.window }
        let (count, forHealth) = (recent.count, recent.count { !$0.byOperator })
        let selection = outcome.decision.selection
        for (name, reason) in selection.reasons.sorted(by: { $0.key < $1.key }) {
            guard case .budgetSpent = reason else { continue }
            let limit = settings.selection.substitutionBudget
            expect(
                count >= limit && forHealth >= (limit + 1) / 2, "I25",
                "\(name) stays for want of a budget: \(count) of \(limit) are spent, \(forHealth) for health"
            )
        }
    }
}
