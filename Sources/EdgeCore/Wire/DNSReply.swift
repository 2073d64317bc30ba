/// A name server's answer to one question, read from the wire (RFC 1035 §4.1) by a reader that no
/// bytes can make trap or loop.
public struct DNSReply: Hashable, Sendable {
    public var isAuthoritative: Bool
    public var isTruncated: Bool
    /// RCODE, without the upper bits of an OPT record.
    public var code: UInt8
    /// The SOA of the answer.
    public var soa: SOAData?
    /// The addresses of the answer, in the order in which they stand.
    public var addresses: [IPAddress]
    /// The TTL of the addresses; the lowest, should they differ.
    public var ttl: UInt32?
    /// Whether the name was answered for with a CNAME instead.
    public var isAlias: Bool

    /// A SOA's RDATA (RFC 1035 §3.3.13).
    public struct SOAData: Hashable, Sendable {
        public var primary: String
        public var mailbox: String
        public var serial: SOASerial
        public var refresh: UInt32
        public var retry: UInt32
        public var expire: UInt32
        public var minimum: UInt32

        /// In presentation form, names absolute and in lower case.
        public var text: String {
            "\(primary) \(mailbox) \(serial) \(refresh) \(retry) \(expire) \(minimum)"
        }
    }

    /// Why a message is no answer to the question.
    public enum Fault: Error, Hashable, Sendable {
        /// It ends too early, or says so of itself wrongly.
        case malformed
        /// It is a query, or answers something else than a standard query.
        case noAnswer
        /// Its ID or question is another one.
        case otherQuestion
    }

    /// The ID of a message, by which its question is found; nil when it is too short for one.
    public static func id(of bytes: [UInt8]) -> UInt16? {
        bytes.count >= 12 ? UInt16(bytes[0]) << 8 | UInt16(bytes[1]) : nil
    }

    /// Reads the answer to `question`.
    public init(_ bytes: [UInt8], to question: DNSQuestion, id: UInt16) throws(Fault) {
        var reader = WireReader(bytes)
        guard try reader.uint16() == id else { throw .otherQuestion }
        let flags = try reader.uint16()
        // QR set, OPCODE QUERY.
        guard flags & 0xF800 == 0x8000 else { throw .noAnswer }
        isAuthoritative = flags & 0x0400 != 0
        isTruncated = flags & 0x0200 != 0
        code = UInt8(flags & 0x000F)
        addresses = []
        isAlias = false
        let questions = try reader.uint16()
        let answers = try reader.uint16()
        try reader.skip(4)
        // A server that could not read the question may leave it out (FORMERR).
        guard questions == 1 else {
            if questions == 0, code != 0 { return }
            throw .otherQuestion
        }
        guard try reader.matches(question) else { throw .otherQuestion }
        guard !isTruncated else { return }
        for _ in 0..<answers { try readRecord(&reader, question: question) }
    }

    private mutating func readRecord(
        _ reader: inout WireReader, question: DNSQuestion
    ) throws(Fault) {
        let isOwner = try reader.name(is: question.name)
        let type = try reader.uint16()
        let isInternet = try reader.uint16() == 1
        let ttl = try reader.uint32()
        let length = Int(try reader.uint16())
        let end = reader.position + length
        guard end <= reader.bytes.count else { throw .malformed }
        if isOwner, isInternet {
            switch (type, question.type) {
            case (1, .a):
                guard length == 4 else { throw .malformed }
                addresses.append(.v4(try reader.uint32()))
                // RFC 2181 §8: a TTL with its highest bit set counts as zero.
                note(ttl & 0x8000_0000 == 0 ? ttl : 0)
            case (28, .aaaa):
                guard length == 16 else { throw .malformed }
                let high = UInt64(try reader.uint32()) << 32 | UInt64(try reader.uint32())
                let low = UInt64(try reader.uint32()) << 32 | UInt64(try reader.uint32())
                addresses.append(.v6(high, low))
                note(ttl & 0x8000_0000 == 0 ? ttl : 0)
            case (6, .soa):
                soa = try reader.soa()
                guard reader.position == end else { throw .malformed }
            case (5, _): isAlias = true
            default: break
            }
        }
        reader.position = end
    }

