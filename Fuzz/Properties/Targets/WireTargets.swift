import Cldns
import EdgeCore
import Glibc

@testable import EdgeSystemNameServers

extension FuzzTarget {
    /// What comes from name servers over the wire.
    static let wire = [
        FuzzTarget("reply", maximumBytes: 1024) { bytes in
            first(
                ReplyProperties.violation(bytes, "www.example.test", .a),
                ReplyProperties.violation(bytes, "www.example.test", .aaaa),
                ReplyProperties.violation(bytes, "example.test", .soa))
        },
        FuzzTarget("update", maximumBytes: 1024) { UpdateProperties.violation(unsigned: $0) },
        FuzzTarget("update-signed", maximumBytes: 1024) {
            UpdateProperties.violation(signed: $0)
        },
        FuzzTarget("key", maximumBytes: 2048) { UpdateProperties.violation(ofKey: $0) },
    ]
}

/// What must hold of answers to questions.
enum ReplyProperties {
    /// No more is read than there is, only what was asked for, and ldns, where it can read the message,
    /// finds the same addresses.
    static func violation(_ bytes: [UInt8], _ name: String, _ type: QuestionType) -> String? {
        guard let question = DNSQuestion(name, type), let id = DNSReply.id(of: bytes),
            let reply = try? DNSReply(bytes, to: question, id: id)
        else { return nil }
        let size = type == .a ? 4 : 16
        if reply.addresses.count * (11 + size) > bytes.count { return "more addresses than bytes" }
        let family: AddressFamily = type == .aaaa ? .ipv6 : .ipv4
        if type == .soa, !reply.addresses.isEmpty { return "addresses nobody asked for" }
        if reply.addresses.contains(where: { $0.family != family }) { return "another family" }
        if (reply.ttl == nil) != reply.addresses.isEmpty { return "TTL and addresses disagree" }
        if let ttl = reply.ttl, ttl > 0x7FFF_FFFF { return "the TTL \(ttl)" }
        if type != .soa, reply.soa != nil { return "a SOA nobody asked for" }
        if let soa = reply.soa, soa.text.split(separator: " ").count != 7 {
            return "a SOA that is no SOA: \(soa.text)"
        }
        guard type != .soa, !reply.isTruncated, let count = ldnsCount(bytes, name, type) else {
            return nil
        }
        return count == reply.addresses.count
            ? nil : "\(reply.addresses.count) addresses, \(count) for ldns"
    }

    /// How many addresses of the name ldns finds in the answer; nil when it can't read the message.
    private static func ldnsCount(_ bytes: [UInt8], _ name: String, _ type: QuestionType) -> Int? {
        var packet: UnsafeMutablePointer<ldns_pkt>?
        guard ldns_wire2pkt(&packet, bytes, bytes.count) == LDNS_STATUS_OK, let packet,
            ldns_pkt_qdcount(packet) == 1, let owner = ldns_dname_new_frm_str(name)
        else { return nil }
        defer {
            ldns_rdf_deep_free(owner)
            ldns_pkt_free(packet)
        }
        guard let answer = ldns_pkt_answer(packet) else { return nil }
        return (0..<ldns_rr_list_rr_count(answer)).count { index in
            guard let record = ldns_rr_list_rr(answer, index) else { return false }
            return ldns_rr_get_type(record).rawValue == UInt32(type.rawValue)
                && ldns_rr_get_class(record) == LDNS_RR_CLASS_IN
                && ldns_dname_compare(ldns_rr_owner(record), owner) == 0
        }
    }
}

/// What must hold of answers to updates, and of the keys that these are signed with.
enum UpdateProperties {
    static let (name, algorithm) = ("k.", "hmac-sha256")
    static let secret = "c2l4dGVlbiBieXRlcyBvciBtb3Jl"

    static let message: UpdateMessage? = {
        let text = "key \"\(name)\" { algorithm \(algorithm); secret \"\(secret)\"; };"
        let change = ZoneUpdate.Change(
            owner: "www.example.test.", family: .ipv4, before: [],
            after: [IPAddress("192.0.2.1")].compactMap { $0 }, ttl: 60)
        guard let zone = ZoneName("example.test"), let key = try? TSIGKey.parse(text, file: "f")
        else { return nil }
        return try? UpdateMessage(
            ZoneUpdate(zone: zone, changes: [change]), id: 7, key: key, time: now)
    }()

