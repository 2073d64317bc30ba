/// A place in a configuration file.
public struct SourcePosition: Hashable, Sendable, Comparable {
    /// Counted from 1.
    public var line: Int
    /// Counted from 1, in Unicode scalars.
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// One value of a configuration file as it was written, with its place: not yet understood.
public struct ConfigurationNode: Hashable, Sendable {
    /// What a node holds.
    public indirect enum Content: Hashable, Sendable {
        /// Text; `isPlain` when it stood without quotes, so that it may mean a number, a truth
        /// value or nothing.
        case scalar(String, isPlain: Bool)
        case sequence([ConfigurationNode])
        /// Each key once, in the file's order.
        case mapping([Entry])
    }

    /// One key of a mapping with its value.
    public struct Entry: Hashable, Sendable {
        public var key: String
        public var keyPosition: SourcePosition
        public var value: ConfigurationNode

        public init(key: String, keyPosition: SourcePosition, value: ConfigurationNode) {
            self.key = key
            self.keyPosition = keyPosition
            self.value = value
        }
    }

    public var content: Content
    public var position: SourcePosition

    public init(_ content: Content, at position: SourcePosition) {
        self.content = content
        self.position = position
    }

    /// The mapping's entries; nil when the node is none.
    public var entries: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The value of a key of a mapping.
    public subscript(key: String) -> ConfigurationNode? {
        entries?.first { $0.key == key }?.value
    }

    /// Whether the node says nothing: an empty plain scalar, `~` or `null` (YAML 1.1).
    public var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The node's kind in words, for a message.
    var kind: String {
        switch content {
        case .scalar(let text, isPlain: true): isNull ? "nothing" : "\"\(text.prefix(60))\""
        case .scalar(let text, isPlain: false): "the text \"\(text.prefix(60))\""
        case .sequence: "a list"
        case .mapping: "a map"
        }
    }

    /// This mapping with another laid over it: the other's keys win, mappings under one key are
    /// merged in turn, lists and texts are replaced as a whole. A key of the other's that says
    /// nothing takes a list's or text's place too, so that the default holds again; a mapping
    /// stays.
    func overlaid(by other: ConfigurationNode?) -> ConfigurationNode {
        guard let other else { return self }
        if other.isNull { return entries == nil ? other : self }
        guard var entries, let others = other.entries else { return other }
        for entry in others {
            if let index = entries.firstIndex(where: { $0.key == entry.key }) {
                entries[index] = Entry(
                    key: entry.key, keyPosition: entry.keyPosition,
                    value: entries[index].value.overlaid(by: entry.value))
            } else {
                entries.append(entry)
            }
        }
        return ConfigurationNode(.mapping(entries), at: position)
    }
}

/// A configuration file as it was written: its name, its lines, its values.
public struct ConfigurationSource: Hashable, Sendable {
    /// The path as the operator gave it; problems begin with it.
    public var file: String
    /// The text's lines without their ends, for problems to quote.
    public var lines: [String]
    public var root: ConfigurationNode

    /// The largest file that is read: 8 MiB.
    public static let maximumBytes = 8 << 20
    /// The most values in one file, aliases counted each time they are used.
    public static let maximumNodes = 100_000
    /// The deepest nesting of lists and maps.
    public static let maximumDepth = 64

    public init(file: String, lines: [String], root: ConfigurationNode) {
        self.file = file
        self.lines = lines
        self.root = root
    }

    /// The directory of the file, to which relative paths of a new configuration are relative.
    var directory: String { PathText.directory(of: file) }

    /// The line at a position; nil when there is none.
    public func line(at position: SourcePosition) -> String? {
        lines.indices.contains(position.line - 1) ? lines[position.line - 1] : nil
    }
}
