/// Whether another zone template may go out as it is (I9): what templates add is not rotated either.
public enum TemplateGuard {
    /// The records that the template gave a published zone: what was neither generated nor the include's.
    ///
    /// - Parameters:
    ///   - contentKey: of what was published.
    ///   - include: the records of the include that it was published with.
    public static func additions(
        of existing: ExistingZone, zone: ZoneName, contentKey: String, include: [DNSRecord]
    ) -> [DNSRecord] {
        let apex = "\(zone)."
        let labels = PublishedContent(key: contentKey)?.labels ?? []
        let rotated = Set([apex] + labels.map { "\($0).\(apex)" })
        let included = Set(include)
        return existing.records.filter { record in
            switch record.type {
            case "SOA", "NS": record.owner != apex && !included.contains(record)
            case "A", "AAAA": !rotated.contains(record.owner) && !included.contains(record)
            default: !included.contains(record)
            }
        }
    }

    /// What a template added, for the present addresses: what clients connect to may have been made of the live
    /// set, and must not keep who left it. That is the address records, and the hints of HTTPS and SVCB
    /// records (RFC 9460 §7.3).
    ///
    /// A name or hint with every address of the file's own gets the present ones; one with some of them loses
    /// who left, and gets the present ones when nobody else stands there. A hint that nothing is left for
    /// goes, its record stays. What other records say in their data stays as it is (`remnants`).
    ///
    /// - Parameters:
    ///   - existing: the file that the additions were read from.
    ///   - present: the addresses to publish.
    public static func following(
        _ additions: [DNSRecord], from existing: ExistingZone, zone: ZoneName,
        to present: [IPAddress]
    ) -> [DNSRecord] {
        var result: [DNSRecord] = []
        var rest = additions
        for family in AddressFamily.allCases {
            let succession = AddressSuccession(
                of: family, from: existing.records, apex: "\(zone).", to: present)
            let type = family.recordType
            let sets = Dictionary(grouping: rest.filter { $0.type == type }, by: \.owner)
            for (owner, records) in sets {
                let data = records.map(\.data)
                let next = succession.following(data)
                result +=
                    next == data
                    ? records
                    : next.map {
                        DNSRecord(owner: owner, ttl: records[0].ttl, type: type, data: $0)
                    }
            }
            rest = rest.filter { $0.type != type }.map { record in
                guard ServiceParameters.stand(in: record.type) else { return record }
                var record = record
                record.data = ServiceParameters.replacingHints(
                    of: family, in: record.data, succession.following)
                return record
            }
        }
        return DNSRecord.sortedUnique(result + rest)
    }

    /// What records that go on without their template still say of edges that are not handed out any more.
    ///
    /// - Parameters:
    ///   - known: the network's edges and canaries, by address.
    ///   - present: the zone's addresses.
    public static func remnants(
        in additions: [DNSRecord], known: [IPAddress: EdgeName], present: [IPAddress]
    ) -> [Remnant] {
        let present = Set(present)
        return additions.filter { $0.type != "A" && $0.type != "AAAA" }.flatMap { record in
            AddressMentions.candidates(in: record.data).compactMap { address in
                guard let edge = known[address], !present.contains(address) else { return nil }
                return Remnant(record: record, address: address, edge: edge)
            }
        }
    }

    /// An address in a record's data that the live set has no more.
    public struct Remnant: Hashable, Sendable {
        public var record: DNSRecord
        public var address: IPAddress
        public var edge: EdgeName
    }

    /// Whether a file is the published one by what it says, whoever touched it since: its serial and its
    /// rotated addresses.
    public static func isPublished(
        _ existing: ExistingZone, zone: ZoneName, as published: PublishedZone
    ) -> Bool {
        guard existing.serial == published.serial,
            let content = PublishedContent(key: published.contentKey)
        else { return false }
        let names = content.expectation(of: zone, serial: published.serial).names
        let owners = Set(names.map(\.owner))
        let planned = names.flatMap { name in
            content.addresses.map {
                DNSRecord(
                    owner: name.owner, ttl: name.ttl, type: $0.family.recordType,
                    data: $0.description)
            }
        }
        let found = existing.records.filter {
            ($0.type == "A" || $0.type == "AAAA") && owners.contains($0.owner)
        }
        return Set(planned) == Set(found)
    }

    /// What a zone would lose by another template; nil: not so much that anybody must be asked.
    ///
    /// What an edited include loses is `IncludeGuard`'s to judge, and does not count here.
    ///
    /// - Parameters:
    ///   - additions: what the template of the published zone added.
    ///   - include: the records of the include that it was published with.
    ///   - planned: those of the present include, and what the present template adds.
    public static func loss(
        zone: ZoneName, additions: [DNSRecord], include: [DNSRecord], planned: [DNSRecord]
    ) -> ZoneLoss? {
        let removed = IncludeGuard.loss(from: include + additions, to: planned + include)
        return removed.map {
            ZoneLoss(zone: zone, removed: $0, of: include.count + additions.count)
        }
    }

    /// Why records that a template added can't go on beside an include and these parameters; nil: they
    /// can.
    public static func problem(
        of additions: [DNSRecord], beside include: [DNSRecord], content: ZoneContent
    ) -> String? {
        IncludeRules(zone: content.zone, dns: content.dns).problem(
            ofAdding: additions, to: include)
    }

    /// What one zone would lose.
    public struct ZoneLoss: Hashable, Sendable {
        public var zone: ZoneName
        /// Owner, type and data of each record.
        public var removed: [String]
        /// How many records it has that do not rotate.
        public var of: Int
    }
}

/// What another zone template would take away, in all zones where that is too much to go unasked.
public struct TemplateLoss: Hashable, Sendable {
    /// In ascending order.
    public var zones: [ZoneName]
    /// What the first of them would lose.
    public var first: TemplateGuard.ZoneLoss
    /// Tells the new template and every record that would go from others.
    public var digest: String

    /// - Parameters:
    ///   - losses: of one zone each; nil is returned for none.
    ///   - template: the key of the template that would be used; nil: none would.
    public init?(_ losses: [TemplateGuard.ZoneLoss], template: String?) {
        let sorted = losses.sorted { $0.zone < $1.zone }
        guard let first = sorted.first else { return nil }
        zones = sorted.map(\.zone)
        self.first = first
        var text = Array((template ?? "built-in").utf8)
        for loss in sorted {
            for record in loss.removed.sorted() { text += "\n\(loss.zone) \(record)".utf8 }
        }
        digest = SHA256.text(of: text)
    }

    /// Why it waits and how it goes on.
    var words: String {
        let more = zones.count - 1
        let shown = first.removed.prefix(3).joined(separator: "; ")
        return
            "the zone template changed, and zone \(first.zone) would lose \(first.removed.count) of "
            + "\(first.of.counted("record")) that do not rotate "
            + "(\(shown)\(first.removed.count > 3 ? "; …" : ""))"
            + (more > 0 ? ", \(more.counted("more zone")) some of theirs" : "")
            + ": they stay"
    }
}
