/// A piece of a JSON document that is written here.
indirect enum DocumentValue: Hashable, Sendable, Encodable {
    case text(String)
    case integer(Int)
    case flag(Bool)
    case list([DocumentValue])
    case object([String: DocumentValue])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .integer(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .list(let list): try container.encode(list)
        case .object(let members): try container.encode(members)
        }
    }

    /// An object with more members, which take the place of those of the same names.
    func with(_ more: [String: DocumentValue]) -> DocumentValue {
        guard case .object(let members) = self else { return self }
        return .object(members.merging(more) { $1 })
    }
}

extension DocumentValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(arrayLiteral elements: DocumentValue...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, DocumentValue)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}

/// JSON schemas.
extension DocumentValue {
    static let words: DocumentValue = ["type": "string"]
    static let whole: DocumentValue = ["type": "integer"]
    static let number: DocumentValue = ["type": "number"]
    static let truth: DocumentValue = ["type": "boolean"]
    static let time: DocumentValue = ["type": "integer", "description": "Unix time"]
    static let seconds: DocumentValue = ["type": "number", "description": "Seconds"]
    static let share: DocumentValue = ["type": "number", "minimum": 0, "maximum": 1]
    static let serial: DocumentValue = [
        "type": "integer", "minimum": 0, "maximum": 4_294_967_295,
    ]
    static let texts = list(of: words)
    static let form: DocumentValue = [
        "type": "integer", "description": "The version of this shape",
    ]

    static func list(of schema: DocumentValue) -> DocumentValue {
        ["type": "array", "items": schema]
    }

    static func map(of schema: DocumentValue) -> DocumentValue {
        ["type": "object", "additionalProperties": schema]
    }

    static func one(of words: [String]) -> DocumentValue {
        ["type": "string", "enum": .list(words.map { .text($0) })]
    }

    static func reference(_ name: String) -> DocumentValue {
        ["$ref": .text("#/components/schemas/\(name)")]
    }

    /// An object that has these members and no others; those whose names end with `?` may be absent.
    static func members(_ members: KeyValuePairs<String, DocumentValue>) -> DocumentValue {
        var properties: [String: DocumentValue] = [:]
        var required: [String] = []
        for (name, schema) in members {
            let isOptional = name.hasSuffix("?")
            let bare = isOptional ? String(name.dropLast()) : name
            properties[bare] = schema
            if !isOptional { required.append(bare) }
        }
        var object: [String: DocumentValue] = [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
        ]
        if !required.isEmpty { object["required"] = .list(required.map { .text($0) }) }
        return .object(object)
    }
}
