/// Everything that decides a zone's generated records, the serial excepted.
public struct ZoneContent: Hashable, Sendable {
    /// The zone.
    public let zone: ZoneName
    /// The addresses that the apex and every rotated label hand out: sorted, each once.
    public let addresses: [IPAddress]
    /// NS, SOA, TTL and rotated labels.
    public let dns: DNSSettings

    /// Takes the addresses in any order; an address that comes twice counts once.
    public init(zone: ZoneName, addresses: some Sequence<IPAddress>, dns: DNSSettings) {
        self.zone = zone
        self.addresses = Self.sortedUnique(addresses)
        self.dns = dns
    }

    /// The key of this content; compare `key(addresses:dns:)`.
    public var key: String { Self.key(addresses: addresses, dns: dns) }

    /// What two contents are compared by: equal keys mean equal generated records and an include
    /// that reads the same under them, whatever the order in which addresses, name servers and
    /// labels are listed (I4).
    ///
    /// The zone's name is no part of it, so that one key serves all zones with the same addresses.
    public static func key(addresses: some Sequence<IPAddress>, dns: DNSSettings) -> String {
        let labels = Self.labels(of: dns)
        var parts = [
            "z1", dns.isExplicit ? "explicit" : "original", "ttl=\(dns.ttl)",
            "soa=\(dns.primary.lowercased()),\(dns.mailbox.lowercased())",
            "\(dns.soa.ttl),\(dns.soa.refresh),\(dns.soa.retry)",
            "\(dns.soa.expire),\(dns.soa.minimum)",
            "ns=" + Set(dns.nameServers.map { $0.lowercased() }).sorted().joined(separator: ","),
            "at=" + labels.map(\.text).sorted().joined(separator: ","),
        ]
        // An ownerless first line of an include belongs to the last label (RFC 1035 §5.1).
        if !dns.isExplicit { parts.append("last=\(labels.last?.text ?? "@")") }
        let owners = Set(labels.map(\.text) + ["@"])
        let ttls = dns.nameTTLs.filter { owners.contains($0.key) && $0.value != dns.ttl }
        if !ttls.isEmpty {
            let texts = ttls.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
            parts.append("ttls=" + texts.joined(separator: ","))
        }
        parts.append(
            "to=" + sortedUnique(addresses).map(\.description).joined(separator: ","))
        return parts.joined(separator: " ")
    }

    /// The rotated labels in the order they are written, each once: the last mention counts, since
    /// that is where an ownerless first line of the include would belong.
    public static func labels(of dns: DNSSettings) -> [RotatedLabel] {
        var seen: Set<RotatedLabel> = []
        return dns.rotatedLabels.reversed().filter { seen.insert($0).inserted }.reversed()
    }

    private static func sortedUnique(_ addresses: some Sequence<IPAddress>) -> [IPAddress] {
        var result: [IPAddress] = []
        for address in addresses.sorted() where result.last != address { result.append(address) }
        return result
    }
}
