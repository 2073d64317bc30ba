import EdgeCore
import EdgeShell
import EdgeTesting

/// What must hold of operators' words, of what is kept, and of the budget: I6, I9, I14, I17, I25.
extension InvariantChecker {
    /// What a round was decided in, as the world knows it.
    struct Truth: Sendable {
        var list: Set<EdgeName>
        var told: [EdgeName: ProbeOutcome]
        var isCutOff: Bool
        var resolverIsDead: Bool
        var localFaults: Int

        init(_ state: WorldState) {
            list = Set(state.list)
            told = state.told
            isCutOff = state.isCutOff
            resolverIsDead = state.resolverIsDead
            localFaults = state.localFaults
        }
    }

    mutating func checkGuards(
        _ outcome: RoundOutcome, settings: NetworkSettings, before: Snapshot, after: Snapshot,
        world: World
    ) {
        let truth = world.change { Truth($0) }
        checkSickness(outcome, settings: settings, truth: truth)
        checkForce(outcome)
        checkReprieves(outcome, settings: settings, world: world)
        guard isExact else {
            lastMailbox = nil
            return
        }
        checkMassRemoval(outcome, truth: truth)
        checkLoss(outcome, settings: settings, before: before, after: after)
    }

    /// A monitor in trouble changes nothing for health's sake, in that round and the next two (I14).
    private mutating func checkSickness(
        _ outcome: RoundOutcome, settings: NetworkSettings, truth: Truth
    ) {
        let selection = outcome.decision.selection
        let forHealth = selection.removed.filter { !selection.removedByOperator.contains($0) }
        let isSick = isExact && truth.isCutOff && !settings.references.isEmpty
        expect(
            sickRounds == 0 && !isSick || forHealth.isEmpty, "I14",
            "sick now or a moment ago, and \(forHealth.map(\.text)) left")
        let isBlind = isExact && truth.localFaults == 1 && !outcome.observations.isEmpty
        expect(
            !isBlind || forHealth.isEmpty, "I14", "blind, and \(forHealth.map(\.text)) left")
        sickRounds = isSick ? MonitorCheck.quietRounds : max(0, sickRounds - 1)
    }

    /// Forced edges go live while they are not judged to fail (I17).
    private mutating func checkForce(_ outcome: RoundOutcome) {
        guard !outcome.decision.monitor.holdsHealth else { return }
        for name in outcome.decision.selection.added
        where outcome.state.mode(of: name) == .force {
            let verdict = AddressFamily.allCases.lazy.compactMap { family in
                outcome.decision.verdicts[ProbeTarget(name: name, family: family)]
            }.first
            expect(
                verdict?.health?.isPassing != false, "I17",
                "\(name) is forced, fails, and went live")
        }
    }

    /// Nothing is kept live for want of a budget that there is: no clock that was set blocks it (I25).
    private mutating func checkReprieves(
        _ outcome: RoundOutcome, settings: NetworkSettings, world: World
    ) {
        let selection = outcome.decision.selection
        let boot = outcome.report.moment.bootID
        // Stamps of an earlier boot are brought over by the wall clock, which may be wrong.
        let isOfOneBoot = selection.budget.recent.allSatisfy {
            $0.moment.bootID == boot && $0.moment.sinceBoot >= .zero
        }
        // An operator's substitutions are not limited, and count all the same.
        let count = spent + selection.budget.recent.count(where: \.byOperator)
        let isKnown = world.moments.passed - budgetKnownSince >= .seconds(600)
        guard isOfOneBoot, isKnown else { return }
        for (name, reason) in selection.reasons.sorted(by: { $0.key < $1.key }) {
            guard case .budgetSpent(let limit, _) = reason else { continue }
            expect(
                count >= limit, "I25",
                "\(name) stays for want of a budget: \(count) of \(limit) are spent")
        }
    }

    /// More than half of the live set gone from the list at once waits for an approval (I9).
    private mutating func checkMassRemoval(
        _ outcome: RoundOutcome, truth: Truth
    ) {
        // As they were decided on: a name that leads to a live address has taken its place.
        let stood = outcome.state.live.map(\.name)
        let gone = stood.filter { !truth.list.contains($0) }
        let isApproved = outcome.state.approvals.contains { $0.hasPrefix("mass-removal") }
        guard gone.count * 2 > stood.count, !isApproved else { return }
        let live = Set(outcome.report.live.map(\.name))
        expect(
            gone.allSatisfy(live.contains), "I9",
            "\(gone.count) of \(stood.count) live edges left the list, and went at once")
    }

    /// Records that do not rotate, and the parameters, go with an approval alone (I9).
    private mutating func checkLoss(
        _ outcome: RoundOutcome, settings: NetworkSettings, before: Snapshot, after: Snapshot
    ) {
        let mailbox = outcome.decision.dns.mailbox
        let approvals = outcome.state.approvals
        let last = lastMailbox
        let mayChange =
            last == nil || settings.publish.method == .updates
            || approvals.contains { $0.hasPrefix("parameters") }
            || before.remembered.isEmpty
        expect(
            mayChange || mailbox == last, "I9",
            "the SOA's mailbox went from \(last ?? "") to \(mailbox) at once")
        lastMailbox = before.remembered.isEmpty && after.remembered.isEmpty ? nil : mailbox
        guard settings.publish.method == .files, settings.publish.template == nil else { return }
        for (zone, new) in after.zones.sorted(by: { $0.key < $1.key }) {
            guard let old = before.zones[zone], !before.foreign.contains(zone),
                !after.foreign.contains(zone),
                // A loss that was approved may have waited for a disk.
                before.remembered[zone]?.serial == old.serial,
                before.texts[zone] != after.texts[zone]
            else { continue }
            // Another text at the same name is an edit.
            let has = Set(new.records.map { "\($0.owner) \($0.type)" })
            let lost = old.records.count { record in
                record.type == "TXT" && !has.contains("\(record.owner) \(record.type)")
            }
            let isApproved = approvals.contains { $0.hasPrefix("record-loss \(zone) ") }
            let records = old.records.count { !["A", "AAAA", "SOA", "NS"].contains($0.type) }
            expect(
                lost < 3 || lost * 10 <= records * 3 || isApproved,
                "I9", "\(zone) lost \(lost) of \(records) records at once")
        }
    }

    /// What is kept of earlier generations: bounded, and what is served is among it, whole (I6).
    mutating func checkKept(settings: NetworkSettings, after: Snapshot, store: InMemoryStore) {
        let limit = settings.publish.keptGenerations
        let kept = (try? store.generations(settings.network, limit: limit + 10)) ?? []
        expect(kept.count <= limit, "I6", "\(kept.count) generations are kept, \(limit) may be")
        guard let newest = kept.first, newest.number != keptLast,
            let contents = try? store.contents(settings.network, at: newest.number)
        else { return }
        keptLast = newest.number
        for (zone, published) in after.remembered.sorted(by: { $0.key < $1.key }) {
            let known = contents.zones[zone]
            // An include that was edited without a change of its records is noted, and is no new generation.
            expect(
                known?.contentKey == published.contentKey, "I6",
                "\(zone) is served with \(published.contentKey), and generation \(newest.number) says "
                    + "\(known?.contentKey ?? "nothing")")
            expect(
                contents.includes[zone] != nil, "I6",
                "\(zone) is served, and its include of generation \(newest.number) is gone")
        }
    }
}
