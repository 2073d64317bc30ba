internal import Cldns
internal import EdgeCore
internal import Glibc

/// An update as it goes over the wire, and the judgement of what comes back. The records are encoded by
/// ldns, whose objects live no longer than a call.
struct UpdateMessage: Sendable {
    let id: UInt16
    let bytes: [UInt8]
    /// The MAC of the request, which the answer's covers too (RFC 8945 §5.3.1).
    let mac: [UInt8]
    let key: TSIGKey

    /// How far two clocks may be apart, in seconds (RFC 8945 §10 recommends 300).
    static let fudge: UInt16 = 300

    /// Builds an update and signs it at `time`.
    init(
        _ update: ZoneUpdate, id: UInt16, key: TSIGKey, time: UnixTime
    ) throws(UpdateFault) {
        let plain = try Self.plain(update, id: id)
        guard
            var signature = TSIGRecord(
                key: key.name, algorithm: key.algorithm.rawValue, time: time, fudge: Self.fudge,
                id: id)
        else { throw .key("an update can't be signed with the key \(key.name)") }
        signature.mac = key.mac(of: signature.digested(plain))
        self.id = id
        self.key = key
        mac = signature.mac
        bytes = signature.appended(to: plain)
        guard bytes.count <= UInt16.max else {
            throw .malformed(reason: "the update of zone \(update.zone) is too large")
        }
    }

    /// The message without its signature.
    private static func plain(
        _ update: ZoneUpdate, id: UInt16
    ) throws(UpdateFault) -> [UInt8] {
        let unbuilt = UpdateFault.malformed(
            reason: "the update of zone \(update.zone) could not be built")
        let prerequisites = try LdnsRecordList()
        let changes = try LdnsRecordList()
        try fill(prerequisites, changes, from: update)
        guard let zone = ldns_dname_new_frm_str("\(update.zone).") else { throw unbuilt }
        guard
            let packet = ldns_update_pkt_new(
                zone, LDNS_RR_CLASS_IN, prerequisites.pointer, changes.pointer, nil)
        else {
            ldns_rdf_deep_free(zone)
            throw unbuilt
        }
        // The packet took the zone's name over, and copied the records.
        defer { ldns_pkt_free(packet) }
        ldns_pkt_set_id(packet, id)
        // ldns sets RD, which an update does not have (RFC 2136 §2.2: zero).
        ldns_pkt_set_rd(packet, 0)
        var wire: UnsafeMutablePointer<UInt8>?
        var size = 0
        guard ldns_pkt2wire(&wire, packet, &size) == LDNS_STATUS_OK, let wire else {
            throw .malformed(reason: "the update of zone \(update.zone) is too large")
        }
        defer { free(wire) }
        return Array(UnsafeBufferPointer(start: wire, count: size))
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
                    try prerequisites.addEmpty(
                        change.owner, change.family.ldnsType, class: LDNS_RR_CLASS_NONE)
                } else {
                    // §2.4.2: the whole RRset, value for value.
                    for address in before {
                        try prerequisites.add(change.owner, type, "\(address)", ttl: 0)
                    }
                }
            }
            // §2.5.2: the RRset goes, …
            try changes.addEmpty(change.owner, change.family.ldnsType, class: LDNS_RR_CLASS_ANY)
            // … §2.5.1: and comes anew.
            for address in change.after {
                try changes.add(change.owner, type, "\(address)", ttl: change.ttl)
            }
        }
    }

    /// What an answer means; nil: the update was done. No bytes make it trap.
    func fault(in bytes: [UInt8], now: UnixTime) -> UpdateFault? {
        if let found = DNSReply.id(of: bytes), found != id { return .wrongID }
        let answer: UpdateAnswer
        do throws(MalformedMessage) {
            answer = try UpdateAnswer(bytes)
        } catch {
            return .malformed(reason: "it \(error.reason)")
        }
        guard !answer.isTruncated else { return .truncated }
        guard let signature = answer.signature else { return unsigned(answer.code) }
        return signed(answer, by: signature, now: now)
    }

    /// Servers answer without a signature when they could not check ours; a success must have one, and what
    /// would make us read the zone again.
    private func unsigned(_ code: ResponseCode) -> UpdateFault {
        switch code {
        case .noError, .missingName, .existingName, .existingRRset, .missingRRset:
            .forged(reason: "it says \(code) and is not signed")
        default: Self.plain(code)
        }
    }

    /// RFC 8945 §5.3: the key first, then the MAC, then the time.
    private func signed(
        _ answer: UpdateAnswer, by signature: TSIGRecord, now: UnixTime
    ) -> UpdateFault? {
        guard signature.keyName == key.name else {
            return .forged(
                reason: "it is signed by the key \(signature.keyName) instead of \(key.name)")
        }
        guard signature.algorithmName == key.algorithm.rawValue + "." else {
            return .forged(
                reason: "it is signed by \(signature.algorithmName) instead of "
                    + key.algorithm.rawValue)
        }
        // §5.3.2: a server that could not check our MAC sends none of its own. All that can be forged so is
        // a refusal.
        if signature.mac.isEmpty, answer.code == .notAuthoritative, signature.error != .noError {
            return refusal(signature)
        }
        let digested = signature.digested(answer.signedPart, answering: mac)
        guard key.isRight(signature.mac, of: digested) else {
            return .forged(reason: "its signature is wrong")
        }
        if signature.error != .noError { return refusal(signature) }
        let signedAt = Int64(signature.time)
        let (distance, overflow) = signedAt.subtractingReportingOverflow(now.seconds)
        guard !overflow, distance.magnitude <= UInt64(Self.fudge) else {
            return .forged(reason: "it was signed at another time")
        }
        return answer.code == .noError ? nil : Self.plain(answer.code)
    }

    /// What the server finds wrong with our signature (RFC 8945 §5.2).
    private func refusal(_ signature: TSIGRecord) -> UpdateFault {
        switch signature.error {
        case .badKey: .badKey(name: key.name)
        case .badSignature: .badSignature(name: key.name)
        case .badTime: .badTime(server: signature.serverTime)
        case .badTruncation: .badTruncation(name: key.name)
        default:
            .signatureRefused(name: key.name, code: signature.error.signatureName)
        }
    }

    private static func plain(_ code: ResponseCode) -> UpdateFault {
        switch code {
        case .serverFailure: .serverFailure
        case .missingName, .existingName, .existingRRset, .missingRRset:
            .prerequisite(code: "\(code)")
        case .refused: .refused
        case .notAuthoritative: .notAuthoritative
        case .notZone: .notZone
        default: .answered(code: "\(code)")
        }
    }
}

extension AddressFamily {
    fileprivate var ldnsType: ldns_rr_type {
        self == .ipv4 ? LDNS_RR_TYPE_A : LDNS_RR_TYPE_AAAA
    }
}
