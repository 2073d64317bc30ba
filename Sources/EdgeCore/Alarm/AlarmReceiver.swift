/// The name that an operator gave a receiver of alarms: as a network's (`NetworkName`).
public struct ReceiverName: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let text: String

    /// Checks and takes a name of 1 to 64 letters, digits, `.`, `-`, `_`; nil when it is none.
    public init?(_ text: some StringProtocol) {
        guard let name = NetworkName(text) else { return nil }
        self.text = name.text
    }

    public var description: String { text }

    public static func < (left: ReceiverName, right: ReceiverName) -> Bool {
        left.text < right.text
    }
}

extension ReceiverName: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let name = ReceiverName(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no receiver's name"))
        }
        self = name
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// One who is told of alarms.
public struct AlarmReceiver: Hashable, Sendable {
    /// How it is told.
    public enum Way: Hashable, Sendable {
        /// A POST of JSON.
        case webhook(AlarmWebhook)
        /// Alertmanager's API of version 2; `url` is its root.
        case alertmanager(AlarmWebhook)
        /// A command that gets the notification as JSON on its standard input.
        case command([String])
    }

    public var name: ReceiverName
    public var way: Way
    /// Those it is told of; empty: all.
    public var severities: Set<AlarmSeverity>
    public var kinds: Set<AlarmKind>
    public var networks: Set<NetworkName>
    /// Attempts at one notification before it is given up.
    public var retries: Int
    /// What one attempt may take.
    public var timeout: Duration

    public init(
        name: ReceiverName, way: Way, severities: Set<AlarmSeverity> = [],
        kinds: Set<AlarmKind> = [], networks: Set<NetworkName> = [], retries: Int = 10,
        timeout: Duration = .seconds(5)
    ) {
        self.name = name
        self.way = way
        self.severities = severities
        self.kinds = kinds
        self.networks = networks
        self.retries = retries
        self.timeout = timeout
    }

    /// Whether it wants to hear of this at all.
    func accepts(_ network: NetworkName, _ kind: AlarmKind, _ severity: AlarmSeverity) -> Bool {
        (networks.isEmpty || networks.contains(network))
            && (kinds.isEmpty || kinds.contains(kind))
            && (severities.isEmpty || severities.contains(severity))
    }

    /// Whether it is given the alerts that stand, in each round, and keeps its own account of them.
    var keepsAccount: Bool {
        switch way {
        case .alertmanager: true
        case .webhook, .command: false
        }
    }
}

/// Where notifications are sent by HTTP.
public struct AlarmWebhook: Hashable, Sendable {
    /// The word in URL and headers that the secret takes the place of.
    public static let placeholder = "{secret}"

    public var url: String
    /// By name.
    public var headers: [String: String]
    /// A file whose only line takes the place of `{secret}` in URL and headers, or else is sent as
    /// `Authorization: Bearer`; read when it is needed, refused when others can read it (I36).
    public var secretFile: String?
    /// A template of the body; nil: the whole notification.
    public var template: String?
    /// Certificate authorities besides which none is trusted; nil: the system's.
    public var authorities: String?

    public init(
        url: String, headers: [String: String] = [:], secretFile: String? = nil,
        template: String? = nil, authorities: String? = nil
    ) {
        self.url = url
        self.headers = headers
        self.secretFile = secretFile
        self.template = template
        self.authorities = authorities
    }

    /// Whether URL or headers say where the secret goes.
    public var hasPlaceholder: Bool {
        ([url] + headers.values).contains { $0.contains(Self.placeholder) }
    }
}
