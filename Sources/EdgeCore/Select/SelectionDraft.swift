/// A selection in the making.
struct SelectionDraft {
    private let selector: Selector
    private let byName: [EdgeName: Candidate]
    /// The set so far.
    private var live: Set<EdgeName>
    private(set) var selection: Selection
    /// Places that operators freed in this round: by mode, by list, by force.
    private var freedByOperators = 0

    init(selector: Selector, budget: RotationBudget) {
        self.selector = selector
        byName = Dictionary(
            selector.candidates.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        live = Set(selector.published)
        selection = Selection(
            live: selector.published.sorted(), reasons: [:], added: [], removed: [],
            removedByOperator: [], heldBack: [], holds: [], usedApprovals: [], budget: budget,
            minimum: selector.minimum)
    }

    private var forced: [Candidate] { selector.candidates.filter(\.isForced) }

    /// Forced edges count towards the number; more forced than that are all live.
    private var places: Int { max(selector.settings.liveCount, forced.count) }

    /// Whether the operator let this very hold through.
    mutating func isApproved(_ hold: Hold) -> Bool {
        guard let key = hold.approvalKey else { return false }
        if selector.approvals.contains(key) {
            selection.usedApprovals.insert(key)
            return true
        }
        return selector.approvesAll
    }

    /// A part of what was asked for waits.
    mutating func note(_ hold: Hold) {
        selection.holds.append(hold)
    }

    /// The published set stays as it is.
    mutating func holdEverything(_ hold: Hold) {
        selection.holds.append(hold)
        for name in live { selection.reasons[name] = .held }
        fillInReasons()
    }

    // MARK: What operators ask for

    /// Edges gone from the list or made unavailable leave; forced ones come in; too many are thinned out.
    ///
    /// - Parameter keepsGone: edges that left the list stay as they are published: their removal is held.
    mutating func applyOperatorsWord(keepsGone: Bool) {
        for name in live.sorted() {
            guard let candidate = byName[name] else {
                if keepsGone {
                    selection.reasons[name] = .held
                } else {
                    leave(name, .leftList, byOperator: true)
                }
                continue
            }
            if candidate.mode == .unavailable {
                leave(name, .unavailable(comment: candidate.comment), byOperator: true)
            } else if !candidate.hasAddress {
                leave(name, .noAddress, byOperator: true)
            }
        }
        for candidate in forced {
            live.insert(candidate.name)
            selection.reasons[candidate.name] =
                candidate.mode == .blindforce ? .blindForced : .forced
        }
        // While a list is in doubt nobody makes room for edges that it no longer has.
        guard !keepsGone else { return }
        let thinnable = live.compactMap { byName[$0] }.filter { !$0.isForced }
            .sorted { Candidate.isBetter($1, $0) }
        for candidate in thinnable.prefix(max(0, live.count - places)) {
            leave(candidate.name, .displaced, byOperator: true)
            freedByOperators -= 1
        }
    }

    /// A sick monitor changes nothing for health's sake, but a drained edge's place is filled by what was
    /// healthy before.
    mutating func fillPlacesThatOperatorsFreed() {
        let free = min(max(0, places - live.count), max(0, freedByOperators))
        for candidate in spares().prefix(free) { enter(candidate) }
    }

    // MARK: What health asks for

    /// Those that are fine stay, free places are filled best first, failing ones keep what nobody can take.
    mutating func applyHealth() {
        let present = live.compactMap { byName[$0] }.sorted(by: Candidate.isBetter)
        var desired = present.filter { $0.isForced || keepsItsPlace($0) }.map(\.name)
        let kept = Set(desired)
        let pool = selector.candidates.filter {
            $0.mayBeLive && $0.isPassing && !kept.contains($0.name)
        }.sorted(by: Candidate.isBetter)
        desired += pool.prefix(max(0, places - desired.count)).map(\.name)
        let failing = present.filter {
            !$0.isPassing && !$0.isForced && !kept.contains($0.name)
        }
        desired += failing.filter { !$0.isMismatch }.prefix(max(0, places - desired.count))
            .map(\.name)
        let floor = min(selector.minimum, present.count)
        let atTheFloor = failing.filter(\.isMismatch).prefix(max(0, floor - desired.count))
        desired += atTheFloor.map(\.name)
        for candidate in atTheFloor {
            selection.reasons[candidate.name] = .heldByMinimum(minimum: selector.minimum)
        }
        for candidate in failing where !candidate.isMismatch && desired.contains(candidate.name) {
            selection.reasons[candidate.name] = .noReplacement(candidate.words)
        }
        substitute(
            present: present, desired: Set(desired),
            newcomers: desired.filter { !live.contains($0) })
    }

    /// Carries the difference out, worst first, as far as budget and blast radius allow.
    private mutating func substitute(
        present: [Candidate], desired: Set<EdgeName>, newcomers: [EdgeName]
    ) {
        var waiting = newcomers[...]
        for _ in 0..<max(0, places - live.count) {
            guard let name = waiting.popFirst() else { break }
            enter(byName[name])
        }
        var slowRemovals = 0
        let slowLimit = max(1, present.count / 2)
        let leaving = present.filter { !desired.contains($0.name) }.sorted(by: Self.leavesFirst)
        for candidate in leaving {
            let isSlow = candidate.isPassing
            guard selection.budget.remaining > 0 else {
                stay(candidate, .budgetSpent(limit: selection.budget.limit, why: candidate.words))
                continue
            }
            guard !isSlow || slowRemovals < slowLimit else {
                stay(candidate, .tooManyAtOnce(why: candidate.words))
                continue
            }
            let replacement = waiting.popFirst()
            guard replacement != nil || candidate.isMismatch else {
                stay(candidate, .noReplacement(candidate.words))
                continue
            }
            slowRemovals += isSlow ? 1 : 0
            leave(candidate.name, reasonToLeave(candidate), byOperator: false)
            enter(replacement.flatMap { byName[$0] })
        }
    }

    /// Wrong content first, then failures, then the slow, each worst first.
    private static func leavesFirst(_ left: Candidate, _ right: Candidate) -> Bool {
        if left.isMismatch != right.isMismatch { return left.isMismatch }
        return Candidate.isBetter(right, left)
    }

    private func keepsItsPlace(_ candidate: Candidate) -> Bool {
        guard candidate.mayBeLive else { return false }
        if let steady = candidate.steady { return steady.keepsItsPlace }
        guard candidate.isPassing else { return false }
        switch selector.keep {
        case .threshold: return candidate.health == .passThreshold
        case .window: return candidate.health == .passThreshold || candidate.health == .passWindow
        }
    }

    private func reasonToLeave(_ candidate: Candidate) -> SelectionReason {
        if candidate.isMismatch { return .wrongContent(candidate.words) }
        return candidate.isPassing ? .outdone(candidate.words) : .failing(candidate.words)
    }

    private func spares() -> [Candidate] {
        selector.candidates.filter { $0.mayBeLive && $0.isPassing && !live.contains($0.name) }
            .sorted(by: Candidate.isBetter)
    }

    // MARK: Moves

    private mutating func leave(_ name: EdgeName, _ reason: SelectionReason, byOperator: Bool) {
        live.remove(name)
        selection.reasons[name] = reason
        if byOperator {
            selection.removedByOperator.insert(name)
            freedByOperators += 1
        }
        // An edge that left the list is outside the budget: its address may soon be somebody else's.
        guard reason != .leftList else { return }
        selection.budget.spend(name, byOperator: byOperator, now: selector.now)
    }

    private mutating func enter(_ candidate: Candidate?) {
        guard let candidate else { return }
        live.insert(candidate.name)
        selection.reasons[candidate.name] = .chosen(candidate.health ?? .fail)
    }

    private mutating func stay(_ candidate: Candidate, _ reason: SelectionReason) {
        selection.heldBack.append(candidate.name)
        selection.reasons[candidate.name] = reason
    }

    // MARK: The end

    /// A published set must not shrink below `min_live`, nor ever become empty (I1).
    func shrinksTooFar() -> Hold? {
        let before = selector.published.count
        guard before > 0, live.count < min(selection.minimum, before) else { return nil }
        return .belowMinimum(wouldBe: live.count, minimum: selection.minimum)
    }

    /// The selection with its set, differences and reasons filled in.
    consuming func finished() -> Selection {
        let before = Set(selector.published)
        selection.live = live.sorted()
        selection.added = live.subtracting(before).sorted()
        selection.removed = before.subtracting(live).sorted()
        selection.removedByOperator.formIntersection(selection.removed)
        fillInReasons()
        return selection
    }

    private func reasonToStay(_ candidate: Candidate) -> SelectionReason {
        if selector.holdsHealth || !selection.holds.isEmpty { return .held }
        // The steady judge does not take an edge down for a round that failed.
        if candidate.steady != nil, !candidate.isPassing {
            return .endures(candidate.words)
        }
        return .stays(candidate.health ?? .fail)
    }

    private mutating func fillInReasons() {
        for candidate in selector.candidates where selection.reasons[candidate.name] == nil {
            let health = candidate.health
            selection.reasons[candidate.name] =
                if live.contains(candidate.name) {
                    reasonToStay(candidate)
                } else if candidate.mode == .unavailable {
                    .unavailable(comment: candidate.comment)
                } else if !candidate.hasAddress {
                    .noAddress
                } else if candidate.isMismatch {
                    .wrongContent(candidate.words)
                } else if let health {
                    health.isPassing ? .spare(health) : .failing(candidate.words)
                } else {
                    .neverJudged
                }
        }
    }
}
