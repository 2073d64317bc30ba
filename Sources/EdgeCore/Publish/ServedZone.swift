/// What a name server is asked about one zone: its SOA, and the addresses of the rotated names.
public struct ZoneQuestion: Hashable, Sendable {
    public var zone: ZoneName
    /// The owners asked for addresses, absolute with a final dot, the apex among them; a wildcard is
    /// asked as it is written (RFC 4592 §2.1.1).
    public var names: [String]
    /// The address types asked for.
    public var families: Set<AddressFamily>

    public init(zone: ZoneName, names: [String], families: Set<AddressFamily>) {
        self.zone = zone
        self.names = names
        self.families = families
    }
}

/// What a name server said of one zone.
public struct ServedZone: Hashable, Sendable {
    /// The address RRset of one name and type: nil TTL and no address when there is none.
    public struct Addresses: Hashable, Sendable {
        public var addresses: [IPAddress]
        public var ttl: UInt32?

        public init(addresses: [IPAddress] = [], ttl: UInt32? = nil) {
            self.addresses = addresses
            self.ttl = ttl
        }
    }

    /// The serial of its SOA.
    public var serial: SOASerial
    /// The SOA's RDATA in presentation form: what a prerequisite names.
    public var soa: String
    /// By owner, absolute and in lower case, then family; what was not asked is not here.
    public var names: [String: [AddressFamily: Addresses]]

    public init(
        serial: SOASerial, soa: String = "",
        names: [String: [AddressFamily: Addresses]] = [:]
    ) {
        self.serial = serial
        self.soa = soa
        self.names = names
    }
}

extension ServedZone {
    /// The answered addresses as records.
    public var addressRecords: [DNSRecord] {
        names.flatMap { owner, families in
            families.flatMap { family, found in
                found.addresses.map {
                    DNSRecord(
                        owner: owner, ttl: found.ttl ?? 0, type: family.recordType,
                        data: $0.description)
                }
            }
        }.sorted()
    }
}

/// Why a name server said nothing usable of a zone.
public enum ServedFault: Error, Hashable, Sendable {
    /// No answer before the deadline.
    case silent
    /// The question could not be sent, or the connection was refused.
    case unreachable(reason: String)
    /// It answered with this code instead (RFC 1035 §4.1.1): SERVFAIL, REFUSED, NXDOMAIN, NOTAUTH.
    case answered(code: String)
    /// It answered without authority: it does not serve the zone (RFC 1035 §4.1.1, AA).
    case notAuthoritative
    /// A rotated name, given with its final dot, has a CNAME there (RFC 1034 §3.6.2): no address can stand
    /// beside it.
    case alias(owner: String)
    /// Its answer could not be read.
    case malformed(reason: String)
    /// Its serial is far ahead of ours over UDP, and it does not say so over TCP too.
    case unconfirmed(serial: SOASerial, ours: SOASerial, reason: String)

    /// Whether the server is there at all.
    public var isAnswer: Bool {
        switch self {
        case .silent, .unreachable: false
        case .answered, .notAuthoritative, .alias, .malformed, .unconfirmed: true
        }
    }
}

extension ServedFault: CustomStringConvertible {
    /// What it does, to follow the server's name.
    public var description: String {
        switch self {
        case .silent: "does not answer"
        case .unreachable(let reason): "can't be reached: \(reason)"
        case .answered(let code): "answers \(code)"
        case .notAuthoritative: "answers without authority: it does not serve the zone"
        case .alias(let owner):
            "has a CNAME at \(owner), a name that rotates: take it away there, or take the name out of "
                + "rotate"
        case .malformed(let reason): "answers something unreadable: \(reason)"
        case .unconfirmed(let serial, let ours, let reason):
            "answers with serial \(serial) over UDP, far ahead of \(ours), which over TCP it does not "
                + "confirm (\(reason)): let it be asked over TCP (RFC 7766 §5), or look for who forges its "
                + "answers"
        }
    }
}

/// What a name server should say of one zone, once it serves what was planned (I13).
public struct ServedExpectation: Hashable, Sendable {
    public var zone: ZoneName
    /// The published serial; nil when the server chooses serials itself.
    public var serial: SOASerial?
    /// The addresses of every rotated name, ascending.
    public var addresses: [IPAddress]
    /// The rotated owners with their TTLs, absolute, the apex first.
    public var names: [Name]
    /// What was published by updates at owners that rotate no more, and has to go.
    public var withdrawn: [Withdrawn]

