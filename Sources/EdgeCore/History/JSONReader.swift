/// Reads JSON text strictly and within bounds: a torn or hostile file costs time and memory in
/// proportion to its size, and never a crash.
struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads one value that is the whole text, but for white space.
    static func read(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        guard bytes.count <= JSONValue.maximumSize else {
            throw JSONError(
                offset: JSONValue.maximumSize,
                problem: "more than \(JSONValue.maximumSize) bytes of JSON")
        }
        var reader = JSONReader(bytes)
        reader.skipSpace()
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else {
            throw reader.error("text after the end of the JSON value")
        }
        return value
    }

    private func error(_ problem: String) -> JSONError {
        JSONError(offset: position, problem: problem)
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte),
            byte != 0x0B, byte != 0x0C
        {
            position += 1
        }
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < JSONValue.maximumDepth else { throw error("nested too deeply") }
        switch current {
        case nil: throw error("the text ends too early")
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "N"): return try word("NaN", .notFinite("NaN"))
        case UInt8(ascii: "I"): return try word("Infinity", .notFinite("Infinity"))
        case UInt8(ascii: "-"):
            if position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "I") {
                return try word("-Infinity", .notFinite("-Infinity"))
            }
            return try number()
        case .some(0x30...0x39): return try number()
        case .some: throw error("a JSON value is missing")
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONError)
        -> JSONValue
    {
        let expected = text.description.utf8
        guard bytes[position...].starts(with: expected) else {
            throw error("a JSON value is missing")
        }
        position += expected.count
        return value
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        while let byte = current {
            switch byte {
            case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: position += 1
            default: return try checkedNumber(start..<position)
            }
        }
        return try checkedNumber(start..<position)
    }

    private func checkedNumber(_ range: Range<Int>) throws(JSONError) -> JSONValue {
        let slice = bytes[range]
        guard slice.count <= DecimalSeconds.maximumLength, Self.isNumber(slice) else {
            throw JSONError(offset: range.lowerBound, problem: "a malformed number")
        }
        return .number(String(decoding: slice, as: UTF8.self))
    }

    /// RFC 8259 §6.
    private static func isNumber(_ slice: ArraySlice<UInt8>) -> Bool {
        var rest = slice
        if rest.first == 0x2D { rest.removeFirst() }
        let whole = rest.prefix { (0x30...0x39).contains($0) }
        guard !whole.isEmpty, whole.count == 1 || whole.first != 0x30 else { return false }
        rest = rest.dropFirst(whole.count)
        if rest.first == 0x2E {
            let fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard !fraction.isEmpty else { return false }
            rest = rest.dropFirst(1 + fraction.count)
        }
        if rest.first == 0x45 || rest.first == 0x65 {
            rest.removeFirst()
            if rest.first == 0x2B || rest.first == 0x2D { rest.removeFirst() }
            guard !rest.isEmpty, rest.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return false
            }
            return true
        }
        return rest.isEmpty
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        var elements: [JSONValue] = []
        position += 1
        skipSpace()
        if current == UInt8(ascii: "]") {
            position += 1
            return .array([])
        }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            guard try isFollowed(orEndedBy: UInt8(ascii: "]")) else { return .array(elements) }
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        var members: [JSONMember] = []
        position += 1
        skipSpace()
        if current == UInt8(ascii: "}") {
            position += 1
            return .object([])
        }
        while true {
            guard current == UInt8(ascii: "\"") else { throw error("a member's name is missing") }
            let name = try string()
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw error("a colon is missing") }
            position += 1
            skipSpace()
            members.append(JSONMember(name, try value(depth: depth + 1)))
            skipSpace()
            guard try isFollowed(orEndedBy: UInt8(ascii: "}")) else { return .object(members) }
        }
    }

    /// Steps over a comma (true) or the closing bracket (false).
    private mutating func isFollowed(orEndedBy end: UInt8) throws(JSONError) -> Bool {
        guard let byte = current else { throw error("the text ends too early") }
        if byte == end {
            position += 1
            return false
        }
        guard byte == UInt8(ascii: ",") else { throw error("a comma is missing") }
        position += 1
        skipSpace()
        return true
    }
}

extension JSONReader {
    /// Reads a string from its opening to its closing quote.
    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: bytes[start..<position], as: UTF8.self) else {
                    throw error("a string that is not UTF-8")
                }
                position += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw error("a control character in a string")
            default: position += 1
            }
        }
        throw error("the text ends too early")
    }

    /// Goes on with a string that began at `start` once a backslash stands at the position.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<position])
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw error("a string that is not UTF-8")
                }
                position += 1
                return string
            case UInt8(ascii: "\\"): text += try escape().utf8
            case 0..<0x20: throw error("a control character in a string")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw error("the text ends too early")
    }

    private mutating func escape() throws(JSONError) -> String {
        guard position + 1 < bytes.count else { throw error("the text ends too early") }
        let letter = bytes[position + 1]
        if letter == UInt8(ascii: "u") { return String(try unicodeEscape()) }
        let character: Character
        switch letter {
        case UInt8(ascii: "\""): character = "\""
        case UInt8(ascii: "\\"): character = "\\"
        case UInt8(ascii: "/"): character = "/"
        case UInt8(ascii: "b"): character = "\u{8}"
        case UInt8(ascii: "f"): character = "\u{C}"
        case UInt8(ascii: "n"): character = "\n"
        case UInt8(ascii: "r"): character = "\r"
        case UInt8(ascii: "t"): character = "\t"
        default: throw error("an unknown escape")
        }
        position += 2
        return String(character)
    }

    /// RFC 8259 §7: `\uXXXX`, or two of them as a surrogate pair; half a pair, which Python lets
    /// pass, becomes U+FFFD.
    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try codeUnit()
        guard (0xD800...0xDFFF).contains(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        guard first < 0xDC00, bytes[position...].starts(with: #"\u"#.utf8) else {
            return "\u{FFFD}"
        }
        let mark = position
        let second = try codeUnit()
        guard (0xDC00...0xDFFF).contains(second) else {
            position = mark
            return "\u{FFFD}"
        }
        let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        guard position + 6 <= bytes.count else { throw error("the text ends too early") }
        for byte in bytes[position + 2..<position + 6] {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt16(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt16(byte - 0x41 + 10)
            case 0x61...0x66: value = value << 4 | UInt16(byte - 0x61 + 10)
            default: throw error("a malformed escape")
            }
        }
        position += 6
        return value
    }
}

extension JSONValue {
    /// Reads JSON text of at most 4 MiB, nested at most 32 deep.
    public static func read(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        try JSONReader.read(bytes)
    }
}
