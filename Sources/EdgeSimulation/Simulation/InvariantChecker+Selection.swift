import EdgeCore
import EdgeShell
import EdgeTesting

/// What must hold of the live set: I1, I9, I12, I15, I17, I18.
extension InvariantChecker {
    /// The fewest edges that a set of so many may shrink to, by the documentation's rule: `min_live`, by default half
    /// of `edge_count`, rounded up; at least 1, and no more than are live.
    static func floor(_ settings: SelectionSettings, live: Int) -> Int {
        let wanted = settings.minLive ?? settings.liveCount / 2 + settings.liveCount % 2
        return min(max(1, wanted), live)
    }

    mutating func checkSelection(
        _ outcome: RoundOutcome, settings: NetworkSettings, before: Snapshot, world: World
    ) {
        let live = outcome.report.live.map(\.name)
        let selection = outcome.decision.selection
        let isHeld = !selection.holds.isEmpty
        let told = world.change { $0.told }
        let floor = Self.floor(
            settings.selection, live: isExact ? before.live.count : outcome.state.live.count)
        let given = isExact ? before.approvals : outcome.state.approvals
        let approved = given.contains("below-minimum \(live.count)")
        expect(live.count >= floor || approved, "I1", "\(live.count) live, \(floor) must be")
        expect(before.live.isEmpty || !live.isEmpty, "I1", "the live set became empty")
        for name in live where !isHeld {
            let mode = outcome.state.mode(of: name)
            expect(mode != .unavailable, "I17", "\(name) is unavailable and live")
        }
        for name in world.change({ $0.list }) where !isHeld {
            let blind = outcome.state.mode(of: name) == .blindforce
            let hasAddress = selection.reasons[name] != .noAddress
            expect(
                !blind || !hasAddress || live.contains(name), "I17",
                "\(name) is blindforced, not live: \(String(describing: selection.reasons[name]))")
        }
        for name in selection.added {
            let mode = outcome.state.mode(of: name)
            expect(
                mode == .blindforce || told[name]?.isMismatch != true
                    || outcome.decision.monitor.allMismatch != nil, "I15",
                "\(name) serves other content and went live")
        }
        let mismatched = selection.removed.filter { told[$0]?.isMismatch == true }
        let byOperator = selection.removedByOperator.count
        expect(
            live.count + mismatched.count + byOperator
                >= min(outcome.state.live.count, settings.selection.liveCount), "I18",
            "from \(outcome.state.live.count) to \(live.count) live")
        for (zone, canary) in outcome.report.activeCanaries {
            guard let step = outcome.decision.steps.first(where: { $0.zone == zone }) else {
                continue
            }
            // Names that lead to one address are one edge to clients.
            let addresses = Set(outcome.report.live.flatMap(\.addresses.all))
            expect(
                step.addresses.addresses.count
                    >= Self.floor(settings.selection, live: addresses.count)
                    && step.addresses.addresses != [canary],
                "I12", "zone \(zone) has \(step.addresses.addresses), live \(outcome.report.live)")
        }
    }

    mutating func checkBlastRadius(_ outcome: RoundOutcome) {
        let selection = outcome.decision.selection
        let verdicts = outcome.decision.verdicts
        let slow = selection.removed.filter { name in
            guard !selection.removedByOperator.contains(name) else { return false }
            let verdict = AddressFamily.allCases.lazy
                .compactMap { verdicts[ProbeTarget(name: name, family: $0)] }.first
            return verdict?.health?.isPassing == true && verdict?.isMismatch == false
        }
        let size = outcome.state.live.count
        expect(slow.count <= max(1, size / 2), "I9", "\(slow.count) of \(size) left for slowness")
    }
}
