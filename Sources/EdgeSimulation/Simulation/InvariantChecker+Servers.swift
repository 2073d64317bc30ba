import EdgeCore
import EdgeShell
import EdgeTesting

/// A name server as it stood before or after a round.
struct ServerSnapshot: Sendable {
    var server: WorldServer
    /// Zones that it answers for, but not as planned.
    var differing: [ZoneName]
    /// Zones that it does not answer for.
    var unanswered: [ZoneName]
    /// How many zones the database has it owe.
    var owed: Int
    /// What it should serve.
    var planned: [ZoneName: String]

    /// Whether nothing is to be done for it.
    var isInOrder: Bool { server.isWell && differing.isEmpty && owed == 0 }

    init(
        _ server: WorldServer, zones: [ZoneName: PublishedZone],
        plans: [ZoneName: PublishedContent], settings: NetworkSettings,
        owed: [ZoneName: OwedZone]
    ) {
        self.server = server
        self.owed = owed.count
        differing = []
        unanswered = []
        planned = zones.mapValues { "\($0.serial) \($0.contentKey)" }
        let comparesSerials =
            settings.publish.method == .files && !server.settings.choosesSerials
        for (zone, published) in zones.sorted(by: { $0.key < $1.key }) {
            guard let content = plans[zone] else { continue }
            let plan = content.expectation(of: zone, serial: published.serial)
                .withdrawing(owed[zone]?.gone ?? [])
            switch server.answer(plan.question) {
            case .success(let served):
                let isAsPlanned =
                    server.zones[zone]?.isAsPlanned(plan, comparesSerials: comparesSerials)
                let hasRest = plan.rests(in: served).contains(where: \.isOurs)
                if isAsPlanned != true || hasRest { differing.append(zone) }
            case .failure(let fault):
                if fault.isAnswer { differing.append(zone) } else { unanswered.append(zone) }
            }
        }
    }
}

/// What must hold of the name servers: I4, I7, I13.
extension InvariantChecker {
    mutating func checkServers(
        _ outcome: RoundOutcome, settings: NetworkSettings, before: Snapshot, after: Snapshot
    ) {
        checkSpace(outcome, before: before, after: after)
        for (then, now) in zip(before.servers, after.servers) {
            checkIdleness(outcome, then: then, now: now, before: before, after: after)
            guard hasSurvey else { continue }
            checkNaming(outcome, now: now, before: before, after: after)
            checkServedRepair(outcome, settings: settings, then: then, now: now, after: after)
        }
    }

    /// No serial goes far beyond all that is true: the number space can't be had back (I3).
    private mutating func checkSpace(
        _ outcome: RoundOutcome, before: Snapshot, after: Snapshot
    ) {
        guard isExact else { return }
        let clock = SOASerial.first(at: outcome.report.moment.wall)
        for (zone, published) in after.remembered {
            var known = [
                clock, before.zones[zone]?.serial, before.remembered[zone]?.serial,
            ].compactMap { $0 }
            for snapshot in before.servers + after.servers {
                known += [snapshot.server.zones[zone]?.serial].compactMap { $0 }
                known += (snapshot.server.past[zone] ?? []).map(\.serial)
            }
            let isNear = known.contains {
                published.serial.value &- $0.value <= ServerSurvey.mostAhead
            }
            expect(
                isNear, "I3",
                "\(zone) is published with serial \(published.serial), far beyond \(known)")
        }
    }

    /// Unchanged content causes no reload and no update (I4).
    private mutating func checkIdleness(
        _ outcome: RoundOutcome, then: ServerSnapshot, now: ServerSnapshot, before: Snapshot,
        after: Snapshot
    ) {
        guard isExact, then.isInOrder else { return }
        let published = outcome.settlements.contains { settlement in
            switch settlement.action {
            case .write, .adopt: true
            case .note, .hold: false
            }
        }
        guard !published else { return }
        expect(
            then.server.told == now.server.told && then.server.updated == now.server.updated,
            "I4", "\(now.server.name) was told or updated although nothing changed")
        expect(before.renames == after.renames, "I4", "a file was written although nothing changed")
    }

