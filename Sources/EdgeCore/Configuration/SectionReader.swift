/// Reads one mapping of a configuration, key by key, and collects what is wrong on the way.
///
/// Unknown keys are told when it is made; a value of the wrong type reads as absent.
struct SectionReader {
    /// `dns`, `networks.mynet.dns`; empty at the top.
    let path: String
    /// The section's key; nil: the whole file.
    let position: SourcePosition?
    let problems: ProblemCollector
    private let entries: [ConfigurationNode.Entry]

    /// How the file's format wants to be read.
    struct Rules {
        /// Whether an unknown key is an error or only has no effect.
        var unknownKeys: ConfigurationProblem.Severity
        /// Whether a duration may be a number alone, in seconds.
        var plainSeconds: Bool
        /// Whether missing keys are told.
        var requires = true
    }

    let rules: Rules

    /// - Returns: nil, with an error told, when the node is no mapping. Nothing reads as an empty
    ///   mapping.
    init?(
        _ node: ConfigurationNode, path: String, at keyPosition: SourcePosition?,
        keys: [String]?, rules: Rules, problems: ProblemCollector
    ) {
        self.path = path
        self.position = keyPosition
        self.problems = problems
        self.rules = rules
        guard let entries = node.isNull ? [] : node.entries else {
            let what = path.isEmpty ? "the configuration" : "\"\(path)\""
            problems.error(
                "\(what) must be a map of keys, not \(node.kind)", at: node.position)
            return nil
        }
        self.entries = entries
        if let keys { tellUnknownKeys(keys) }
    }

    private func tellUnknownKeys(_ keys: [String]) {
        for entry in entries where !keys.contains(entry.key) {
            let place = path.isEmpty ? "" : " in \"\(path)\""
            let effect = rules.unknownKeys == .warning ? ", it has no effect" : ""
            problems.add(
                rules.unknownKeys, "unknown key \"\(entry.key)\"\(place)\(effect)",
                at: entry.keyPosition, suggestion: NearestKey.find(entry.key, among: keys))
        }
    }

    /// The key with its section, as messages name it.
    func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The value of a key; nil when it is absent or says nothing.
    func node(_ key: String) -> ConfigurationNode? {
        guard let value = entry(key)?.value, !value.isNull else { return nil }
        return value
    }

    /// The key with its value as it stands, even when that says nothing.
    func entry(_ key: String) -> ConfigurationNode.Entry? { entries.first { $0.key == key } }

    /// All keys in the file's order.
    var all: [ConfigurationNode.Entry] { entries }

    /// Where a message about a key points: to the value, else to the key, else to the section.
    func place(_ key: String) -> SourcePosition? {
        guard let entry = entry(key) else { return position }
        return entry.value.isNull ? entry.keyPosition : entry.value.position
    }

    /// Tells that a value is not what it must be.
    func wrong(_ key: String, must: String, node: ConfigurationNode, hint: String = "") {
        problems.error(
            "\"\(name(key))\" must be \(must), not \(node.kind)\(hint)", at: node.position)
    }

    /// Tells that a key is missing, when the rules ask for it.
    func missing(_ key: String, example: String) {
        guard rules.requires else { return }
        let said = entry(key) == nil ? "is missing" : "has no value"
        problems.error(
            "\"\(name(key))\" \(said); write for example: \(example)", at: place(key))
    }

    /// A section under this one; absent, it reads as empty.
    func section(_ key: String, keys: [String]?) -> SectionReader? {
        let place = entry(key)?.keyPosition ?? position
        let empty = ConfigurationNode(.mapping([]), at: SourcePosition(line: 1, column: 1))
        return SectionReader(
            node(key) ?? empty, path: name(key), at: place, keys: keys, rules: rules,
            problems: problems)
    }
}
