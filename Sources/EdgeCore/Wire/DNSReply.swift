/// A name server's answer to one question, read from the wire (RFC 1035 §4.1) by a reader that no
/// bytes can make trap or loop.
public struct DNSReply: Hashable, Sendable {
    public var isAuthoritative: Bool
    /// The answer did not fit: nothing behind the question was read (RFC 2181 §9).
    public var isTruncated: Bool
    /// RCODE, with the upper bits of an OPT record.
    public var code: ResponseCode
    /// Whether it carries an OPT record: the server speaks EDNS (RFC 6891 §7).
    public var hasOPT: Bool
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
        /// It is no message, a query, or an answer to something else than a standard query.
        case noAnswer
        /// Its ID or question is another one.
        case otherQuestion
        /// It answers the question by its ID and question section, and the rest can't be read.
        case malformed(MalformedMessage)
    }

    /// The ID of a message, by which its question is found; nil when it is too short for one.
    public static func id(of bytes: [UInt8]) -> UInt16? {
        bytes.count >= MessageHeader.size ? UInt16(bytes[0]) << 8 | UInt16(bytes[1]) : nil
    }

    /// Reads the answer to `question`.
    public init(_ bytes: [UInt8], to question: DNSQuestion, id: UInt16) throws(Fault) {
        var reader = WireReader(bytes)
        let header = try Self.header(&reader, of: question, id: id)
        isAuthoritative = header.isAuthoritative
        isTruncated = header.isTruncated
        code = header.code
        hasOPT = false
        addresses = []
        isAlias = false
        guard !isTruncated else { return }
        do throws(MalformedMessage) {
            for _ in 0..<header.answers { try readRecord(&reader, question: question) }
            for _ in 0..<header.authorities {
                try reader.skipName()
                reader.position = try RecordHead(&reader).end
            }
            for _ in 0..<header.additionals { try readAdditional(&reader) }
        } catch {
            throw .malformed(error)
        }
    }

    /// Whether an answer refuses the OPT record of a question: to be asked again without (RFC 6891 §7;
    /// NOTIMP too, as servers older than EDNS say it, RFC 2671 §5.3).
    public var refusesEDNS: Bool {
        !hasOPT && (code == .formatError || code == .notImplemented)
    }

    /// The header, once it is certain that the message answers the question.
    private static func header(
        _ reader: inout WireReader, of question: DNSQuestion, id: UInt16
    ) throws(Fault) -> MessageHeader {
        let header: MessageHeader
        do throws(MalformedMessage) {
            header = try MessageHeader(&reader)
        } catch {
            throw .noAnswer
        }
        guard header.isResponse, header.opcode == 0 else { throw .noAnswer }
        guard header.id == id else { throw .otherQuestion }
        // A server that could not read the question may leave it out (FORMERR).
        if header.questions == 0, [.formatError, .notImplemented].contains(header.code) {
            return header
        }
        guard header.questions == 1, (try? reader.matches(question)) == true else {
            throw .otherQuestion
        }
        return header
    }

    private mutating func readRecord(
        _ reader: inout WireReader, question: DNSQuestion
    ) throws(MalformedMessage) {
        let isOwner = try reader.name(is: question.name)
        let head = try RecordHead(&reader)
        if isOwner, head.recordClass == 1 {
            switch (head.type, question.type) {
            case (1, .a):
                guard head.length == 4 else { throw Self.wrongLength("A", head) }
                addresses.append(.v4(try reader.uint32()))
                note(head.ttl)
            case (28, .aaaa):
                guard head.length == 16 else { throw Self.wrongLength("AAAA", head) }
                let high = UInt64(try reader.uint32()) << 32 | UInt64(try reader.uint32())
                let low = UInt64(try reader.uint32()) << 32 | UInt64(try reader.uint32())
                addresses.append(.v6(high, low))
                note(head.ttl)
            case (6, .soa):
                soa = try reader.soa()
                guard reader.position == head.end else { throw Self.wrongLength("SOA", head) }
            case (5, _): isAlias = true
            default: break
            }
        }
        reader.position = head.end
    }

    /// Of the additional records the OPT alone is looked at (RFC 6891 §6.1).
    private mutating func readAdditional(_ reader: inout WireReader) throws(MalformedMessage) {
        let isRoot = try reader.name(is: [0])
        let head = try RecordHead(&reader)
        if head.type == 41 {
            guard isRoot, !hasOPT else {
                throw MalformedMessage("has an OPT record that may not be there")
            }
            hasOPT = true
            code = ResponseCode(rawValue: UInt16(head.ttl >> 24) << 4 | code.rawValue)
        }
        reader.position = head.end
    }

    private static func wrongLength(_ type: String, _ head: RecordHead) -> MalformedMessage {
        MalformedMessage("has \(type) data of \(head.length) bytes, which can't be")
    }

    /// RFC 2181 §8: a TTL with its highest bit set counts as zero.
    private mutating func note(_ ttl: UInt32) {
        let ttl = ttl & 0x8000_0000 == 0 ? ttl : 0
        self.ttl = min(self.ttl ?? ttl, ttl)
    }
}
