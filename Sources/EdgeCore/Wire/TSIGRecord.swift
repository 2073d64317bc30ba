/// A TSIG record (RFC 8945 §4.2): the signature at the end of a message.
public struct TSIGRecord: Hashable, Sendable {
    /// The key's name in wire form, in lower case.
    public var key: [UInt8]
    /// The algorithm's name in wire form, in lower case.
    public var algorithm: [UInt8]
    /// When it was signed, in seconds since 1970; 48 bits of it are sent.
    public var time: UInt64
    /// How far the clocks may be apart, in seconds.
    public var fudge: UInt16
    public var mac: [UInt8]
    /// The ID that the message had when it was signed.
    public var originalID: UInt16
    public var error: ResponseCode
    public var other: [UInt8]

    static let type: UInt16 = 250
    static let anyClass: UInt16 = 255

    /// A record to sign a message with; its MAC comes later.
    ///
    /// Nil when the key's or the algorithm's name is no domain name.
    public init?(key: String, algorithm: String, time: UnixTime, fudge: UInt16, id: UInt16) {
        guard let key = WireName.bytes(of: key), let algorithm = WireName.bytes(of: algorithm)
        else { return nil }
        self.key = key
        self.algorithm = algorithm
        self.time = UInt64(max(0, time.seconds)) & 0xFFFF_FFFF_FFFF
        self.fudge = fudge
        mac = []
        originalID = id
        error = .noError
        other = []
    }

    /// Reads the record whose owner was read already.
    init(
        _ reader: inout WireReader, key: [UInt8], head: RecordHead
    ) throws(MalformedMessage) {
        guard head.recordClass == Self.anyClass, head.ttl == 0 else {
            throw MalformedMessage("has a signature of a wrong class or TTL")
        }
        self.key = key
        algorithm = try reader.name()
        time = UInt64(try reader.uint16()) << 32 | UInt64(try reader.uint32())
        fudge = try reader.uint16()
        mac = try reader.take(Int(try reader.uint16()))
        originalID = try reader.uint16()
        error = ResponseCode(rawValue: try reader.uint16())
        other = try reader.take(Int(try reader.uint16()))
        guard reader.position == head.end else {
            throw MalformedMessage("has a signature of a wrong length")
        }
    }

    /// The key's name, absolute.
    public var keyName: String { WireName.text(of: key) }
    /// The algorithm's name, absolute.
    public var algorithmName: String { WireName.text(of: algorithm) }

    /// The server's time in an answer that says BADTIME (RFC 8945 §5.2.3); nil: it is not told.
    public var serverTime: UnixTime? {
        guard other.count == 6 else { return nil }
        return UnixTime(seconds: other.reduce(0) { $0 << 8 | Int64($1) })
    }

    /// What a MAC covers (RFC 8945 §4.3.3): the request's MAC in an answer to one (§4.3.1), the message
    /// without this record, and the record's other fields.
    ///
    /// - Parameter request: the MAC of the request that the message answers; nil in a request.
    public func digested(_ message: [UInt8], answering request: [UInt8]? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.count + 192)
        if let request {
            bytes.put(UInt16(truncatingIfNeeded: request.count))
            bytes += request
        }
        bytes += message
        bytes += key
        bytes.put(Self.anyClass)
        bytes.put(UInt32(0))
        bytes += algorithm
        putTime(&bytes)
        bytes.put(error.rawValue)
        bytes.put(UInt16(truncatingIfNeeded: other.count))
        return bytes + other
    }

    /// The message with this record at its end, counted in its header.
    public func appended(to message: [UInt8]) -> [UInt8] {
        guard message.count >= MessageHeader.size else { return message }
        var bytes = message
        let count = (UInt16(bytes[10]) << 8 | UInt16(bytes[11])) &+ 1
        bytes[10] = UInt8(count >> 8)
        bytes[11] = UInt8(truncatingIfNeeded: count)
        bytes += key
        bytes.put(Self.type)
        bytes.put(Self.anyClass)
        bytes.put(UInt32(0))
        var data = algorithm
        putTime(&data)
        data.put(UInt16(truncatingIfNeeded: mac.count))
        data += mac
        data.put(originalID)
        data.put(error.rawValue)
        data.put(UInt16(truncatingIfNeeded: other.count))
        data += other
        bytes.put(UInt16(truncatingIfNeeded: data.count))
        return bytes + data
    }

    private func putTime(_ bytes: inout [UInt8]) {
        bytes.put(UInt16(truncatingIfNeeded: time >> 32))
        bytes.put(UInt32(truncatingIfNeeded: time))
        bytes.put(fudge)
    }
}
