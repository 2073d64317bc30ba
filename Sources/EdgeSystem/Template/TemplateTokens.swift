internal import EdgeShell

/// A tag, output or comment of a template, cut where Stencil cuts.
struct TemplateToken: Hashable {
    enum Kind: Hashable {
        case tag, output, comment
    }

    var kind: Kind
    /// Without braces and the signs of whitespace control.
    var text: String
    /// Counted from 1.
    var line: Int

    /// The most tags and outputs of a template.
    static let limit = 2000
    /// The longest run of white space: whitespace control looks at each again and again.
    static let longestBlank = 256

    /// Cuts a template; a problem names its line.
    static func all(of text: String, file: String) throws(TemplateProblem) -> [TemplateToken] {
        let bytes = Array(text.utf8)
        var tokens: [TemplateToken] = []
        var line = 1
        var blanks = 0
        var index = 0
        func problem(_ message: String) -> TemplateProblem {
            TemplateProblem(file: file, line: line, message: message)
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\n") { line += 1 }
            blanks = byte <= 0x20 ? blanks + 1 : 0
            if blanks > longestBlank {
                throw problem("more than \(longestBlank) blanks in a row can't be used")
            }
            guard byte == UInt8(ascii: "{"), index + 1 < bytes.count,
                let kind = kind(bytes[index + 1])
            else {
                index += 1
                continue
            }
            let end = try end(of: kind, in: bytes, at: index, file: file, line: line)
            let inside = bytes[(index + 2)..<end]
            let token = try content(inside, kind: kind, file: file, line: line)
            tokens.append(token)
            guard tokens.count <= limit else {
                throw problem("there are more than \(limit) tags")
            }
            line += inside.count { $0 == UInt8(ascii: "\n") }
            index = end + 2
        }
        return tokens
    }

    /// Where the two closing characters of what begins at `index` stand.
    private static func end(
        of kind: Kind, in bytes: [UInt8], at index: Int, file: String, line: Int
    ) throws(TemplateProblem) -> Int {
        let closing = kind == .output ? UInt8(ascii: "}") : bytes[index + 1]
        var end = index + 2
        while end + 1 < bytes.count, bytes[end] != closing || bytes[end + 1] != UInt8(ascii: "}") {
            end += 1
        }
        let opening = String(decoding: bytes[index..<(index + 2)], as: UTF8.self)
        guard end + 1 < bytes.count else {
            let closed = String(decoding: [closing, UInt8(ascii: "}")], as: UTF8.self)
            throw TemplateProblem(
                file: file, line: line, message: "\(opening) is not closed by \(closed)")
        }
        // Stencil takes the second character for the first of the end.
        if kind != .output, bytes[index + 2] == UInt8(ascii: "}") {
            throw TemplateProblem(file: file, line: line, message: "\(opening)} can't be used")
        }
        return end
    }

    private static func kind(_ byte: UInt8) -> Kind? {
        switch byte {
        case UInt8(ascii: "{"): .output
        case UInt8(ascii: "%"): .tag
        case UInt8(ascii: "#"): .comment
        default: nil
        }
    }

    private static func content(
        _ bytes: ArraySlice<UInt8>, kind: Kind, file: String, line: Int
    ) throws(TemplateProblem) -> TemplateToken {
        func problem(_ message: String) -> TemplateProblem {
            TemplateProblem(file: file, line: line, message: message)
        }
        var inside = bytes
        let signs = [UInt8(ascii: "-"), UInt8(ascii: "+")]
        let isSigned = [inside.first, inside.last].contains { $0.map(signs.contains) ?? false }
        if isSigned, kind != .tag {
            let shown = kind == .output ? "{{- … -}}" : "{#- … -#}"
            throw problem("whitespace control at \(shown) can't be used; it works in {%- … -%}")
        }
        if kind == .comment { return TemplateToken(kind: kind, text: "", line: line) }
        if let first = inside.first, signs.contains(first) { inside = inside.dropFirst() }
        if let last = inside.last, signs.contains(last) { inside = inside.dropLast() }
        guard inside.allSatisfy({ $0 >= 0x20 || $0 == UInt8(ascii: "\n") }) else {
            throw problem(
                "a tab or another control character within a tag can't be used; write blanks")
        }
        return TemplateToken(
            kind: kind, text: String(decoding: inside, as: UTF8.self), line: line)
    }
}
