extension SectionReader {
    /// Under `capacity`: every edge that is not named there.
    static let otherEdges = "default"
    /// What an edge's capacity and the load may be: numbers that are written without an exponent.
    static let capacityRange = 0.001...1_000_000_000_000.0

    /// `capacity` and `load`: one number for every edge, or a map of edges to theirs.
    ///
    /// - Parameter edges: names under `capacity` must be among them where they are listed in the file; nil: that
    ///   list could not be read.
    func capacity(edges: EdgeSource?) -> CapacitySettings {
        let load = number("load", in: Self.capacityRange)
        guard let node = node("capacity"), !isOff("capacity") else {
            if load != nil {
                problems.warning(
                    "\"\(name("load"))\" has no effect without \"\(name("capacity"))\"; say there what edges "
                        + "can carry, in the same unit", at: place("load"))
            }
            return CapacitySettings()
        }
        if case .sequence = node.content {
            wrong("capacity", must: "a number, or a map of edges to numbers", node: node)
            return CapacitySettings()
        }
        guard case .mapping = node.content else {
            let all = number("capacity", in: Self.capacityRange)
            return CapacitySettings(others: all, load: all == nil ? nil : load)
        }
        guard let map = section("capacity", keys: nil) else { return CapacitySettings() }
        var capacities: [EdgeName: Double] = [:]
        let known = Self.listed(edges)
        for entry in map.all where entry.key != Self.otherEdges {
            guard let edge = map.edge(entry, known: known) else { continue }
            guard let value = map.number(entry.key, in: Self.capacityRange) else { continue }
            if capacities.updateValue(value, forKey: edge) != nil {
                problems.error(
                    "\"\(map.path)\": edge \"\(entry.key)\" stands twice", at: entry.keyPosition)
            }
        }
        let others = map.number(Self.otherEdges, in: Self.capacityRange)
        let isStated = others != nil || !capacities.isEmpty
        return CapacitySettings(edges: capacities, others: others, load: isStated ? load : nil)
    }

    /// The edge that a key names, as the list spells it.
    private func edge(_ entry: ConfigurationNode.Entry, known: [String: EdgeName]?) -> EdgeName? {
        guard let edge = EdgeName(entry.key) else {
            problems.error(
                "\"\(path)\": \"\(entry.key)\" is neither a host name nor an IP address",
                at: entry.keyPosition)
            return nil
        }
        guard let known else { return edge }
        if let listed = known[entry.key.lowercased()] { return listed }
        problems.error(
            "\"\(path)\": \"\(entry.key)\" is not among the network's edges", at: entry.keyPosition,
            suggestion: NearestKey.find(
                entry.key, among: known.values.map(\.text).sorted() + [Self.otherEdges]))
        return nil
    }

    private static func listed(_ edges: EdgeSource?) -> [String: EdgeName]? {
        guard case .inline(let names)? = edges else { return nil }
        return Dictionary(
            names.map { ($0.text.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    }
}
