internal import EdgeCore
internal import EdgeShell

/// Makes a zone of its records.
enum ZoneStructure {
    static func parsed(
        _ lines: [(line: Int, record: DNSRecord)], zone: ZoneName, file: String
    ) -> Result<ParsedZone, IncludeRefusal> {
        func refusal(_ line: Int, _ message: String) -> Result<ParsedZone, IncludeRefusal> {
            .failure(IncludeRefusal([ZoneProblem(file: file, line: line, message: message)]))
        }
        let apex = zone.text + "."
        let below = "." + apex
        var serial: SOASerial?
        for (line, record) in lines {
            guard record.owner == apex || record.owner.hasSuffix(below) else {
                return refusal(line, "\(record.owner) is outside zone \(zone)")
            }
            guard record.type == "SOA" else { continue }
            guard record.owner == apex else {
                return refusal(line, "the SOA record is at \(record.owner), not at \(apex)")
            }
            guard serial == nil else { return refusal(line, "the zone has two SOA records") }
            // MNAME RNAME SERIAL … (RFC 1035 §3.3.13)
            guard
                let number = record.data.split(separator: " ").dropFirst(2).first.flatMap({
                    UInt32($0)
                })
            else { return refusal(line, "the SOA record has no serial") }
            serial = SOASerial(number)
        }
        guard let serial else { return refusal(0, "the zone has no SOA record") }
        return .success(
            ParsedZone(serial: serial, records: DNSRecord.sortedUnique(lines.map(\.record))))
    }
}
