/// What an operator's own zone template may do: add records, and nothing else.
public enum TemplateRules {
    /// The records that the template adds to the planned ones.
    ///
    /// - Parameter include: those of `expected` that the zone's include gave.
    /// - Throws: `Fault` with one sentence when a planned record is missing, or an added one is not the
    ///   template's to add: an SOA, name servers of the zone, or what an include must not have either, by
    ///   itself or beside the include's records.
    public static func additions(
        found: [DNSRecord], expected: [DNSRecord], include: [DNSRecord], content: ZoneContent
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
        let added = found.filter { !planned.contains($0) }
        for record in added {
            switch record.type {
            case "SOA": throw Fault(message: "it adds a second SOA")
            case "NS" where record.owner == apex:
                throw Fault(
                    message: "it adds the name server \(record.data): name it in dns.name_servers")
            default: continue
            }
        }
        if let problem = IncludeRules(zone: content.zone, dns: content.dns)
            .problem(ofAdding: added, to: include)
        {
            throw Fault(message: problem)
        }
        return added
    }

    /// Refuses records that the serial was written into: nobody knows the next one when they are compared.
    ///
    /// - Parameters:
    ///   - added: the records that a template adds.
    ///   - serial: the one that the zone was rendered with, told easily from other numbers.
    public static func refuseSerial(
        _ serial: SOASerial, in added: [DNSRecord]
    ) throws(Fault) {
        let text = "\(serial)"
        for record in added where "\(record.owner) \(record.ttl) \(record.data)".contains(text) {
            throw Fault(
                message:
                    "it writes the serial at \(record.owner) \(record.type) too: write {{ serial }} "
                    + "in the SOA alone")
        }
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
