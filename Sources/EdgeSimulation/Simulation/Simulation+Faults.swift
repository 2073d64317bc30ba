import EdgeCore
import EdgeShell
import EdgeTesting

/// Faults beside those of `happen`, drawn from a source of their own: between rounds, or at any step of one.
extension Simulation {
    /// Something that happens to the world.
    struct Fault: Sendable {
        var name: String
        var carryOut: @Sendable (World) -> Void

        init(_ name: String, _ carryOut: @escaping @Sendable (World) -> Void) {
            self.name = name
            self.carryOut = carryOut
        }

        /// Something that happens to what is true alone.
        init(state name: String, _ body: @escaping @Sendable (inout WorldState) -> Void) {
            self.init(name) { world in world.change { body(&$0) } }
        }
    }

    /// Lets a fault happen before one round in three.
    mutating func disturb() {
        guard faults.once(in: 3) else { return }
        if faults.once(in: 60) {
            count(restoreDatabase())
            return
        }
        guard let fault = drawFault() else { return }
        fault.carryOut(world)
        count(fault.name)
    }

    /// After one outage in two half of the edges come back some rounds later than the others: these must not take
    /// all places (I14).
    mutating func comeBack(wasCutOff: Bool) {
        if comingBack > 0 {
            comingBack -= 1
            if comingBack == 0 { world.change { $0.losesHalf = false } }
        }
        guard wasCutOff, !world.change({ $0.isCutOff }), outages.once(in: 2) else { return }
        comingBack = Int.random(in: 1...4, using: &outages)
        world.change { $0.losesHalf = true }
        count("half of the edges come back later")
    }

    /// Before one round in five there are approvals of holds that were shown once and have become others: they let
    /// nothing through (I9).
    mutating func approveOthers() {
        guard approvals.once(in: 5), store.network(network) != nil else { return }
        let zones = (0..<3).map(Self.zone)
        let keys =
            ["mass-removal 192.0.2.1", "below-minimum 99", "parameters NS ns9.test."]
            + zones.map { "record-loss \($0) gone.\($0). TXT \"0\"" }
        try? store.approve(network, keys: keys, actor: "sim", now: world.moments.now())
        count("other holds approved")
    }

    /// Somebody makes a backup of the database, or puts one back.
    private mutating func restoreDatabase() -> String {
        guard let old = backup else {
            backup = store.copy()
            return "database saved"
        }
        store = old
        backup = nil
        databaseWasLost()
        checker.databaseWasPutBack(at: world.moments.passed)
        return "database of an earlier time put back"
    }

    /// What happens between rounds.
    private mutating func drawFault() -> Fault? {
        switch Int.random(in: 0..<100, using: &faults) {
        case 0..<24: return drawOddEdge()
        case 24..<32: return drawAlike()
        case 32..<40: return drawMonitorFault()
        case 40..<50: return drawNames()
        case 50..<55: return drawClock()
        case 55..<59: return drawMovedIncludes()
        case 59..<65: return drawKeeping()
        case 65..<70: return drawCommandEnding()
        case 70..<75: return drawStoreTrouble()
        case 75..<80: return drawForces()
        case 80..<85: return drawRotationHold()
        case 85..<92: return drawTemplateFault()
        default: return drawUpdateAnswer()
        }
    }

    /// What happens at a step of a round.
    mutating func drawFaultInRound() -> Fault? {
        switch Int.random(in: 0..<10, using: &faults) {
        case 0, 1: return drawStall()
        case 2: return drawClock()
        case 3: return drawNames()
        case 4: return drawStoreTrouble()
        case 5: return drawFullDisk()
        case 6: return drawMovedIncludes()
        case 7: return drawEdit()
        case 8: return drawTemplateFault() ?? drawStall()
        default: return drawKeeping()
        }
    }

    private mutating func anyMachine() -> EdgeName? {
        world.change { $0.behaviours.keys.sorted() }.randomElement(using: &faults)
    }

    private mutating func drawOddEdge() -> Fault? {
        guard let name = anyMachine(),
            let behaviour = WorldBehaviour.odd.randomElement(using: &faults)
        else { return nil }
        return Fault(state: "edge turns \(behaviour)") { $0.behaviours[name] = behaviour }
    }

    private mutating func drawAlike() -> Fault {
        let kinds: [WorldBehaviour] = [
            .fine, .fine, .slow, .exactlyGood, .barelySlow, .flapping, .lossy, .blocking, .refusing,
        ]
        let kind = kinds.randomElement(using: &faults) ?? .fine
        return Fault(state: "all edges turn \(kind)") { state in
            for name in state.behaviours.keys { state.behaviours[name] = kind }
        }
    }

