import EdgeCore
import EdgeShell
import EdgeTesting

/// What can happen between two rounds.
extension Simulation {
    /// A label that rotates at times.
    static let secondLabel: RotatedLabel = "old"

    /// Lets one thing happen, drawn by weight; returns its name.
    ///
    /// - Parameter mayDie: whether the process may die, or lose its database.
    mutating func happen(mayDie: Bool = true) -> String {
        let weight = Int.random(in: 0..<100, using: &random)
        if !mayDie, 79..<83 ~= weight || 96..<97 ~= weight { return "nothing" }
        switch weight {
        case 0..<34: return changeBehaviour()
        case 34..<44: return "nothing"
        case 44..<52: return setMode()
        case 52..<58: return editList()
        case 58..<64: return editInclude()
        case 64..<70: return toggleOutage()
        case 70..<74: return tamper()
        case 74..<79: return clockTrouble()
        case 79..<83: return dieSoon()
        case 83..<86: return diskTrouble()
        case 86..<89: return commandTrouble()
        case 89..<93: return approve()
        case 93..<96: return reconfigure()
        case 96..<97: return loseDatabase()
        default: return massFailure()
        }
    }

    private mutating func anyEdge() -> EdgeName? {
        world.change { $0.list }.randomElement(using: &random)
    }

    private mutating func changeBehaviour() -> String {
        let names = world.change { $0.behaviours.keys.sorted() }
        guard let name = names.randomElement(using: &random) else { return "nothing" }
        let behaviour =
            random.once(in: 2)
            ? .fine : WorldBehaviour.plain.randomElement(using: &random) ?? .fine
        world.change { $0.behaviours[name] = behaviour }
        return "edge turns \(behaviour)"
    }

    private mutating func massFailure() -> String {
        let behaviour: WorldBehaviour = random.once(in: 2) ? .silent : .wrongContent
        world.change { state in
            for name in state.behaviours.keys { state.behaviours[name] = behaviour }
        }
        return "all edges turn \(behaviour)"
    }

    private mutating func setMode() -> String {
        guard let name = anyEdge() else { return "nothing" }
        let mode =
            random.once(in: 2) ? .available : Mode.allCases.randomElement(using: &random) ?? .force
        let record = ModeRecord(
            mode: mode, comment: "[sim] drill", changed: world.moments.now().wall)
        try? store.setMode(network, edge: name, to: record, actor: "sim", now: world.moments.now())
        return "mode \(mode.rawValue)"
    }

    /// The address of the edge with this number.
    static func address(_ number: Int) -> IPAddress { .v4(0xCB00_7101 + UInt32(number)) }

    mutating func addEdge() {
        let number = world.change { $0.addresses.count }
        let address = Self.address(number)
        let isNamed = random.once(in: 3)
        guard let name = isNamed ? EdgeName("edge\(number).sim.test") : EdgeName(address) else {
            return
        }
        var addresses = [address]
        if isNamed, random.once(in: 3) { addresses.append(.v4(0xCB00_7201 + UInt32(number))) }
        world.change { state in
            state.behaviours[name] = .fine
            state.addresses[name] = addresses
            for address in addresses { state.owners[address] = name }
            state.list.append(name)
        }
    }

    private mutating func editList() -> String {
        switch Int.random(in: 0..<4, using: &random) {
        case 0, 1:
            if world.change({ $0.list.count }) < 12 { addEdge() }
            return "edge added"
        case 2:
            guard let name = anyEdge() else { return "nothing" }
            world.change { $0.list.removeAll { $0 == name } }
            return "edge removed"
        default:
            let keep = Int.random(in: 0...2, using: &random)
            world.change { state in state.list = Array(state.list.prefix(keep)) }
            return "list cut down"
        }
    }

    mutating func writeInclude(_ zone: ZoneName, records: Int) {
        let lines = (0..<records).map { "host\($0) 600 IN TXT \"\($0)-\(random.next() % 4)\"" }
        world.setInclude(zone, lines.joined(separator: "\n") + "\n")
    }

