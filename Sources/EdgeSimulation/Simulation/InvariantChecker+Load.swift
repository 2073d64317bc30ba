import EdgeCore
import EdgeShell
import EdgeTesting

extension Simulation {
    /// What edges can carry, in one network of two, and the load, in half of these. By a generator of its own, so
    /// that the other seeds' stories stay what they are.
    static func capacity(seed: UInt64) -> CapacitySettings {
        var random = SeededRandom(seed: seed ^ 0xCA5C_ADE5)
        guard random.once(in: 2) else { return CapacitySettings() }
        var edges: [EdgeName: Double] = [:]
        for number in 0..<24 {
            let capacity = Double(Int.random(in: 1...6, using: &random)) / 2
            edges[EdgeName(Simulation.address(number))] = capacity
            if let name = EdgeName("edge\(number).sim.test") { edges[name] = capacity }
        }
        let load = Double(Int.random(in: 1...12, using: &random))
        return CapacitySettings(
            edges: edges, others: random.once(in: 2) ? 1 : nil,
            load: random.once(in: 2) ? load : nil)
    }
}

extension InvariantChecker {
    /// What left for slowness leaves the live edges that answer able to carry the load, or what they could carry
    /// before; where the load is unknown and several are slow, no less than half of that.
    mutating func checkLoad(
        _ outcome: RoundOutcome, settings: NetworkSettings, before: Snapshot
    ) {
        let selection = outcome.decision.selection
        let stayed = before.live.filter { !selection.removedByOperator.contains($0) }
        let slow = stayed.filter { place(of: $0, outcome, settings) == .slow }
        let gone = Set(selection.removed).intersection(slow)
        guard !gone.isEmpty else { return }
        let capacity = settings.selection.capacity
        func carried(_ live: [EdgeName]) -> Double {
            live.filter { place(of: $0, outcome, settings) != .none }.map { capacity[$0] }
                .reduce(0, +)
        }
        let (old, new) = (carried(stayed), carried(selection.live))
        let needed = capacity.load ?? (slow.count > 1 ? old / 2 : 0)
        expect(
            new >= min(old, needed) - 1e-6, "I9",
            "\(gone.sorted()) left for slowness; \(new) is left of \(old), \(needed) is needed")
    }

    private enum Place {
        case well, slow, none
    }

    /// Whether an edge carries users in this round, by the judge's words.
    private func place(
        of name: EdgeName, _ outcome: RoundOutcome, _ settings: NetworkSettings
    ) -> Place {
        let verdict = AddressFamily.allCases.lazy
            .compactMap { outcome.decision.verdicts[ProbeTarget(name: name, family: $0)] }.first
        guard let verdict, let health = verdict.health, !verdict.isMismatch else { return .none }
        if let steady = verdict.steady {
            let keeps = steady.isUp || steady.standing == .recovering
            return keeps ? .well : health.isPassing ? .slow : .none
        }
        switch health {
        case .passThreshold: return .well
        case .passWindow: return settings.judge.keep == .window ? .well : .slow
        case .passAverage, .pass: return .slow
        case .fail: return .none
        }
    }
}
