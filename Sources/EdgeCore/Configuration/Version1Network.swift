/// Reads what one network says of itself.
struct Version1Network {
    let section: SectionReader
    let directory: String

    /// The most edges of one network.
    static let maximumEdges = 10_000

    /// The network's settings; nil when a part is missing, its problem told.
    func read(_ name: NetworkName, sections: Version1Sections.Values) -> NetworkSettings? {
        let edges = readEdges()
        let zones = section.requiredPath("zones", example: "zones/\(name)", resolve: resolve)
        let canaries = readCanaries()
        let selection = readSelection(edges: edges, judge: sections.judge)
        guard let object = sections.object, let dns = sections.dns, let edges, let zones,
            let publish = sections.publish, let selection
        else { return nil }
        var settings = NetworkSettings(
            network: name, format: .version1, object: object, probe: sections.probe,
            judge: sections.judge, selection: selection, references: sections.references,
            dns: dns, edges: edges, canaries: canaries, zoneIncludes: zones, publish: publish,
            commands: sections.commands, original: sections.original,
            database: sections.database, history: sections.history, logPath: sections.logPath,
            interval: sections.interval)
        settings.metrics = sections.metrics
        settings.alarms = sections.alarms
        return settings
    }

    private func resolve(_ path: String) -> String { PathText.join(directory, path) }

    private func readEdges() -> EdgeSource? {
        guard let node = section.node("edges") else {
            section.missing("edges", example: "[edge1.example.net, 192.0.2.7], or a file's path")
            return nil
        }
        switch node.content {
        case .scalar:
            return section.path("edges", resolve: resolve).map { .files($0, extra: nil) }
        case .mapping:
            guard let files = section.section("edges", keys: Version1Keys.edges) else { return nil }
            let extra = files.optionalPath("extra", resolve: resolve)
            return files.requiredPath("file", example: "edges/mynet", resolve: resolve)
                .map { .files($0, extra: extra) }
        case .sequence:
            return readEdgeNames().map { .inline($0) }
        }
    }

    private func readEdgeNames() -> [EdgeName]? {
        guard let items = section.texts("edges", limit: Self.maximumEdges) else { return nil }
        if section.isEmptyList("edges") {
            section.problems.error(
                "\"\(section.name("edges"))\" is empty; name at least one edge",
                at: section.place("edges"))
        }
        var names: [EdgeName] = []
        var seen: [String: SourcePosition] = [:]
        for (text, position) in items {
            guard let name = EdgeName(text) else {
                section.problems.error(
                    "\"\(text)\" is neither a host name nor an IP address", at: position)
                continue
            }
            if let first = seen.updateValue(position, forKey: text.lowercased()) {
                section.problems.error(
                    "edge \"\(text)\" stands twice, first in line \(first.line)", at: position)
            } else {
                names.append(name)
            }
        }
        return names
    }

    private func readCanaries() -> CanarySource {
        guard let node = section.node("canaries"), !section.isOff("canaries") else {
            return .inline([:])
        }
        if case .scalar = node.content {
            return section.path("canaries", resolve: resolve).map { .file($0) } ?? .inline([:])
        }
        let (map, complaints) = CanaryList.read(node)
        for complaint in complaints {
            section.problems.error(
                "\"\(section.name("canaries"))\": \(complaint.message)", at: complaint.position)
        }
        return .inline(map)
    }

    private func readSelection(edges: EdgeSource?, judge: JudgeSettings) -> SelectionSettings? {
        let most = Self.maximumEdges
        let live = section.integer("live", in: 1...most)
        if section.node("live") == nil { section.missing("live", example: "4") }
        let minLive = section.integer("min_live", in: 1...most)
        let budget = section.integer("budget", in: 1...1_000_000)
        let killer =
            section.isOff("canary_killer") ? nil : section.integer("canary_killer", in: 1...most)
        guard let live else { return nil }
        if let minLive, minLive > live {
            section.problems.error(
                "\"\(section.name("min_live"))\" is \(minLive), more than the "
                    + "\(live.counted("edge")) kept live", at: section.place("min_live"))
        }
        if case .inline(let names)? = edges, names.count < live {
            section.problems.warning(
                "\"\(section.name("live"))\" asks for \(live.counted("edge")), the list has \(names.count)",
                at: section.place("live"))
        }
        return SelectionSettings(
            liveCount: live, minLive: minLive,
            substitutionBudget: budget
                ?? SelectionSettings.usualBudget(liveCount: live, judge: judge),
            canaryKiller: killer,
            capacity: section.capacity(edges: edges))
    }
}
