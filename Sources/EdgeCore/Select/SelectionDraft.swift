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
        let slow = present.filter {
            $0.isPassing && !$0.isForced && !kept.contains($0.name)
        }
        let loads = loadGuard(present, isNeeded: !slow.isEmpty)
        let spares = self.spares(loads)
        let pool = slow.isEmpty ? spares : (slow + spares).sorted(by: Candidate.isBetter)
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
            stay(candidate, .heldByMinimum(minimum: selector.minimum))
        }
        let staying = Set(desired)
        for candidate in failing where !candidate.isMismatch && staying.contains(candidate.name) {
            stay(candidate, .noReplacement(candidate.words))
        }
        let after = substitute(
            leaving: present.filter { !staying.contains($0.name) },
            others: slow.filter { staying.contains($0.name) }, of: present.count,
            spares: spares, loads: loads)
        for candidate in slow where selection.reasons[candidate.name] == nil {
            selection.reasons[candidate.name] = .guardsLoad(
                why: candidate.words, after.without(candidate.name))
        }
    }

    /// In most rounds nobody is slow, all count alike, and nothing is weighed.
    private func loadGuard(_ present: [Candidate], isNeeded: Bool) -> LoadGuard {
        let capacity = selector.settings.capacity
        let weighed = isNeeded || !capacity.isEven ? present : []
        return LoadGuard(
            weighed.map { ($0, keepsItsPlace($0)) }, load: capacity.load,
            average: capacity.isEven ? 0 : averageCapacity)
    }

    private var averageCapacity: Double {
        let (sum, count) = selector.candidates.reduce(into: (0.0, 0.0)) { sums, candidate in
            guard candidate.mayBeLive else { return }
            sums.0 += candidate.capacity
            sums.1 += 1
        }
        return count > 0 ? sum / count : 0
    }

    /// Carries the difference out, worst first, as far as budget and blast radius allow.
    ///
    /// - Parameters:
    ///   - others: slow ones that would stay, were spares all alike: what is too small for a slower edge may do for
    ///     one of them.
    ///   - spares: all of them, best first; there are enough for those that leave.
    /// - Returns: what the edges carry that are live then.
    private mutating func substitute(
        leaving: [Candidate], others: [Candidate], of count: Int, spares: [Candidate],
        loads: LoadGuard
    ) -> LoadGuard {
        var loads = loads
        let free = min(spares.count, max(0, places - live.count))
        for spare in spares.prefix(free) {
            enter(spare)
            loads.add(spare)
        }
        var waiting = Array(spares.dropFirst(free))
        var slowRemovals = 0
        let slowLimit = max(1, count / 2)
        let order =
            leaving.sorted(by: Self.leavesFirst) + others.sorted(by: Self.leavesFirst)
        for (place, candidate) in order.enumerated() {
            let isSlow = candidate.isPassing
            let index = Self.replacement(for: candidate, among: waiting, loads)
            // Of the others those alone leave for whom there is a spare.
            if index == nil, place >= leaving.count { continue }
            guard selection.budget.remaining > 0 else {
                stay(candidate, .budgetSpent(limit: selection.budget.limit, why: candidate.words))
                continue
            }
            guard !isSlow || slowRemovals < slowLimit else {
                stay(candidate, .tooManyAtOnce(why: candidate.words))
                continue
            }
            guard index != nil || candidate.isMismatch else {
                stay(candidate, reasonToKeep(candidate, best: waiting.first, loads: loads))
                continue
            }
            let replacement = index.map { waiting.remove(at: $0) }
            slowRemovals += isSlow ? 1 : 0
            leave(candidate.name, reasonToLeave(candidate), byOperator: false)
            enter(replacement)
            loads.exchange(candidate, for: replacement)
        }
        return loads
    }

    /// Which of the spares takes an edge's place: the best one for an edge that fails; for a slow one the best that is
    /// better and can carry its load.
    private static func replacement(
        for candidate: Candidate, among waiting: [Candidate], _ loads: LoadGuard
    ) -> Int? {
        guard candidate.isPassing else { return waiting.indices.first }
        return waiting.firstIndex {
            Candidate.isBetter($0, candidate)
                && loads.objection(to: $0, inPlaceOf: candidate) == nil
        }
    }

    /// Why an edge stays that has no replacement.
    private func reasonToKeep(
        _ candidate: Candidate, best: Candidate?, loads: LoadGuard
    ) -> SelectionReason {
        guard candidate.isPassing,
            let estimate = best.flatMap({ loads.objection(to: $0, inPlaceOf: candidate) })
        else { return .noReplacement(candidate.words) }
        return .guardsLoad(why: candidate.words, estimate)
    }

    /// Wrong content first, then failures, then the slow, each worst first.
    private static func leavesFirst(_ left: Candidate, _ right: Candidate) -> Bool {
        if left.isMismatch != right.isMismatch { return left.isMismatch }
        return Candidate.isBetter(right, left)
    }

    private func keepsItsPlace(_ candidate: Candidate) -> Bool {
        guard candidate.mayBeLive else { return false }
        if selector.isStanding, candidate.isPassing { return true }
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

    /// Who may take a place, best first.
    private func spares(_ loads: LoadGuard? = nil) -> [Candidate] {
        var spares = selector.candidates.filter {
            $0.mayBeLive && $0.isPassing && !live.contains($0.name)
        }
        if let loads, !selector.settings.capacity.isEven {
            for index in spares.indices {
                spares[index].isTooSmall = !loads.carries(spares[index], places: places)
            }
        }
        return spares.sorted(by: Candidate.isBetter)
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
