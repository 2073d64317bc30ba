/// What an include may say under the generated records, beyond being readable (SPEC: zones).
///
/// The rules are those by which BIND refuses to load a zone, and those that keep the rotated names
/// ours: a delegation, alias or address of the include's would hide or mix with the live edges.
public struct IncludeRules {
    let zone: ZoneName
    let dns: DNSSettings
    private let isAccepted: Bool
    private let apex: String
    private let rotated: Set<String>

    /// The rules for the include of `zone`.
    ///
    /// - Parameter isAccepted: the include was published before: what only BIND refuses is let pass.
    public init(zone: ZoneName, dns: DNSSettings, isAccepted: Bool = false) {
        self.zone = zone
        self.isAccepted = isAccepted
        self.dns = dns
        let apex = zone.text + "."
        self.apex = apex
        rotated = Set([apex] + dns.rotatedLabels.map { "\($0.text).\(apex)" })
    }

    /// Every breach: the line, 0 for the whole file, and a sentence. `records` are canonical, each
    /// with its line, in the file's order.
    public func problems(
        in records: [(line: Int, record: DNSRecord)]
    ) -> [(line: Int, message: String)] {
        var problems: [(line: Int, message: String)] = []
        for (line, record) in records {
            if let message = problem(of: record) { problems.append((line, message)) }
        }
        let tree = NameTree(zone: apex, rotated: rotated, records: records.map(\.record))
        for (line, record) in records {
            if let message = problem(of: record, in: tree) { problems.append((line, message)) }
        }
        for server in Set(dns.nameServers.map(DomainText.canonical)).sorted() {
            if let reason = tree.reasonAgainstServer(server) {
                problems.append((0, "name server \(server) of the configuration \(reason)"))
            }
        }
        return problems
    }

    /// What is wrong with records that are added to an include's, by themselves or beside those; nil: nothing.
    func problem(ofAdding added: [DNSRecord], to include: [DNSRecord]) -> String? {
        for record in added {
            if let message = problem(of: record) { return message }
        }
        let tree = NameTree(zone: apex, rotated: rotated, records: include + added)
        // An include's record can be wrong beside an added one too.
        for record in added.isEmpty ? [] : added + include {
            if let message = problem(of: record, in: tree) { return message }
        }
        return nil
    }

    /// What is wrong with a record by itself.
    private func problem(of record: DNSRecord) -> String? {
        let (owner, type) = (record.owner, record.type)
        guard DomainText.isInside(owner, zone: apex) else {
            return "\(owner) is outside zone \(zone)"
        }
        if !isAccepted, let message = HostNameRules.problem(of: record) { return message }
        let isWildcard = owner.hasPrefix("*.")
        switch type {
        case "SOA":
            return "an include must not have an SOA record; it is generated"
        case "A", "AAAA", "CNAME":
            guard rotated.contains(owner) else { return nil }
            return "\(owner) is rotated; its \(type) records are generated, not included"
        case "DNAME":
            if isWildcard { return "a DNAME record stands at the wildcard \(owner)" }
            guard let name = rotatedName(at: owner) else { return nil }
            return "a DNAME record at \(owner) would hide the rotated name \(name)"
        case "NS":
            if isWildcard { return "an NS record stands at the wildcard \(owner)" }
            guard owner != apex, let name = rotatedName(at: owner) else { return nil }
            return "NS records at \(owner) would delegate the rotated name \(name) away"
        case "DS":
            return owner == apex ? "a DS record of \(owner) belongs into its parent zone" : nil
        case "CDS", "CDNSKEY":
            return isAccepted ? nil : deletionProblem(of: record)
        default:
            return nil
        }
    }

    /// What asks the parent to delete has one form (RFC 8078 §4). At the apex anything else must fit a DNSKEY
    /// of the zone, or BIND does not load it; who has the keys, the server that signs, writes these records.
    private func deletionProblem(of record: DNSRecord) -> String? {
        let type = record.type
        let deletion = type == "CDS" ? "0 0 0 00" : "0 3 0 AA=="
        if record.data == deletion { return nil }
        if record.owner == apex {
            return
                "a \(type) record of \(apex) other than \(deletion) is written by the server that "
                + "signs the zone; BIND would not load the zone"
        }
        let algorithm = record.data.split(separator: " ").dropFirst(type == "CDS" ? 1 : 2).first
        guard algorithm == "0" else { return nil }
        return "a \(type) record with algorithm 0 must be \(deletion) (RFC 8078 §4)"
    }