    private mutating func drawMonitorFault() -> Fault {
        switch Int.random(in: 0..<4, using: &faults) {
        case 0, 1:
            let isLost = faults.once(in: 2)
            return Fault(state: "half of the edges \(isLost ? "unreachable" : "reachable again")") {
                $0.losesHalf = isLost
            }
        case 2:
            let share = [0, 0, 1, 2, 5].randomElement(using: &faults) ?? 0
            let words = share == 0 ? "has descriptors" : "can't make one probe in \(share)"
            return Fault(state: "monitor \(words)") { $0.localFaults = share }
        default: return drawStall()
        }
    }

    /// The process stands still for minutes (SIGSTOP, a suspended machine).
    private mutating func drawStall() -> Fault {
        let length = Int.random(in: 1...900, using: &faults)
        return Fault("monitor stands still") { $0.moments.advance(by: .seconds(length)) }
    }

    private mutating func drawNames() -> Fault? {
        let names = world.change { state in
            state.list.filter { $0.address == nil && state.addresses[$0] != nil }
        }
        guard let name = names.randomElement(using: &faults) else { return nil }
        let others = world.change { $0.owners.keys.sorted() }
        guard let other = others.randomElement(using: &faults) else { return nil }
        let number = UInt32.random(in: 1...250, using: &faults)
        switch Int.random(in: 0..<6, using: &faults) {
        case 0, 1:
            return Fault(state: "name leads to another edge's address") {
                $0.addresses[name] = [other]
            }
        case 2: return Fault(state: "name leads nowhere") { $0.addresses[name] = [] }
        case 3:
            let inside: [IPAddress] = [.v4(0x7F00_0001), .v4(0xA9FE_A9FE), .v4(0x0A00_0001)]
            let address = inside.randomElement(using: &faults) ?? .v4(0x7F00_0001)
            return Fault(state: "name leads to \(address)") { $0.addresses[name] = [address] }
        default:
            let address = IPAddress.v4(0xC633_6500 + number)
            return Fault(state: "name leads to a new address") { state in
                state.addresses[name] = [address]
                state.owners[address] = name
            }
        }
    }

    private mutating func drawClock() -> Fault {
        let years: [(String, Int64)] = [
            ("1970", 0), ("2038", 2_147_483_640), ("2106", 4_294_967_290), ("2000", 946_684_800),
        ]
        switch Int.random(in: 0..<4, using: &faults) {
        case 0:
            let year = years.randomElement(using: &faults) ?? years[0]
            return Fault("clock set to \(year.0)") {
                $0.moments.setWall(UnixTime(seconds: year.1))
            }
        case 1:
            let step: Int64 = faults.once(in: 2) ? 315_360_000 : -315_360_000
            return Fault("clock steps by \(step > 0 ? "+" : "-")10 years") {
                $0.moments.stepWall(by: .seconds(step))
            }
        default:
            return Fault("clock set right") {
                $0.moments.setWall(UnixTime(seconds: 1_700_000_000).adding($0.moments.passed))
            }
        }
    }

    private mutating func drawMovedIncludes() -> Fault {
        guard faults.once(in: 2) else {
            return Fault(state: "includes are back") { $0.bringBack() }
        }
        return Fault(state: "include directory suddenly empty") { state in
            guard state.movedIncludes == nil else { return }
            state.movedIncludes = state.includes
            state.includes = [:]
        }
    }

    private mutating func drawKeeping() -> Fault {
        let zone = Self.zone(Int.random(in: 0..<3, using: &faults))
        switch Int.random(in: 0..<4, using: &faults) {
        case 0:
            return Fault(state: "journal beside a zone file") { _ = $0.journals.insert(zone) }
        case 1:
            return Fault(state: "zone made dynamic") {
                $0.dynamicZones.insert(zone)
                $0.journals.insert(zone)
            }
        default:
            return Fault(state: "zones are read from files again") {
                $0.dynamicZones = []
                $0.journals = []
            }
        }
    }

    private mutating func drawCommandEnding() -> Fault {
        let endings: [(String, CommandResult.Ending)] = [
            ("fail", .exited(status: 1)), ("hang", .timedOut), ("are killed", .signalled(9)),
            ("are missing", .notStarted(reason: "no such file")),
        ]
        let ending = endings.randomElement(using: &faults) ?? endings[0]
        let isOver = faults.once(in: 2)
        return Fault(state: "commands \(isOver ? "work again" : ending.0)") { state in
            state.commandsFail = !isOver
            state.commandEnding = ending.1
        }
    }

