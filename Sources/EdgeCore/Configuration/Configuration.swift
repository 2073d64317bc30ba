/// A whole configuration, from either format, checked.
public struct Configuration: Hashable, Sendable {
    /// The format with what it holds.
    enum Body: Hashable, Sendable {
        case original(OriginalConfiguration)
        /// In the file's order.
        case version1([NetworkSettings], ServerSettings)
    }

    /// The path that it was read from.
    public let file: String
    /// How that file was just before; nil: nobody knows.
    public var stamp: FileStamp?
    /// The file's bytes; empty: nobody knows.
    public var text: [UInt8] = []
    let body: Body

    init(file: String, body: Body) {
        self.file = file
        self.body = body
    }

    /// Which of the two formats it was written in.
    public var format: ConfigurationFormat {
        switch body {
        case .original: .original
        case .version1: .version1
        }
    }

    /// Checks what was written. The format is known by the key `version`, which the original never
    /// had.
    ///
    /// - Returns: the configuration, nil when there is an error; and every problem of the file, in
    ///   its order, warnings included.
    public static func read(_ source: ConfigurationSource) -> (
        configuration: Configuration?, problems: [ConfigurationProblem]
    ) {
        let problems = ProblemCollector(source)
        var body: Body?
        if source.root["version"] != nil {
            body = Version1Configuration.read(source, problems: problems).map {
                .version1($0.networks, $0.server)
            }
        } else {
            body = OriginalConfiguration.read(source, problems: problems).map { .original($0) }
        }
        let configuration = body.map { Configuration(file: source.file, body: $0) }
        let sorted = problems.problems.sortedByPosition()
        return (sorted.hasErrors ? nil : configuration, sorted)
    }

    /// The networks that the file itself names: all of a new configuration, in its order; of an old
    /// one those with a count of their own, by name, others existing by their edge list.
    public var networks: [NetworkName] {
        switch body {
        case .original(let original): original.namedNetworks
        case .version1(let networks, _): networks.map(\.network)
        }
    }

    /// How the daemon is talked to.
    public var server: ServerSettings {
        switch body {
        case .original(let original): original.server
        case .version1(_, let server): server
        }
    }

    /// The directory whose files are the networks' edge lists; nil when the file declares its
    /// networks.
    public var edgeListDirectory: String? {
        switch body {
        case .original(let original): original.edgeListDirectory
        case .version1: nil
        }
    }

    /// Everything that holds for one network.
    ///
    /// An old configuration takes any name; whether the network exists shows when its edge list is
    /// read.
    public func settings(for network: NetworkName) throws(ConfigurationError) -> NetworkSettings {
        switch body {
        case .original(let original): return try original.settings(for: network, file: file)
        case .version1(let networks, _):
            guard var settings = networks.first(where: { $0.network == network }) else {
                throw .unknownNetwork(network, file: file, known: networks.map(\.network))
            }
            settings.declaredNetworks = Set(networks.map(\.network))
            return settings
        }
    }
}

/// Why a configuration says nothing about a network.
public enum ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A new configuration does not declare it.
    case unknownNetwork(NetworkName, file: String, known: [NetworkName])
    /// An old one has no `edge_count`, and no count for this network.
    case noLiveCount(NetworkName, file: String)

    public var description: String {
        switch self {
        case .unknownNetwork(let network, let file, let known):
            let names = known.map(\.text)
            if let near = NearestKey.find(network.text, among: names) {
                return "\(file) declares no network \"\(network)\"; did you mean \"\(near)\"?"
            }
            let shown = names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
            return "\(file) declares no network \"\(network)\"; it has \(shown)"
        case .noLiveCount(let network, let file):
            return
                "\(file) says not how many edges of \"\(network)\" are live; give edge_count, or "
                + "dnet_edge_count for this network"
        }
    }
}
