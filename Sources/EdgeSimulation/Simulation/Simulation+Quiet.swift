import EdgeCore
import EdgeShell
import EdgeTesting

/// What must come of everything once the faults are over.
extension Simulation {
    /// So many rounds after the last fault everything is settled: two for repairs, five minutes in which a
    /// server that failed is left alone, the slowest transfer, and ten minutes of the rotation budget.
    private static let quietRounds = 20
    /// The steady judge takes so many before: an edge that failed for an hour is up again when its long failure
    /// score is low, 76 good attempts later, or when its penalty's clean rounds are over.
    private static let steadyRounds = 100
    private var quietRounds: Int {
        Self.quietRounds * (interval < .seconds(60) ? 2 : 1)
            + (settings.judge.steady == nil ? 0 : Self.steadyRounds)
    }
    /// So many rounds at the end change nothing any more.
    private static let stillRounds = 4

    /// Faults of the monitor, its disk and its files are over.
    private func calmMonitor() {
        try? store.setRotationHold(network, nil, actor: "sim", now: world.moments.now())
        world.change { state in
            (state.losesHalf, state.localFaults, state.storeTrouble) = (false, 0, nil)
            state.bringBack()
            state.dynamicZones = []
            state.journals = []
            state.template.fault = nil
        }
    }

    /// In one network of two some edges stay dead when all else is over, as many as the budget lets go in ten
    /// minutes and no more than a third: others must have their places in the end (I9). By a generator of its own.
    private func leaveDead() {
        var random = SeededRandom(seed: seed ^ 0xDEAD_ED6E)
        guard random.once(in: 2) else { return }
        let most = max(1, settings.selection.substitutionBudget)
        world.change { state in
            let list = state.list.sorted()
            for name in list.shuffled(using: &random).prefix(min(list.count / 3, most)) {
                let behaviours: [WorldBehaviour] = [.refusing, .silent, .failing, .resetting]
                state.behaviours[name] = behaviours.randomElement(using: &random)
            }
        }
    }

    /// Faults are over; every operator does what the program asks for.
    mutating func calmDown() {
        calmMonitor()
        let (wall, passed) = (UnixTime(seconds: 1_700_000_000), world.moments.passed)
        world.moments.setWall(wall.adding(passed))
        world.change { state in
            for name in state.behaviours.keys { state.behaviours[name] = .fine }
            state.isCutOff = false
            state.losesPackets = false
            state.resolverIsDead = false
            state.includesAreUnreadable = false
            state.commandsFail = false
            state.diesAfterRenames = nil
            state.unwritable = []
            state.locks = [:]
            for index in state.servers.indices { state.servers[index].mend() }
        }
        leaveDead()
        followHolds()
    }

    /// Name servers' operators do what the program's holds and errors ask for.
    private func followHolds() {
        let time = world.time
        let zones = store.network(network)?.zones ?? [:]
        world.change { state in
            for index in state.servers.indices {
                state.servers[index].giveUpIncomparable(zones)
                state.servers[index].startAnew(ifAheadOf: time.wall)
            }
            state.catchUp(time)
            state.retransfer()
        }
    }

    /// Whether a publication for a server's sake waits since others were in vain: up to a day.
    private var isPausing: Bool {
        store.network(network)?.servers.values.contains { server in
            server.owed.values.contains { $0.rewrites > 0 }
        } ?? false
    }

    /// A label rotates until everybody serves it, and is taken out while one server is away (I13).
    private mutating func withdraw(in number: Int) {
        let others = settings.dns.rotatedLabels.filter { $0 != Self.secondLabel }
        switch number {
        case 1: settings.dns.rotatedLabels = others + [Self.secondLabel]
        case 8: settings.dns.rotatedLabels = others
        default: break
        }
        world.change { state in
            guard let first = state.servers.indices.first else { return }
            if number == 8 { state.servers[first].trouble = .down }
            if number == 10 { state.servers[first].mend() }
        }
    }

    /// Rounds without a fault: everything converges, and then nothing happens any more.
    mutating func quieten(after rounds: Int) async {
        calmDown()
        let quietRounds = quietRounds
        var still = world.change { WorldActivity($0) }
        for number in 1...quietRounds {
            let round = rounds + number
            if number < quietRounds / 2 {
                _ = approve()
                followHolds()
            }
            if number == quietRounds - Self.stillRounds {
                still = world.change { WorldActivity($0) }
            }
            withdraw(in: number)
            await step(round: round, gate: WorldGate())
            rest()
            if number == quietRounds / 2, isPausing {
                world.moments.advance(by: .seconds(86_400))
                idle += .seconds(86_400)
            }
            if report.violations.count >= 5 { return }
        }
        let last = rounds + quietRounds
        let now = world.change { WorldActivity($0) }
        if now != still {
            report.violations.append(
                violation(last, "I4", "still at work after quiet rounds: \(still) to \(now)"))
        }
        report.violations += checker.unsettled(
            round: last, settings: settings, world: world, store: store)
    }
}

/// How much was written, told and updated.
struct WorldActivity: Hashable, Sendable {
    var renames: Int
    var told: [Int]
    var updated: [Int]

    init(_ state: WorldState) {
        renames = state.renames
        told = state.servers.map(\.told)
        updated = state.servers.map(\.updated)
    }
}

extension WorldServer {
    /// Its operator starts it anew where it loaded a file in a future that never came: BIND passes over every file
    /// that is older, as the program says after publishing in vain.
    mutating func startAnew(ifAheadOf wall: Int64) {
        guard zones.values.contains(where: { $0.loaded > wall }) else { return }
        forgetTimes()
    }

    /// Its operator removes zones whose serial can't be compared with the published one, as the hold asks.
    mutating func giveUpIncomparable(_ published: [ZoneName: PublishedZone]) {
        guard settings.update == nil, !settings.choosesSerials else { return }
        for (zone, copy) in zones {
            guard let ours = published[zone]?.serial,
                copy.isBeyond || copy.serial.isBeyondReach(of: ours)
            else { continue }
            zones[zone] = nil
        }
    }
}

extension WorldState {
    /// A secondary that is ahead of a primary that makes its own serials is made to transfer: by updates no
    /// serial can be raised for its sake.
    mutating func retransfer() {
        for index in servers.indices {
            guard let primary = servers.first(where: { $0.name == servers[index].primary }),
                primary.settings.update != nil || primary.settings.choosesSerials
            else { continue }
            for (zone, copy) in primary.zones {
                guard let own = servers[index].zones[zone],
                    copy.serial.isNewer(than: own.serial) != true,
                    own.serial != copy.serial
                        || own.sets != copy.sets
                else { continue }
                servers[index].zones[zone] = copy
            }
        }
    }
}

extension SOASerial {
    /// Whether it is half the number space ahead, or so little less that few serials follow both: the program waits
    /// for an operator.
    func isBeyondReach(of ours: SOASerial) -> Bool {
        let distance = value &- ours.value
        return distance <= 0x8000_0000 && distance &+ IncomparableSerial.room >= 0x8000_0000
    }
}