    /// An owner whose label was taken out of the rotated ones.
    public struct Withdrawn: Hashable, Sendable {
        public var owner: String
        /// What was published there and a name server may have still, each ascending.
        public var sets: [[IPAddress]]

        public init(owner: String, sets: [[IPAddress]]) {
            self.owner = owner
            self.sets = sets
        }
    }

    /// One rotated owner.
    public struct Name: Hashable, Sendable {
        public var owner: String
        public var ttl: UInt32

        public init(owner: String, ttl: UInt32) {
            self.owner = owner
            self.ttl = ttl
        }
    }

    public init(
        zone: ZoneName, serial: SOASerial?, addresses: [IPAddress], names: [Name],
        withdrawn: [Withdrawn] = []
    ) {
        self.withdrawn = withdrawn
        self.zone = zone
        self.serial = serial
        self.addresses = addresses
        self.names = names
    }

    /// What to ask for it. Both families: an address that must not be there is a difference too.
    public var question: ZoneQuestion {
        ZoneQuestion(
            zone: zone, names: names.map(\.owner) + withdrawn.map(\.owner),
            families: [.ipv4, .ipv6])
    }

    /// How `served` differs, in words that follow the server's name; nil: it serves what was planned.
    public func difference(from served: ServedZone) -> String? {
        for name in names {
            for family in AddressFamily.allCases {
                guard let found = served.names[name.owner]?[family] else { continue }
                if let words = difference(of: name, family, from: found) { return words }
            }
        }
        if let rest = rests(in: served).first(where: \.isOurs) {
            return "still serves \(rest), which rotates no more"
        }
        guard let serial, served.serial != serial, served.serial.isNewer(than: serial) != true
        else { return nil }
        return "serves serial \(served.serial) instead of \(serial)"
    }

    /// An RRset at an owner that rotates no more.
    public struct Rest: Hashable, Sendable, CustomStringConvertible {
        public var owner: String
        public var family: AddressFamily
        /// Ascending.
        public var addresses: [IPAddress]
        /// Whether it is exactly what was published there; anything else is somebody else's.
        public var isOurs: Bool

        /// The owner, the type and the addresses.
        public var description: String {
            "\(owner) \(family.recordType) "
                + addresses.map(\.description).joined(separator: " ")
        }
    }

    /// What is served at owners that rotate no more, of the types that were published there.
    public func rests(in served: ServedZone) -> [Rest] {
        withdrawn.flatMap { withdrawn in
            AddressFamily.allCases.compactMap { family -> Rest? in
                let published = withdrawn.sets.map { $0.filter { $0.family == family } }
                guard published.contains(where: { !$0.isEmpty }),
                    let found = served.names[withdrawn.owner]?[family]?.addresses.sorted(),
                    !found.isEmpty
                else { return nil }
                return Rest(
                    owner: withdrawn.owner, family: family, addresses: found,
                    isOurs: published.contains(found))
            }
        }
    }

    /// What is expected of a name server that may still have something at labels that rotate no more.
    public func withdrawing(_ labels: [WithdrawnLabel]) -> ServedExpectation {
        guard !labels.isEmpty else { return self }
        var expectation = self
        let rotating = Set(names.map(\.owner))
        expectation.withdrawn = labels.map {
            Withdrawn(owner: "\($0.label).\(zone).", sets: $0.sets)
        }.filter { !rotating.contains($0.owner) }
        return expectation
    }

    /// A TTL counts too: the answers are authoritative, which hold the zone's own (RFC 2181 §5.2, §8), and a
    /// longer one keeps dead addresses in caches.
    private func difference(
        of name: Name, _ family: AddressFamily, from found: ServedZone.Addresses
    ) -> String? {
        let wanted = addresses.filter { $0.family == family }
        if found.addresses.sorted() != wanted {
            let text = found.addresses.sorted().map(\.description).joined(separator: " ")
            return "serves \(name.owner) \(family.recordType) "
                + (text.isEmpty ? "without an address" : text) + " instead of "
                + (wanted.isEmpty ? "none" : wanted.map(\.description).joined(separator: " "))
        }
        guard !wanted.isEmpty, let ttl = found.ttl, ttl != name.ttl else { return nil }
        return "serves \(name.owner) \(family.recordType) with a TTL of \(ttl) instead of "
            + "\(name.ttl)"
    }
}
