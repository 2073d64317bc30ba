/// Finds the last live set in the published zones when no state remembers it (I23).
public enum LiveSetRecovery {
    /// How many zones are read for it.
    public static let sampleSize = 50

    /// The edges whose address stands at the apex of more than half of the zones: canaries stand in one.
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
        return inventory.edges.compactMap { name in
            guard let known = inventory.addresses[name] else { return nil }
            var addresses = EdgeAddresses()
            for address in known.all where (counts[address] ?? 0) * 2 > zones.count {
                addresses[address.family] = address
            }
            return addresses.all.isEmpty ? nil : LiveEdge(name: name, addresses: addresses)
        }
    }
}
