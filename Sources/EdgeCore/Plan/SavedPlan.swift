/// A plan as `edgemanage plan --out` saves it and `edgemanage apply` publishes it: what would be live,
/// which zones would be written with what, and what it was made from.
public struct SavedPlan: Hashable, Sendable, Codable {
    /// The version of this shape.
    public var schema: Int
    public var network: String
    /// When it was made, in seconds since the epoch.
    public var made: Int64
    /// The generation that it was made from.
    public var basis: Int
    public var live: [Edge]
    /// Canaries in use, zone to address.
    public var canaries: [String: String]
    /// The modes that it was made from, those that are not `available`.
    public var modes: [String: String]
    /// The zones that would be written.
    public var zones: [String: Zone]

    /// The shape that this program writes and reads.
    public static let schema = 1
    /// An older plan is refused: what it saw of the edges is no longer true.
    public static let maximumAge: Duration = .seconds(15 * 60)

    /// One live edge.
    public struct Edge: Hashable, Sendable, Codable {
        public var edge: String
        public var ipv4: String?
        public var ipv6: String?
    }

    /// One zone that would be written.
    public struct Zone: Hashable, Sendable, Codable {
        /// `ZoneContent.key`.
        public var content: String
        /// `IncludeDigest` of the include's text.
        public var include: String
        public var causes: [String]

        public init(content: String, include: String, causes: [String]) {
            self.content = content
            self.include = include
            self.causes = causes
        }
    }

    public init(
        network: NetworkName, made: UnixTime, basis: Int, live: [LiveEdge],
        canaries: [ZoneName: IPAddress], modes: [EdgeName: ModeRecord],
        zones: [ZoneName: Zone]
    ) {
        schema = Self.schema
        self.network = network.text
        self.made = made.seconds
        self.basis = basis
        self.live = live.map {
            Edge(
                edge: $0.name.text, ipv4: $0.addresses.ipv4?.description,
                ipv6: $0.addresses.ipv6?.description)
        }
        self.canaries = Dictionary(
            uniqueKeysWithValues: canaries.map { ($0.key.text, $0.value.description) })
        self.modes = Self.modes(modes)
        self.zones = Dictionary(uniqueKeysWithValues: zones.map { ($0.key.text, $0.value) })
    }

    private static func modes(_ modes: [EdgeName: ModeRecord]) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: modes.filter { $0.value.mode != .available }
                .map { ($0.key.text, $0.value.mode.rawValue) })
    }

    /// What to publish; nil when a name or an address in it is none.
    public func directive(file: String) -> RoundDirective? {
        let edges = live.compactMap { edge -> LiveEdge? in
            guard let name = EdgeName(edge.edge) else { return nil }
            let ipv4 = edge.ipv4.flatMap { IPAddress($0) }
            let ipv6 = edge.ipv6.flatMap { IPAddress($0) }
            guard ipv4?.family ?? .ipv4 == .ipv4, ipv6?.family ?? .ipv6 == .ipv6,
                ipv4 != nil || edge.ipv4 == nil, ipv6 != nil || edge.ipv6 == nil
            else { return nil }
            return LiveEdge(name: name, addresses: EdgeAddresses(ipv4: ipv4, ipv6: ipv6))
        }
        var canaries: [ZoneName: IPAddress] = [:]
        for (zone, address) in self.canaries {
            guard let zone = ZoneName(zone), let address = IPAddress(address) else { return nil }
            canaries[zone] = address
        }
        guard edges.count == live.count else { return nil }
        return RoundDirective(
            cause: .applied(file: file), live: edges, canaries: canaries, plan: self)
    }

    /// Why the plan can't be published any more; nil: what it was made from is unchanged.
    public func staleness(state: NetworkState, now: Moment) -> String? {
        if basis != state.generation {
            return
                "it was made from generation \(basis), and generation \(state.generation) is published by now"
        }
        let age = now.wall.since(UnixTime(seconds: made))
        if age > Self.maximumAge || age < .seconds(-60) {
            return
                "it was made \(Int(age.inSeconds).counted("second")) ago, and what it saw of the edges counts for "
                + "\(Int(Self.maximumAge.inSeconds))"
        }
        if modes != Self.modes(state.modes) { return "an edge's mode was changed since" }
        return nil
    }

    /// Why what would be published now is not what was saved; nil: it is the same.
    public func difference(from other: SavedPlan) -> String? {
        let present = other.zones
        for (zone, saved) in self.zones.sorted(by: { $0.key < $1.key }) {
            guard let now = present[zone] else {
                return "zone \(zone) would no longer be written"
            }
            if now.include != saved.include {
                return "the include of zone \(zone) was changed since"
            }
            if now.content != saved.content {
                return "zone \(zone) would get other addresses or parameters than the plan shows"
            }
        }
        guard let more = present.keys.filter({ self.zones[$0] == nil }).min() else { return nil }
        return "zone \(more) would be written too"
    }
}

/// Tells texts apart: includes in saved plans, and zone templates.
public enum IncludeDigest {
    /// SHA-256 in hexadecimal.
    public static func text(of bytes: [UInt8]) -> String { SHA256.text(of: bytes) }
}
