internal import Cldns
internal import EdgeCore

/// A list of ldns's records, freed with them.
final class LdnsRecordList {
    let pointer: UnsafeMutablePointer<ldns_rr_list>

    init() throws(UpdateFault) {
        guard let list = ldns_rr_list_new() else {
            throw .malformed(reason: "there is no memory for an update")
        }
        pointer = list
    }

    deinit {
        ldns_rr_list_deep_free(pointer)
    }

    /// Adds a record with data, class IN.
    func add(_ owner: String, _ type: String, _ data: String, ttl: UInt32) throws(UpdateFault) {
        var record: UnsafeMutablePointer<ldns_rr>?
        let text = "\(owner) \(ttl) IN \(type) \(data)"
        guard ldns_rr_new_frm_str(&record, text, 0, nil, nil) == LDNS_STATUS_OK, let record else {
            throw .malformed(reason: "\(owner) \(type) \(data) is no record")
        }
        ldns_rr_set_ttl(record, ttl)
        try push(record, owner)
    }

    /// Adds a record without data, of a class that says what is meant (RFC 2136 §2.4, §2.5).
    func addEmpty(
        _ owner: String, _ type: ldns_rr_type, class meaning: ldns_rr_class
    ) throws(UpdateFault) {
        guard let name = ldns_dname_new_frm_str(owner) else {
            throw .malformed(reason: "\(owner) is no name")
        }
        guard let record = ldns_rr_new() else {
            ldns_rdf_deep_free(name)
            throw .malformed(reason: "there is no memory for a record of \(owner)")
        }
        ldns_rr_set_owner(record, name)
        ldns_rr_set_type(record, type)
        ldns_rr_set_class(record, meaning)
        ldns_rr_set_ttl(record, 0)
        try push(record, owner)
    }

    /// The list takes the record over.
    private func push(
        _ record: UnsafeMutablePointer<ldns_rr>, _ owner: String
    ) throws(UpdateFault) {
        guard ldns_rr_list_push_rr(pointer, record) != 0 else {
            ldns_rr_free(record)
            throw .malformed(reason: "there is no memory for a record of \(owner)")
        }
    }
}
