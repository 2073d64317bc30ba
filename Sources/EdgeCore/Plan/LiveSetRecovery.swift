/// Finds the last live set in the published zones when no state remembers it (I23).
public enum LiveSetRecovery {
    /// How many zones are read for it.
    public static let sampleSize = 50

    /// The edges whose address stands at the apex of more than half of the zones. Canaries are no edges;
    /// an address that no edge resolves to just now is an edge named by its address.
    public static func recover(
        zones: [(zone: ZoneName, records: [DNSRecord])], inventory: Inventory
    ) -> [LiveEdge] {
        var counts: [IPAddress: Int] = [:]
        for (zone, records) in zones {
            let apex = "\(zone)."
            for record in records where record.owner == apex {
                guard record.type == "A" || record.type == "AAAA",
                    let address = IPAddress(record.data)
                else { continue }
                counts[address, default: 0] += 1
            }
        }
        let canaries = Set(inventory.canaries.values)
        let standing = counts.filter { $0.value * 2 > zones.count && !canaries.contains($0.key) }
            .keys.sorted()
        return renamed(
            standing.map { address in
                var addresses = EdgeAddresses()
                addresses[address.family] = address
                return LiveEdge(name: EdgeName(address), addresses: addresses)
            }, by: inventory)
    }

    /// Live edges that are known by an address alone get their edge's name, once its name resolves to it. One whose
    /// owner is live at another address keeps the name that it has: no published address is lost over names.
    public static func renamed(_ live: [LiveEdge], by inventory: Inventory) -> [LiveEdge] {
        let listed = Set(inventory.edges)
        guard live.contains(where: { !listed.contains($0.name) && $0.name.address != nil }) else {
            return live
        }
        var owners: [IPAddress: EdgeName] = [:]
        for edge in inventory.edges.sorted(by: >) {
            for address in inventory.addresses[edge]?.all ?? [] { owners[address] = edge }
        }
        var merged: [EdgeName: EdgeAddresses] = [:]
        for edge in live where listed.contains(edge.name) { merged[edge.name] = edge.addresses }
        for edge in live where !listed.contains(edge.name) {
            let owner = edge.name.address.flatMap { owners[$0] } ?? edge.name
            let known = merged[owner] ?? EdgeAddresses()
            let fits = edge.addresses.all.allSatisfy { (known[$0.family] ?? $0) == $0 }
            let name = fits ? owner : edge.name
            for address in edge.addresses.all {
                merged[name, default: EdgeAddresses()][address.family] = address
            }
        }
        return merged.map { LiveEdge(name: $0.key, addresses: $0.value) }
            .sorted { $0.name < $1.name }
    }
}
