import EdgeCore
import EdgeShell
import EdgeTesting

/// The name servers of a simulated network, and what can happen to them.
extension Simulation {
    /// Something that happens to the world at a time.
    typealias ServerEvent = (
        name: String, carryOut: @Sendable (inout WorldState, WorldTime) -> Void
    )

    /// None in one network of six; else one to three, the first a primary.
    static func servers(
        by method: PublishMethod, using random: inout SeededRandom
    ) -> [WorldServer] {
        guard !random.once(in: 6) else { return [] }
        let first = primary(serverName(1), by: method, using: &random)
        var servers = [first]
        for number in 2...3 where !random.once(in: 3) {
            let name = serverName(number)
            guard random.once(in: 2) else {
                servers.append(secondary(name, of: first, using: &random))
                continue
            }
            servers.append(primary(name, by: method, using: &random))
        }
        guard method == .updates else { return servers }
        for zone in 0..<4 {
            let name = Self.zone(zone)
            let copy = WorldCopy(
                serial: SOASerial(UInt32(truncatingIfNeeded: random.next())),
                owners: ["\(name).", "www.\(name)."], address: .v4(0xC000_02C8))
            for index in servers.indices { servers[index].zones[name] = copy }
        }
        return servers
    }

    private static func serverName(_ number: Int) -> ServerName {
        guard let name = ServerName("ns\(number)") else { preconditionFailure("no server name") }
        return name
    }

    private static func primary(
        _ name: ServerName, by method: PublishMethod, using random: inout SeededRandom
    ) -> WorldServer {
        let kinds: [NameServerKind] =
            method == .files ? [.bind, .knot, .nsd, .powerdns] : [.bind, .knot, .powerdns]
        let kind = kinds.randomElement(using: &random) ?? .bind
        let makesSerials = random.once(in: 4) && (kind == .knot || kind == .powerdns)
        return WorldServer(
            settings: NameServerSettings(
                name: name, kind: kind, address: .v4(0x7F00_0001),
                control: method == .files ? ["control"] : nil,
                update: method == .updates
                    ? UpdateSettings(keyFile: "/key", isExclusive: random.once(in: 2)) : nil,
                choosesSerials: method == .files && makesSerials))
    }

    private static func secondary(
        _ name: ServerName, of first: WorldServer, using random: inout SeededRandom
    ) -> WorldServer {
        let delays: [Duration] = [.seconds(5), .seconds(25), .seconds(70)]
        return WorldServer(
            settings: NameServerSettings(
                name: name, kind: NameServerKind.allCases.randomElement(using: &random) ?? .other,
                address: .v4(0x7F00_0001), choosesSerials: first.settings.choosesSerials),
            primary: first.name, delay: delays.randomElement(using: &random) ?? .zero)
    }