    static var now: UnixTime { UnixTime(seconds: Int64(time(nil))) }

    /// An answer to our update as far as its head goes.
    private static func answer(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        while bytes.count < 12 { bytes.append(0) }
        bytes.replaceSubrange(0..<2, with: [0, 7])
        bytes[2] = 0xA8
        return bytes
    }

    /// Whoever has no key convinces nobody that the update was done, nor that it failed for a reason that
    /// makes us plan anew.
    static func violation(unsigned bytes: [UInt8]) -> String? {
        guard let message else { return "no update could be made" }
        for bytes in [bytes, answer(bytes)] {
            guard let fault = message.fault(in: bytes, now: now) else { return "it counts as done" }
            if fault.asksForNewPlan { return "\(fault) without a signature" }
        }
        return nil
    }

    /// What the key's holder answers is understood by its code; one bit of it changed is noticed.
    static func violation(signed bytes: [UInt8]) -> String? {
        guard let message, let place = bytes.first else { return nil }
        let plain = answer(Array(bytes.dropFirst()))
        guard let wire = signed(plain, mac: message.mac), wire.count >= 12 else { return nil }
        let fault = message.fault(in: wire, now: now)
        let code = wire[3] & 0x0F
        if case .forged = fault { return "a signed answer with code \(code) counts as forged" }
        if (fault == nil) != (code == 0) {
            return "code \(code) means \(String(describing: fault))"
        }
        let expectsNewPlan = [3, 6, 7, 8].contains(code)
        if let fault, fault.asksForNewPlan != expectsNewPlan {
            return "code \(code) means \(fault)"
        }
        var bent = wire
        // Before the signature's own record, whose bytes have several spellings.
        let covered = max(12, wire.count - 12 - name.utf8.count - 80)
        bent[Int(place) % covered] ^= 1 << (place & 7)
        if bent != wire, message.fault(in: bent, now: now) == nil {
            return "a changed answer counts as done"
        }
        return nil
    }

    private static func signed(_ plain: [UInt8], mac bytes: [UInt8]) -> [UInt8]? {
        // As ldns keeps it: behind its length.
        let mac = [UInt8(bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)] + bytes
        var packet: UnsafeMutablePointer<ldns_pkt>?
        guard ldns_wire2pkt(&packet, plain, plain.count) == LDNS_STATUS_OK, let packet else {
            return nil
        }
        defer { ldns_pkt_free(packet) }
        guard ldns_pkt_tsig(packet) == nil,
            let field = mac.withUnsafeBufferPointer({
                ldns_rdf_new_frm_data(LDNS_RDF_TYPE_INT16_DATA, $0.count, $0.baseAddress)
            })
        else { return nil }
        defer { ldns_rdf_deep_free(field) }
        guard
            ldns_pkt_tsig_sign_next(
                packet, name, secret, 300, algorithm + ".", field, 0) == LDNS_STATUS_OK
        else { return nil }
        var wire: UnsafeMutablePointer<UInt8>?
        var size = 0
        guard ldns_pkt2wire(&wire, packet, &size) == LDNS_STATUS_OK, let wire else { return nil }
        defer { free(wire) }
        return Array(UnsafeBufferPointer(start: wire, count: size))
    }

    /// A key has an absolute name in lower case that is one; a refusal is a sentence that can be shown.
    static func violation(ofKey bytes: [UInt8]) -> String? {
        do throws(UpdateFault) {
            let name = try TSIGKey.parse(String(decoding: bytes, as: UTF8.self), file: "f").name
            if DNSQuestion(name, .soa) == nil { return "the name \(name) is none" }
            return name.hasSuffix(".") && name == name.lowercased() ? nil : "the name \(name)"
        } catch {
            guard case .key(let sentence) = error else { return "refused by \(error)" }
            return FuzzTarget.controlCharacter(in: sentence, of: "a refusal")
        }
    }
}
