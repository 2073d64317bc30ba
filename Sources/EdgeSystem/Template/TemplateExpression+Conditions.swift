extension TemplateExpression {
    private static let comparisons: Set<String> = ["==", "!=", "<", ">", "<=", ">=", "in"]

    /// A condition: values and comparisons, with `not` before and `and`, `or` between them.
    ///
    /// Stencil ranks `in` below `or`, chains comparisons as truth values and compares values of two
    /// kinds as different; all that is refused, so that what is left means what it means in Jinja.
    func condition(_ words: [Word]) throws(Fault) {
        guard !words.isEmpty else { throw Fault("a condition is missing") }
        var parts: [[Word]] = [[]]
        for word in words {
            switch word {
            case .plain("and"), .plain("or"): parts.append([])
            case .bar, .colon, .comma: throw Fault("a filter within a condition can't be used")
            case .plain("is"):
                throw Fault("tests such as \"is defined\" can't be used; every name is given")
            default: parts[parts.count - 1].append(word)
            }
        }
        for part in parts {
            var part = part[...]
            var isNegated = false
            while part.first == .plain("not") {
                part = part.dropFirst()
                isNegated = true
            }
            try comparison(Array(part), isAlone: parts.count == 1 && !isNegated)
        }
    }

    private func comparison(_ words: [Word], isAlone: Bool) throws(Fault) {
        let operators = words.indices.filter { isComparison(words[$0]) }
        guard let place = operators.first else {
            guard words.count == 1 else { throw Fault("\"\(Self.text(words))\" is no condition") }
            _ = try operand(words[0])
            return
        }
        guard operators.count == 1 else {
            throw Fault("comparisons in a row can't be used: write \"and\" between them")
        }
        if place > 0, words[place - 1] == .plain("not") {
            throw Fault("\"not in\" can't be used: write {% if A in B %}{% else %}…{% endif %}")
        }
        guard place == 1, words.count == 3, case .plain(let sign) = words[1] else {
            throw Fault("\"\(Self.text(words))\" is no condition")
        }
        try compare(words[0], sign, words[2], isAlone: isAlone)
    }

    private func isComparison(_ word: Word) -> Bool {
        guard case .plain(let text) = word else { return false }
        return Self.comparisons.contains(text)
    }

    private func compare(
        _ left: Word, _ sign: String, _ right: Word, isAlone: Bool
    ) throws(Fault) {
        let (first, second) = (try operand(left), try operand(right))
        // Each comparison would read the whole include.
        for word in [left, right] where word == .plain("include") {
            throw Fault("\"include\" can't be compared; {% if include %} asks whether there is one")
        }
        switch sign {
        case "in":
            guard isAlone else {
                throw Fault("\"in\" beside and, or, not can't be used: write one if within another")
            }
            guard first == .text, second == .text || second == .list(.text) else {
                throw Fault("\"in\" asks for a text in a text or in a list of texts")
            }
        case "==", "!=":
            guard first == second, [.text, .number, .flag].contains(first) else {
                throw Fault("\(first.words) and \(second.words) can't be compared")
            }
        default:
            guard first == .number, second == .number else {
                throw Fault("\"\(sign)\" compares numbers, not \(first.words) and \(second.words)")
            }
        }
    }
}
