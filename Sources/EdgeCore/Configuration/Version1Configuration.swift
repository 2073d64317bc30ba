/// The format `version: 1`: all networks in one file, unknown keys are errors.
///
/// Each network's sections are laid over those of the top before they are read, so that whatever
/// may stand at the top may stand in a network, and means the same there.
enum Version1Configuration {
    /// The most networks in one file.
    static let maximumNetworks = 1000

    /// Reads all networks in the file's order; nil when a problem is an error.
    static func read(_ source: ConfigurationSource, problems: ProblemCollector)
        -> (networks: [NetworkSettings], server: ServerSettings)?
    {
        let rules = SectionReader.Rules(unknownKeys: .error, plainSeconds: false)
        guard
            let top = SectionReader(
                source.root, path: "", at: nil, keys: Version1Keys.top, rules: rules,
                problems: problems)
        else { return nil }
        guard isVersion1(top) else { return nil }
        let server = top.server { PathText.join(source.directory, $0) }
        guard let networks = networkSections(top) else { return nil }

        // Once without the networks, for the values that every network overrides.
        var lenient = rules
        lenient.requires = false
        _ = Version1Sections(
            shared: top.entries(of: Version1Keys.shared), over: nil, source: source,
            rules: lenient, problems: problems
        ).read()

        var settings: [NetworkSettings] = []
        for (name, section) in networks {
            let sections = Version1Sections(
                shared: top.entries(of: Version1Keys.shared), over: section, source: source,
                rules: rules, problems: problems)
            let network = Version1Network(section: section, directory: source.directory)
            if let read = network.read(name, sections: sections.read()) { settings.append(read) }
        }
        tellSharedPaths(settings, networks, problems)
        tellSharedCatalogs(settings, networks, problems)
        tellUnknownNetworks(settings, at: top.entry("alarms")?.keyPosition, networks, problems)
        return problems.hasErrors ? nil : (settings, server)
    }

    private static func isVersion1(_ top: SectionReader) -> Bool {
        guard top.node("version") != nil else {
            top.missing("version", example: "1")
            return false
        }
        guard let version = top.integer("version", in: 1...Int.max) else { return false }
        guard version == 1 else {
            top.problems.error(
                "\"version\" is \(version); this edgemanage knows version 1 only",
                at: top.place("version"))
            return false
        }
        return true
    }

    private static func networkSections(
        _ top: SectionReader
    ) -> [(NetworkName, SectionReader)]? {
        guard top.node("networks") != nil else {
            top.missing(
                "networks",
                example: "networks: {mynet: {edges: [...], live: 4, zones: zones/mynet}}")
            return nil
        }
        guard let section = top.section("networks", keys: nil) else { return nil }
        if section.all.isEmpty || section.all.count > maximumNetworks {
            top.problems.error(
                "\"networks\" has \(section.all.count) networks, it must have 1 to "
                    + "\(maximumNetworks)",
                at: section.position)
        }
        return section.all.prefix(maximumNetworks).compactMap { entry in
            guard let name = NetworkName(entry.key) else {
                top.problems.error(
                    "\"\(entry.key)\" is no network's name: 1 to 64 letters, digits, . - _, no "
                        + "dot first",
                    at: entry.keyPosition)
                return nil
            }
            return section.section(entry.key, keys: Version1Keys.network).map { (name, $0) }
        }
    }

    /// Tells of receivers of alarms that wait for networks which are not declared: nobody would hear.
    private static func tellUnknownNetworks(
        _ settings: [NetworkSettings], at position: SourcePosition?,
        _ sections: [(NetworkName, SectionReader)], _ problems: ProblemCollector
    ) {
        let declared = Set(sections.map(\.0))
        for receiver in settings.flatMap(\.alarms.receivers) {
            for network in receiver.networks.subtracting(declared).sorted(by: { $0.text < $1.text })
            {
                problems.warning(
                    "receiver \(receiver.name) of alarms names network \"\(network)\", which is not "
                        + "declared", at: position,
                    suggestion: NearestKey.find(network.text, among: declared.map(\.text)))
            }
        }
    }

    /// Tells of catalogs that two networks would write in turn, each with its own zones alone.
    private static func tellSharedCatalogs(
        _ settings: [NetworkSettings], _ sections: [(NetworkName, SectionReader)],
        _ problems: ProblemCollector
    ) {
        var owners: [ZoneName: NetworkName] = [:]
        for network in settings {
            guard let catalog = network.publish.catalog?.zone else { continue }
            guard let other = owners[catalog] else {
                owners[catalog] = network.network
                continue
            }
            problems.error(
                "networks \(other) and \(network.network) have the same catalog \(catalog), but a "
                    + "catalog lists one network's zones; give each its own \"publish.catalog\", or "
                    + "\"catalog: none\"",
                at: sections.first { $0.0 == network.network }?.1.position)
        }
    }

    /// Tells of paths that two networks must not share.
    private static func tellSharedPaths(
        _ settings: [NetworkSettings], _ sections: [(NetworkName, SectionReader)],
        _ problems: ProblemCollector
    ) {
        let places = Dictionary(
            sections.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
        var includes: [String: NetworkName] = [:]
        var files: [String: NetworkName] = [:]
        for network in settings {
            if let other = includes.updateValue(network.network, forKey: network.zoneIncludes) {
                problems.error(
                    "networks \(other) and \(network.network) have the same directory \"zones\"; "
                        + "a zone "
                        + "can be in one network only", at: places[network.network]?.place("zones"))
            }
            for path in [network.original.stateFile, network.original.liveList].compactMap({ $0 }) {
                guard let other = files.updateValue(network.network, forKey: path) else { continue }
                guard other != network.network else {
                    problems.error(
                        "network \(other) would write its state file and its live list to \(path) "
                            + "alike; give each its own under \"legacy\"",
                        at: places[other]?.position)
                    continue
                }
                problems.warning(
                    "networks \(other) and \(network.network) both write \(path); give each its "
                        + "own "
                        + "under \"legacy\"", at: places[network.network]?.position)
            }
        }
    }
}

extension SectionReader {
    /// The values of some of the keys.
    func entries(of keys: [String]) -> [String: ConfigurationNode.Entry] {
        var result: [String: ConfigurationNode.Entry] = [:]
        for key in keys where node(key) != nil { result[key] = entry(key) }
        return result
    }
}
