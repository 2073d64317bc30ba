internal import Cldns
internal import EdgeCore
internal import Glibc

/// An update as it goes over the wire, and the judgement of what comes back; built, signed and verified by
/// ldns, whose objects live no longer than a call.
struct UpdateMessage: Sendable {
    let id: UInt16
    let bytes: [UInt8]
    /// The MAC of the request, which the answer's covers too (RFC 8945 §5.3.1).
    let mac: [UInt8]
    let key: TSIGKey

    /// How far two clocks may be apart, in seconds (RFC 8945 §10 recommends 300).
    static let fudge: UInt16 = 300

    /// Builds and signs an update.
    init(_ update: ZoneUpdate, id: UInt16, key: TSIGKey) throws(UpdateFault) {
        let prerequisites = LdnsRecordList()
        let changes = LdnsRecordList()
        try Self.fill(prerequisites, changes, from: update)
        guard let zone = ldns_dname_new_frm_str("\(update.zone)."),
            let packet = ldns_update_pkt_new(
                zone, LDNS_RR_CLASS_IN, prerequisites.pointer, changes.pointer, nil)
        else {
            throw .malformed(reason: "the update of zone \(update.zone) could not be built")
        }
        // The packet takes the zone's name over, and copies the records.
        defer { ldns_pkt_free(packet) }
        ldns_pkt_set_id(packet, id)
        let status = ldns_pkt_tsig_sign(
            packet, key.name, key.secret, Self.fudge, key.algorithm, nil)
        guard status == LDNS_STATUS_OK, let signature = ldns_pkt_tsig(packet),
            let mac = ldns_rr_rdf(signature, 3)
        else { throw .key("an update could not be signed with the key \(key.name)") }
        var wire: UnsafeMutablePointer<UInt8>?
        var size = 0
        guard ldns_pkt2wire(&wire, packet, &size) == LDNS_STATUS_OK, let wire,
            size <= UInt16.max
        else {
            throw .malformed(reason: "the update of zone \(update.zone) is too large")
        }
        defer { free(wire) }
        self.id = id
        self.key = key
        bytes = Array(UnsafeBufferPointer(start: wire, count: size))
        self.mac = Self.bytes(of: mac)
    }

