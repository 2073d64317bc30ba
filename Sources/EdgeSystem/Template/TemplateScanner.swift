internal import EdgeCore
internal import EdgeShell

/// Finds what Stencil can't read of a Jinja template, and names that nobody gives, before anything is
/// rendered.
struct TemplateScanner {
    let file: String
    /// Names that the template is given.
    let known: [String]

    /// Tags that are understood; the rest is named with what to do.
    private static let tags = [
        "for", "endfor", "empty", "if", "ifnot", "elif", "else", "endif",
    ]
    private static let filters = [
        "default", "join", "lowercase", "uppercase", "capitalize", "split", "indent",
    ]
    private static let advice = [
        "set": "write the value where it is used", "macro": "write its text where it is used",
        "include": "a template reads no other file: put its text here",
        "extends": "a template reads no other file: put its text here",
        "import": "a template reads no other file", "block": "a template has no parents here",
        "raw": "write the text without braces", "now": "a zone's text must not change by itself",
    ]

    private typealias Token = (kind: Character, text: Substring, line: Int)

    /// Checks the whole text.
    func check(_ text: String) throws(TemplateProblem) {
        var loops: [[String]] = []
        for token in try tokens(of: text) {
            let body = token.text.drop { $0 == "-" || $0 == "+" || $0.isWhitespace }
            let trimmed = Self.trimEnd(body)
            guard token.kind == "%" else {
                try checkOutput(trimmed, line: token.line, loops: loops)
                continue
            }
            try checkTag(trimmed, line: token.line, loops: &loops)
        }
    }

    private static func trimEnd(_ text: Substring) -> Substring {
        var text = text
        while let last = text.last, last == "-" || last == "+" || last.isWhitespace {
            text.removeLast()
        }
        return text
    }

    private func problem(_ line: Int, _ message: String) -> TemplateProblem {
        TemplateProblem(file: file, line: line, message: message)
    }

    /// The tags and outputs with their lines; comments are left out.
    private func tokens(of text: String) throws(TemplateProblem) -> [Token] {
        var tokens: [Token] = []
        var rest = text[...]
        var line = 1
        while let open = rest.firstIndex(of: "{") {
            line += rest[..<open].count { $0.isNewline }
            let next = rest.index(after: open)
            guard next < rest.endIndex, "{%#".contains(rest[next]) else {
                rest = rest[next...]
                continue
            }
            let kind = rest[next]
            let closing = kind == "{" ? "}}" : "\(kind)}"
            let start = rest.index(after: next)
            guard let end = rest[start...].firstRange(of: closing) else {
                throw problem(line, "{\(kind) is not closed by \(closing)")
            }
            if kind != "#" { tokens.append((kind, rest[start..<end.lowerBound], line)) }
            line += rest[open..<end.upperBound].count { $0.isNewline }
            rest = rest[end.upperBound...]
        }
        return tokens
    }

    private func checkTag(
        _ text: Substring, line: Int, loops: inout [[String]]
    ) throws(TemplateProblem) {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let tag = words.first else { throw problem(line, "an empty tag") }
        guard Self.tags.contains(tag) else {
            let advice = Self.advice[tag].map { ": \($0)" } ?? ""
            throw problem(line, "the tag \"\(tag)\" can't be used\(advice)")
        }
        switch tag {
        case "for":
            guard let place = words.firstIndex(of: "in"), place >= 2, place + 1 < words.count else {
                throw problem(line, "a loop is written: for NAME in LIST")
            }
            let names = words[1..<place].map { $0.replacing(",", with: "") }
            guard words.count == place + 2 else {
                throw problem(
                    line,
                    "\"\(words[(place + 2)...].joined(separator: " "))\" behind a "
                        + "loop's list can't be used")
            }
            try checkOperand(words[place + 1], line: line, loops: loops)
            loops.append(names)
        case "endfor":
            guard loops.popLast() != nil else { throw problem(line, "endfor without for") }
        case "if", "elif", "ifnot":
            let operators = ["and", "or", "not", "==", "!=", "<", ">", "<=", ">=", "in"]
            if words.contains("is") {
                throw problem(
                    line, "tests such as \"is defined\" can't be used; every name is given")
            }
            for word in words.dropFirst() where !operators.contains(word) {
                try checkOperand(word, line: line, loops: loops)
            }
        default: return
        }
    }

    private func checkOutput(
        _ text: Substring, line: Int, loops: [[String]]
    ) throws(TemplateProblem) {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false).map {
            String(Self.trimEnd($0.drop { $0.isWhitespace }))
        }
        guard let base = parts.first, !base.isEmpty else { throw problem(line, "an empty output") }
        if base.contains(" if ") {
            throw problem(line, "an if within {{ }} can't be used: write {% if … %}")
        }
        try checkOperand(base, line: line, loops: loops)
        for part in parts.dropFirst() {
            let name = String(part.prefix { $0 != ":" && $0 != "(" })
            guard Self.filters.contains(name) else {
                throw problem(
                    line,
                    "the filter \"\(name)\" can't be used; there are "
                        + Self.filters.joined(separator: ", "))
            }
            if part.contains("(") {
                throw problem(
                    line, "a filter's argument is written \(name):\"…\", without brackets")
            }
        }
    }

    /// A name, or a literal.
    private func checkOperand(
        _ text: String, line: Int, loops: [[String]]
    ) throws(TemplateProblem) {
        if text.hasPrefix("\"") || text.hasPrefix("'") || Int(text) != nil
            || text == "true" || text == "false"
        {
            return
        }
        if let bad = text.first(where: { "()[]~+*/%".contains($0) }) {
            let advice = bad == "[" ? ": a list's first element is written NAME.0" : ""
            throw problem(line, "\"\(bad)\" in \"\(text)\" can't be used\(advice)")
        }
        let path = text.split(separator: ".").map(String.init)
        guard let name = path.first else { throw problem(line, "\"\(text)\" is no name") }
        if name == "loop", !loops.isEmpty {
            throw problem(
                line,
                "\"\(text)\" is Jinja's; write forloop.counter, forloop.first or forloop.last")
        }
        if name == "forloop", !loops.isEmpty { return }
        guard known.contains(name) || loops.contains(where: { $0.contains(name) }) else {
            throw problem(
                line, "nothing is called \"\(name)\"; there are " + known.joined(separator: ", "))
        }
    }
}
