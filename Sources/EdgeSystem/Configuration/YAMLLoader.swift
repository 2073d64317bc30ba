internal import EdgeCore
internal import Yams

/// Turns a prepared text into nodes.
struct YAMLLoader {
    private(set) var problems: [ConfigurationProblem] = []
    private let original: YAMLText
    private var count = 0
    /// First letters of repeated keys, by the private character that took their place.
    private var replaced: [Unicode.Scalar: Unicode.Scalar] = [:]

    private let repeatedKeys: ConfigurationProblem.Severity

    /// How many repeated keys of one file are told: each needs another reading of it.
    private var repetitions: Int {
        max(1, min(50, ConfigurationSource.maximumBytes / 2 / max(1, original.text.utf8.count)))
    }

    init(text: YAMLText, repeatedKeys: ConfigurationProblem.Severity) {
        original = text
        self.repeatedKeys = repeatedKeys
    }

    /// The root node; nil when there is none, the problems told.
    mutating func load() -> ConfigurationNode? {
        guard let root = compose() else { return nil }
        return convert(root, depth: 0)
    }

    /// The parser's tree. A map with a key twice is an error of the parser that names one place
    /// only; so the first of the two gets another first letter, for the converter to find both.
    private mutating func compose() -> Node? {
        var text = original
        let limit = repetitions
        for attempt in 0...limit {
            do {
                let root = try Parser(
                    yaml: text.text, resolver: .basic, constructor: .default, encoding: .utf8
                ).singleRoot()
                if root == nil {
                    tell("the file is empty; edgemanage init writes one to start from")
                }
                return root
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let place = SourcePosition(line: context.mark.line, column: context.mark.column)
                guard attempt < limit, let key = keys.first,
                    let marker = Unicode.Scalar(0xF0000 + attempt),
                    let first = key.unicodeScalars.first,
                    let (changed, _) = text.replacing(at: place, first, by: marker)
                else {
                    tell("the key \"\(keys.first ?? "")\" stands twice in one map", at: place)
                    return nil
                }
                replaced[marker] = first
                text = changed
            } catch {
                tell(error)
                return nil
            }
        }
        return nil
    }

    private mutating func tell(
        _ message: String, at position: SourcePosition? = nil,
        _ severity: ConfigurationProblem.Severity = .error
    ) {
        let line = position.flatMap { place in
            original.lines.indices.contains(place.line - 1) ? original.lines[place.line - 1] : nil
        }
        problems.append(
            ConfigurationProblem(
                severity: severity, file: original.file, position: position, message: message,
                sourceLine: line))
    }
}

extension YAMLLoader {
    /// Converts a node; nil once a limit was passed.
    private mutating func convert(_ node: Node, depth: Int) -> ConfigurationNode? {
        let position = SourcePosition(
            line: max(node.mark?.line ?? 1, 1), column: max(node.mark?.column ?? 1, 1))
        guard depth <= ConfigurationSource.maximumDepth else {
            tell(
                "lists and maps are nested deeper than \(ConfigurationSource.maximumDepth)",
                at: position)
            return nil
        }
        count += 1
        guard count <= ConfigurationSource.maximumNodes else {
            tell(
                "the file has more than \(ConfigurationSource.maximumNodes) values, aliases "
                    + "counted each "
                    + "time they are used", at: position)
            return nil
        }
        switch node {
        case .scalar(let scalar):
            let isPlain =
                scalar.style == .plain && scalar.tag.description != "tag:yaml.org,2002:str"
            return ConfigurationNode(
                .scalar(restored(scalar.string), isPlain: isPlain), at: position)
        case .sequence(let items):
            var result: [ConfigurationNode] = []
            for item in items {
                guard let converted = convert(item, depth: depth + 1) else { return nil }
                result.append(converted)
            }
            return ConfigurationNode(.sequence(result), at: position)
        case .mapping(let mapping):
            return convert(mapping, at: position, depth: depth)
        case .alias:
            tell("an alias stands for nothing", at: position)
            return nil
        }
    }

