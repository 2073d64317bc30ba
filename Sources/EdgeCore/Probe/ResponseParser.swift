/// What an answer turned out to be.
public enum ResponseVerdict: Hashable, Sendable {
    /// Status 200 and the test object, byte for byte.
    case object
    /// Anything else.
    case failure(ProbeOutcome)
}

/// Reads one HTTP/1 response as it arrives and compares its body with the test object.
///
/// Strict where laxness would hide a fault, bounded everywhere (I32), and keeping nothing of the
/// body. It decides as early as it can: an error status needs no header fields, a wrong
/// Content-Length no body.
public struct ResponseParser: Sendable {
    /// The most bytes of status line, fields, interim answers and trailers together.
    public static let headLimit = 16 * 1024
    /// The most interim (1xx) answers before the answer itself.
    public static let interimLimit = 8

    private enum State {
        case statusLine
        case fields
        /// Body bytes that are still to come; nil: until the connection closes.
        case body(left: Int?)
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case trailers
        case done(ResponseVerdict)
    }

    private var state = State.statusLine
    private var head = ResponseHead()
    private var body: BodyComparison
    /// The beginning of a line whose end has not come yet.
    private var partialLine: [UInt8] = []
    private var headBytes = 0
    private var interims = 0

    /// Whether the answer's own status line has come, interim ones left out.
    public private(set) var hasStatusLine = false

    /// Begins with nothing read.
    public init(expected: [UInt8]) {
        body = BodyComparison(expected: expected)
    }

    /// The verdict, once there is one.
    public var verdict: ResponseVerdict? {
        if case .done(let verdict) = state { verdict } else { nil }
    }

