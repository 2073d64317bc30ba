/// Which addresses a zone hands out, its canary included (I12).
public struct ZoneAddresses: Hashable, Sendable {
    /// Ascending, each once.
    public var addresses: [IPAddress]
    /// The canary in use; nil: none.
    public var canary: IPAddress?
    /// The live edge whose place it has; nil when it was added instead.
    public var canaryReplaces: EdgeName?

    public init(
        addresses: [IPAddress], canary: IPAddress? = nil, canaryReplaces: EdgeName? = nil
    ) {
        self.addresses = addresses
        self.canary = canary
        self.canaryReplaces = canaryReplaces
    }

    /// The live edges' addresses, without a canary.
    public init(live: [LiveEdge]) {
        self.init(addresses: Array(Set(live.flatMap(\.addresses.all))).sorted())
    }

    /// The live edges' addresses with a canary in place of one of them.
    ///
    /// The place stays the one of `previous` while that edge is live; a first place is spread over the
    /// edges by the zone's name. A zone's only live edge is never replaced: the canary is then added.
    public init(live: [LiveEdge], canary: IPAddress, zone: ZoneName, previous: EdgeName?) {
        let family = canary.family
        let places = live.filter { $0.addresses[family] != nil }.sorted { $0.name < $1.name }
        guard places.count >= 2 else {
            let all = Set(live.flatMap(\.addresses.all)).union([canary])
            self.init(addresses: all.sorted(), canary: canary)
            return
        }
        let replaced =
            places.first { $0.name == previous }
            ?? places[Int(Self.spread(zone.text) % UInt64(places.count))]
        var all = Set<IPAddress>()
        for edge in live {
            var addresses = edge.addresses
            if edge.name == replaced.name { addresses[family] = nil }
            all.formUnion(addresses.all)
        }
        all.insert(canary)
        self.init(
            addresses: all.sorted(), canary: canary, canaryReplaces: replaced.name)
    }

    /// FNV-1a: the same in every process, unlike `Hasher`.
    static func spread(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
