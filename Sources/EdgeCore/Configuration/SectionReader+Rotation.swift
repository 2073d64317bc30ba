extension SectionReader {
    /// Rotated labels with TTLs of their own: a label, or `{name: www, ttl: 60s}`, in the file's
    /// order. Without a TTL a name has the network's; `@`, which always rotates, stands here for
    /// its TTL only.
    func rotatedNames(_ key: String) -> (labels: [RotatedLabel], ttls: [String: UInt32]) {
        var names = RotatedNames()
        for node in list(key, limit: 256) ?? [] {
            guard case .mapping = node.content else {
                if let text = text(node, key: key) {
                    add(text, ttl: nil, to: &names, key: key, at: node.position)
                }
                continue
            }
            guard
                let part = SectionReader(
                    node, path: "\(name(key))[]", at: node.position, keys: Version1Keys.rotate,
                    rules: rules, problems: problems)
            else { continue }
            let ttl = part.seconds("ttl")
            guard let text = part.requiredText("name", example: "www") else { continue }
            add(text, ttl: ttl, to: &names, key: key, at: part.place("name"))
        }
        return (names.labels, names.ttls)
    }

    /// The labels that hand out the live edges besides `@`.
    func rotatedLabels(_ key: String) -> [RotatedLabel] {
        var names = RotatedNames()
        for node in list(key, limit: 256) ?? [] {
            guard let text = text(node, key: key) else { continue }
            add(text, ttl: nil, to: &names, key: key, at: node.position)
        }
        return names.labels
    }

    private struct RotatedNames {
        var labels: [RotatedLabel] = []
        var ttls: [String: UInt32] = [:]
    }

    private func add(
        _ text: String, ttl: UInt32?, to names: inout RotatedNames, key: String,
        at position: SourcePosition?
    ) {
        let label = RotatedLabel(text)
        guard text == "@" || label != nil else {
            problems.error(
                "\"\(name(key))\": \"\(text)\" is no label; write it relative to the zone, as www",
                at: position)
            return
        }
        let known = label?.text ?? "@"
        if let label, !names.labels.contains(label) {
            names.labels.append(label)
        } else if ttl != nil && label != nil || names.ttls[known] != nil {
            problems.error(
                "\"\(name(key))\": \"\(text)\" stands twice, with a TTL of its own; write it once",
                at: position)
        } else if label != nil {
            problems.warning("\"\(name(key))\": \"\(text)\" stands twice", at: position)
        } else if ttl == nil {
            problems.warning(
                "\"\(name(key))\": \"@\" is always rotated; leave it out", at: position)
        }
        if let ttl { names.ttls[known] = ttl }
    }
}