    private static func bytes(of field: UnsafeMutablePointer<ldns_rdf>) -> [UInt8] {
        guard let data = ldns_rdf_data(field) else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: ldns_rdf_size(field)))
    }

    private static func fill(
        _ prerequisites: LdnsRecordList, _ changes: LdnsRecordList, from update: ZoneUpdate
    ) throws(UpdateFault) {
        if let soa = update.soa {
            try prerequisites.add("\(update.zone).", "SOA", soa, ttl: 0)
        }
        for change in update.changes {
            let type = change.family.recordType
            if let before = change.before {
                if before.isEmpty {
                    // RFC 2136 §2.4.3: no such RRset.
                    prerequisites.addEmpty(
                        change.owner, change.family.ldnsType, class: LDNS_RR_CLASS_NONE)
                } else {
                    // §2.4.2: the whole RRset, value for value.
                    for address in before {
                        try prerequisites.add(change.owner, type, "\(address)", ttl: 0)
                    }
                }
            }
            // §2.5.2: the RRset goes, …
            changes.addEmpty(change.owner, change.family.ldnsType, class: LDNS_RR_CLASS_ANY)
            // … §2.5.1: and comes anew.
            for address in change.after {
                try changes.add(change.owner, type, "\(address)", ttl: change.ttl)
            }
        }
    }

    /// What an answer means; nil: the update was done. No bytes make it trap.
    func fault(in answer: [UInt8], now: UnixTime) -> UpdateFault? {
        guard answer.count >= 12 else { return .malformed(reason: "it is too short") }
        guard DNSReply.id(of: answer) == id else { return .wrongID }
        // QR set, OPCODE UPDATE (RFC 2136 §2.2).
        guard answer[2] & 0xF8 == 0xA8 else { return .malformed(reason: "it answers no update") }
        guard answer[2] & 0x02 == 0 else { return .truncated }
        var packet: UnsafeMutablePointer<ldns_pkt>?
        guard ldns_wire2pkt(&packet, answer, answer.count) == LDNS_STATUS_OK, let packet else {
            return .malformed(reason: "it is no DNS message")
        }
        defer { ldns_pkt_free(packet) }
        let code = answer[3] & 0x0F
        guard let signature = ldns_pkt_tsig(packet) else { return unsigned(code) }
        return signed(code, packet, signature, answer: answer, now: now)
    }

    /// Servers answer without a signature when they could not check ours; a success must have one.
    private func unsigned(_ code: UInt8) -> UpdateFault {
        switch code {
        case 0, 6, 7, 8, 3: .forged(reason: "it says \(Self.name(of: code)) and is not signed")
        default: Self.plain(code)
        }
    }

    private func signed(
        _ code: UInt8, _ packet: UnsafeMutablePointer<ldns_pkt>,
        _ signature: UnsafeMutablePointer<ldns_rr>, answer: [UInt8], now: UnixTime
    ) -> UpdateFault? {
        guard ldns_rr_rd_count(signature) >= 7, let time = ldns_rr_rdf(signature, 1),
            let errorField = ldns_rr_rdf(signature, 5), let other = ldns_rr_rdf(signature, 6)
        else { return .malformed(reason: "its signature is incomplete") }
        let error = Self.number(Self.bytes(of: errorField))
        // RFC 8945 §5.2.1, §5.2.2: these two are answered without a MAC.
        if code == 9, error == 17 { return .badKey(name: key.name) }
        if code == 9, error == 16 { return .badSignature(name: key.name) }
        guard isAuthentic(packet, answer) else {
            return .forged(reason: "its signature is wrong")
        }
        if code == 9, error == 18 {
            // §5.2.3: the server's time, behind the field's length.
            let said = Self.bytes(of: other).dropFirst(2)
            return .badTime(
                server: said.isEmpty ? nil : UnixTime(seconds: Int64(Self.number(Array(said)))))
        }
        let signedAt = Int64(Self.number(Self.bytes(of: time)))
        let (distance, overflow) = signedAt.subtractingReportingOverflow(now.seconds)
        guard !overflow, distance.magnitude <= UInt64(Self.fudge) else {
            return .forged(reason: "it was signed at another time")
        }
        return code == 0 ? nil : Self.plain(code)
    }

    private func isAuthentic(_ packet: UnsafeMutablePointer<ldns_pkt>, _ answer: [UInt8]) -> Bool {
        guard
            let mac = mac.withUnsafeBufferPointer({
                ldns_rdf_new_frm_data(LDNS_RDF_TYPE_INT16_DATA, $0.count, $0.baseAddress)
            })
        else { return false }
        defer { ldns_rdf_deep_free(mac) }
        return ldns_pkt_tsig_verify(packet, answer, answer.count, key.name, key.secret, mac) != 0
    }

    private static func number(_ bytes: [UInt8]) -> UInt64 {
        bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func plain(_ code: UInt8) -> UpdateFault {
        switch code {
        case 2: .serverFailure
        case 3, 6, 7, 8: .prerequisite(code: name(of: code))
        case 5: .refused
        case 9: .notAuthoritative
        case 10: .notZone
        default: .answered(code: name(of: code))
        }
    }

    /// RFC 1035 §4.1.1, RFC 2136 §2.2.
    private static func name(of code: UInt8) -> String {
        let names = [
            "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN",
            "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE",
        ]
        return Int(code) < names.count ? names[Int(code)] : "RCODE \(code)"
    }
}

extension AddressFamily {
    fileprivate var ldnsType: ldns_rr_type {
        self == .ipv4 ? LDNS_RR_TYPE_A : LDNS_RR_TYPE_AAAA
    }
}

/// A list of ldns's records, freed with them.
private final class LdnsRecordList {
    let pointer: UnsafeMutablePointer<ldns_rr_list>?

    init() {
        pointer = ldns_rr_list_new()
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
        ldns_rr_list_push_rr(pointer, record)
    }

    /// Adds a record without data, of a class that says what is meant (RFC 2136 §2.4, §2.5).
    func addEmpty(_ owner: String, _ type: ldns_rr_type, class meaning: ldns_rr_class) {
        guard let record = ldns_rr_new() else { return }
        ldns_rr_set_owner(record, ldns_dname_new_frm_str(owner))
        ldns_rr_set_type(record, type)
        ldns_rr_set_class(record, meaning)
        ldns_rr_set_ttl(record, 0)
        ldns_rr_list_push_rr(pointer, record)
    }
}
