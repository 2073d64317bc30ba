import EdgeCore
import EdgeShell
import EdgeTesting

/// What is known of dead edges that are live, and of those that could take their places.
struct Replacements: Sendable {
    /// For how many rounds nothing has been wrong with the monitor, and most edges have answered.
    var wellRounds = 0
    /// For how many rounds in a row an edge has been fine.
    var fineRounds: [EdgeName: Int] = [:]
    /// For how many rounds a dead edge has been live although it could have been replaced.
    var overdue: [EdgeName: Int] = [:]
}

/// Edges that fail outright are replaced (I9), which is told from what the world does, not from verdicts.
extension InvariantChecker {
    /// For so many rounds a spare has been fine before it must take a place.
    private static let fineEnough = 2

    /// Edges as they are, whatever the program believes.
    private struct Edges {
        var fine: Set<EdgeName> = []
        var dead: Set<EdgeName> = []
        var isMostlyWell: Bool

        /// - Parameter modes: of edges that may be unavailable.
        init(_ state: WorldState, modes: [EdgeName: ModeRecord], goodEnough: Duration) {
            let list = Set(state.list)
            let failing = list.count { state.told[$0]?.fetchTime == nil }
            isMostlyWell = failing * 2 < list.count
            var users: [IPAddress: Int] = [:]
            for name in list {
                for address in state.addresses[name] ?? [] { users[address, default: 0] += 1 }
            }
            for name in list where modes[name]?.mode ?? .available == .available {
                let own = state.addresses[name] ?? []
                guard !own.isEmpty, let told = state.told[name],
                    own.allSatisfy({ state.owners[$0] == name && users[$0] == 1 })
                else { continue }
                if state.behaviours[name] == .fine, told.fetchTime.map({ $0 < goodEnough }) == true
                {
                    fine.insert(name)
                } else if state.behaviours[name]?.isDead == true, told.fetchTime == nil,
                    !told.isMismatch, !told.isLocalFault
                {
                    dead.insert(name)
                }
            }
        }
    }

    /// No edge stays live that is dead, while a spare is fine and nothing speaks against the exchange (I9).
    mutating func checkReplacement(
        _ outcome: RoundOutcome?, settings: NetworkSettings, before: Snapshot, after: Snapshot,
        world: World
    ) {
        let (truth, edges) = world.change { state in
            (
                Truth(state),
                Edges(state, modes: after.modes, goodEnough: settings.judge.goodEnough)
            )
        }
        let isWell =
            !truth.isCutOff && !truth.resolverIsDead && !truth.losesHalf && truth.localFaults == 0
            && edges.isMostlyWell
        replacements.wellRounds = isWell ? replacements.wellRounds + 1 : 0
        guard isWell else { return replacements.overdue = [:] }
        // What happened in the middle of a round, or to it, neither counts nor excuses.
        guard isExact, outcome != nil else { return }
        replacements.fineRounds = Dictionary(
            uniqueKeysWithValues: edges.fine.map { ($0, (replacements.fineRounds[$0] ?? 0) + 1) })
        let live = Set(after.live)
        let spare = replacements.fineRounds.filter { $0.value >= Self.fineEnough }.keys
            .filter { !live.contains($0) }.min()
        guard let spare, replacements.wellRounds > Self.quietRounds + 1,
            mayReplace(
                settings: settings, before: before, after: after, list: truth.list,
                now: world.moments.now())
        else { return replacements.overdue = [:] }
        let dead = live.intersection(edges.dead)
        replacements.overdue = Dictionary(
            uniqueKeysWithValues: dead.map { ($0, (replacements.overdue[$0] ?? 0) + 1) })
        let most = patience(settings, losesPackets: world.change { $0.losesPackets })
        for (name, rounds) in replacements.overdue.sorted(by: { $0.key < $1.key }) {
            expect(
                rounds <= most, "I9",
                "\(name) is dead and has been live for \(rounds) rounds, while \(spare) is fine")
        }
    }

    /// The rounds that a dead edge may stay live: those of a monitor that doubts itself, and the judge's own.
    private func patience(_ settings: NetworkSettings, losesPackets: Bool) -> Int {
        let doubt = (Self.quietRounds + 1) * (losesPackets ? 3 : 1)
        return doubt + (settings.judge.steady?.failedRounds ?? 0)
    }

    /// Whether neither an operator's word nor the budget stands in the way.
    private func mayReplace(
        settings: NetworkSettings, before: Snapshot, after: Snapshot, list: Set<EdgeName>,
        now: Moment
    ) -> Bool {
        // Whatever is about to leave by an operator's word may be held.
        let isSettled = (before.live + after.live).allSatisfy { name in
            list.contains(name) && after.modes[name]?.mode != .unavailable
        }
        // Stamps of another boot count for as long as nobody can know better.
        let spent = after.substitutions.count { entry in
            entry.moment.bootID != now.bootID
                || now.sinceBoot - entry.moment.sinceBoot < Self.window
        }
        return isSettled && before.rotationHold == nil && after.rotationHold == nil
            && spent < settings.selection.substitutionBudget
    }

    /// When everything is quiet, the live set is full of fit edges, as far as there are some (I9, I18).
    mutating func checkFullness(_ now: Snapshot, settings: NetworkSettings, world: World) {
        let edges = world.change { state in
            Edges(state, modes: now.modes, goodEnough: settings.judge.goodEnough)
        }
        let isSettled = world.change { state in
            now.live.allSatisfy { state.list.contains($0) && now.modes[$0]?.mode != .unavailable }
        }
        guard isSettled else { return }
        let live = Set(now.live)
        // Without a budget the dead keep their places, and others can't come.
        let isFree = settings.selection.substitutionBudget > 0
        let held = isFree ? live.subtracting(edges.dead) : live
        let needed = min(settings.selection.liveCount, held.union(edges.fine).count)
        expect(
            held.count >= needed, "I9",
            "\(held.sorted()) are live after quiet rounds, \(needed) could be: "
                + "\(edges.fine.subtracting(live).sorted()) are fine")
    }
}