    private func rotatedName(at owner: String) -> String? {
        rotated.filter { DomainText.isInside($0, zone: owner) }.min()
    }

    /// What is wrong with a record beside the others.
    private func problem(of record: DNSRecord, in tree: NameTree) -> String? {
        let owner = record.owner
        switch record.type {
        case "CNAME":
            if tree.types(at: owner).count > 1 {
                return "\(owner) has a CNAME record and others; an alias must stand alone"
            }
            if tree.count(of: "CNAME", at: owner) > 1 { return "\(owner) has two CNAME records" }
        case "DNAME":
            if tree.count(of: "DNAME", at: owner) > 1 { return "\(owner) has two DNAME records" }
        case "NS":
            if let reason = tree.reasonAgainstServer(record.data) {
                return "name server \(record.data) of \(owner) \(reason)"
            }
        default:
            break
        }
        if let above = tree.ancestor(of: owner, having: "DNAME") {
            return "\(owner) lies below the DNAME record of \(above) and would never be seen"
        }
        return nil
    }
}

/// The zone's names with the types each has, generated addresses included.
private struct NameTree {
    private let zone: String
    private var sets: [String: [String: Set<String>]] = [:]
    /// Names that exist only since others lie below them (RFC 4592 §2.2.2).
    private var between: Set<String> = []

    init(zone: String, rotated: Set<String>, records: [DNSRecord]) {
        self.zone = zone
        for record in records where DomainText.isInside(record.owner, zone: zone) {
            add(record.type, at: record.owner, data: record.data)
        }
        for name in rotated { add("A", at: name, data: "generated") }
    }

    private mutating func add(_ type: String, at owner: String, data: String) {
        sets[owner, default: [:]][type, default: []].insert(data)
        var name = owner
        while name != zone, let parent = DomainText.parent(of: name) {
            guard between.insert(parent).inserted else { break }
            name = parent
        }
    }

    func types(at owner: String) -> Set<String> { Set(sets[owner, default: [:]].keys) }

    func count(of type: String, at owner: String) -> Int { sets[owner]?[type]?.count ?? 0 }

    /// The nearest name above `owner` that has records of `type`.
    func ancestor(of owner: String, having type: String) -> String? {
        var name = owner
        while name != zone, let parent = DomainText.parent(of: name) {
            if sets[parent]?[type] != nil { return parent }
            name = parent
        }
        return nil
    }

    /// Why a zone with this NS target does not load; nil when it does or the target is elsewhere.
    func reasonAgainstServer(_ target: String) -> String? {
        guard DomainText.isInside(target, zone: zone) else { return nil }
        if ancestor(of: target, having: "DNAME") != nil { return "lies below a DNAME record" }
        let types = types(at: target)
        if types.contains("CNAME") { return "is an alias; NS must name a host (RFC 2181 §10.3)" }
        if !types.isDisjoint(with: ["A", "AAAA"]) { return nil }
        if sets[target] == nil, !between.contains(target), let found = wildcard(for: target) {
            let types = self.types(at: found)
            if types.contains("CNAME") { return "is an alias by the wildcard \(found)" }
            if !types.isDisjoint(with: ["A", "AAAA"]) { return nil }
        }
        return "is inside the zone and has no address; add an A or AAAA record for it"
    }

    /// The wildcard that answers for a name that does not exist (RFC 4592 §3.3.1).
    private func wildcard(for name: String) -> String? {
        var name = name
        while name != zone, let parent = DomainText.parent(of: name) {
            if sets[parent] != nil || between.contains(parent) {
                let wildcard = "*." + parent
                return sets[wildcard] == nil ? nil : wildcard
            }
            name = parent
        }
        return nil
    }
}
