import EdgeCore
import EdgeTesting
import Testing

/// The response parser: strict, bounded, and the same however the bytes are split.
@Suite struct ResponseParserTests {
    static let object = "the object"

    static func parse(
        _ text: String, pieces: Int = .max, ended: Bool = true, expected: String = object
    ) -> ResponseVerdict? {
        parse(Array(text.utf8), pieces: pieces, ended: ended, expected: Array(expected.utf8))
    }

    static func parse(
        _ bytes: [UInt8], pieces: Int, ended: Bool, expected: [UInt8]
    ) -> ResponseVerdict? {
        var parser = ResponseParser(expected: expected)
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(pieces)
            rest = rest.dropFirst(piece.count)
            if let verdict = Array(piece).withUnsafeBytes({ parser.read($0) }) { return verdict }
        }
        return ended ? parser.readEnd() : parser.verdict
    }

    static let ok = "HTTP/1.1 200 OK\r\n"
    static func error(_ reason: String) -> ResponseVerdict {
        .failure(.protocolError(reason: reason))
    }

    static let cases: [(String, ResponseVerdict)] = [
        (ok + "Content-Length: 10\r\n\r\nthe object", .object),
        (ok + "content-LENGTH:10\r\n\r\nthe object", .object),
        (ok + "Content-Length: 10\r\nContent-Length: 10\r\n\r\nthe object", .object),
        ("HTTP/1.1 200\nContent-Length: 10\n\nthe object", .object),
        (ok + "\r\nthe object", .object),
        ("HTTP/1.0 200 OK\r\n\r\nthe object", .object),
        (
            ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nthe\r\n7;x=y\r\n object\r\n0\r\n\r\n",
            .object
        ),
        (
            ok + "Transfer-Encoding: CHUNKED\r\n\r\nA\r\nthe object\r\n0\r\nX: y\r\n\r\n", .object
        ),
        ("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok + "\r\nthe object", .object),
        (
            ok + "Content-Length: 10\r\n\r\nthe subject",
            .failure(.mismatch(.content(firstDifference: 4)))
        ),
        (
            ok + "Content-Length: 11\r\n\r\n",
            .failure(.mismatch(.length(received: 11, expected: 10)))
        ),
        (ok + "\r\nthe objec", .failure(.mismatch(.length(received: 9, expected: 10)))),
        (ok + "\r\nthe objects", .failure(.mismatch(.length(received: 11, expected: 10)))),
        (ok + "\r\nThe object", .failure(.mismatch(.content(firstDifference: 0)))),
        (
            ok + "Content-Encoding: gzip\r\nContent-Length: 10\r\n\r\n",
            .failure(.mismatch(.encoding("gzip")))
        ),
        (
            ok + "Content-Encoding: identity\r\n\r\nthe object",
            .failure(.mismatch(.encoding("identity")))
        ),
        ("HTTP/1.1 503 Down\r\n", .failure(.http(status: 503))),
        ("HTTP/1.1 204 None\r\n\r\n", .failure(.http(status: 204))),
        ("HTTP/1.1 304 Same\r\n\r\n", .failure(.http(status: 304))),
        (
            "HTTP/1.1 301 Moved\r\nLocation:  /x y \r\n\r\n",
            .failure(.redirect(status: 301, target: "/x y"))
        ),
        ("", error("closed without an answer")),
        ("HTTP/1.1 2", error("closed within the header")),
        (ok + "Content-Length: 10\r\n", error("closed within the header")),
        (ok + "Content-Length: 10\r\n\r\nthe", error("closed after 3 bytes of the body")),
        (
            ok + "Transfer-Encoding: chunked\r\n\r\nA\r\nthe object\r\n",
            error("closed after 10 bytes of the body")
        ),
        ("HTTP/2 200 OK\r\n\r\n", error("no HTTP/1 status line")),
        ("HTTP/1.2 200 OK\r\n\r\n", error("no HTTP/1 status line")),
        ("ICY 200 OK\r\n\r\n", error("no HTTP/1 status line")),
        ("HTTP/1.1 2x0 OK\r\n\r\n", error("no status code")),
        ("HTTP/1.1 2000 OK\r\n\r\n", error("no status code")),
        ("HTTP/1.1 099 OK\r\n\r\n", error("no status code")),
        ("HTTP/1.1 101 Switch\r\n\r\n", error("101, which was not asked for")),
        (ok + "X: y\r\n z\r\n\r\n", error("no field name")),
        (ok + "X : y\r\n\r\n", error("bad field name")),
        (ok + ": y\r\n\r\n", error("no field name")),
        (ok + "X: a\u{0}b\r\n\r\n", error("control character in a field")),
        (ok + "X: a\rb\r\n\r\n", error("control character in a field")),
        (
            ok + "Content-Length: 10\r\nContent-Length: 11\r\n\r\n",
            error("conflicting Content-Length fields")
        ),
        (ok + "Content-Length: 10, 10\r\n\r\n", error("Content-Length is no number")),
        (ok + "Content-Length: -1\r\n\r\n", error("Content-Length is no number")),
        (ok + "Content-Length: 99999999999999999999\r\n\r\n", error("Content-Length is no number")),
        (
            ok + "Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n",
            error("Content-Length beside Transfer-Encoding")
        ),
        (
            ok + "Transfer-Encoding: gzip, chunked\r\n\r\n",
            error("Transfer-Encoding that was not asked for")
        ),
        (
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            error("chunks in an HTTP/1.0 answer")
        ),
        (ok + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", error("bad chunk size")),
        (ok + "Transfer-Encoding: chunked\r\n\r\n\r\n", error("bad chunk size")),
        (
            ok + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
            error("bad chunk size")
        ),
        (
            ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nthe object\r\n",
            error("chunk longer than it said")
        ),
        (
            ok + "Transfer-Encoding: chunked\r\n\r\n7fffffffffff\r\nthe object and more",
            .failure(.mismatch(.length(received: 11, expected: 10)))
        ),
    ]

    @Test("Each answer has its verdict, however it is split", arguments: cases)
    func verdict(_ text: String, _ expected: ResponseVerdict) {
        for pieces in [Int.max, 1, 2, 3, 7] {
            #expect(Self.parse(text, pieces: pieces) == expected)
        }
    }

    @Test("The header is capped, lines without end and interim answers included")
    func headerCap() {
        let limit = ResponseVerdict.failure(.tooLarge(limit: 16_384))
        let field = "X-Filler: " + String(repeating: "a", count: 88) + "\r\n"
        #expect(Self.parse(Self.ok + String(repeating: field, count: 200)) == limit)
        #expect(Self.parse(String(repeating: "a", count: 20_000), pieces: 100) == limit)
        let hint = "HTTP/1.1 103 Hint\r\n" + String(repeating: field, count: 40) + "\r\n"
        #expect(Self.parse(String(repeating: hint, count: 5)) == limit)
        let chunked = Self.ok + "Transfer-Encoding: chunked\r\n\r\n"
        let extended = chunked + "1;" + String(repeating: "a", count: 20_000)
        #expect(Self.parse(extended, pieces: 1000) == limit)
        let trailers = chunked + "0\r\n" + String(repeating: field, count: 200)
        #expect(Self.parse(trailers, pieces: 1000) == limit)
        #expect(
            Self.parse(Self.ok + String(repeating: field, count: 150) + "\r\nthe object") == .object
        )
    }

    @Test("Interim answers are counted")
    func interims() {
        let interim = "HTTP/1.1 100 Continue\r\n\r\n"
        let answer = Self.ok + "\r\nthe object"
        #expect(Self.parse(String(repeating: interim, count: 8) + answer) == .object)
        #expect(
            Self.parse(String(repeating: interim, count: 9) + answer)
                == Self.error("more than 8 interim answers"))
    }

    @Test("Many small chunks of a large object are no reason to refuse it")
    func smallChunks() {
        let object = String(repeating: "x", count: 20_000)
        let text =
            Self.ok + "Transfer-Encoding: chunked\r\n\r\n"
            + String(repeating: "1\r\nx\r\n", count: 20_000) + "0\r\n\r\n"
        #expect(Self.parse(text, expected: object) == .object)
    }

    @Test("An empty object is an object")
    func emptyObject() {
        #expect(
            Self.parse(Self.ok + "Content-Length: 0\r\n\r\n", ended: false, expected: "") == .object
        )
        #expect(Self.parse(Self.ok + "\r\n", expected: "") == .object)
        #expect(
            Self.parse(Self.ok + "\r\na", expected: "")
                == .failure(.mismatch(.length(received: 1, expected: 0))))
    }

    @Test("No verdict before there is reason for one")
    func undecided() {
        for text in ["", "HTTP/1.1 200", Self.ok, Self.ok + "\r\nthe object"] {
            #expect(Self.parse(text, ended: false) == nil)
        }
    }

    @Test("The status line is noticed when it has come, interim ones left out")
    func statusLine() {
        var parser = ResponseParser(expected: [])
        func feed(_ text: String) { _ = Array(text.utf8).withUnsafeBytes { parser.read($0) } }
        feed("HTTP/1.1 100 Continue\r\n\r\n")
        #expect(!parser.hasStatusLine)
        feed("HTTP/1.1 200 OK")
        #expect(!parser.hasStatusLine)
        feed("\r\n")
        #expect(parser.hasStatusLine)
    }

    @Test("Every single wrong byte of a body is found at its place")
    func everyByte() {
        let object = (0..<67).map { UInt8($0) }
        for position in object.indices {
            var served = object
            served[position] ^= 0x80
            let text = Array((Self.ok + "Content-Length: 67\r\n\r\n").utf8) + served
            for pieces in [1, 5, 1000] {
                #expect(
                    Self.parse(text, pieces: pieces, ended: true, expected: object)
                        == .failure(.mismatch(.content(firstDifference: position))))
            }
        }
    }

    @Test("Random and mangled bytes never crash, and splitting them changes nothing")
    func fuzz() {
        var random = SplitMix(state: 42)
        let seeds = Self.cases.map { Array($0.0.utf8) }
        for _ in 0..<20_000 {
            var bytes = seeds[random.below(seeds.count)]
            for _ in 0..<random.below(6) where !bytes.isEmpty {
                let place = random.below(bytes.count)
                switch random.below(4) {
                case 0: bytes[place] = UInt8(random.below(256))
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(UInt8(random.below(256)), at: place)
                default: bytes.append(contentsOf: bytes[place...])
                }
            }
            let whole = Self.parse(
                bytes, pieces: .max, ended: true, expected: Array(Self.object.utf8))
            let split = Self.parse(
                bytes, pieces: 1 + random.below(9), ended: true,
                expected: Array(Self.object.utf8))
            #expect(whole == split)
            if case .failure(.protocolError(let reason)) = whole {
                #expect(reason.utf8.count < 100)
            }
        }
    }
}

/// A small generator with a seed, so that a failure comes again.
struct SplitMix {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(bound))
    }
}
