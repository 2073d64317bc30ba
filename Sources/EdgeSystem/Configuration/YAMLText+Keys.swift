internal import EdgeCore

extension YAMLText {
    /// A problem for a map's key that is itself a list, a map or an alias, in a file that has
    /// aliases.
    ///
    /// The parser compares keys with each other, and such keys take time without bound where
    /// aliases repeat each other's content.
    func complexKeyProblem() -> ConfigurationProblem? {
        guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else {
            return nil
        }
        var scan = FlowKeyScan()
        for (index, line) in lines.enumerated() {
            let bytes = Array(line.utf8)
            guard let column = Self.complexKeyColumn(bytes) ?? scan.column(in: bytes) else {
                continue
            }
            return ConfigurationProblem(
                file: file, position: SourcePosition(line: index + 1, column: column),
                message: "a key must be plain text here, not a list, a map or an alias",
                sourceLine: line)
        }
        return nil
    }

    /// The column of what looks like such a key: `? `, `]:`, `}:`, `*alias:`.
    private static func complexKeyColumn(_ line: [UInt8]) -> Int? {
        let blank = { (index: Int) in index >= line.count || line[index] == 0x20 || line[index] == 9
        }
        let ends = { (index: Int) in
            blank(index) || [0x2C, 0x5B, 0x5D, 0x7B, 0x7D].contains(line[index])
        }
        var previous: UInt8 = 0x20
        for (index, byte) in line.enumerated() {
            defer { previous = byte }
            if byte == UInt8(ascii: "#") && (previous == 0x20 || previous == 9) { return nil }
            let startsToken = [0x20, 9, 0x2C, 0x5B, 0x7B].contains(previous)
            if byte == UInt8(ascii: "?") && startsToken && blank(index + 1) { return index + 1 }
            guard byte == UInt8(ascii: ":"), ends(index + 1) else { continue }
            let before = line[..<index].reversed().drop { $0 == 0x20 || $0 == 9 }
            if let last = before.first, last == UInt8(ascii: "]") || last == UInt8(ascii: "}") {
                return index + 1
            }
            let word = before.prefix { ![0x20, 9, 0x2C, 0x5B, 0x7B].contains($0) }
            if word.last == UInt8(ascii: "*") { return index + 1 }
        }
        return nil
    }
}

/// Finds keys without a colon in maps in braces: `{*a}`, `{[x]}`.
///
/// It knows brackets, quotes and comments, and nothing else of YAML.
private struct FlowKeyScan {
    private var brackets: [UInt8] = []
    private var quote: UInt8?
    /// The last byte that was no blank.
    private var last: UInt8 = 0x0A

    /// The column of such a key that begins in this line.
    mutating func column(in line: [UInt8]) -> Int? {
        var previous: UInt8 = 0x20
        var isEscaped = false
        for (index, byte) in line.enumerated() {
            defer { previous = byte }
            if let open = quote {
                if byte == open && !isEscaped { quote = nil }
                isEscaped = byte == UInt8(ascii: "\\") && open == UInt8(ascii: "\"") && !isEscaped
                continue
            }
            let startsToken = [0x20, 9, 0x2C, 0x5B, 0x7B].contains(previous)
            if byte == UInt8(ascii: "#") && startsToken { return nil }
            let isKey = brackets.last == 0x7B && (last == 0x7B || last == 0x2C)
            if isKey && [UInt8(ascii: "*"), 0x5B, 0x7B].contains(byte) { return index + 1 }
            switch byte {
            case 0x5B, 0x7B: brackets.append(byte)
            case 0x5D, 0x7D: _ = brackets.popLast()
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                if startsToken { quote = byte }
            default: break
            }
            if byte != 0x20 && byte != 9 { last = byte }
        }
        return nil
    }
}
