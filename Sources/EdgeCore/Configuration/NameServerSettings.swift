/// How zones get to the name servers.
public enum PublishMethod: String, Hashable, Sendable, CaseIterable {
    /// Zone files, which the name servers are told to read.
    case files
    /// Dynamic updates of the rotated names (RFC 2136); the rest of each zone is the operator's.
    case updates
}

/// The program a name server runs: decides how it is told of changed zones.
public enum NameServerKind: String, Hashable, Sendable, CaseIterable {
    case bind
    case knot
    case nsd
    case powerdns
    /// Any other: only asked what it serves.
    case other

    /// The command that controls a server of this kind; nil: none is known.
    public var usualControl: [String]? {
        switch self {
        case .bind: ["rndc"]
        case .knot: ["knotc"]
        case .nsd: ["nsd-control"]
        case .powerdns: ["pdns_control"]
        case .other: nil
        }
    }

    /// The server's name as its authors write it.
    public var title: String {
        switch self {
        case .bind: "BIND"
        case .knot: "Knot DNS"
        case .nsd: "NSD"
        case .powerdns: "PowerDNS"
        case .other: "the name server"
        }
    }
}

/// The name that an operator gave a name server: as a network's (`NetworkName`), safe in logs,
/// tables and metrics.
public struct ServerName: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let text: String

    /// Checks and takes a name of 1 to 64 letters, digits, `.`, `-`, `_`; nil when it is none.
    public init?(_ text: some StringProtocol) {
        guard let name = NetworkName(text) else { return nil }
        self.text = name.text
    }

    public var description: String { text }

    public static func < (left: ServerName, right: ServerName) -> Bool { left.text < right.text }
}

/// One name server of a network: told of changed zones, updated, or only asked what it serves.
public struct NameServerSettings: Hashable, Sendable {
    public var name: ServerName
    public var kind: NameServerKind
    /// Where it is asked, over UDP and TCP.
    public var address: IPAddress
    public var port: UInt16
    /// The control command and its first arguments; nil: it is not told to reload (a secondary).
    public var control: [String]?
    /// How new zones are made known to it; nil: the operator's configuration does that.
    public var newZones: NewZoneSettings?
    /// How it is updated (`PublishMethod.updates`); nil: it is a secondary of one that is.
    public var update: UpdateSettings?
    /// Whether it answers with serials of its own making, as a signing or updated server does: its
    /// SOA is then not compared with ours (I13).
    public var choosesSerials: Bool
    /// How many zones it notifies, or as a secondary asks about, in a second, where that is not the kind's
    /// usual limit; only reckoned with.
    public var rate: Int?

    public init(
        name: ServerName, kind: NameServerKind, address: IPAddress, port: UInt16 = 53,
        control: [String]? = nil, newZones: NewZoneSettings? = nil, update: UpdateSettings? = nil,
        choosesSerials: Bool = false, rate: Int? = nil
    ) {
        self.rate = rate
        self.name = name
        self.kind = kind
        self.address = address
        self.port = port
        self.control = control
        self.newZones = newZones
        self.update = update
        self.choosesSerials = choosesSerials
    }
}

/// How a name server learns of zones that its configuration does not name.
public struct NewZoneSettings: Hashable, Sendable {
    /// NSD: the pattern that new zones are added under (`nsd-control addzone ZONE PATTERN`). BIND:
    /// the zone's options (`rndc addzone`), `{file}` and `{zone}` filled in. Knot DNS and PowerDNS
    /// need none.
    public var pattern: String

    public init(pattern: String) {
        self.pattern = pattern
    }
}

/// How a name server is updated dynamically (RFC 2136, RFC 8945).
public struct UpdateSettings: Hashable, Sendable {
    /// A TSIG key file as tsig-keygen writes it; read when it is needed, refused when others can
    /// read it (I36).
    public var keyFile: String
    /// Whether nobody else updates or signs the zones: the SOA is then a prerequisite too.
    public var isExclusive: Bool

    public init(keyFile: String, isExclusive: Bool = false) {
        self.keyFile = keyFile
        self.isExclusive = isExclusive
    }
}

/// A catalog of all published zones (RFC 9432), by which secondaries learn of new ones.
public struct CatalogSettings: Hashable, Sendable {
    /// The catalog zone's own name; its file stands beside the others.
    public var zone: ZoneName

    public init(zone: ZoneName) {
        self.zone = zone
    }
}