    private mutating func editInclude() -> String {
        let zone = Self.zone(Int.random(in: 0..<4, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            world.setInclude(zone, "@ IN A 192.0.2.1\n")
            return "include refused"
        case 1:
            world.setInclude(zone, nil)
            return "include removed"
        case 2:
            world.change { $0.includesAreUnreadable.toggle() }
            return "include directory unreadable or back"
        case 3:
            writeInclude(zone, records: 1)
            return "include cut down"
        default:
            writeInclude(zone, records: 6)
            return "include edited"
        }
    }

    private mutating func toggleOutage() -> String {
        if random.once(in: 3) {
            world.change { $0.resolverIsDead.toggle() }
            return "resolver dies or returns"
        }
        world.change { $0.isCutOff.toggle() }
        return "monitor cut off or back"
    }

    private mutating func tamper() -> String {
        let zones = world.publishedZones.keys.sorted()
        guard let zone = zones.randomElement(using: &random) else { return "nothing" }
        if random.once(in: 2) {
            world.tamper(zone, nil)
            return "zone file deleted"
        }
        world.tamper(zone, Array("garbage \(random.next())\n".utf8))
        return "zone file edited"
    }

    private mutating func clockTrouble() -> String {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: world.moments.stepWall(by: .seconds(3600))
        case 1: world.moments.stepWall(by: .seconds(-3600))
        case 2:
            world.moments.stepWall(by: .seconds(random.once(in: 2) ? 315_360_000 : -315_360_000))
        default:
            world.moments.reboot(id: "boot-\(random.next())")
            return "reboot"
        }
        return "clock steps"
    }

    private mutating func dieSoon() -> String {
        let renames = Int.random(in: 0...2, using: &random)
        world.change { $0.diesAfterRenames = renames }
        return "killed while publishing"
    }

    private mutating func diskTrouble() -> String {
        let zone = Self.zone(Int.random(in: 0..<3, using: &random))
        world.change { _ = $0.unwritable.insert(zone) }
        return "disk full for a zone"
    }

    private mutating func commandTrouble() -> String {
        world.change { $0.commandsFail.toggle() }
        return "commands fail or work again"
    }

    mutating func approve() -> String {
        let now = world.moments.now()
        guard let state = try? store.load(network, judge: settings.judge, now: now) else {
            return "nothing"
        }
        let keys = state.holds.compactMap(\.approvalKey)
        guard !keys.isEmpty else { return "nothing to approve" }
        try? store.approve(network, keys: keys, actor: "sim", now: now)
        return "approved"
    }

    private mutating func reconfigure() -> String {
        if random.once(in: 3) {
            let others = settings.dns.rotatedLabels.filter { $0 != Self.secondLabel }
            let hasIt = others.count < settings.dns.rotatedLabels.count
            settings.dns.rotatedLabels = hasIt ? others : others + [Self.secondLabel]
            return hasIt ? "label withdrawn" : "label rotates"
        }
        if random.once(in: 2) {
            settings.selection.liveCount = Int.random(in: 1...5, using: &random)
            settings.selection.minLive = nil
            return "live count changed"
        }
        settings.dns.mailbox = "host\(random.next() % 3).sim.test."
        return "SOA changed"
    }

    mutating func placeCanary() {
        let zone = Self.zone(0)
        let address = IPAddress.v4(0xC000_0263)
        world.change { state in
            state.canaries[zone] = address
            state.behaviours[EdgeName(address)] = .fine
        }
    }

    private mutating func loseDatabase() -> String {
        store = InMemoryStore()
        databaseWasLost()
        return "database lost"
    }

    /// The database does not know any more what was done last.
    mutating func databaseWasLost() {
        checker.databaseWasLost(at: world.moments.passed)
        // Nothing tells any more how new the published files were: name servers read them all once.
        world.change { state in
            for index in state.servers.indices {
                state.servers[index].forgetTimes()
            }
        }
    }
}
