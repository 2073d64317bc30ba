internal import EdgeCore
internal import Foundation

/// One parameter of a query.
struct APIParameter: Sendable {
    enum Kind: Sendable {
        /// How many at most: 1 to `most`.
        case limit(normal: Int, most: Int)
        case integer(ClosedRange<Int>)
        case word([String])
        /// A text of 1 to so many bytes.
        case text(most: Int)
    }

    enum Value: Hashable, Sendable {
        case integer(Int)
        case text(String)
    }

    var name: String
    var kind: Kind
    var summary: String

    /// The latest Unix time: the end of the year 9999.
    static let latest = 253_402_300_799

    static func limit(_ normal: Int, most: Int = 1000) -> APIParameter {
        APIParameter(
            name: "limit", kind: .limit(normal: normal, most: most),
            summary: "How many at most")
    }

    var schema: DocumentValue {
        switch kind {
        case .limit(let normal, let most):
            [
                "type": "integer", "minimum": 1, "maximum": .integer(most),
                "default": .integer(normal),
            ]
        case .integer(let range):
            [
                "type": "integer", "minimum": .integer(range.lowerBound),
                "maximum": .integer(range.upperBound),
            ]
        case .word(let words): .one(of: words)
        case .text(let most): ["type": "string", "minLength": 1, "maxLength": .integer(most)]
        }
    }

    /// Reads a value; nil: it is none.
    func read(_ text: String) -> Value? {
        switch kind {
        case .limit(_, let most): Self.integer(text, in: 1...most)
        case .integer(let range): Self.integer(text, in: range)
        case .word(let words): words.contains(text) ? .text(text) : nil
        case .text(let most):
            (1...most).contains(text.unicodeScalars.count) ? .text(text) : nil
        }
    }

    private static func integer(_ text: String, in range: ClosedRange<Int>) -> Value? {
        guard let number = Int(text), range.contains(number), "\(number)" == text else {
            return nil
        }
        return .integer(number)
    }

    private var takes: String {
        switch kind {
        case .limit(_, let most): "a whole number from 1 to \(most)"
        case .integer(let range):
            "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .word(let words): "one of \(words.joined(separator: ", "))"
        case .text(let most): "1 to \(most) characters"
        }
    }

    /// Reads a query: every parameter once at most, none that is not known.
    static func read(
        _ query: String?, as known: [APIParameter]
    ) throws(APIFailure) -> [String: Value] {
        var values: [String: Value] = [:]
        for parameter in known {
            if case .limit(let normal, _) = parameter.kind {
                values[parameter.name] = .integer(normal)
            }
        }
        var seen: Set<String> = []
        for part in (query ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(pair[0]), let text = decoded(pair.count > 1 ? pair[1] : "")
            else { throw .malformed("the query is not percent-encoded UTF-8") }
            guard let parameter = known.first(where: { $0.name == name }) else {
                let words = known.map(\.name).joined(separator: ", ")
                throw .malformed(
                    "\"\(name.prefix(40))\" is no parameter of this: it takes "
                        + (known.isEmpty ? "none" : words))
            }
            guard seen.insert(name).inserted else {
                throw .malformed("\"\(name)\" is given twice")
            }
            guard let value = parameter.read(text) else {
                throw .malformed("\"\(name)\" must be \(parameter.takes)")
            }
            values[name] = value
        }
        return values
    }

    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }
}
