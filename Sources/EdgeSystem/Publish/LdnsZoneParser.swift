public import EdgeCore
public import EdgeShell

/// Understands zone text: its structure is read by our own strict reader, each record's RDATA is
/// then checked by ldns as well (decisions/zone-parsing.md).
public struct LdnsZoneParser: ZoneParser {
    private let records = LdnsRecords()

    public init() {}

    /// Checks an include; all problems are listed with their lines, 20 at most.
    public func checkInclude(
        _ text: [UInt8], zone: ZoneName, dns: DNSSettings, file: String
    ) -> Result<CheckedInclude, IncludeRefusal> {
        check(text, by: IncludeRules(zone: zone, dns: dns), zone: zone, dns: dns, file: file)
    }

    /// Checks one that was accepted before.
    public func checkAccepted(
        _ text: [UInt8], zone: ZoneName, dns: DNSSettings, file: String
    ) -> Result<CheckedInclude, IncludeRefusal> {
        let rules = IncludeRules(zone: zone, dns: dns, isAccepted: true)
        return check(text, by: rules, zone: zone, dns: dns, file: file)
    }

    private func check(
        _ text: [UInt8], by rules: IncludeRules, zone: ZoneName, dns: DNSSettings, file: String
    ) -> Result<CheckedInclude, IncludeRefusal> {
        switch read(text, from: .include(of: zone, dns: dns), file: file) {
        case .failure(let refusal):
            return .failure(refusal)
        case .success(let lines):
            let problems = rules.problems(in: lines)
                .sorted { $0.line < $1.line }
                .prefix(MasterFile.maximumProblems)
                .map { ZoneProblem(file: file, line: $0.line, message: $0.message) }
            if !problems.isEmpty { return .failure(IncludeRefusal(problems)) }
            return .success(
                CheckedInclude(text: text, records: DNSRecord.sortedUnique(lines.map(\.record))))
        }
    }

    /// Reads a whole zone: exactly one SOA, at the apex, and nothing outside the zone.
    public func parse(
        _ text: [UInt8], zone: ZoneName, file: String
    ) -> Result<ParsedZone, IncludeRefusal> {
        switch read(text, from: .zone(zone), file: file) {
        case .failure(let refusal):
            return .failure(refusal)
        case .success(let lines):
            return ZoneStructure.parsed(lines, zone: zone, file: file)
        }
    }

    private func read(
        _ text: [UInt8], from start: MasterFile.Start, file: String
    ) -> Result<[(line: Int, record: DNSRecord)], IncludeRefusal> {
        let (entries, faults) = MasterFile.read(text, from: start, file: file)
        var problems = faults
        var lines: [(line: Int, record: DNSRecord)] = []
        lines.reserveCapacity(entries.count)
        for entry in entries where problems.count < MasterFile.maximumProblems {
            do throws(RecordData.Fault) {
                let data = try records.canonicalData(of: entry)
                let record = DNSRecord(
                    owner: entry.owner, ttl: entry.ttl, type: entry.type, data: data)
                lines.append((entry.line, record))
            } catch {
                problems.append(ZoneProblem(file: file, line: entry.line, message: error.message))
            }
        }
        return problems.isEmpty ? .success(lines) : .failure(IncludeRefusal(problems))
    }
}
