import EdgeCore
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
    @Test("All kinds of values are read")
    func kinds() throws {
        let text =
            #" {"a": [1, -2.5e3, true, false, null], "b": "x\n\u00e9\ud83d\ude00\/", "a": NaN} "#
        let value = try JSONValue.read(Array(text.utf8))
        #expect(value["b"] == .string("x\né😀/"))
        #expect(value["a"] == .notFinite("NaN"))
        guard case .object(let members) = value else {
            Issue.record("no object")
            return
        }
        #expect(
            members.first
                == JSONMember(
                    "a",
                    .array([.number("1"), .number("-2.5e3"), .bool(true), .bool(false), .null])))
    }

    @Test("Half a surrogate pair becomes U+FFFD, as Python lets it pass")
    func surrogates() throws {
        #expect(try JSONValue.read(Array(#""\ud800x""#.utf8)) == .string("\u{FFFD}x"))
        #expect(try JSONValue.read(Array(#""\ud800\u0041""#.utf8)) == .string("\u{FFFD}A"))
        #expect(try JSONValue.read(Array(#""\udc00""#.utf8)) == .string("\u{FFFD}"))
    }

    @Test(
        "Text that is no JSON is refused with its place",
        arguments: [
            ("", 0, "the text ends too early"), ("{", 1, "a member's name is missing"),
            ("[1,", 3, "the text ends too early"), ("[1 2]", 3, "a comma is missing"),
            (#"{"a" 1}"#, 5, "a colon is missing"),
            ("[1]x", 3, "text after the end of the JSON value"),
            (#""a"#, 2, "the text ends too early"), ("01", 0, "a malformed number"),
            ("[1,]", 3, "a JSON value is missing"),
            ("\"\n\"", 1, "a control character in a string"),
            (#""\x""#, 1, "an unknown escape"), (#""\u12g4""#, 1, "a malformed escape"),
            ("nul", 0, "a JSON value is missing"), ("-", 0, "a malformed number"),
        ])
    func refuses(text: String, offset: Int, problem: String) {
        #expect(throws: JSONError(offset: offset, problem: problem)) {
            try JSONValue.read(Array(text.utf8))
        }
    }

    @Test("Depth, size and encoding are bounded")
    func bounds() throws {
        let deep = { (depth: Int) in
            Array(
                (String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(throws: Never.self) { try JSONValue.read(deep(JSONValue.maximumDepth)) }
        #expect(throws: JSONError.self) { try JSONValue.read(deep(JSONValue.maximumDepth + 1)) }
        #expect(throws: JSONError.self) { try JSONValue.read(deep(1_000_000)) }
        let large = [UInt8](repeating: 0x20, count: JSONValue.maximumSize + 1)
        #expect(throws: JSONError.self) { try JSONValue.read(large) }
        #expect(throws: JSONError.self) { try JSONValue.read([0x22, 0xFF, 0x22]) }
        #expect(throws: JSONError.self) { try JSONValue.read([UInt8](repeating: 0, count: 4096)) }
    }

    @Test("Any string survives writing and reading")
    func strings() throws {
        var random = HistoryRandom(seed: 11)
        for _ in 0..<500 {
            var text = ""
            for _ in 0..<Int.random(in: 0..<20, using: &random) {
                let value = UInt32.random(in: 0...0x10FFFF, using: &random)
                let narrow = Bool.random(using: &random) ? value % 0x90 : value
                if let scalar = Unicode.Scalar(narrow) { text.unicodeScalars.append(scalar) }
            }
            var bytes: [UInt8] = []
            JSONValue.append(text, to: &bytes)
            #expect(bytes.allSatisfy { (0x20...0x7E).contains($0) })
            #expect(try JSONValue.read(bytes) == .string(text))
        }
    }
}