    private mutating func convert(
        _ mapping: Node.Mapping, at position: SourcePosition, depth: Int
    ) -> ConfigurationNode? {
        var entries: [ConfigurationNode.Entry] = []
        var merged: [ConfigurationNode] = []
        var places: [String: SourcePosition] = [:]
        for (keyNode, valueNode) in mapping {
            guard let key = convert(keyNode, depth: depth + 1),
                let value = convert(valueNode, depth: depth + 1)
            else { return nil }
            guard case .scalar(let text, _) = key.content else {
                tell("a key must be plain text, not a list or a map", at: key.position)
                continue
            }
            // The node's tag says nothing here: comparing keys has resolved it.
            if text == "<<", keyNode.scalar?.style == .plain {
                merged.append(value)
                continue
            }
            if let first = places[text] {
                tell(
                    "the key \"\(text)\" stands twice in one map, first at "
                        + "\(first.line):\(first.column)",
                    at: key.position, repeatedKeys)
                continue
            }
            places[text] = key.position
            entries.append(.init(key: text, keyPosition: key.position, value: value))
        }
        for node in merged { merge(node, into: &entries, known: &places) }
        return ConfigurationNode(.mapping(entries), at: position)
    }

    /// YAML 1.1's merge key: the map's own keys win, then those of the earlier map.
    private mutating func merge(
        _ node: ConfigurationNode, into entries: inout [ConfigurationNode.Entry],
        known: inout [String: SourcePosition]
    ) {
        var maps = [node]
        if case .sequence(let items) = node.content { maps = items }
        for map in maps {
            guard let others = map.entries else {
                tell("\"<<\" must be a map or a list of maps", at: node.position)
                return
            }
            for entry in others where known[entry.key] == nil {
                known[entry.key] = entry.keyPosition
                entries.append(entry)
            }
        }
    }

    /// The text as the file has it, where the loader changed its first letter.
    private func restored(_ text: String) -> String {
        guard !replaced.isEmpty, let first = text.unicodeScalars.first, let letter = replaced[first]
        else { return text }
        return String(letter) + String(text.unicodeScalars.dropFirst())
    }
}

extension YAMLLoader {
    /// Tells what the parser says, in words that help.
    private mutating func tell(_ error: any Error) {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            // At the end of the text the place that matters is where the open thing began.
            let place = problem.contains("unexpected end of stream") ? context?.mark ?? mark : mark
            let position = SourcePosition(line: max(place.line, 1), column: max(place.column, 1))
            tell(sentence(problem, context: context?.text, at: position), at: position)
        case YamlError.reader(_, let offset, _, _):
            let position = offset.flatMap(position(ofByte:))
            tell("a control character stands here; YAML allows none", at: position)
        default:
            tell("the file can't be read as YAML: \(error)")
        }
    }

    private func sentence(_ problem: String, context: String?, at position: SourcePosition)
        -> String
    {
        let line =
            original.lines.indices.contains(position.line - 1)
            ? original.lines[position.line - 1] : ""
        if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
            return "the line is indented with a tab; YAML allows spaces only"
        }
        if problem.contains("unexpected end of stream") {
            return "what begins here has no end; close the quote or bracket"
        }
        if problem.contains("nesting level") {
            return "lists and maps are nested deeper than \(ConfigurationSource.maximumDepth)"
        }
        if problem.contains("another document") {
            return "a second document begins here; a configuration is one document"
        }
        let place = context.map { " \($0)" } ?? ""
        return "this is no YAML: \(problem)\(place)"
    }

    /// The place of a byte of the text.
    private func position(ofByte offset: Int) -> SourcePosition? {
        let before = original.text.utf8.prefix(offset)
        let line = before.reduce(into: 1) { if $1 == 0x0A { $0 += 1 } }
        let rest = before.reversed().prefix { $0 != 0x0A }
        let column = String(decoding: rest.reversed(), as: UTF8.self).unicodeScalars.count + 1
        return SourcePosition(line: line, column: column)
    }
}
