extension SectionReader {
    /// A text on one line, free of control characters.
    func text(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        return text(node, key: key)
    }

    /// The same of a node in a list.
    func text(_ node: ConfigurationNode, key: String) -> String? {
        guard case .scalar(let text, _) = node.content, !node.isNull else {
            wrong(key, must: "a text", node: node)
            return nil
        }
        guard text.utf8.count <= 4096 else {
            problems.error("\"\(name(key))\" is longer than 4096 bytes", at: node.position)
            return nil
        }
        // A line end would become a second header, record or command (I34, I35).
        guard text.unicodeScalars.allSatisfy(Self.isPrintable) else {
            problems.error("\"\(name(key))\" holds a control character", at: node.position)
            return nil
        }
        return text
    }

    /// Whether a character neither controls a terminal nor ends a line: C0, DEL, C1 and Unicode's
    /// line ends do.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
            && !(0x2028...0x2029).contains(scalar.value)
    }

    /// Whether the key switches off what it would name, or what the top names: `none`, or a false
    /// truth value, without quotes.
    func isOff(_ key: String) -> Bool {
        guard let node = node(key) else { return false }
        if case .scalar("none", isPlain: true) = node.content { return true }
        return Self.truth(node) == false
    }

    /// A text that must be there.
    func requiredText(_ key: String, example: String) -> String? {
        guard node(key) != nil else {
            missing(key, example: example)
            return nil
        }
        return text(key)
    }

    /// A scalar without quotes, with its place.
    private func plain(_ key: String, must words: String) -> (String, ConfigurationNode)? {
        guard let node = node(key) else { return nil }
        guard case .scalar(let text, let isPlain) = node.content else {
            wrong(key, must: words, node: node)
            return nil
        }
        guard isPlain else {
            wrong(key, must: words, node: node, hint: "; leave the quotes out")
            return nil
        }
        return (text, node)
    }

    /// A whole number within limits.
    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let (text, node) = plain(key, must: "a whole number") else { return nil }
        guard let value = Self.decimal(text) else {
            let isNumber = !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
            let hint =
                !isNumber
                ? "" : text.hasPrefix("0") ? "; leave the first zeros out" : "; it is far too large"
            wrong(key, must: "a whole number", node: node, hint: hint)
            return nil
        }
        return inRange(value, key, range, node)
    }

    /// Decimal digits with a sign, no leading zeros: YAML 1.1 reads `010` as 8.
    static func decimal(_ text: String) -> Int? {
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }),
            digits.count == 1 || digits.first != "0"
        else { return nil }
        return Int(text)
    }

    func inRange(
        _ value: Int, _ key: String, _ range: ClosedRange<Int>, _ node: ConfigurationNode
    ) -> Int? {
        if range.contains(value) { return value }
        let limit =
            value < range.lowerBound
            ? "at least \(range.lowerBound)" : "at most \(range.upperBound)"
        problems.error("\"\(name(key))\" is \(value), it must be \(limit)", at: node.position)
        return nil
    }

    /// A decimal number within limits, without an exponent.
    func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let (text, node) = plain(key, must: "a number") else { return nil }
        guard let value = Self.fraction(text) else {
            wrong(key, must: "a number", node: node, hint: "; write it as 0.25")
            return nil
        }
        if range.contains(value) { return value }
        let limit =
            value < range.lowerBound
            ? "at least \(range.lowerBound)" : "at most \(range.upperBound)"
        problems.error("\"\(name(key))\" is \(text), it must be \(limit)", at: node.position)
        return nil
    }

    /// Decimal digits with a sign and at most one point between them, no leading zeros.
    private static func fraction(_ text: String) -> Double? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let whole = parts[0].hasPrefix("-") ? parts[0].dropFirst() : parts[0]
        let isWhole = whole == "0" || whole.first.map { ("1"..."9").contains($0) } ?? false
        let digits = [whole] + parts.dropFirst()
        let areDigits = digits.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) }
        }
        guard isWhole, areDigits else { return nil }
        return Double(text)
    }

    /// A truth value as YAML 1.1 spells it, without quotes.
    func flag(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        if let flag = Self.truth(node) { return flag }
        var hint = ""
        if case .scalar(_, isPlain: false) = node.content { hint = "; leave the quotes out" }
        wrong(key, must: "true or false", node: node, hint: hint)
        return nil
    }

    /// What a node says as a truth value; nil when it is none.
    static func truth(_ node: ConfigurationNode) -> Bool? {
        guard case .scalar(let text, isPlain: true) = node.content else { return nil }
        switch text {
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return true
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return false
        default: return nil
        }
    }

    /// A duration above zero (or from it on), at most `limit`.
    func duration(
        _ key: String, atLeast: Duration = .milliseconds(1), atMost: Duration
    ) -> Duration? {
        guard let node = node(key) else { return nil }
        guard case .scalar(let text, let isPlain) = node.content else {
            wrong(key, must: durationWords, node: node)
            return nil
        }
        let unquoted = isPlain || !rules.plainSeconds
        guard let value = parse(text), unquoted else {
            let isNumber = DurationText.parseSeconds(text) != nil
            let hint = isNumber ? isPlain ? "; add a unit" : "; leave the quotes out" : ""
            wrong(key, must: durationWords, node: node, hint: hint)
            return nil
        }
        guard value >= atLeast, value <= atMost else {
            let limit =
                value < atLeast
                ? "at least \(DurationText.text(atLeast))"
                : "at most \(DurationText.text(atMost))"
            problems.error("\"\(name(key))\" is \(text), it must be \(limit)", at: node.position)
            return nil
        }
        return value
    }

    private func parse(_ text: String) -> Duration? {
        if rules.plainSeconds, let value = DurationText.parseSeconds(text) { return value }
        return DurationText.parse(text)
    }

    private var durationWords: String {
        rules.plainSeconds
            ? "a number of seconds" : "a duration with its unit (700ms, 10s, 5m, 1h, 14d)"
    }

    /// A TTL or another 31-bit number of seconds (RFC 2181 §8).
    func seconds(_ key: String, atLeast: Int = 0) -> UInt32? {
        let most = Duration.seconds(Int64(Int32.max))
        guard let value = duration(key, atLeast: .seconds(atLeast), atMost: most) else {
            return nil
        }
        guard value.components.attoseconds == 0 else {
            problems.error("\"\(name(key))\" must be whole seconds", at: place(key))
            return nil
        }
        return UInt32(value.components.seconds)
    }

    /// The nodes of a list, at most `limit` of them; a single text counts as a list of one.
    func list(_ key: String, limit: Int) -> [ConfigurationNode]? {
        guard let node = node(key) else { return nil }
        switch node.content {
        case .scalar: return [node]
        case .mapping:
            wrong(key, must: "a list", node: node)
            return nil
        case .sequence(let items):
            guard items.count <= limit else {
                problems.error(
                    "\"\(name(key))\" has \(items.count) items, at most \(limit) are allowed",
                    at: node.position)
                return nil
            }
            return items
        }
    }

    /// Whether a list was written without an item; one whose items are all wrong is told by these.
    func isEmptyList(_ key: String) -> Bool { list(key, limit: .max)?.isEmpty ?? true }

    /// A list of texts.
    func texts(_ key: String, limit: Int) -> [(text: String, position: SourcePosition)]? {
        list(key, limit: limit)?.compactMap { item in
            text(item, key: key).map { ($0, item.position) }
        }
    }

    /// One of an enumeration's words.
    func word<Word: RawRepresentable & CaseIterable>(
        _ key: String, as type: Word.Type
    ) -> Word? where Word.RawValue == String {
        guard let node = node(key), let text = text(key) else { return nil }
        if let word = Word(rawValue: text) { return word }
        tellUnknownWord(text, key, Word.allCases.map(\.rawValue), at: node.position)
        return nil
    }

    func tellUnknownWord(
        _ text: String, _ key: String, _ known: [String], at position: SourcePosition?
    ) {
        problems.error(
            "\"\(name(key))\" must be \(known.joined(separator: " or ")), not \"\(text)\"",
            at: position, suggestion: NearestKey.find(text, among: known))
    }
}
