/// A message that can't be read, and what is wrong with it.
public struct MalformedMessage: Error, Hashable, Sendable {
    /// In words that follow "it", without a final dot.
    public var reason: String

    public init(_ reason: String) {
        self.reason = reason
    }
}

/// A message's first twelve bytes (RFC 1035 §4.1.1).
struct MessageHeader {
    static let size = 12

    let id: UInt16
    let flags: UInt16
    let questions: UInt16
    let answers: UInt16
    let authorities: UInt16
    let additionals: UInt16

    init(_ reader: inout WireReader) throws(MalformedMessage) {
        guard reader.bytes.count >= Self.size else { throw MalformedMessage("is too short") }
        id = try reader.uint16()
        flags = try reader.uint16()
        questions = try reader.uint16()
        answers = try reader.uint16()
        authorities = try reader.uint16()
        additionals = try reader.uint16()
    }

    var isResponse: Bool { flags & 0x8000 != 0 }
    /// 0: a query; 5: an update (RFC 2136 §1.3).
    var opcode: UInt16 { flags >> 11 & 0xF }
    var isAuthoritative: Bool { flags & 0x0400 != 0 }
    var isTruncated: Bool { flags & 0x0200 != 0 }
    var code: ResponseCode { ResponseCode(rawValue: flags & 0xF) }
}

/// What stands between a record's owner and its data (RFC 1035 §4.1.3), and where the data end.
struct RecordHead {
    let type: UInt16
    let recordClass: UInt16
    let ttl: UInt32
    let length: Int
    let end: Int

    init(_ reader: inout WireReader) throws(MalformedMessage) {
        type = try reader.uint16()
        recordClass = try reader.uint16()
        ttl = try reader.uint32()
        length = Int(try reader.uint16())
        end = reader.position + length
        guard end <= reader.bytes.count else { throw WireReader.tooEarly }
    }
}

/// Reads a message from front to back; every step is checked.
struct WireReader {
    let bytes: [UInt8]
    var position = 0

    static var tooEarly: MalformedMessage { MalformedMessage("ends too early") }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func uint16() throws(MalformedMessage) -> UInt16 {
        guard position + 2 <= bytes.count else { throw Self.tooEarly }
        defer { position += 2 }
        return UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1])
    }

    mutating func uint32() throws(MalformedMessage) -> UInt32 {
        UInt32(try uint16()) << 16 | UInt32(try uint16())
    }

    /// The next `count` bytes.
    mutating func take(_ count: Int) throws(MalformedMessage) -> [UInt8] {
        guard position + count <= bytes.count else { throw Self.tooEarly }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    /// Whether the question section's next entry is `question`, compared without case.
    mutating func matches(_ question: DNSQuestion) throws(MalformedMessage) -> Bool {
        let isName = try name(is: question.name)
        let type = try uint16()
        let isInternet = try uint16() == 1
        return isName && type == question.type.rawValue && isInternet
    }

    /// Reads a name and tells whether it is `wanted`; goes on behind it.
    mutating func name(is wanted: [UInt8]) throws(MalformedMessage) -> Bool {
        var matched = 0
        var isSame = true
        try readLabels { label in
            guard isSame, matched + label.count < wanted.count,
                Int(wanted[matched]) == label.count
            else {
                isSame = false
                return
            }
            for (offset, byte) in label.enumerated()
            where wanted[matched + 1 + offset] != WireName.folded(byte) {
                isSame = false
                return
            }
            matched += label.count + 1
        }
        return isSame && matched == wanted.count - 1
    }

    /// Reads a name, uncompressed and in lower case.
    mutating func name() throws(MalformedMessage) -> [UInt8] {
        var name: [UInt8] = []
        try readLabels { label in
            name.append(UInt8(label.count))
            for byte in label { name.append(WireName.folded(byte)) }
        }
        name.append(0)
        return name
    }

    /// Goes on behind a name.
    mutating func skipName() throws(MalformedMessage) {
        try readLabels { _ in }
    }

    /// Goes through a name's labels, following pointers (RFC 1035 §4.1.4). A pointer must point
    /// backwards, before where the last one led, so that there is an end.
    private mutating func readLabels(
        _ body: (ArraySlice<UInt8>) -> Void
    ) throws(MalformedMessage) {
        var place = position
        var limit = position
        var total = 0
        var hasJumped = false
        var jumps = 0
        while true {
            guard place < bytes.count else { throw Self.tooEarly }
            let length = Int(bytes[place])
            switch length {
            case 0:
                if !hasJumped { position = place + 1 }
                return
            case 1...63:
                guard place + 1 + length <= bytes.count else { throw Self.tooEarly }
                total += length + 1
                guard total < WireName.longest else {
                    throw MalformedMessage("has a name that is too long")
                }
                body(bytes[(place + 1)..<(place + 1 + length)])
                place += length + 1
            case 0xC0...:
                guard place + 1 < bytes.count else { throw Self.tooEarly }
                let target = (length & 0x3F) << 8 | Int(bytes[place + 1])
                jumps += 1
                guard jumps <= 127 else {
                    throw MalformedMessage("has a name of too many parts")
                }
                guard target < limit else {
                    throw MalformedMessage("has a name that points forwards")
                }
                if !hasJumped { position = place + 2 }
                hasJumped = true
                limit = target
                place = target
            default: throw MalformedMessage("has a label of an unknown kind")
            }
        }
    }

    mutating func soa() throws(MalformedMessage) -> DNSReply.SOAData {
        let primary = WireName.text(of: try name())
        let mailbox = WireName.text(of: try name())
        return DNSReply.SOAData(
            primary: primary, mailbox: mailbox, serial: SOASerial(try uint32()),
            refresh: try uint32(), retry: try uint32(), expire: try uint32(),
            minimum: try uint32())
    }
}

extension [UInt8] {
    /// Appends a number in network order.
    mutating func put(_ value: UInt16) {
        append(UInt8(value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    /// Appends a number in network order.
    mutating func put(_ value: UInt32) {
        put(UInt16(value >> 16))
        put(UInt16(truncatingIfNeeded: value))
    }
}