    /// Reads the next bytes; after a verdict they are ignored.
    public mutating func read(_ bytes: UnsafeRawBufferPointer) -> ResponseVerdict? {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch state {
            case .done(let verdict): return verdict
            case .body(let left): readBody(&rest, left: left)
            case .chunk(let left): readChunk(&rest, left: left)
            case .statusLine, .fields, .chunkSize, .chunkEnd, .trailers: readLine(&rest)
            }
        }
        return verdict
    }

    /// The connection has ended; where only that ends the body, the body is whole (RFC 9112 §6.3).
    public mutating func readEnd() -> ResponseVerdict {
        switch state {
        case .done(let verdict): return verdict
        case .body(left: nil): finish(body.verdict)
        case .body, .chunkSize, .chunk, .chunkEnd, .trailers:
            fail("closed after \(body.received) bytes of the body")
        case .statusLine where headBytes == 0: fail("closed without an answer")
        case .statusLine, .fields: fail("closed within the header")
        }
        return verdict ?? .object
    }

    private mutating func finish(_ verdict: ResponseVerdict) {
        state = .done(verdict)
    }

    private mutating func fail(_ reason: String) {
        finish(.failure(.protocolError(reason: reason)))
    }

    // MARK: Lines

    /// Takes bytes up to a line's end, and reads the line when it is whole.
    private mutating func readLine(_ rest: inout Slice<UnsafeRawBufferPointer>) {
        let end = rest.firstIndex(of: 0x0A)
        let taken = rest[..<(end.map { $0 + 1 } ?? rest.endIndex)]
        rest = rest[taken.endIndex...]
        if case .chunkEnd = state {} else { headBytes += taken.count }
        guard headBytes <= Self.headLimit else {
            return finish(.failure(.tooLarge(limit: Self.headLimit)))
        }
        guard end != nil else { return partialLine.append(contentsOf: taken) }
        if partialLine.isEmpty {
            return endLine(UnsafeRawBufferPointer(rebasing: taken))
        }
        var line: [UInt8] = []
        swap(&line, &partialLine)
        line.append(contentsOf: taken)
        line.withUnsafeBytes { endLine($0) }
        line.removeAll(keepingCapacity: true)
        swap(&line, &partialLine)
    }

    /// Strips the line's end, CR LF or LF alone (RFC 9112 §2.2), and reads the line.
    private mutating func endLine(_ bytes: UnsafeRawBufferPointer) {
        var line = UnsafeRawBufferPointer(rebasing: bytes.dropLast())
        if line.last == 0x0D { line = UnsafeRawBufferPointer(rebasing: line.dropLast()) }
        switch state {
        case .statusLine: endStatusLine(line)
        case .fields where line.isEmpty: endHead()
        case .fields:
            if let error = head.readField(line) { fail(error) }
        case .chunkSize: endChunkSize(line)
        case .chunkEnd: line.isEmpty ? (state = .chunkSize) : fail("chunk longer than it said")
        case .trailers:
            if line.isEmpty { finish(body.verdict) }
        case .body, .chunk, .done: break
        }
    }

    private mutating func endStatusLine(_ line: UnsafeRawBufferPointer) {
        if let error = head.readStatusLine(line) { return fail(error) }
        state = .fields
        switch head.status {
        case 101: fail("101, which was not asked for")
        case 100..<200:
            interims += 1
            if interims > Self.interimLimit {
                fail("more than \(Self.interimLimit) interim answers")
            }
        case 200, 300..<400: hasStatusLine = true
        default:
            hasStatusLine = true
            finish(.failure(.http(status: head.status)))
        }
    }

    private mutating func endHead() {
        switch head.status {
        case 100..<200: state = .statusLine
        case 300..<400:
            guard let location = head.location else {
                return finish(.failure(.http(status: head.status)))
            }
            let target = NetworkText.printable(location)
            finish(.failure(.redirect(status: head.status, target: target)))
        default: beginBody()
        }
    }

    // MARK: Body

    private mutating func beginBody() {
        if let error = head.finalFramingError { return fail(error) }
        if let encoding = head.encoding {
            return finish(.failure(.mismatch(.encoding(NetworkText.printable(encoding)))))
        }
        if head.isChunked {
            state = .chunkSize
            return
        }
        guard let length = head.contentLength else {
            state = .body(left: nil)
            return
        }
        guard length == body.expected.count else {
            let expected = body.expected.count
            return finish(.failure(.mismatch(.length(received: length, expected: expected))))
        }
        state = .body(left: length)
        if length == 0 { finish(body.verdict) }
    }

    private mutating func readBody(_ rest: inout Slice<UnsafeRawBufferPointer>, left: Int?) {
        let taken = rest.prefix(left ?? rest.count)
        rest = rest[taken.endIndex...]
        body.take(UnsafeRawBufferPointer(rebasing: taken))
        if body.isTooLong { return finish(body.verdict) }
        guard let left else { return }
        // The length is right, so the first wrong byte is the whole story.
        if left == taken.count || body.firstDifference != nil {
            let difference = body.firstDifference
            return finish(
                difference.map { .failure(.mismatch(.content(firstDifference: $0))) } ?? .object)
        }
        state = .body(left: left - taken.count)
    }

    private mutating func readChunk(_ rest: inout Slice<UnsafeRawBufferPointer>, left: Int) {
        let taken = rest.prefix(left)
        rest = rest[taken.endIndex...]
        body.take(UnsafeRawBufferPointer(rebasing: taken))
        if body.isTooLong { return finish(body.verdict) }
        state = left == taken.count ? .chunkEnd : .chunk(left: left - taken.count)
    }

    /// A chunk's size in hexadecimal, then extensions, which mean nothing here (RFC 9112 §7.1).
    private mutating func endChunkSize(_ line: UnsafeRawBufferPointer) {
        var size = 0
        var digits = 0
        loop: for byte in line {
            switch byte {
            case 0x30...0x39: size = size << 4 | Int(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: size = size << 4 | Int((byte | 0x20) - 0x57)
            case 0x3B, 0x20, 0x09: break loop
            default: return fail("bad chunk size")
            }
            digits += 1
            if digits > 15 { return fail("bad chunk size") }
        }
        guard digits > 0 else { return fail("bad chunk size") }
        // A size line without extensions is no reason to run into the cap.
        if digits <= 8 { headBytes -= min(headBytes, digits + 2) }
        state = size == 0 ? .trailers : .chunk(left: size)
    }
}
