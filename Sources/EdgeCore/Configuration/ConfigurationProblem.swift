/// Something wrong in a configuration file, told as a compiler tells it.
public struct ConfigurationProblem: Error, Hashable, Sendable {
    /// Whether the configuration can be used all the same.
    public enum Severity: String, Hashable, Sendable, CaseIterable {
        /// It can't.
        case error
        /// It can, but something in it has no effect or not the expected one.
        case warning
    }

    public var severity: Severity
    /// The file as the operator named it.
    public var file: String
    /// nil when the file as a whole is meant.
    public var position: SourcePosition?
    /// One sentence: what is wrong and what to do.
    public var message: String
    /// The nearest known key or word, when one is near.
    public var suggestion: String?
    /// The line itself.
    public var sourceLine: String?

    public init(
        severity: Severity = .error, file: String, position: SourcePosition? = nil,
        message: String, suggestion: String? = nil, sourceLine: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.position = position
        self.message = message
        self.suggestion = suggestion
        self.sourceLine = sourceLine
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// The first line alone: `file:3:5: error: message; did you mean "key"?`
    public var headline: String {
        let place = position.map { "\(file):\($0.line):\($0.column)" } ?? file
        let hint = suggestion.map { "; did you mean \"\($0)\"?" } ?? ""
        return "\(place): \(severity.rawValue): \(Self.printable(message))\(hint)"
    }

    /// The headline, the line of the file, and a caret under the column.
    public var description: String {
        guard let position, let sourceLine, !sourceLine.isEmpty else { return headline }
        let (line, caretColumn) = Self.excerpt(of: sourceLine, around: position.column)
        let padding = line.unicodeScalars.prefix(caretColumn - 1).map { $0 == "\t" ? "\t" : " " }
        return "\(headline)\n    \(line)\n    \(padding.joined())^"
    }

    /// At most 100 columns of the line, and the column of the position within them.
    private static func excerpt(of line: String, around column: Int) -> (String, Int) {
        let scalars = Array(line.unicodeScalars)
        let start = column > 90 ? column - 50 : 0
        let end = min(scalars.count, start + 100)
        guard start < end else { return (printable(String(line.prefix(100))), 1) }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[start..<end])
        return (printable(String(text)), max(1, min(column - start, end - start + 1)))
    }

    /// The text with control characters shown as `?`, since a terminal would obey them.
    private static func printable(_ text: String) -> String {
        let isSafe = { (scalar: Unicode.Scalar) in
            scalar == "\t" || (scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
        }
        if text.unicodeScalars.allSatisfy(isSafe) { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(isSafe(scalar) ? scalar : "?") }
        return String(result)
    }
}

extension [ConfigurationProblem] {
    /// Whether any of them is an error.
    public var hasErrors: Bool { contains { $0.severity == .error } }

    /// By place in the file, those of the whole file first.
    public func sortedByPosition() -> [ConfigurationProblem] {
        let start = SourcePosition(line: 0, column: 0)
        return enumerated().sorted {
            let (left, right) = ($0.element.position ?? start, $1.element.position ?? start)
            return (left, $0.offset) < (right, $1.offset)
        }.map(\.element)
    }
}
