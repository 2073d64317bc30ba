public import EdgeCore
internal import EdgeShell
internal import EdgeTesting

/// A name server of the simulated world: what it serves, and what ails it.
public struct WorldServer: Sendable {
    /// What can be wrong with a whole server.
    public enum Trouble: Hashable, Sendable, CaseIterable {
        case down, hanging
        /// Its control command fails, does not end, says yes and does nothing, or does its work after its
        /// caller gave up.
        case controlFails, controlHangs, controlIsIgnored, controlIsLate
        /// It refuses updates, or carries them out and its answer is lost.
        case refusesUpdates, losesAnswers

        /// Whether nobody gets an answer.
        var isUnreachable: Bool {
            switch self {
            case .down, .hanging: true
            case .controlFails, .controlHangs, .controlIsIgnored, .controlIsLate,
                .refusesUpdates, .losesAnswers:
                false
            }
        }
    }

    /// What can be wrong with the answers about one zone.
    public enum AnswerTrouble: Hashable, Sendable, CaseIterable {
        case failing, refused, silent, unreadable
    }

    /// A command or a transfer that is carried out later.
    struct Later: Hashable, Sendable {
        var due: Duration
        var zone: ZoneName
    }

    public let settings: NameServerSettings
    /// Where a secondary has its zones from; nil: it is a primary.
    public let primary: ServerName?
    /// How long a secondary takes to transfer a changed zone.
    let delay: Duration
    public var trouble: Trouble?
    /// How it answers updates that it refuses, and how those that it carries out while answers are lost.
    var refusal: UpdateFault = .refused
    var lostAnswer: UpdateFault = .silent
    public var answers: [ZoneName: AnswerTrouble] = [:]
    /// How much higher than its own the serials are that somebody has it answer with over UDP.
    public var forged: [ZoneName: UInt32] = [:]
    /// Owners at which somebody put a CNAME.
    public var aliases: Set<String> = []
    /// Zones that its configuration does not name any more.
    public var dropped: Set<ZoneName> = []
    var zones: [ZoneName: WorldCopy] = [:]
    /// What it served before, newest last; four a zone at most.
    var past: [ZoneName: [WorldCopy]] = [:]
    var later: [Later] = []
    /// How often it took in a transfer or carried out a command late.
    var taken = 0
    /// How often it was told of a zone, and updated.
    public var told = 0
    public var updated = 0
    /// Zones whose updates it refuses, and how often it did.
    public var refusing: Set<ZoneName> = []
    public var refusals = 0

    init(settings: NameServerSettings, primary: ServerName? = nil, delay: Duration = .zero) {
        self.settings = settings
        self.primary = primary
        self.delay = delay
    }

    var name: ServerName { settings.name }

    /// Whether it answers, and about everything.
    public var isWell: Bool {
        trouble == nil && answers.isEmpty && forged.isEmpty && dropped.isEmpty
    }

    /// Takes a new copy of a zone in.
    mutating func serve(_ copy: WorldCopy, of zone: ZoneName) {
        if let old = zones[zone] {
            past[zone] = Array(((past[zone] ?? []) + [old]).suffix(4))
        }
        zones[zone] = copy
    }

    /// What it says of a zone.
    func answer(_ question: ZoneQuestion) -> Result<ServedZone, ServedFault> {
        switch trouble {
        case .down: return .failure(.unreachable(reason: "connection refused"))
        case .hanging: return .failure(.silent)
        case .controlFails, .controlHangs, .controlIsIgnored, .controlIsLate, .refusesUpdates,
            .losesAnswers, nil:
            break
        }
        let zone = question.zone
        guard !dropped.contains(zone) else { return .failure(.answered(code: "REFUSED")) }
        switch answers[zone] {
        case .failing: return .failure(.answered(code: "SERVFAIL"))
        case .refused: return .failure(.answered(code: "REFUSED"))
        case .silent: return .failure(.silent)
        case .unreadable: return .failure(.malformed(reason: "it ends too early"))
        case nil: break
        }
        guard let copy = zones[zone], !copy.isBroken else {
            return .failure(.answered(code: "SERVFAIL"))
        }
        if let owner = question.names.first(where: aliases.contains) {
            return .failure(.alias(owner: owner))
        }
        return .success(copy.served(question))
    }
}

/// One zone as a name server has it.
struct WorldCopy: Hashable, Sendable {
    var serial: SOASerial
    /// Address sets by owner, then family.
    var sets: [String: [AddressFamily: ServedZone.Addresses]] = [:]
    /// A broken file was taken in (NSD): it answers SERVFAIL.
    var isBroken = false
    /// Its serial was raised by half the number space: only its operator can bring it back.
    var isBeyond = false
    /// What BIND compares a file's time with, in nanoseconds since the epoch.
    var loaded: Int64 = 0
    /// Since when it is served.
    var since: Duration = .zero

    /// A copy of what a file says; nil when it does not parse.
    init?(_ file: WorldFile, of zone: ZoneName, at time: WorldTime) {
        let parsed = PlainZoneParser().parse(file.text, zone: zone, file: zone.text)
        guard case .success(let parsed) = parsed else { return nil }
        serial = parsed.serial
        // BIND takes the time of the load where the file's is in the future.
        loaded = min(file.stamp.modified, time.wall)
        since = time.passed
        for record in parsed.records {
            guard
                let family = AddressFamily.allCases.first(where: { $0.recordType == record.type }),
                let address = IPAddress(record.data)
            else { continue }
            let known = sets[record.owner]?[family]?.addresses ?? []
            sets[record.owner, default: [:]][family] = ServedZone.Addresses(
                addresses: (known + [address]).sorted(), ttl: record.ttl)
        }
    }

    /// What the operator of a zone that takes updates put there.
    init(serial: SOASerial, owners: [String], address: IPAddress) {
        self.serial = serial
        for owner in owners {
            sets[owner] = [
                address.family: ServedZone.Addresses(addresses: [address], ttl: 300)
            ]
        }
    }

    /// The SOA's RDATA.
    var soa: String { "ns1.sim.test. host.sim.test. \(serial) 43200 10800 1209600 300" }

    func addresses(_ owner: String, _ family: AddressFamily) -> [IPAddress] {
        sets[owner]?[family]?.addresses ?? []
    }

    func served(_ question: ZoneQuestion) -> ServedZone {
        var names: [String: [AddressFamily: ServedZone.Addresses]] = [:]
        for owner in question.names {
            for family in question.families {
                names[owner, default: [:]][family] =
                    sets[owner]?[family] ?? ServedZone.Addresses()
            }
        }
        return ServedZone(serial: serial, soa: soa, names: names)
    }

    /// Whether it is what was planned, and its serial, where that counts, is not older.
    func isAsPlanned(_ plan: ServedExpectation, comparesSerials: Bool) -> Bool {
        guard !isBroken else { return false }
        for name in plan.names {
            for family in AddressFamily.allCases {
                let wanted = plan.addresses.filter { $0.family == family }
                guard addresses(name.owner, family) == wanted else { return false }
            }
        }
        guard comparesSerials, let wanted = plan.serial else { return true }
        return serial == wanted || serial.isNewer(than: wanted) == true
    }
}