    /// Draws what happens next to a name server; nil when there is none.
    mutating func drawServerEvent() -> ServerEvent? {
        let count = world.change { $0.servers.count }
        guard count > 0 else { return nil }
        let server = Int.random(in: 0..<count, using: &random)
        let zone = Self.zone(Int.random(in: 0..<3, using: &random))
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<24: return drawTrouble(server)
        case 24..<32: return drawAnswers(server, zone)
        case 32..<36: return drawForgery(server, zone)
        case 36..<46: return drawOldCopy(server)
        case 46..<58: return drawStranger(server, zone)
        case 58..<66: return drawRaise(server, zone)
        case 66..<74: return drawDrop(server, zone)
        case 74..<84: return drawForeignFile(server, zone)
        default:
            return ("server is mended", { state, _ in state.servers[server].mend() })
        }
    }

    private mutating func drawTrouble(_ server: Int) -> ServerEvent {
        let trouble = WorldServer.Trouble.allCases.randomElement(using: &random)
        let word = trouble.map { "\($0)" } ?? "well"
        return ("server \(word)", { state, _ in state.servers[server].trouble = trouble })
    }

    private mutating func drawAnswers(_ server: Int, _ zone: ZoneName) -> ServerEvent {
        let trouble = WorldServer.AnswerTrouble.allCases.randomElement(using: &random)
        let word = trouble.map { "\($0)" } ?? "well"
        return ("answers \(word)", { state, _ in state.servers[server].answers[zone] = trouble })
    }

    /// Somebody answers in the server's place, as one off the path can over UDP alone.
    private mutating func drawForgery(_ server: Int, _ zone: ZoneName) -> ServerEvent {
        let raises: [UInt32] = [0x2000_0000, 0x7FFF_0000, 0x8000_0000]
        let raise = raises.randomElement(using: &random) ?? 0
        return ("serial forged", { state, _ in state.servers[server].forged[zone] = raise })
    }

    private mutating func drawOldCopy(_ server: Int) -> ServerEvent {
        let steps = Int.random(in: 1...4, using: &random)
        return ("server back with old zones", { state, _ in state.servers[server].goBack(steps) })
    }

    private mutating func drawStranger(_ server: Int, _ zone: ZoneName) -> ServerEvent {
        let raise = UInt32.random(in: 0...2, using: &random)
        let address = IPAddress.v4(0xC633_6442 + UInt32.random(in: 0...3, using: &random))
        let owner = random.once(in: 2) ? "\(zone)." : "www.\(zone)."
        return (
            "stranger's update",
            { state, time in
                guard var copy = state.servers[server].zones[zone] else { return }
                copy.sets[owner, default: [:]][.ipv4] = ServedZone.Addresses(
                    addresses: [address], ttl: 300)
                copy.serial.value &+= raise
                copy.since = time.passed
                state.servers[server].serve(copy, of: zone)
            }
        )
    }

    private mutating func drawRaise(_ server: Int, _ zone: ZoneName) -> ServerEvent {
        let isHalf = random.once(in: 3)
        let raise: UInt32 = isHalf ? 0x8000_0000 : UInt32.random(in: 1...5000, using: &random)
        return (
            isHalf ? "serial raised by 2^31" : "serial raised",
            { state, time in
                state.servers[server].zones[zone]?.serial.value &+= raise
                state.servers[server].zones[zone]?.since = time.passed
                if isHalf { state.servers[server].zones[zone]?.isBeyond = true }
            }
        )
    }

    private mutating func drawDrop(_ server: Int, _ zone: ZoneName) -> ServerEvent {
        guard random.once(in: 2) else {
            return ("zones added again", { state, _ in state.servers[server].dropped = [] })
        }
        return (
            "zone dropped", { state, _ in _ = state.servers[server].dropped.insert(zone) }
        )
    }

    /// Somebody edits or deletes the zone's file, and tells a server of it.
    private mutating func drawForeignFile(_ server: Int, _ zone: ZoneName) -> ServerEvent {
        let edit = Int.random(in: 0..<4, using: &random)
        let raises: [UInt32] = [0, 1, 1000, UInt32.max]
        let raise = raises.randomElement(using: &random) ?? 0
        let now = world.moments.now()
        return (
            "zone file changed and told",
            { state, time in
                guard let file = state.published[zone] else { return }
                let text: [UInt8]?
                switch edit {
                case 0: text = nil
                case 1: text = Array("garbage \(raise)\n".utf8)
                default: text = WorldFile.edited(file.text, zone: zone, raise: raise)
                }
                state.published[zone] = text.map {
                    WorldFile(text: $0, stamp: state.stamp(size: $0.count, at: now))
                }
                state.foreignFiles[zone] = text
                guard state.servers[server].settings.control != nil,
                    state.servers[server].trouble?.isUnreachable != true
                else { return }
                _ = state.servers[server].read(zone, from: state.published[zone], at: time)
            }
        )
    }
}

extension WorldServer {
    /// Its operator puts everything right; a serial that nobody can compare went with the zone.
    mutating func mend() {
        trouble = nil
        (refusal, lostAnswer) = (.refused, .silent)
        answers = [:]
        forged = [:]
        dropped = []
    }

    /// It reads every file, however old, when it is next told.
    mutating func forgetTimes() {
        for zone in zones.keys { zones[zone]?.loaded = .min }
        for zone in past.keys {
            past[zone] = past[zone]?.map { copy in
                var copy = copy
                copy.loaded = .min
                return copy
            }
        }
    }

    /// It comes back with the zones of some changes ago.
    mutating func goBack(_ steps: Int) {
        for (zone, copies) in past where copies.count >= steps {
            zones[zone] = copies[copies.count - steps]
        }
    }
}

extension WorldFile {
    /// The text with the edges' addresses exchanged for others, under another serial.
    static func edited(_ text: [UInt8], zone: ZoneName, raise: UInt32) -> [UInt8]? {
        let parsed = PlainZoneParser().parse(text, zone: zone, file: zone.text)
        guard case .success(let parsed) = parsed else { return nil }
        let serial = parsed.serial.value
        return Array(
            String(decoding: text, as: UTF8.self)
                .replacing("203.0.113.", with: "198.51.100.")
                .replacing("\(serial)", with: "\(serial &+ raise)").utf8)
    }
}