    private mutating func note(_ ttl: UInt32) {
        self.ttl = min(self.ttl ?? ttl, ttl)
    }

    /// The code's name (RFC 1035 §4.1.1, RFC 2136 §2.2).
    public var codeName: String {
        let names = [
            "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN",
            "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE",
        ]
        return Int(code) < names.count ? names[Int(code)] : "RCODE \(code)"
    }
}

/// Reads a message from front to back; every step is checked.
struct WireReader {
    let bytes: [UInt8]
    var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func byte() throws(DNSReply.Fault) -> UInt8 {
        guard position < bytes.count else { throw .malformed }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func uint16() throws(DNSReply.Fault) -> UInt16 {
        guard position + 2 <= bytes.count else { throw .malformed }
        defer { position += 2 }
        return UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1])
    }

    mutating func uint32() throws(DNSReply.Fault) -> UInt32 {
        UInt32(try uint16()) << 16 | UInt32(try uint16())
    }

    mutating func skip(_ count: Int) throws(DNSReply.Fault) {
        guard position + count <= bytes.count else { throw .malformed }
        position += count
    }

    /// Whether the question section's one entry is `question`, compared without case.
    mutating func matches(_ question: DNSQuestion) throws(DNSReply.Fault) -> Bool {
        guard try name(is: question.name) else { return false }
        let type = try uint16()
        let isInternet = try uint16() == 1
        return type == question.type.rawValue && isInternet
    }

    /// Reads a name and tells whether it is `wanted`; goes on behind it.
    mutating func name(is wanted: [UInt8]) throws(DNSReply.Fault) -> Bool {
        var matched = 0
        var isSame = true
        try readLabels { label in
            guard isSame, matched + label.count < wanted.count,
                Int(wanted[matched]) == label.count
            else {
                isSame = false
                return
            }
            for (offset, byte) in label.enumerated() {
                let folded = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                if wanted[matched + 1 + offset] != folded {
                    isSame = false
                    return
                }
            }
            matched += label.count + 1
        }
        return isSame && matched == wanted.count - 1
    }

    /// Reads a name in presentation form, absolute and in lower case.
    mutating func nameText() throws(DNSReply.Fault) -> String {
        var text: [UInt8] = []
        try readLabels { label in
            for byte in label { DomainText.append(byte, to: &text, foldsCase: true) }
            text.append(UInt8(ascii: "."))
        }
        return text.isEmpty ? "." : String(decoding: text, as: UTF8.self)
    }

    /// Goes through a name's labels, following pointers (RFC 1035 §4.1.4). A pointer must point
    /// backwards, before where the last one led, so that there is an end.
    private mutating func readLabels(
        _ body: (ArraySlice<UInt8>) -> Void
    ) throws(DNSReply.Fault) {
        var place = position
        var limit = position
        var total = 0
        var hasJumped = false
        while true {
            guard place < bytes.count else { throw .malformed }
            let length = Int(bytes[place])
            switch length {
            case 0:
                if !hasJumped { position = place + 1 }
                return
            case 1...63:
                guard place + 1 + length <= bytes.count else { throw .malformed }
                total += length + 1
                guard total < 255 else { throw .malformed }
                body(bytes[(place + 1)..<(place + 1 + length)])
                place += length + 1
            case 0xC0...:
                guard place + 1 < bytes.count else { throw .malformed }
                let target = (length & 0x3F) << 8 | Int(bytes[place + 1])
                guard target < limit else { throw .malformed }
                if !hasJumped { position = place + 2 }
                hasJumped = true
                limit = target
                place = target
            default: throw .malformed
            }
        }
    }

    mutating func soa() throws(DNSReply.Fault) -> DNSReply.SOAData {
        let primary = try nameText()
        let mailbox = try nameText()
        return DNSReply.SOAData(
            primary: primary, mailbox: mailbox, serial: SOASerial(try uint32()),
            refresh: try uint32(), retry: try uint32(), expire: try uint32(),
            minimum: try uint32())
    }
}
