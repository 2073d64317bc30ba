/// Writes the format `version: 1`.
enum Version1Text {
    /// One key of a section with its value as YAML.
    struct Line: Hashable {
        var key: String
        var value: String
        /// Keys under this one, in place of a value.
        var children: [Line] = []
    }

    /// One section.
    struct Section: Hashable {
        var name: String
        var lines: [Line]
    }

    /// A text as YAML: as it is where that can mean nothing else, else in double quotes.
    static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D...0x2F, UInt8(ascii: "_"): true
            default: false
            }
        }
        let begins = text.utf8.first.map { ($0 | 0x20) >= 0x61 || $0 == UInt8(ascii: "/") } ?? false
        let words = ["true", "false", "yes", "no", "on", "off", "null", "none", "y", "n"]
        if isPlain && begins && !words.contains(text.lowercased()) { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// A number of `SectionReader.capacityRange` as YAML: without an exponent, and without a point where none is
    /// needed.
    static func number(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// A list as YAML, on one line.
    static func list(_ items: [String]) -> String {
        "[" + items.map(quoted).joined(separator: ", ") + "]"
    }

    /// Sections at an indentation.
    static func text(_ sections: [Section], indent: Int) -> String {
        sections.filter { !$0.lines.isEmpty }.map { section in
            let margin = String(repeating: " ", count: indent)
            // A section without a name is a single key.
            if section.name.isEmpty { return text(section.lines, indent: indent) }
            return "\(margin)\(section.name):\n" + text(section.lines, indent: indent + 2)
        }.joined(separator: indent == 0 ? "\n" : "")
    }

    private static func text(_ lines: [Line], indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        return lines.map { line in
            line.children.isEmpty
                ? "\(margin)\(line.key): \(line.value)\n"
                : "\(margin)\(line.key):\n" + text(line.children, indent: indent + 2)
        }.joined()
    }
}
