/// What operators give as a reason or comment, and others read in `status`.
enum OperatorWords {
    /// The longest text in bytes.
    static let longest = 1000

    /// The text without blanks around it; refused when it is empty, too long, or could forge, hide or reorder lines.
    static func checked(_ text: String, named name: String) throws -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
                && scalar.value != 0x2028 && scalar.value != 0x2029
                && (scalar.properties.generalCategory != .format || Self.joiners.contains(scalar))
        }
        guard isPlain else {
            throw CommandFailure(
                message: "\(name) must be one line without control or invisible characters",
                status: 2)
        }
        let words = text.split(separator: " ").joined(separator: " ")
        guard words.unicodeScalars.contains(where: isVisible) else {
            throw CommandFailure(message: "\(name) is empty: say why", status: 2)
        }
        guard words.utf8.count <= longest else {
            throw CommandFailure(message: "\(name) is longer than \(longest) bytes", status: 2)
        }
        return words
    }

    /// What languages and pictures are written with: zero width joiner and non-joiner.
    private static let joiners: Set<Unicode.Scalar> = ["\u{200C}", "\u{200D}"]

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint
    }
}
