/// An answer to an update (RFC 2136 §2.2), read from the wire as far as its signature by a reader that no
/// bytes can make trap or loop.
public struct UpdateAnswer: Hashable, Sendable {
    public var id: UInt16
    public var isTruncated: Bool
    public var code: ResponseCode
    /// The TSIG record at its end; nil: it is not signed.
    public var signature: TSIGRecord?
    /// The message as it was signed: without the TSIG record, under its original ID (RFC 8945 §4.3.2).
    public var signedPart: [UInt8]

    /// Reads an answer; what is truncated is read no further than its header.
    public init(_ bytes: [UInt8]) throws(MalformedMessage) {
        var reader = WireReader(bytes)
        let header = try MessageHeader(&reader)
        guard header.isResponse, header.opcode == 5 else {
            throw MalformedMessage("answers no update")
        }
        id = header.id
        isTruncated = header.isTruncated
        code = header.code
        signedPart = bytes
        guard !isTruncated else { return }
        for _ in 0..<header.questions {
            try reader.skipName()
            _ = try reader.uint32()
        }
        let records =
            Int(header.answers) + Int(header.authorities) + Int(header.additionals)
        for place in 0..<records {
            let start = reader.position
            let owner = try reader.name()
            let head = try RecordHead(&reader)
            if head.type == TSIGRecord.type {
                // RFC 8945 §5.1: the last record of the additional section, or the message is wrong.
                guard place == records - 1, header.additionals > 0 else {
                    throw MalformedMessage("has a signature that does not stand at its end")
                }
                signature = try TSIGRecord(&reader, key: owner, head: head)
                strip(from: start, count: header.additionals - 1)
            }
            reader.position = head.end
        }
        guard reader.position == bytes.count else {
            throw MalformedMessage("has more bytes than it says")
        }
    }

    private mutating func strip(from start: Int, count: UInt16) {
        guard let signature else { return }
        signedPart = Array(signedPart.prefix(start))
        signedPart[0] = UInt8(signature.originalID >> 8)
        signedPart[1] = UInt8(truncatingIfNeeded: signature.originalID)
        signedPart[10] = UInt8(count >> 8)
        signedPart[11] = UInt8(truncatingIfNeeded: count)
    }
}
