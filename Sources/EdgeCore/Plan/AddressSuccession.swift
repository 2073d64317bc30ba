/// How addresses of one family that a template wrote follow the live set, where the template itself can't be
/// asked (decisions/zone-templates.md).
struct AddressSuccession {
    /// What was published when they were written.
    let old: Set<String>
    /// What is published now, in its order.
    let new: [String]

    /// - Parameters:
    ///   - records: of the file that the addresses were read from.
    ///   - apex: the zone's name with its final dot, where the live set stands.
    ///   - present: the addresses to publish.
    init(
        of family: AddressFamily, from records: [DNSRecord], apex: String, to present: [IPAddress]
    ) {
        let type = family.recordType
        old = Set(records.filter { $0.owner == apex && $0.type == type }.map(\.data))
        new = present.filter { $0.family == family }.map(\.description)
    }

    /// The addresses in place of these: all that were published become the present ones, a part of them loses
    /// who left, and becomes the present ones when nobody else is there. Without a change, the same.
    func following(_ addresses: [String]) -> [String] {
        var next = addresses.filter { !old.contains($0) || new.contains($0) }
        if !old.isEmpty, old.isSubset(of: addresses) || next.isEmpty {
            next += new.filter { !next.contains($0) }
        }
        guard Set(next) != Set(addresses) else { return addresses }
        // The template, mended, would write the present ones in their order.
        return Set(next).isSubset(of: new) ? new.filter(next.contains) : next
    }
}
