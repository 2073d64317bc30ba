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
        var wire: [UInt8] = []
        wire.reserveCapacity(name.utf8.count + 2)
        var start = 0
        wire.append(0)
        for byte in name.utf8 {
            if byte == UInt8(ascii: ".") {
                guard wire.count - start > 1 else { return nil }
                wire[start] = UInt8(wire.count - start - 1)
                start = wire.count
                wire.append(0)
            } else {
                guard wire.count - start <= 63 else { return nil }
                wire.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
            }
        }
        if wire.count - start > 1 {
            wire[start] = UInt8(wire.count - start - 1)
            wire.append(0)
        }
        guard wire.count > 1, wire.count <= 255 else { return nil }
        self.name = wire
        self.type = type
    }

    /// The largest answer over UDP that is asked for (RFC 6891 §6.2.3), DNS Flag Day 2020's.
    public static let payloadSize: UInt16 = 1232

    /// The whole message: a plain query that asks for no recursion, with an OPT record (RFC 6891).
    public func message(id: UInt16) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(12 + name.count + 4 + 11)
        func put(_ value: UInt16) {
            bytes.append(UInt8(value >> 8))
            bytes.append(UInt8(truncatingIfNeeded: value))
        }
        put(id)
        put(0)  // a standard query, nothing else asked for
        put(1)
        put(0)
        put(0)
        put(1)
        bytes += name
        put(type.rawValue)
        put(1)
        bytes.append(0)  // OPT: the root's name, type 41, our size, no extensions
        put(41)
        put(Self.payloadSize)
        put(0)
        put(0)
        put(0)
        return bytes
    }
}
