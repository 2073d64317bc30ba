/// One round: judge, select, plan. What follows from it is carried out by the shell.
///
/// This is the table of contents of the whole program:
/// configuration → inventory → probe → history → judge → select → plan → publish → report.
public enum Round {
    /// Decides everything that follows from a round's observations; touches nothing.
    public static func decide(_ input: RoundInput) -> RoundDecision {
        let monitor = assess(input)
        let verdicts = input.judged?.verdicts ?? judge(input, monitor: monitor)
        let pause = input.rotationHold
        let holdsHealth = monitor.holdsHealth || pause != nil
        let selection = select(input, verdicts: verdicts, holdsHealth: holdsHealth)
        let slow = SlowAddresses(live: selection.live, input: input, verdicts: verdicts)
        let live = addresses(
            of: selection, input: input, verdicts: verdicts, slow: slow,
            holdsHealth: holdsHealth)
        var plan = ZonePlanner(input: input, live: live)
        plan.guardParameters()
        plan.placeCanaries(verdicts: verdicts, holdsHealth: holdsHealth)
        let steps = live.isEmpty ? [] : plan.steps()
        let directed =
            input.directive?.warnings(on: selection, input: input)
            ?? (holdsHealth ? [] : [slow.warning].compactMap { $0 })
        let load = LoadGuard.warning(selection, input.settings.selection.capacity)
        return RoundDecision(
            verdicts: verdicts, monitor: monitor, selection: selection, live: live,
            holds: [monitor.hold, pause].compactMap { $0 } + selection.holds + plan.holds,
            usedApprovals: selection.usedApprovals.union(plan.usedApprovals), steps: steps,
            dns: plan.dns, canaries: plan.canaries,
            warnings: directed + [load].compactMap { $0 } + plan.warnings,
            conflicts: plan.conflicts)
    }

    /// Whether the monitor can be believed.
    private static func assess(_ input: RoundInput) -> MonitorCheck {
        guard input.directive == nil else {
            return MonitorCheck(sickness: nil, sickRoundsLeft: input.state.sickRoundsLeft)
        }
        return input.judged?.monitor
            ?? MonitorCheck.assess(
                input.observations, inventory: input.inventory, state: input.state)
    }

    /// Every target's class. A sick monitor's outcomes are held against nobody.
    private static func judge(
        _ input: RoundInput, monitor: MonitorCheck
    ) -> [ProbeTarget: Verdict] {
        if let steady = input.settings.judge.steady {
            return judge(input, monitor: monitor, steady: steady)
        }
        let judge = ClassicJudge(
            settings: input.settings.judge, timeout: input.settings.probe.timeout)
        var verdicts: [ProbeTarget: Verdict] = [:]
        verdicts.reserveCapacity(input.observations.count)
        for observation in input.observations where observation.target.role != .reference {
            let record = input.state.targets[observation.target] ?? TargetRecord()
            var verdict = judge.judge(observation, record: record)
            if monitor.holdsHealth {
                verdict = verdict.believedFromASickMonitor(
                    observation, record: record, allMismatch: monitor.allMismatch != nil)
            }
            verdicts[observation.target] = verdict
        }
        return verdicts
    }

    private static func judge(
        _ input: RoundInput, monitor: MonitorCheck, steady: SteadySettings
    ) -> [ProbeTarget: Verdict] {
        let judge = SteadyJudge(
            settings: input.settings.judge, steady: steady, timeout: input.settings.probe.timeout)
        let answering = SteadyJudge.answeringBesideAReset(input.observations)
        var verdicts: [ProbeTarget: Verdict] = [:]
        verdicts.reserveCapacity(input.observations.count)
        for observation in input.observations where observation.target.role != .reference {
            let record = input.state.targets[observation.target] ?? TargetRecord()
            var verdict = judge.judge(
                observation, record: record,
                answersElsewhere: answering.contains(observation.target.name))
            if monitor.holdsHealth {
                verdict = judge.doubted(
                    verdict, observation, record: record,
                    allMismatch: monitor.allMismatch != nil)
            }
            verdicts[observation.target] = verdict
        }
        return verdicts
    }

    static func select(
        _ input: RoundInput, verdicts: [ProbeTarget: Verdict], holdsHealth: Bool
    ) -> Selection {
        let budget = RotationBudget(
            log: input.state.substitutions,
            limit: input.settings.selection.substitutionBudget, now: input.now)
        if let directive = input.directive {
            return .directed(directive, input: input, budget: budget)
        }
        let selector = Selector(
            settings: input.settings.selection, keep: input.settings.judge.keep,
            candidates: candidates(input, verdicts: verdicts),
            published: input.state.live.map(\.name),
            holdsHealth: holdsHealth, isStanding: input.judged != nil,
            approvals: input.state.approvals,
            approvesAll: input.forcesUpdate, now: input.now)
        return selector.select(budget: budget)
    }

    /// The edges of the list as the selector sees them.
    static func candidates(
        _ input: RoundInput, verdicts: [ProbeTarget: Verdict]
    ) -> [Candidate] {
        let live = Set(input.state.live.map(\.name))
        let capacity = input.settings.selection.capacity
        return input.inventory.edges.map { name in
            let addresses = input.inventory.addresses[name] ?? EdgeAddresses()
            let target = ProbeTarget(name: name, family: addresses.primary)
            let verdict = verdicts[target] ?? .unobserved(target, state: input.state)
            let mode = input.state.modes[name] ?? ModeRecord()
            return Candidate(
                name: name, mode: mode.mode, comment: mode.comment, health: verdict.health,
                reason: verdict.reason, mean: verdict.mean, isMismatch: verdict.isMismatch,
                hasAddress: !addresses.all.isEmpty,
                steady: verdict.steady.map { SteadyPlace($0, isLive: live.contains(name)) },
                capacity: capacity[name])
        }
    }

    /// The addresses to publish for each live edge: those that were probed. IPv6 stands beside IPv4 while it
    /// passes, or is slow and can't be spared. What is held stays as it was published; so does an edge whose name
    /// came to lead to the address of another that is live beside it, while the plan is held: one of the two
    /// addresses would be lost.
    private static func addresses(
        of selection: Selection, input: RoundInput, verdicts: [ProbeTarget: Verdict],
        slow: SlowAddresses, holdsHealth: Bool
    ) -> [LiveEdge] {
        let published = Dictionary(
            (input.directive?.live ?? input.state.live).map { ($0.name, $0.addresses) }
                + input.state.live.map { ($0.name, $0.addresses) },
            uniquingKeysWith: { first, _ in first })
        return selection.live.map { name in
            let before = published[name]
            let probed = input.inventory.addresses[name] ?? EdgeAddresses()
            let isAnothers =
                selection.reasons[name] == .held
                && selection.live.contains { other in
                    other != name
                        && !Set(published[other]?.all ?? []).isDisjoint(with: probed.all)
                }
            let staysPublished =
                holdsHealth || input.directive != nil || probed.all.isEmpty || isAnothers
            if let before, !before.all.isEmpty, staysPublished {
                return LiveEdge(name: name, addresses: before)
            }
            var addresses = probed
            if probed.primary == .ipv4, probed.ipv6 != nil {
                let target = ProbeTarget(name: name, family: .ipv6)
                let passes = verdicts[target]?.isFit ?? false
                if !passes, !slow.edges.contains(name) { addresses.ipv6 = nil }
            }
            return LiveEdge(name: name, addresses: addresses)
        }
    }
}