    private mutating func drawStoreTrouble() -> Fault {
        let trouble = StoreTrouble.allCases.randomElement(using: &faults) ?? .isFull
        return Fault(state: "database \(trouble == .isFull ? "can't grow" : "can't be read")") {
            $0.storeTrouble = trouble
        }
    }

    /// Nothing can be written any more: neither zone files nor the database.
    private mutating func drawFullDisk() -> Fault {
        Fault(state: "disk full for everything") { state in
            state.storeTrouble = .isFull
            state.unwritable.formUnion((0..<4).map(Self.zone))
        }
    }

    /// An operator edits something.
    private mutating func drawEdit() -> Fault {
        let zone = Self.zone(Int.random(in: 0..<4, using: &faults))
        let text = "edited 600 IN TXT \"\(faults.next() % 8)\"\n"
        guard faults.once(in: 2) else {
            return Fault("include edited") { $0.setInclude(zone, text) }
        }
        let count = Int.random(in: 0...5, using: &faults)
        return Fault(state: "list edited") { $0.list = Array($0.list.dropLast(count)) }
    }

    /// Modes of many edges at once: more forced than wanted.
    private mutating func drawForces() -> Fault? {
        let names = world.change { $0.list }
        let modes: [Mode] = [.force, .available, .available, .unavailable]
        let mode = modes.randomElement(using: &faults) ?? .available
        let (store, network) = (store, network)
        let most = mode == .unavailable ? Int.random(in: 1...4, using: &faults) : names.count
        return Fault("many edges made \(mode.rawValue)") { world in
            let now = world.moments.now()
            let record = ModeRecord(mode: mode, comment: "[sim] many", changed: now.wall)
            for name in names.prefix(most) {
                try? store.setMode(network, edge: name, to: record, actor: "sim", now: now)
            }
        }
    }

    private mutating func drawRotationHold() -> Fault {
        let (store, network) = (store, network)
        let isHeld = faults.once(in: 3)
        let length = Duration.seconds(Int.random(in: 60...1200, using: &faults))
        return Fault("rotations \(isHeld ? "held" : "resumed")") { world in
            let now = world.moments.now()
            let hold = RotationHold(since: now, length: length, actor: "sim", reason: "drill")
            try? store.setRotationHold(network, isHeld ? hold : nil, actor: "sim", now: now)
        }
    }

    private mutating func drawTemplateFault() -> Fault? {
        guard settings.publish.template != nil else { return nil }
        let additions = Int.random(in: 0...6, using: &faults)
        switch Int.random(in: 0..<3, using: &faults) {
        case 0:
            return Fault(state: "template edited") { state in
                state.template.version += 1
                state.template.additions = additions
            }
        case 1:
            let fault = WorldTemplate.Fault.allCases.randomElement(using: &faults)
            return Fault(state: "template \(fault.map { "\($0)" } ?? "")") {
                $0.template.fault = fault
            }
        default: return Fault(state: "template mended") { $0.template.fault = nil }
        }
    }

    /// How a server answers updates that it refuses, or carries out.
    private mutating func drawUpdateAnswer() -> Fault? {
        let count = world.change { $0.servers.count }
        guard count > 0, settings.publish.method == .updates else { return nil }
        let server = Int.random(in: 0..<count, using: &faults)
        let refusals: [(String, UpdateFault)] = [
            ("NOTAUTH", .notAuthoritative), ("REFUSED", .refused), ("BADKEY", .badKey(name: "key")),
            ("BADSIG", .badSignature(name: "key")), ("BADTIME", .badTime(server: nil)),
            ("SERVFAIL", .serverFailure), ("NOTZONE", .notZone),
        ]
        let losses: [(String, UpdateFault)] = [
            ("truncated", .truncated), ("wrong ID", .wrongID), ("forged", .forged(reason: "MAC")),
            ("unreadable", .malformed(reason: "short")), ("SERVFAIL", .serverFailure),
        ]
        guard faults.once(in: 2) else {
            let refusal = refusals.randomElement(using: &faults) ?? refusals[0]
            return Fault(state: "updates answered \(refusal.0)") { state in
                state.servers[server].trouble = .refusesUpdates
                state.servers[server].refusal = refusal.1
            }
        }
        let loss = losses.randomElement(using: &faults) ?? losses[0]
        return Fault(state: "updates carried out, answer \(loss.0)") { state in
            state.servers[server].trouble = .losesAnswers
            state.servers[server].lostAnswer = loss.1
        }
    }
}

extension WorldState {
    /// Includes that were moved away stand in their place again, beside what was written since.
    mutating func bringBack() {
        guard let moved = movedIncludes else { return }
        includes.merge(moved) { new, _ in new }
        movedIncludes = nil
    }
}
