public import EdgeCore
public import EdgeShell

/// A `ZoneParser` of the core's master-file reader alone, for worlds whose records are plain: addresses,
/// names and quoted text.
public struct PlainZoneParser: ZoneParser {
    public init() {}

    /// Reads the include; refuses what does not parse, and addresses at rotated names.
    public func checkInclude(
        _ text: [UInt8], zone: ZoneName, dns: DNSSettings, file: String
    ) -> Result<CheckedInclude, IncludeRefusal> {
        let (entries, problems) = MasterFile.read(
            text, from: .include(of: zone, dns: dns), file: file)
        guard problems.isEmpty else { return .failure(IncludeRefusal(problems)) }
        let rotated = Set(["\(zone)."] + dns.rotatedLabels.map { "\($0).\(zone)." })
        for entry in entries where rotated.contains(entry.owner) {
            guard ["A", "AAAA", "CNAME", "SOA"].contains(entry.type) else { continue }
            return .failure(
                IncludeRefusal([
                    ZoneProblem(file: file, line: entry.line, message: "\(entry.type) rotates")
                ]))
        }
        return .success(CheckedInclude(text: text, records: entries.map(Self.record).sorted()))
    }

    /// The same: there are no rules on names here.
    public func checkAccepted(
        _ text: [UInt8], zone: ZoneName, dns: DNSSettings, file: String
    ) -> Result<CheckedInclude, IncludeRefusal> {
        checkInclude(text, zone: zone, dns: dns, file: file)
    }

    /// Reads a whole zone.
    public func parse(
        _ text: [UInt8], zone: ZoneName, file: String
    ) -> Result<ParsedZone, IncludeRefusal> {
        let (entries, problems) = MasterFile.read(text, from: .zone(zone), file: file)
        guard problems.isEmpty else { return .failure(IncludeRefusal(problems)) }
        let fields = entries.first { $0.type == "SOA" }?.data.split(separator: " ") ?? []
        guard fields.count == 7, let serial = UInt32(fields[2]) else {
            return .failure(
                IncludeRefusal([ZoneProblem(file: file, line: 0, message: "it has no SOA")]))
        }
        return .success(
            ParsedZone(serial: SOASerial(serial), records: entries.map(Self.record).sorted()))
    }

    private static func record(_ entry: MasterFileEntry) -> DNSRecord {
        let isNamed = ["NS", "CNAME", "MX", "SOA", "PTR"].contains(entry.type)
        return DNSRecord(
            owner: entry.owner, ttl: entry.ttl, type: entry.type,
            data: isNamed ? entry.data.lowercased() : entry.data)
    }
}
