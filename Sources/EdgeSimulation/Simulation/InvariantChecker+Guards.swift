import EdgeCore
import EdgeShell
import EdgeTesting

/// What must hold of operators' words, and of what is kept: I6, I9, I17.
extension InvariantChecker {
    /// What a round was decided in, as the world knows it.
    struct Truth: Sendable {
        var list: Set<EdgeName>
        var told: [EdgeName: ProbeOutcome]
        var isCutOff: Bool
        var resolverIsDead: Bool
        var losesHalf: Bool
        var localFaults: Int

        init(_ state: WorldState) {
            list = Set(state.list)
            told = state.told
            isCutOff = state.isCutOff
            resolverIsDead = state.resolverIsDead
            losesHalf = state.losesHalf
            localFaults = state.localFaults
        }
    }

    mutating func checkGuards(
        _ outcome: RoundOutcome, settings: NetworkSettings, before: Snapshot, after: Snapshot,
        world: World
    ) {
        let truth = world.change { Truth($0) }
        checkSickness(outcome, settings: settings, truth: truth)
        checkHold(outcome, before: before, now: world.moments.now())
        checkForce(outcome)
        guard isExact else {
            lastMailbox = nil
            return
        }
        checkMassRemoval(outcome, truth: truth, before: before)
        checkLoss(outcome, settings: settings, before: before, after: after)
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

    /// More than half of the live set gone from the list at once waits for an approval (I9).
    private mutating func checkMassRemoval(
        _ outcome: RoundOutcome, truth: Truth, before: Snapshot
    ) {
        // As they were decided on: a name that leads to a live address has taken its place.
        let stood = outcome.state.live.map(\.name)
        let gone = stood.filter { !truth.list.contains($0) }
        let isApproved = before.approvals.contains(
            "mass-removal " + gone.map(\.text).sorted().joined(separator: " "))
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
        let approvals = before.approvals
        let last = lastMailbox
        let mayChange =
            last == nil || settings.publish.method == .updates
            || approvals.contains("parameters \(settings.dns.authority)")
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
            let standing = old.records.filter { !["A", "AAAA", "SOA", "NS"].contains($0.type) }
            let records = standing.count
            let gone = Set(standing.map(Self.words)).subtracting(new.records.map(Self.words))
            let isApproved = approvals.contains(
                "record-loss \(zone) " + gone.sorted().joined(separator: "; "))
            expect(
                lost < 3 || lost * 10 <= records * 3 || isApproved,
                "I9", "\(zone) lost \(lost) of \(records) records at once")
        }
    }

    /// A record as an approval names it.
    private static func words(_ record: DNSRecord) -> String {
        "\(record.owner) \(record.type) \(record.data)"
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