    /// A server that does not serve the plan is named, and no other (I13).
    private mutating func checkNaming(
        _ outcome: RoundOutcome, now: ServerSnapshot, before: Snapshot, after: Snapshot
    ) {
        let time = after.servers.map(\.server.taken) == before.servers.map(\.server.taken)
        guard isExact, time, outcome.generation > 0 || !after.remembered.isEmpty else { return }
        let name = now.server.name
        let lag = outcome.lags.first { $0.server == name }
        // What could not be written is named as that; a forged answer can make a wrong serial seem right.
        let differing = now.differing.filter {
            outcome.failures[$0] == nil && now.server.forged[$0] == nil
        }
        expect(
            differing.isEmpty || lag != nil, "I13",
            "\(name) does not serve \(differing), and is not named")
        guard let lag else {
            let isSilent = now.server.trouble?.isUnreachable == true && !now.unanswered.isEmpty
            expect(
                !isSilent || outcome.silentServers.contains(name)
                    || before.remembered.isEmpty, "I13",
                "\(name) is silent, and is not named")
            return
        }
        // Who forges answers makes a server seem behind.
        let most = Set(now.differing + now.unanswered).union(outcome.failures.keys)
            .union(now.server.forged.keys).count
        expect(
            lag.zones >= differing.count && lag.zones <= most, "I13",
            "\(name) owes \(lag.zones) zones, and does not serve \(now.differing)")
    }

    /// What a healthy server serves otherwise than planned is told or published again within two rounds,
    /// as far as the server is not left alone for its last failures (I7).
    private mutating func checkServedRepair(
        _ outcome: RoundOutcome, settings: NetworkSettings, then: ServerSnapshot,
        now: ServerSnapshot, after: Snapshot
    ) {
        let server = now.server
        let waiting = outcome.state.servers[server.name].map { state in
            !state.mayBeTold(at: outcome.report.moment)
        }
        let source = after.servers.first { $0.server.name == server.primary }
        for zone in now.differing {
            let isHeld = outcome.report.holds.contains { $0.zone == zone }
            let isSourceRight = source.map { source in
                let serials = (source.server.zones[zone]?.serial, server.zones[zone]?.serial)
                // Where a primary makes its own serials nobody can raise them for a secondary's sake.
                let isOurs = settings.publish.method == .files && !server.settings.choosesSerials
                let isNewer = serials.1.map { old in serials.0?.isNewer(than: old) } ?? true
                // At half the number space no transfer comes, whoever makes the serials: its operator is asked.
                return source.server.isWell && !source.differing.contains(zone) && isNewer != nil
                    && (isOurs || isNewer == true)
            }
            let isBeyond =
                server.zones[zone].flatMap { copy in
                    after.remembered[zone].map { copy.serial.isBeyondReach(of: $0.serial) }
                } ?? false
            let rewrites = outcome.state.servers[server.name]?.owed[zone]?.rewrites ?? 0
            guard server.zones[zone]?.isBeyond != true, !isBeyond, server.forged[zone] == nil,
                server.isWell, then.server.isWell,
                isSourceRight != false, !isHeld,
                waiting != true, outcome.failures[zone] == nil, !outcome.report.live.isEmpty
            else {
                overdue[server.name]?[zone] = nil
                continue
            }
            // What was published since has its own time.
            let isNew = then.planned[zone] != now.planned[zone]
            let rounds = isNew ? 1 : (overdue[server.name]?[zone] ?? 0) + 1
            overdue[server.name, default: [:]][zone] = rounds
            // What was published anew in vain is so again only after ten minutes, doubled each time.
            let pause = Int(OwedZone.pause(after: rewrites).inSeconds / (interval.inSeconds - 10))
            // A transfer takes a while, and begins anew with each change.
            let most = (server.primary == nil ? 2 : 6) + pause
            expect(
                rounds <= most, "I7",
                "\(server.name) has not served \(zone) as planned for \(rounds) rounds")
        }
        let differing = Set(now.differing)
        overdue[server.name] = overdue[server.name]?.filter { differing.contains($0.key) }
    }

    /// What is not settled although nothing is wrong any more.
    mutating func unsettled(
        round: Int, settings: NetworkSettings, world: World, store: InMemoryStore
    ) -> [Simulation.Violation] {
        found = []
        let now = snapshot(world: world, store: store, settings: settings)
        for server in now.servers {
            expect(
                server.differing.isEmpty && server.unanswered.isEmpty, "I7",
                "\(server.server.name) (\(server.server.settings.kind)) never comes to serve "
                    + "\(server.differing + server.unanswered)")
            expect(server.owed == 0, "I13", "\(server.server.name) owes \(server.owed) zones")
        }
        checkLabels(now, settings: settings)
        checkFullness(now, settings: settings, world: world)
        return found
    }

    /// By updates nothing of ours stays at a label that everybody served and that rotates no more (I13).
    private mutating func checkLabels(_ now: Snapshot, settings: NetworkSettings) {
        let label = Simulation.secondLabel
        guard settings.publish.method == .updates, !settings.dns.rotatedLabels.contains(label)
        else { return }
        for server in now.servers {
            for zone in now.remembered.keys.sorted() {
                let rest = server.server.zones[zone]?.addresses("\(label).\(zone).", .ipv4) ?? []
                expect(
                    rest.isEmpty, "I13",
                    "\(server.server.name) has \(rest) at \(label) of \(zone), which rotates no more"
                )
            }
        }
    }
}
