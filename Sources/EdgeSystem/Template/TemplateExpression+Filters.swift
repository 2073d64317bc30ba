extension TemplateExpression {
    /// What a filter takes and gives.
    struct FilterRule {
        var arguments: ClosedRange<Int>
        var takes: (TemplateShape) -> Bool
        var gives: (TemplateShape) -> TemplateShape
    }

    /// The filters in the order of the documentation; `BoundedFilters` carries them out.
    static let filterNames = [
        "default", "join", "lowercase", "uppercase", "split", "indent", "lower", "upper", "length",
    ]

    static func rule(of filter: String) -> FilterRule? {
        let isText = { (shape: TemplateShape) in shape == .text }
        let isList = { (shape: TemplateShape) in shape.element != nil }
        switch filter {
        case "default":
            return FilterRule(arguments: 1...1, takes: { _ in true }, gives: { $0 })
        case "join":
            return FilterRule(
                arguments: 0...1,
                takes: { shape in shape.element == .text || shape.element == .number },
                gives: { _ in .text })
        case "lowercase", "uppercase", "lower", "upper":
            return FilterRule(arguments: 0...0, takes: isText, gives: { $0 })
        case "split":
            return FilterRule(arguments: 0...1, takes: isText, gives: { _ in .list(.text) })
        case "indent": return FilterRule(arguments: 0...2, takes: isText, gives: { $0 })
        case "length": return FilterRule(arguments: 0...0, takes: isList, gives: { _ in .number })
        default: return nil
        }
    }

    /// What operators of Jinja templates look for.
    private static let filterAdvice = [
        "first": ": write NAME.0", "last": ": write a loop with {% if forloop.last %}",
        "count": ": write NAME.count", "d": ": write default", "list": ": leave it out",
        "string": ": leave it out", "capitalize": ": Jinja and Stencil write capitals otherwise",
        "safe": ": leave it out, nothing is escaped",
        "e": ": nothing is escaped in a zone", "escape": ": nothing is escaped in a zone",
        "sort": ": lists are sorted already", "unique": ": each value comes once already",
    ]

    /// The shape after a filter.
    func filtered(_ shape: TemplateShape, by part: [Word]) throws(Fault) -> TemplateShape {
        guard case .plain(let text)? = part.first else { throw Fault("a filter has no name") }
        let name = String(text.prefix { $0 != "(" })
        guard let rule = Self.rule(of: name) else {
            let advice = Self.filterAdvice[name] ?? ""
            throw Fault(
                "the filter \"\(name)\" can't be used\(advice.isEmpty ? "; there are " : advice)"
                    + (advice.isEmpty ? Self.filterNames.joined(separator: ", ") : ""))
        }
        guard text == name else {
            throw Fault("a filter's argument is written \(name):\"…\", without brackets")
        }
        let arguments = try arguments(of: name, part.dropFirst())
        guard rule.arguments.contains(arguments.count) else {
            throw Fault(
                "the filter \"\(name)\" takes \(rule.arguments.lowerBound) to "
                    + "\(rule.arguments.upperBound) arguments, not \(arguments.count)")
        }
        guard rule.takes(shape) else {
            throw Fault("the filter \"\(name)\" can't be used on \(shape.words)")
        }
        if name == "default", let argument = arguments.first {
            try checkDefault(argument, of: shape)
        }
        try checkArguments(of: name, arguments)
        return rule.gives(shape)
    }

    private func arguments(
        of name: String, _ words: ArraySlice<Word>
    ) throws(Fault) -> [Word] {
        guard let first = words.first else { return [] }
        guard first == .colon else {
            throw Fault("\"\(Self.text(words))\" behind the filter \"\(name)\" can't be used")
        }
        var arguments: [Word] = []
        var expectsValue = true
        for word in words.dropFirst() {
            guard expectsValue == (word != .comma) else {
                throw Fault("the arguments of \"\(name)\" are separated by single commas")
            }
            if expectsValue {
                _ = try operand(word)
                arguments.append(word)
            }
            expectsValue.toggle()
        }
        if expectsValue { throw Fault("the filter \"\(name)\" lacks an argument behind its colon") }
        return arguments
    }

    /// What is put in a value's place is of its kind: a map would be written out, in another order in
    /// each run.
    private func checkDefault(_ argument: Word, of shape: TemplateShape) throws(Fault) {
        let other = try operand(argument)
        let plain: [TemplateShape] = [.text, .number]
        guard other == shape || plain.contains(other) && plain.contains(shape) else {
            throw Fault(
                "the filter \"default\" can't put \(other.words) in the place of \(shape.words)")
        }
    }

    /// Widths are numbers within limits, separators texts: what is written is what is done.
    private func checkArguments(of name: String, _ arguments: [Word]) throws(Fault) {
        for (index, argument) in arguments.enumerated() {
            switch (name, index, argument) {
            case ("indent", 0, .plain(let text)):
                guard let width = Int(text), (0...BoundedFilters.widestIndent).contains(width)
                else {
                    throw Fault(
                        "the filter \"indent\" takes a width of 0 to "
                            + "\(BoundedFilters.widestIndent), not \"\(text)\"")
                }
            case ("default", _, _), (_, _, .quoted): continue
            default:
                throw Fault(
                    "the filter \"\(name)\" takes a text in quotes, not \"\(Self.text([argument]))\""
                )
            }
        }
    }
}
