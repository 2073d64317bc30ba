internal import Cldns
internal import EdgeCore
internal import Glibc
internal import Synchronization

/// Asks ldns whether a record is one, and how its RDATA is spelled.
///
/// RDATA that was found good is remembered, since a network's zones share most of theirs: 4,096
/// entries at most, then all are forgotten.
final class LdnsRecords: Sendable {
    private struct Key: Hashable {
        var type: String
        var data: String
    }

    private static let capacity = 4096
    private let known = Mutex<[Key: String]>([:])

    /// The RDATA's canonical spelling; throws a sentence when ldns does not take the record.
    func canonicalData(of entry: MasterFileEntry) throws(RecordData.Fault) -> String {
        let data = try RecordData(of: entry)
        let key = Key(type: entry.type, data: data.text)
        if let found = known.withLock({ $0[key] }) { return found }
        let printed = try Self.parse(type: entry.type, data: data.text)
        // ldns writes some spellings its own way (::192.0.2.1); ours is the one that plans have.
        let result = data.isCanonical ? data.text : printed
        known.withLock { table in
            if table.count >= Self.capacity { table.removeAll(keepingCapacity: true) }
            table[key] = result
        }
        return result
    }

    /// Has ldns read the record and write its RDATA; the record lives no longer than this call.
    private static func parse(type: String, data: String) throws(RecordData.Fault) -> String {
        var record: OpaqueRecord?
        let status = ldns_rr_new_frm_str(&record, ". 0 IN \(type) \(data)", 0, nil, nil)
        guard status == LDNS_STATUS_OK, let record else {
            let reason = ldns_get_errorstr_by_id(status).map { String(cString: $0) }
            throw RecordData.Fault(
                message: "\(type) \(data.prefix(80)): \(reason ?? "not readable")")
        }
        defer { ldns_rr_free(record) }
        var fields: [String] = []
        for index in 0..<ldns_rr_rd_count(record) {
            guard let text = ldns_rdf2str(ldns_rr_rdf(record, index)) else { continue }
            defer { free(text) }
            fields.append(String(cString: text))
        }
        return fields.joined(separator: " ")
    }

    private typealias OpaqueRecord = UnsafeMutablePointer<ldns_rr>
}
