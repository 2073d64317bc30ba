/// What a network is made of in this round: read anew each time, since operators edit while it
/// runs.
public struct Inventory: Hashable, Sendable {
    /// The edges in the order of the list, each once.
    public var edges: [EdgeName]
    /// The addresses that were resolved for each edge and family in this round; one a family.
    public var addresses: [EdgeName: EdgeAddresses]
    /// Edges without any address to probe, and why.
    public var unresolvable: [EdgeName: String]
    /// What the lookup of each name took: a part of its probe's deadline.
    public var lookupTimes: [EdgeName: Duration]
    /// Zone to canary address, bad entries left out.
    public var canaries: [ZoneName: IPAddress]
    /// Names, of those that are no addresses, whose lookup failed in this round.
    public var failedLookups: Int
    /// What was odd and left out: each a sentence naming file and line.
    public var warnings: [String]

    public init(
        edges: [EdgeName] = [], addresses: [EdgeName: EdgeAddresses] = [:],
        unresolvable: [EdgeName: String] = [:], lookupTimes: [EdgeName: Duration] = [:],
        canaries: [ZoneName: IPAddress] = [:], failedLookups: Int = 0, warnings: [String] = []
    ) {
        self.edges = edges
        self.addresses = addresses
        self.unresolvable = unresolvable
        self.lookupTimes = lookupTimes
        self.canaries = canaries
        self.failedLookups = failedLookups
        self.warnings = warnings
    }
}

/// The one address a family that an edge is probed and published at.
public struct EdgeAddresses: Hashable, Sendable {
    public var ipv4: IPAddress?
    public var ipv6: IPAddress?

    public init(ipv4: IPAddress? = nil, ipv6: IPAddress? = nil) {
        self.ipv4 = ipv4
        self.ipv6 = ipv6
    }

    /// The address of `family`, if there is one.
    public subscript(family: AddressFamily) -> IPAddress? {
        get { family == .ipv4 ? ipv4 : ipv6 }
        set { if family == .ipv4 { ipv4 = newValue } else { ipv6 = newValue } }
    }

    /// All addresses, IPv4 first.
    public var all: [IPAddress] { [ipv4, ipv6].compactMap { $0 } }

    /// The family that decides whether the edge is live: IPv4 where there is one.
    public var primary: AddressFamily { ipv4 != nil || ipv6 == nil ? .ipv4 : .ipv6 }
}
