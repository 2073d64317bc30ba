/// The types that name servers are asked for (RFC 1035 §3.2.2, RFC 3596 §2.1).
public enum QuestionType: UInt16, Hashable, Sendable {
    case a = 1
    case soa = 6
    case aaaa = 28
}

/// One question as it goes over the wire (RFC 1035 §4.1.2), class IN.
public struct DNSQuestion: Hashable, Sendable {
    /// The name's labels with their length bytes and the root's zero, in lower case.
    public let name: [UInt8]
    public let type: QuestionType

    /// Encodes a name of plain labels, with or without its final dot; nil when a label is empty or
    /// longer than 63 bytes, or the name longer than 255 (RFC 1035 §2.3.4).
    public init?(_ name: String, _ type: QuestionType) {
        guard let wire = WireName.bytes(of: name) else { return nil }
        self.name = wire
        self.type = type
    }

    /// The largest answer over UDP that is asked for (RFC 6891 §6.2.3), DNS Flag Day 2020's.
    public static let payloadSize: UInt16 = 1232

    /// The whole message: a plain query that asks for no recursion.
    ///
    /// - Parameter hasOPT: whether it carries an OPT record (RFC 6891), which servers without EDNS refuse.
    public func message(id: UInt16, hasOPT: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(MessageHeader.size + name.count + 4 + 11)
        bytes.put(id)
        bytes.put(UInt16(0))  // a standard query, nothing else asked for
        bytes.put(UInt16(1))
        bytes.put(UInt16(0))
        bytes.put(UInt16(0))
        bytes.put(UInt16(hasOPT ? 1 : 0))
        bytes += name
        bytes.put(type.rawValue)
        bytes.put(UInt16(1))
        guard hasOPT else { return bytes }
        bytes.append(0)  // OPT: the root's name, type 41, our size, no extensions
        bytes.put(UInt16(41))
        bytes.put(Self.payloadSize)
        bytes.put(UInt32(0))
        bytes.put(UInt16(0))
        return bytes
    }
}
