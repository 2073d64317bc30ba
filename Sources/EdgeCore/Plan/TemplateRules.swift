/// What an operator's own zone template may do: add records, and nothing else.
public enum TemplateRules {
    /// The records that the template adds to the planned ones.
    ///
    /// - Throws: `Fault` with one sentence when a planned record is missing, or an added one is not the
    ///   template's to add: an SOA, name servers of the zone, addresses or an alias at a rotated name, or a
    ///   name that BIND refuses.
    public static func additions(
        found: [DNSRecord], expected: [DNSRecord], content: ZoneContent
    ) throws(Fault) -> [DNSRecord] {
        let present = Set(found)
        if let missing = expected.first(where: { !present.contains($0) }) {
            throw Fault(
                message:
                    "its zone lacks \(missing.owner) \(missing.ttl) \(missing.type) \(missing.data)"
            )
        }
        let planned = Set(expected)
        let apex = "\(content.zone)."
        let rotated = Set(
            [apex] + ZoneContent.labels(of: content.dns).map { "\($0.text).\(apex)" })
        let added = found.filter { !planned.contains($0) }
        for record in added {
            if let problem = HostNameRules.problem(of: record) { throw Fault(message: problem) }
            let isRotated = rotated.contains(record.owner)
            switch record.type {
            case "SOA": throw Fault(message: "it adds a second SOA")
            case "NS" where record.owner == apex:
                throw Fault(
                    message: "it adds the name server \(record.data): name it in dns.name_servers")
            case "A" where isRotated, "AAAA" where isRotated, "CNAME" where isRotated:
                throw Fault(
                    message:
                        "it adds \(record.owner) \(record.type) \(record.data), a rotated name's")
            default: continue
            }
        }
        return added
    }

    /// Why a template's zone is not taken.
    public struct Fault: Error, Hashable, Sendable {
        /// One sentence about the template.
        public var message: String

        public init(message: String) {
            self.message = message
        }
    }
}
