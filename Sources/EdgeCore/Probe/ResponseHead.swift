/// What a response's status line and header fields say, as far as a probe needs to know.
struct ResponseHead: Sendable {
    /// The status code; 0 before the status line has come.
    var status = 0
    /// Whether the answer is HTTP/1.1 or later; HTTP/1.0 knows no chunks.
    var isHTTP11 = false
    var contentLength: Int?
    var isChunked = false
    /// A Content-Encoding, as it was written.
    var encoding: [UInt8]?
    var location: [UInt8]?
    /// What is wrong with the framing; held against answers with status 200 only.
    var framingError: String?

    /// Reads `HTTP/1.x NNN reason` (RFC 9112 §4); returns what is wrong.
    mutating func readStatusLine(_ line: UnsafeRawBufferPointer) -> String? {
        guard line.count >= 12, line.starts(with: "HTTP/1.".utf8), line[8] == 0x20,
            line[7] == 0x30 || line[7] == 0x31
        else { return "no HTTP/1 status line" }
        var code = 0
        for index in 9..<12 {
            guard (0x30...0x39).contains(line[index]) else { return "no status code" }
            code = code * 10 + Int(line[index] - 0x30)
        }
        guard code >= 100, line.count == 12 || line[12] == 0x20 else { return "no status code" }
        self = ResponseHead()
        status = code
        isHTTP11 = line[7] == 0x31
        return nil
    }

    /// Reads one field line (RFC 9112 §5); returns what is wrong.
    mutating func readField(_ line: UnsafeRawBufferPointer) -> String? {
        // A line that begins with a space would go on with the one before (RFC 9112 §5.2).
        guard let colon = line.firstIndex(of: 0x3A), colon > 0 else { return "no field name" }
        for byte in line[..<colon] where !Self.isTokenByte(byte) { return "bad field name" }
        for byte in line[colon...] where byte < 0x20 && byte != 0x09 || byte == 0x7F {
            return "control character in a field"
        }
        var value = line[(colon + 1)...]
        while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
        let name = line[..<colon]
        switch colon {
        case 8 where Self.isEqual(name, "location"): location = Array(value.prefix(200))
        case 14 where Self.isEqual(name, "content-length"): readContentLength(value)
        case 16 where Self.isEqual(name, "content-encoding"): encoding = Array(value.prefix(200))
        case 17 where Self.isEqual(name, "transfer-encoding"): readTransferEncoding(value)
        default: break
        }
        return nil
    }

    /// RFC 9112 §6.3: values that differ, or are no number, make the message unusable.
    private mutating func readContentLength(_ value: Slice<UnsafeRawBufferPointer>) {
        guard (1...18).contains(value.count), value.allSatisfy({ (0x30...0x39).contains($0) })
        else {
            framingError = "Content-Length is no number"
            return
        }
        let length = value.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        if let contentLength, contentLength != length {
            framingError = "conflicting Content-Length fields"
        }
        contentLength = length
    }

    /// Only `chunked`, once: nothing else was asked for.
    private mutating func readTransferEncoding(_ value: Slice<UnsafeRawBufferPointer>) {
        if isChunked || !Self.isEqual(value, "chunked") {
            framingError = "Transfer-Encoding that was not asked for"
        }
        isChunked = true
    }

    /// What is wrong with the framing of an answer with status 200, all fields read.
    var finalFramingError: String? {
        if let framingError { return framingError }
        guard isChunked else { return nil }
        if !isHTTP11 { return "chunks in an HTTP/1.0 answer" }
        // RFC 9112 §6.3: both at once is how responses are smuggled.
        return contentLength == nil ? nil : "Content-Length beside Transfer-Encoding"
    }

    private static func isEqual(
        _ bytes: Slice<UnsafeRawBufferPointer>, _ lowercase: StaticString
    ) -> Bool {
        guard bytes.count == lowercase.utf8CodeUnitCount else { return false }
        var position = bytes.startIndex
        for index in 0..<bytes.count {
            var byte = bytes[position]
            if (0x41...0x5A).contains(byte) { byte |= 0x20 }
            if byte != lowercase.utf8Start[index] { return false }
            position += 1
        }
        return true
    }

    /// RFC 9110 §5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E,
            0x5E...0x60, 0x7C, 0x7E:
            true
        default: false
        }
    }
}
