import FoundationEssentials

/// JSON for standard output: one object a line, keys in a fixed order, so that two runs can be compared and
/// several networks read one by one.
enum JSONText {
    /// The value on one line.
    static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
