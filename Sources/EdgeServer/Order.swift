public import EdgeCore

/// What an operator asks the daemon to do.
public enum Order: Hashable, Sendable {
    /// Sets an edge's mode, for a time if there is one.
    case mode(edge: String, Mode, comment: String?, length: Duration?, insists: Bool)
    /// Holds the network's rotations.
    case hold(reason: String, length: Duration?)
    /// Lets them go on.
    case resume
    /// Lets held plans through: all, or what concerns one zone.
    case approve(zone: String?)
    /// Asks the edges now.
    case round
}

/// What came of an order.
public struct OrderReply: Hashable, Sendable, Codable {
    /// What was done, a sentence each.
    public var done: [String]
    /// What should be looked at, a sentence each.
    public var warnings: [String]
    /// Whether it is in effect already: a round has carried it out.
    public var isApplied: Bool

    enum CodingKeys: String, CodingKey {
        case done, warnings
        case isApplied = "applied"
    }

    public init(done: [String], warnings: [String] = [], isApplied: Bool) {
        self.done = done
        self.warnings = warnings
        self.isApplied = isApplied
    }
}

/// Why an order was not obeyed; nothing was changed.
public struct OrderRefusal: Error, Hashable, Sendable {
    /// What kind of refusal it is.
    public enum Kind: String, Hashable, Sendable {
        /// The order itself is wrong.
        case malformed
        /// There is no such network, edge or zone.
        case unknown
        /// It may not be done as things are: the sentence says how to insist, where one may.
        case refused
        /// It could not be done.
        case failed
        /// The daemon is about to end.
        case stopping
    }

    public var kind: Kind
    /// One sentence.
    public var message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

/// What the server asks the daemon.
public protocol DaemonFace: Sendable {
    /// The networks that it runs, in the configuration's order.
    var networks: [NetworkName] { get }
    /// What is known of a network; nil: it runs no such one.
    func status(of network: NetworkName) throws -> StatusView?
    /// How the daemon itself is.
    var health: DaemonHealth { get }
    /// Its metrics as text, format 0.0.4.
    func metrics() async -> String
    /// Does what an operator asks, and returns when it is in effect.
    func obey(
        _ order: Order, of network: NetworkName, by actor: String
    ) async throws(OrderRefusal) -> OrderReply
    /// Reads the configuration anew.
    func reload() async throws(OrderRefusal)
}

/// How the daemon itself is.
public struct DaemonHealth: Hashable, Sendable, Encodable {
    public var version: String
    public var process: Int32
    /// Unix time of its start.
    public var since: Int64
    public var configuration: String
    /// Unix time at which the configuration in use was read.
    public var configurationRead: Int64
    /// Why the configuration as it is written now is not used; nil: it is.
    public var configurationTrouble: String?
    /// Why nothing listens at `server.listen` now; nil: it does, or need not.
    public var listenTrouble: String?
    public var networks: [Network]

    /// How one network's rounds go.
    public struct Network: Hashable, Sendable, Encodable {
        public var network: String
        /// Unix time at which its last round ended; nil: none did.
        public var lastRound: Int64?
        /// Why the last round could not be; nil: it could.
        public var trouble: String?
        /// Whether rounds come as they should.
        public var isFresh: Bool

        enum CodingKeys: String, CodingKey {
            case network, lastRound, trouble
            case isFresh = "fresh"
        }

        public init(network: String, lastRound: Int64?, trouble: String?, isFresh: Bool) {
            self.network = network
            self.lastRound = lastRound
            self.trouble = trouble
            self.isFresh = isFresh
        }
    }

    public init(
        version: String, process: Int32, since: Int64, configuration: String,
        configurationRead: Int64, configurationTrouble: String?, listenTrouble: String? = nil,
        networks: [Network]
    ) {
        self.version = version
        self.process = process
        self.since = since
        self.configuration = configuration
        self.configurationRead = configurationRead
        self.configurationTrouble = configurationTrouble
        self.listenTrouble = listenTrouble
        self.networks = networks
    }

    /// Whether every network's rounds come, and the configuration is used as it is written.
    public var isWell: Bool { configurationTrouble == nil && networks.allSatisfy(\.isFresh) }
}
