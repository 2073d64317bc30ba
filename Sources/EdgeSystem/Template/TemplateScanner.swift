internal import EdgeCore
internal import EdgeShell

/// Finds what Stencil can't read of a Jinja template, or reads otherwise, and names that nobody
/// gives, before anything is rendered.
struct TemplateScanner {
    let file: String
    /// What the template is given.
    let known: [String: TemplateShape]

    /// How deep loops and conditions may stand within each other.
    static let deepest = 16

    private static let advice = [
        "set": "write the value where it is used", "macro": "write its text where it is used",
        "call": "write the text where it is used",
        "include": "a template reads no other file: put its text here",
        "extends": "a template reads no other file: put its text here",
        "import": "a template reads no other file", "from": "a template reads no other file",
        "block": "a template has no parents here", "with": "write the value where it is used",
        "raw": "write the text without braces", "now": "a zone's text must not change by itself",
        "filter": "filter each value: {{ NAME|lowercase }}", "elseif": "write elif",
        "break": "put a condition around the loop's text",
        "continue": "put a condition around the loop's text", "do": "nothing is done here",
        "autoescape": "nothing is escaped in a zone",
    ]

    /// An open loop or condition.
    private struct Open {
        var tag: String
        var line: Int
        /// What the loop calls its elements.
        var names: [String: TemplateShape] = [:]
        /// Whether `else` or `empty` was seen.
        var hasLast = false
    }

    /// Checks the whole text, and that it names the serial where there is one to name.
    func check(_ text: String) throws(TemplateProblem) {
        var open: [Open] = []
        var hasSerial = false
        for token in try TemplateToken.all(of: text, file: file) {
            do throws(TemplateExpression.Fault) {
                switch token.kind {
                case .comment: continue
                case .output: hasSerial = try checkOutput(token, open) || hasSerial
                case .tag: try checkTag(token, &open)
                }
            } catch {
                throw TemplateProblem(file: file, line: token.line, message: error.message)
            }
        }
        if let last = open.last {
            throw TemplateProblem(
                file: file, line: last.line, message: "\(last.tag) is not closed by end\(last.tag)")
        }
        guard hasSerial || known["serial"] == nil else {
            throw TemplateProblem(
                file: file, line: 0,
                message: "it has no {{ serial }}: name servers would never take a new version")
        }
    }

    private func expression(_ open: [Open]) -> TemplateExpression {
        var scope = known
        for loop in open { scope.merge(loop.names) { _, inner in inner } }
        return TemplateExpression(
            scope: scope, isInLoop: open.contains { $0.tag == "for" && !$0.hasLast })
    }

    /// - Returns: whether it is the serial.
    private func checkOutput(
        _ token: TemplateToken, _ open: [Open]
    ) throws(TemplateExpression.Fault) -> Bool {
        let words = try TemplateExpression.words(of: token.text)
        guard !words.isEmpty else { throw .init("an empty output") }
        let shape = try expression(open).value(words)
        switch shape {
        case .text, .number: return words == [.plain("serial")]
        case .flag: throw .init("a truth value can't be written out: write a condition")
        case .list:
            throw .init("\(shape.words) can't be written out: write a loop, or join:\" \"")
        case .map(let fields):
            // In each run its fields would come in another order.
            throw .init(
                "\(shape.words) can't be written out: write its fields, "
                    + fields.keys.sorted().map { ".\($0)" }.joined(separator: " "))
        }
    }

    private func checkTag(
        _ token: TemplateToken, _ open: inout [Open]
    ) throws(TemplateExpression.Fault) {
        let words = try TemplateExpression.words(of: token.text)
        guard case .plain(let tag)? = words.first else { throw .init("an empty tag") }
        let rest = Array(words.dropFirst())
        switch tag {
        case "for", "if", "ifnot":
            guard open.count < Self.deepest else {
                throw .init("loops and conditions stand more than \(Self.deepest) deep")
            }
            if tag == "for" {
                open.append(try loop(rest, line: token.line, open))
            } else {
                guard tag == "if" || rest.count == 1 else { throw .init("ifnot takes one value") }
                try expression(open).condition(rest)
                open.append(Open(tag: tag == "for" ? tag : "if", line: token.line))
            }
        case "elif":
            guard let last = open.last, last.tag == "if", !last.hasLast else {
                throw .init("elif stands outside of an if")
            }
            try expression(open).condition(rest)
        case "else", "empty", "endfor", "endif":
            guard rest.isEmpty else { throw .init("\(tag) stands alone in its tag") }
            try close(tag, &open)
        default:
            let advice = Self.advice[tag].map { ": \($0)" } ?? ""
            throw .init("the tag \"\(tag)\" can't be used\(advice)")
        }
    }

    private func close(
        _ tag: String, _ open: inout [Open]
    ) throws(TemplateExpression.Fault) {
        let wanted = tag == "endfor" || tag == "empty" ? "for" : "if"
        guard let last = open.last else { throw .init("\(tag) without \(wanted)") }
        if tag == "else", last.tag == "for" {
            throw .init("else in a loop can't be used: write {% empty %}")
        }
        guard last.tag == wanted else {
            throw .init("\(tag) stands where the \(last.tag) of line \(last.line) is open")
        }
        guard tag == "else" || tag == "empty" else {
            open.removeLast()
            return
        }
        guard !last.hasLast else { throw .init("a second \(tag)") }
        open[open.count - 1].hasLast = true
        // Nothing is looped over any more.
        if tag == "empty" { open[open.count - 1].names = [:] }
    }

    private func loop(
        _ words: [TemplateExpression.Word], line: Int, _ open: [Open]
    ) throws(TemplateExpression.Fault) -> Open {
        guard words.count >= 3, case .plain(let name) = words[0], words[1] == .plain("in") else {
            if words.count > 1, words[1] == .comma {
                throw .init("a loop has one variable: for NAME in LIST")
            }
            throw .init("a loop is written: for NAME in LIST")
        }
        guard TemplateExpression.isVariable(name) else {
            throw .init("\"\(name)\" can't be a loop's variable")
        }
        let list = words[2...]
        let end = list.firstIndex { word in
            if case .plain(let text) = word {
                ["if", "where", "recursive"].contains(text)
            } else {
                false
            }
        }
        if let end {
            throw .init(
                "\"\(TemplateExpression.text(words[end...]))\" behind a loop's list can't be used")
        }
        let shape = try expression(open).value(list)
        guard let element = shape.element else {
            throw .init("\(shape.words) can't be looped over")
        }
        return Open(tag: "for", line: line, names: [name: element])
    }
}
