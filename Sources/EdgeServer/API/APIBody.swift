internal import EdgeCore
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The JSON object that an order takes.
///
/// A member that is not known is refused: "fro" for "for" would drain an edge without an end.
struct APIBody: Sendable {
    enum Kind: Sendable {
        case flag
        case word([String])
        /// A length of time.
        case length
        /// One line that others read.
        case line
        /// A text of 255 characters at most.
        case text
    }

    enum Value: Hashable, Sendable {
        case flag(Bool)
        case text(String)
    }

    struct Member: Sendable {
        var name: String
        var kind: Kind
        var isRequired = false
        var summary: String
    }

    /// The schema's name in the document.
    var name: String
    var members: [Member]
    /// What the members alone don't say.
    var rest: [String: DocumentValue] = [:]

    var schema: DocumentValue {
        var properties: [String: DocumentValue] = [:]
        for member in members {
            properties[member.name] = Self.schema(of: member.kind)
                .with(["description": .text(member.summary)])
        }
        let required = members.filter(\.isRequired).map { DocumentValue.text($0.name) }
        var object: [String: DocumentValue] = [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
        ]
        if !required.isEmpty { object["required"] = .list(required) }
        return DocumentValue.object(object).with(rest)
    }

    private static func schema(of kind: Kind) -> DocumentValue {
        switch kind {
        case .flag: .truth
        case .word(let words): .one(of: words)
        case .length: ["type": "string", "pattern": .text(lengthPattern)]
        case .line: ["type": "string", "pattern": .text(linePattern), "maxLength": 1000]
        case .text: ["type": "string", "maxLength": 255]
        }
    }

    /// A whole number of a unit, 114 years at most.
    private static let lengthPattern =
        "^([1-9][0-9]{0,11}ms|[1-9][0-9]{0,8}s|[1-9][0-9]{0,6}m|[1-9][0-9]{0,5}h|[1-9][0-9]{0,3}d)$"
    /// The most digits of a number of each unit.
    private static let lengthDigits: KeyValuePairs = ["ms": 12, "s": 9, "m": 7, "h": 6, "d": 4]
    /// No characters that control, hide or reorder a line, as far as they are in Unicode's first plane.
    private static let unseemly =
        #"\u0000-\u001f\u007f-\u009f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"#
        + #"\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"#
    /// What is not seen beside these.
    private static let blank =
        #"\u0020\u00a0\u034f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200d\u202f\u205f"#
        + #"\u3000\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"#
    private static let linePattern =
        "^[^\(unseemly)]*[^\(unseemly)\(blank)][^\(unseemly)]*$"

    private static func isLength(_ text: String) -> Bool {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        let unit = String(text.dropFirst(digits.count))
        guard let most = lengthDigits.first(where: { $0.key == unit })?.value else { return false }
        return (1...most).contains(digits.count) && digits.first != 0x30
    }

    /// Reads a request's body.
    func read(_ request: Request, upTo limit: Int) async throws -> [String: Value] {
        var request = request
        let buffer = try await request.collectBody(upTo: limit)
        let bytes = Array(buffer.readableBytesView)
        guard !bytes.isEmpty else { return try values(of: .object([])) }
        guard Self.isJSON(request.headers[.contentType]) else {
            throw APIFailure(
                .unsupportedMediaType, "a body must be sent as Content-Type: application/json",
                code: "content-type")
        }
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue.read(bytes)
        } catch {
            throw APIFailure.malformed("the body is no JSON: \(error)")
        }
        return try values(of: json)
    }

    private static func isJSON(_ type: String?) -> Bool {
        let bare = type?.split(separator: ";").first?.lowercased() ?? ""
        return bare.split(separator: " ").joined() == "application/json"
    }

    private func values(of json: JSONValue) throws(APIFailure) -> [String: Value] {
        guard case .object(let given) = json else {
            throw .malformed("the body must be a JSON object")
        }
        var values: [String: Value] = [:]
        for field in given {
            guard let member = members.first(where: { $0.name == field.name }) else {
                let words = members.map { "\"\($0.name)\"" }.joined(separator: ", ")
                throw .malformed(
                    "\"\(field.name.prefix(40))\" is nothing that this knows: it takes "
                        + (members.isEmpty ? "nothing" : words))
            }
            guard values[member.name] == nil else {
                throw .malformed("\"\(member.name)\" is given twice")
            }
            values[member.name] = try Self.value(of: field.value, as: member)
        }
        for member in members where member.isRequired && values[member.name] == nil {
            throw .malformed("the body has no \"\(member.name)\"")
        }
        return values
    }

    private static func value(
        of json: JSONValue, as member: Member
    ) throws(APIFailure) -> Value {
        switch (member.kind, json) {
        case (.flag, .bool(let flag)): return .flag(flag)
        case (.word(let words), .string(let text)):
            guard words.contains(text) else {
                throw .malformed(
                    "\"\(member.name)\" must be one of \(words.joined(separator: ", "))")
            }
            return .text(text)
        case (.length, .string(let text)):
            guard isLength(text) else {
                throw .malformed(
                    "\"\(member.name)\" takes a time such as 30m or 2h, at most a hundred years, "
                        + "not \"\(text.prefix(40))\"")
            }
            return .text(text)
        case (.line, .string(let text)): return .text(text)
        case (.text, .string(let text)):
            guard text.unicodeScalars.count <= 255 else {
                throw .malformed("\"\(member.name)\" is longer than 255 characters")
            }
            return .text(text)
        default:
            if case .flag = member.kind {
                throw .malformed("\"\(member.name)\" must be true or false")
            }
            throw .malformed("\"\(member.name)\" must be text")
        }
    }
}
