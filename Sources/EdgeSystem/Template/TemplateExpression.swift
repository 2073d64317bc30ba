/// Checks what stands within one tag or output, so that Stencil gets nothing that it reads
/// otherwise than Jinja does, and nothing that ends the process.
struct TemplateExpression {
    /// Why it is refused; a sentence without the position.
    struct Fault: Error, Hashable {
        var message: String

        init(_ message: String) {
            self.message = message
        }
    }

    /// A piece of an expression.
    enum Word: Hashable {
        /// A name with its fields, a number or an operator.
        case plain(String)
        /// What stands between two quotes.
        case quoted(String)
        case bar
        case colon
        case comma
    }

    /// The longest text in quotes, in bytes.
    static let longestText = 256
    /// The most words of one tag.
    static let mostWords = 64
    /// The most filters of one value.
    static let mostFilters = 8

    /// The names that are given here, loops' own ones included.
    let scope: [String: TemplateShape]
    let isInLoop: Bool

    /// Cuts a tag's text at blanks, keeping quoted texts whole.
    static func words(of text: String) throws(Fault) -> [Word] {
        var words: [Word] = []
        var rest = text[...]
        while let first = rest.first {
            switch first {
            case " ", "\n":
                rest = rest.dropFirst()
            case "|", ":", ",":
                words.append(first == "|" ? .bar : first == ":" ? .colon : .comma)
                rest = rest.dropFirst()
            case "\"", "'":
                let inside = rest.dropFirst().prefix { $0 != first }
                rest = rest.dropFirst(1 + inside.count)
                guard rest.first == first else { throw Fault("a quote is not closed") }
                rest = rest.dropFirst()
                words.append(.quoted(try literal(inside)))
            default:
                let word = rest.prefix { !" \n|:,\"'".contains($0) }
                words.append(.plain(String(word)))
                rest = rest.dropFirst(word.count)
            }
            guard words.count <= mostWords else {
                throw Fault("more than \(mostWords) words in one tag can't be used")
            }
        }
        return words
    }

    /// Stencil knows no escapes, and counts quotes of both kinds.
    private static func literal(_ text: Substring) throws(Fault) -> String {
        if let bad = text.first(where: { "\"'\\\n".contains($0) }) {
            let name = bad == "\n" ? "a line end" : "\(bad)"
            throw Fault("\(name) within quotes can't be used")
        }
        guard text.utf8.count <= longestText else {
            throw Fault("a text in quotes is longer than \(longestText) bytes")
        }
        return String(text)
    }

    /// A value with its filters, the whole of an output or of a loop's list.
    func value(_ words: some Collection<Word>) throws(Fault) -> TemplateShape {
        var parts: [[Word]] = [[]]
        for word in words {
            if word == .bar { parts.append([]) } else { parts[parts.count - 1].append(word) }
        }
        guard parts.count <= Self.mostFilters + 1 else {
            throw Fault("more than \(Self.mostFilters) filters at one value can't be used")
        }
        try refuseForeign(parts[0])
        guard let first = parts[0].first, parts[0].count == 1 else {
            throw Fault("\"\(Self.text(parts[0]))\" is no single value")
        }
        var shape = try operand(first)
        for part in parts.dropFirst() { shape = try filtered(shape, by: part) }
        return shape
    }

    /// Names what Jinja has and Stencil reads otherwise or not at all.
    private func refuseForeign(_ words: [Word]) throws(Fault) {
        for (index, word) in words.enumerated() {
            guard case .plain(let text) = word else { continue }
            if text == "is" {
                throw Fault("tests such as \"is defined\" can't be used; every name is given")
            }
            if index > 0, text == "if" {
                throw Fault("an if within {{ }} can't be used: write {% if … %}")
            }
            if index > 0, "+-*/~%".contains(text.first ?? " "), text.count <= 2 {
                throw Fault(
                    "\"\(text)\" can't be used: texts stand beside each other, and nothing is "
                        + "reckoned")
            }
        }
    }

    /// A name with its fields, or a literal.
    func operand(_ word: Word) throws(Fault) -> TemplateShape {
        guard case .plain(let text) = word else {
            guard case .quoted = word else { throw Fault("a value is missing") }
            return .text
        }
        if text == "true" || text == "false" { return .flag }
        if text.utf8.allSatisfy({ (48...57).contains($0) }), Int(text) != nil { return .number }
        if let bad = text.unicodeScalars.first(where: { !Self.isName($0) && $0 != "." }) {
            let advice = bad == "[" ? ": a list's first element is written NAME.0" : ""
            throw Fault("\"\(bad)\" in \"\(text)\" can't be used\(advice)")
        }
        let path = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let name = path.first, !path.contains("") else {
            throw Fault("\"\(text)\" is no name")
        }
        if name == "loop", isInLoop, scope["loop"] == nil {
            throw Fault(
                "\"\(text)\" is Jinja's; write forloop.counter, forloop.first or forloop.last")
        }
        guard var shape = name == "forloop" && isInLoop ? TemplateShape.loop : scope[name] else {
            let known = TemplateContext.names.joined(separator: ", ")
            throw Fault("nothing is called \"\(name)\"; there are \(known)")
        }
        for field in path.dropFirst() {
            switch shape.member(field) {
            case .success(let next): shape = next
            case .failure(let fault): throw Fault("\"\(text)\": \(fault.message)")
            }
        }
        return shape
    }

    private static func isName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }

    /// Whether a loop may call its variable so.
    static func isVariable(_ name: String) -> Bool {
        let taken = ["true", "false", "not", "and", "or", "in", "is", "if", "forloop", "loop"]
        return name.unicodeScalars.allSatisfy(isName) && !taken.contains(name)
            && name.first?.isNumber == false
    }

    static func text(_ words: some Collection<Word>) -> String {
        words.map { word in
            switch word {
            case .plain(let text): text
            case .quoted(let text): "\"\(text)\""
            case .bar: "|"
            case .colon: ":"
            case .comma: ","
            }
        }.joined(separator: " ")
    }
}
