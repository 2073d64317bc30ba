import EdgeCore
import EdgeShell
import EdgeTesting

/// While a monitor is sick, or an operator holds the rotations, nothing changes for health's sake: I9, I14.
extension InvariantChecker {
    /// A sick monitor keeps still for so many more rounds, by the documentation.
    static let quietRounds = 2

    /// A monitor in trouble changes nothing for health's sake, in that round and the next two (I14).
    mutating func checkSickness(
        _ outcome: RoundOutcome, settings: NetworkSettings, truth: Truth
    ) {
        let trouble = isExact ? trouble(outcome, settings: settings, truth: truth) : nil
        if let trouble {
            expectStill(outcome, "I14", "the monitor \(trouble)")
        } else if sickRounds > 0 {
            expectStill(outcome, "I14", "the monitor was sick a moment ago")
        }
        let probed = Set(outcome.observations.map(\.target.name)).intersection(truth.list)
        let good = probed.filter { truth.told[$0]?.fetchTime != nil }
        // A sick monitor believes good answers alone.
        let isInDoubt = trouble != nil || sickRounds > 0
        answered = isInDoubt ? answered.union(good) : good
        sickRounds = trouble != nil ? Self.quietRounds : max(0, sickRounds - 1)
    }

    /// What is wrong with the monitor itself, as the world knows it; nil: nothing that it must notice.
    private func trouble(
        _ outcome: RoundOutcome, settings: NetworkSettings, truth: Truth
    ) -> String? {
        let probed = Set(outcome.observations.map(\.target.name))
        if truth.isCutOff {
            // Without reference targets it can tell by those alone that answered before.
            let known = answered.intersection(truth.list).intersection(probed)
            if !settings.references.isEmpty { return "is cut off" }
            if !known.isEmpty { return "is cut off: \(known.count) that answered before fail" }
        }
        // One name says nothing of the resolver.
        if truth.resolverIsDead, truth.list.count(where: { $0.address == nil }) >= 2 {
            return "has no resolver"
        }
        // A canary or a name without an address tells nothing.
        let hasProbes = outcome.observations.contains {
            if case .unresolvable = $0.outcome { false } else { $0.target.role == .edge }
        }
        return truth.localFaults == 1 && hasProbes ? "can't probe" : nil
    }

    /// While an operator holds the rotations nothing changes for health's sake.
    mutating func checkHold(_ outcome: RoundOutcome, before: Snapshot, now: Moment) {
        // Across a reboot the hold goes by the wall clock, which may be wrong.
        guard isExact, let hold = before.rotationHold, hold.since.bootID == now.bootID,
            hold.length.map({ now.sinceBoot - hold.since.sinceBoot < $0 }) ?? true
        else { return }
        expectStill(outcome, "I9", "rotations are held")
    }

    /// Nobody leaves but by an operator's word, and nobody comes but in such an edge's place, or forced.
    private mutating func expectStill(
        _ outcome: RoundOutcome, _ invariant: String, _ words: String
    ) {
        let selection = outcome.decision.selection
        let forHealth = selection.removed.filter { !selection.removedByOperator.contains($0) }
        expect(
            forHealth.isEmpty, invariant, "\(words), and \(forHealth.map(\.text)) left")
        let chosen = selection.added.filter { name in
            ![.force, .blindforce].contains(outcome.state.mode(of: name))
        }
        expect(
            chosen.count <= selection.removedByOperator.count, invariant,
            "\(words), and \(chosen.map(\.text)) came")
    }
}
