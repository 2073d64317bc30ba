/// A JSON text's value (RFC 8259), as far as the original's files need it.
///
/// Numbers keep their text, since times must not lose digits. `NaN`, `Infinity` and `-Infinity`,
/// which Python's json writes though RFC 8259 §6 forbids them, are values of their own, so that one
/// of them costs its entry and not the file.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number's text as it stood, at most 64 bytes.
    case number(String)
    /// `NaN`, `Infinity` or `-Infinity`.
    case notFinite(String)
    case string(String)
    case array([JSONValue])
    /// Members in their order; of members with one name the last counts, as in Python.
    case object([JSONMember])

    /// The largest text that is read, in bytes.
    public static let maximumSize = 4 * 1024 * 1024
    /// How deep arrays and objects may be nested.
    public static let maximumDepth = 32

    /// The value of the last member called `name`; nil when there is none or this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The number in nanoseconds, taken as seconds; nil when it is no finite number that fits.
    public var nanoseconds: Int64? {
        guard case .number(let text) = self else { return nil }
        return DecimalSeconds.nanoseconds(text.utf8)
    }

    /// The text, when this is a string.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// Appends `text` as a JSON string, everything but printable ASCII escaped, as Python's json
    /// does by default.
    public static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for unit in text.utf16 {
            switch unit {
            case 0x22: bytes += #"\""#.utf8
            case 0x5C: bytes += #"\\"#.utf8
            case 0x0A: bytes += #"\n"#.utf8
            case 0x0D: bytes += #"\r"#.utf8
            case 0x09: bytes += #"\t"#.utf8
            case 0x20...0x7E: bytes.append(UInt8(truncatingIfNeeded: unit))
            default:
                let hex = String(unit, radix: 16)
                bytes += #"\u"#.utf8
                bytes += String(repeating: "0", count: 4 - hex.utf8.count).utf8
                bytes += hex.utf8
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

/// One member of a JSON object.
public struct JSONMember: Hashable, Sendable {
    public var name: String
    public var value: JSONValue

    public init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}

/// Why a text is not JSON that is taken here.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 0, in bytes.
    public var offset: Int
    /// What is wrong, without the position.
    public var problem: String

    public init(offset: Int, problem: String) {
        self.offset = offset
        self.problem = problem
    }

    public var description: String { "\(problem) at byte \(offset)" }
}
