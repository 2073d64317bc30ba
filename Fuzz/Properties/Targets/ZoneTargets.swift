import EdgeCore
import EdgeShell
import EdgeSystemPublish

extension FuzzTarget {
    /// Zone text: includes and whole zones.
    static let zones = [
        FuzzTarget("include") { bytes in
            first(
                ZoneProperties.violation(ofInclude: bytes, dns: ZoneProperties.original),
                ZoneProperties.violation(ofInclude: bytes, dns: ZoneProperties.explicit))
        },
        FuzzTarget("zone") { ZoneProperties.violation(ofZone: $0) },
    ]
}

/// What must hold of zone text.
enum ZoneProperties {
    static let zone = ZoneName("site.test")!

    /// As DifferentialTests judges them.
    static let original = DNSSettings(
        primary: "ns1.dns.example.", mailbox: "hostmaster.dns.example.",
        nameServers: ["ns1.dns.example.", "ns2.dns.example."],
        rotatedLabels: [RotatedLabel("www")!])

    static let explicit: DNSSettings = {
        var settings = original
        settings.isExplicit = true
        return settings
    }()

    static func content(_ dns: DNSSettings) -> ZoneContent {
        ZoneContent(
            zone: zone, addresses: ["192.0.2.1", "192.0.2.2"].compactMap { IPAddress($0) },
            dns: dns)
    }

    /// What is accepted reads the same under the generated records (I8), leaves the rotated names alone,
    /// and stays the same when its records are written out and read again; what is refused says where.
    static func violation(ofInclude bytes: [UInt8], dns: DNSSettings) -> String? {
        let parser = LdnsZoneParser()
        switch parser.checkInclude(bytes, zone: zone, dns: dns, file: "f") {
        case .failure(let refusal):
            return violation(of: refusal, in: bytes)
        case .success(let include):
            if let bad = include.records.first(where: isGenerated) {
                return "the include may say \(bad)"
            }
            let serial = SOASerial(7)
            let text = ZoneRenderer.render(content(dns), serial: serial, include: bytes)
            let expected = ZoneRenderer.expectedRecords(
                content(dns), serial: serial, includeRecords: include.records)
            switch parser.parse(text, zone: zone, file: "f") {
            case .failure(let refusal):
                return "its zone can't be read back: \(refusal.problems)"
            case .success(let parsed):
                if parsed.records != expected { return "its zone reads otherwise" }
            }
            return spelledOut(expected)
        }
    }

    /// One SOA, nothing outside, and the same when written out and read again.
    static func violation(ofZone bytes: [UInt8]) -> String? {
        switch LdnsZoneParser().parse(bytes, zone: zone, file: "f") {
        case .failure(let refusal):
            return violation(of: refusal, in: bytes)
        case .success(let parsed):
            let apex = "\(zone)."
            guard parsed.records.count(where: { $0.type == "SOA" }) == 1 else {
                return "there is not one SOA record"
            }
            if let bad = parsed.records.first(where: {
                $0.owner != apex && !$0.owner.hasSuffix(".\(apex)")
            }) {
                return "\(bad) is outside"
            }
            return spelledOut(parsed.records)
        }
    }

    /// Records in canonical form are zone text that says the same.
    private static func spelledOut(_ records: [DNSRecord]) -> String? {
        let text = records.map { "\($0.owner) \($0.ttl) IN \($0.type) \($0.data)\n" }.joined()
        switch LdnsZoneParser().parse(Array(text.utf8), zone: zone, file: "f") {
        case .failure(let refusal):
            return "canonical records can't be read: \(refusal.problems)"
        case .success(let parsed):
            guard parsed.records != records else { return nil }
            let changed = Set(parsed.records).symmetricDifference(records)
            return "canonical records read otherwise: \(changed)"
        }
    }

    private static func isGenerated(_ record: DNSRecord) -> Bool {
        switch record.type {
        case "SOA": true
        case "A", "AAAA", "CNAME": ["site.test.", "www.site.test."].contains(record.owner)
        default: record.owner != "site.test." && !record.owner.hasSuffix(".site.test.")
        }
    }

    private static func violation(of refusal: IncludeRefusal, in bytes: [UInt8]) -> String? {
        let lines = bytes.count { $0 == 0x0A } + 1
        if refusal.problems.isEmpty { return "it is refused without a word" }
        for problem in refusal.problems {
            guard (0...lines).contains(problem.line) else { return "no such line: \(problem)" }
            if let found = FuzzTarget.controlCharacter(in: "\(problem)", of: "a refusal") {
                return found
            }
        }
        return nil
    }
}
