/// The original's configuration, checked: one for all networks, `{dnet}` still in its paths.
public struct OriginalConfiguration: Hashable, Sendable {
    var object: TestObject
    var probe: ProbeSettings
    var judge: JudgeSettings
    var dns: DNSSettings
    var references: [ReferenceTarget]
    var publish: PublishSettings
    var commands: RoundCommands
    /// The edge lists, one file a network.
    public internal(set) var edgeListDirectory: String
    var extraEdgeListDirectory: String?
    /// The includes, one directory a network.
    var includesDirectory: String
    var canaryFiles: String?
    var files: OriginalFiles
    var database: String
    var logPath: String?
    var interval: Duration
    var selection: Selection
    /// How the daemon is talked to.
    var server = ServerSettings()
    /// The keys of the top that the file gives a value: what an import tells depends on them.
    var stated: Set<String> = []

    /// `edge_count`, and what goes with it.
    struct Selection: Hashable, Sendable {
        var edgeCount: Int?
        var edgeCounts: [NetworkName: Int]
        var minLive: Int?
        var budget: Int?
        var canaryKiller: Int?
    }

    /// Networks that the file names (`dnet_edge_count`), by name; others exist by their edge list.
    public var namedNetworks: [NetworkName] { selection.edgeCounts.keys.sorted() }

    /// What holds for one network.
    func settings(for network: NetworkName, file: String) throws(ConfigurationError)
        -> NetworkSettings
    {
        guard let liveCount = selection.edgeCounts[network] ?? selection.edgeCount else {
            throw .noLiveCount(network, file: file)
        }
        let fill = { (path: String) in Self.replacingNetwork(in: path, by: network) }
        let edges = EdgeSource.files(
            "\(edgeListDirectory)/\(network)",
            extra: extraEdgeListDirectory.map { "\($0)/\(network)" })
        // What holds for most networks may be more than a small one can have.
        let minLive = selection.minLive.map { min($0, liveCount) }
        var publish = publish
        publish.template = publish.template.map(fill)
        return NetworkSettings(
            network: network, format: .original, object: object, probe: probe, judge: judge,
            selection: SelectionSettings(
                liveCount: liveCount, minLive: minLive, substitutionBudget: selection.budget,
                canaryKiller: selection.canaryKiller),
            references: references, dns: dns, edges: edges,
            canaries: canaryFiles.map { .file(fill($0)) } ?? .inline([:]),
            zoneIncludes: "\(includesDirectory)/\(network)", publish: publish,
            commands: commands,
            original: OriginalFiles(
                healthStore: files.healthStore, stateFile: files.stateFile.map(fill),
                liveList: files.liveList.map(fill), lockFile: files.lockFile.map(fill),
                prometheusDirectory: files.prometheusDirectory),
            database: fill(database), logPath: logPath, interval: interval)
    }

    /// `path` with `{dnet}` replaced by the network's name.
    static func replacingNetwork(in path: String, by network: NetworkName) -> String {
        var result = ""
        var rest = path[...]
        while let range = rest.firstRange(of: "{dnet}") {
            result += rest[..<range.lowerBound] + network.text
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
