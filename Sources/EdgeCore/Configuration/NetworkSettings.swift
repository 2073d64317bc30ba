/// Everything one network's round needs to know, from either format of configuration: checked, with
/// defaults filled in, and nothing left to look up.
public struct NetworkSettings: Hashable, Sendable {
    /// Where a configuration\'s database is that names none.
    public static let defaultDatabase = "/var/lib/edgemanage/edgemanage.db"

    public var network: NetworkName
    public var format: ConfigurationFormat
    public var object: TestObject
    public var probe: ProbeSettings
    public var judge: JudgeSettings
    public var selection: SelectionSettings
    /// Probed along to tell whether the monitor itself is well (I14).
    public var references: [ReferenceTarget]
    public var dns: DNSSettings
    public var edges: EdgeSource
    public var canaries: CanarySource
    /// The directory of zone includes, `<zone>.zone` each.
    public var zoneIncludes: String
    public var publish: PublishSettings
    public var commands: RoundCommands
    /// The original's files that are kept written; each absent key switches one off.
    public var original: OriginalFiles
    public var metrics: MetricsSettings
    /// The SQLite database.
    public var database: String
    /// How long what happened is remembered.
    public var history: HistorySettings
    /// The log file; nil: syslog.
    public var logPath: String?
    /// The interval between rounds (`run_frequency`).
    public var interval: Duration
    /// The networks that the configuration declares; nil: its format does not list them.
    public var declaredNetworks: Set<NetworkName>?
    /// Who is told of what; without a receiver nobody is.
    public var alarms = AlarmSettings()

    public init(
        network: NetworkName, format: ConfigurationFormat, object: TestObject,
        probe: ProbeSettings = ProbeSettings(), judge: JudgeSettings = JudgeSettings(),
        selection: SelectionSettings, references: [ReferenceTarget] = [], dns: DNSSettings,
        edges: EdgeSource, canaries: CanarySource = .inline([:]), zoneIncludes: String,
        publish: PublishSettings, commands: RoundCommands = RoundCommands(),
        original: OriginalFiles = OriginalFiles(), database: String,
        history: HistorySettings = HistorySettings(), logPath: String? = nil,
        interval: Duration = .seconds(60)
    ) {
        self.network = network
        self.format = format
        self.object = object
        self.probe = probe
        self.judge = judge
        self.selection = selection
        self.references = references
        self.dns = dns
        self.edges = edges
        self.canaries = canaries
        self.zoneIncludes = zoneIncludes
        self.publish = publish
        self.commands = commands
        self.original = original
        metrics = MetricsSettings(
            original: format == .original && original.prometheusDirectory != nil)
        self.database = database
        self.history = history
        self.logPath = logPath
        self.interval = interval
        declaredNetworks = nil
    }
}

/// Which of the two formats a configuration was written in.
public enum ConfigurationFormat: String, Hashable, Sendable {
    /// The original's YAML: one network at a time, unknown keys only warn.
    case original
    /// `version: 1`: all networks in one file, unknown keys are errors.
    case version1
}

/// The object that every edge must return, and how it is asked for.
public struct TestObject: Hashable, Sendable {
    public var scheme: ObjectScheme
    /// Host header, SNI and the name that certificates are checked against.
    public var host: String
    public var port: UInt16
    /// The path, beginning with a slash.
    public var path: String
    /// The local reference copy.
    public var localFile: String
    public var trust: ProbePlan.Trust
    /// The original's `testing`: the Host header is the edge's name instead of the object's host.
    public var sendsEdgeNameAsHost: Bool

    public init(
        scheme: ObjectScheme = .http, host: String, port: UInt16? = nil, path: String,
        localFile: String, trust: ProbePlan.Trust = .system, sendsEdgeNameAsHost: Bool = false
    ) {
        self.scheme = scheme
        self.host = host
        self.port = port ?? scheme.defaultPort
        self.path = path
        self.localFile = localFile
        self.trust = trust
        self.sendsEdgeNameAsHost = sendsEdgeNameAsHost
    }
}

/// How probes are made.
public struct ProbeSettings: Hashable, Sendable {
    /// At most 15 s, since a round must end.
    public var timeout: Duration
    /// Attempts in all.
    public var attempts: Int
    public var families: Set<AddressFamily>
    /// The original's `workers`: the least number of probes in flight.
    public var minimumConcurrency: Int
    public var userAgent: String

    /// The longest `timeout` that is taken.
    public static let maximumTimeout: Duration = .seconds(15)

    public init(
        timeout: Duration = .seconds(10), attempts: Int = 3,
        families: Set<AddressFamily> = [.ipv4], minimumConcurrency: Int = 1,
        userAgent: String = "Edgemanage v2 (https://github.com/equalitie/edgemanage)"
    ) {
        self.timeout = timeout
        self.attempts = attempts
        self.families = families
        self.minimumConcurrency = minimumConcurrency
        self.userAgent = userAgent
    }
}

/// How outcomes become health.
public struct JudgeSettings: Hashable, Sendable {
    /// Which live edges keep their place by right.
    public enum Keep: String, Hashable, Sendable, CaseIterable {
        /// Those whose last fetch was under good enough.
        case threshold
        /// Also those whose mean of the last five minutes is: far less churn.
        case window
    }

    /// The fetch time under which an edge is simply fine.
    public var goodEnough: Duration
    public var keep: Keep
    /// How far back the window's mean looks.
    public var window: Duration
    /// How many samples are kept for each target.
    public var keptSamples: Int
    /// The steady judge's numbers; nil: the classic judge.
    public var steady: SteadySettings?

    public init(
        goodEnough: Duration = .seconds(5), keep: Keep = .threshold,
        window: Duration = .seconds(300), keptSamples: Int = 2000, steady: SteadySettings? = nil
    ) {
        self.steady = steady
        self.goodEnough = goodEnough
        self.keep = keep
        self.window = window
        self.keptSamples = keptSamples
    }
}

/// How many edges are live and how fast that may change.
public struct SelectionSettings: Hashable, Sendable {
    /// How many edges are kept live (`edge_count`).
    public var liveCount: Int
    /// The fewest that may ever be published; nil: half of `liveCount`, rounded up.
    public var minLive: Int?
    /// Substitutions in any sliding 10 minutes (`dnschange_maxfreq`).
    public var substitutionBudget: Int
    /// Failing canaries in a round that switch all canaries off; nil: never.
    public var canaryKiller: Int?
    /// What edges can carry, for the load-cascade guard.
    public var capacity: CapacitySettings

    /// - Parameter substitutionBudget: `liveCount` when not given: each place may change once in 10
    /// minutes.
    public init(
        liveCount: Int, minLive: Int? = nil, substitutionBudget: Int? = nil,
        canaryKiller: Int? = nil, capacity: CapacitySettings = CapacitySettings()
    ) {
        self.liveCount = liveCount
        self.minLive = minLive
        self.substitutionBudget = substitutionBudget ?? liveCount
        self.canaryKiller = canaryKiller
        self.capacity = capacity
    }
}

extension SelectionSettings {
    /// The budget of a file of the new format that gives none: `liveCount`, with the steady judge twice that. It
    /// removes so few healthy edges that more is safe, and a flood that follows the live set costs less.
    public static func usualBudget(liveCount: Int, judge: JudgeSettings) -> Int {
        judge.steady == nil ? liveCount : 2 * liveCount
    }

    /// The fewest edges that may be live: `min_live`, by default half of the count rounded up; no more than
    /// the edges that may be live or are published, so that it doesn't vanish together with what it
    /// guards; and at least 1.
    public func minimum(mayBeLive: Int, published: Int) -> Int {
        max(1, min(minLive ?? (liveCount + 1) / 2, max(mayBeLive, published)))
    }
}

/// An address that is no edge, asked only whether it is there.
public struct ReferenceTarget: Hashable, Sendable {
    public var address: IPAddress
    public var port: UInt16

    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// What all zones of a network share.
public struct DNSSettings: Hashable, Sendable, Codable {
    /// The SOA's MNAME, absolute, with its final dot.
    public var primary: String
    /// The SOA's RNAME, absolute, with its final dot.
    public var mailbox: String
    /// NS names, absolute, with their final dots.
    public var nameServers: [String]
    public var rotatedLabels: [RotatedLabel]
    public var soa: SOANumbers
    /// The TTL of NS and address records, in seconds.
    public var ttl: UInt32
    /// Other TTLs of single rotated names' addresses, by label; `@` is the apex. All of an RRset have one
    /// (RFC 2181 §5.2).
    public var nameTTLs: [String: UInt32]
    /// Whether zones begin with `$TTL` (RFC 2308 §4), and an include's first line must have an
    /// owner.
    public var isExplicit: Bool
    /// The largest answer in bytes for a rotated name; above 512 bytes warns (I11).
    public var maximumAnswerSize: Int
    /// What the name servers sign zones with, which makes answers larger; nil: nothing.
    public var signing: ZoneSigning?

    public init(
        primary: String, mailbox: String, nameServers: [String],
        rotatedLabels: [RotatedLabel] = [], soa: SOANumbers = SOANumbers(), ttl: UInt32 = 300,
        isExplicit: Bool = false, maximumAnswerSize: Int = 1232, nameTTLs: [String: UInt32] = [:],
        signing: ZoneSigning? = nil
    ) {
        self.signing = signing
        self.nameTTLs = nameTTLs
        self.primary = primary
        self.mailbox = mailbox
        self.nameServers = nameServers
        self.rotatedLabels = rotatedLabels
        self.soa = soa
        self.ttl = ttl
        self.isExplicit = isExplicit
        self.maximumAnswerSize = maximumAnswerSize
    }
}

extension DNSSettings {
    /// The TTL of a rotated name's addresses; `@` is the apex.
    public func ttl(of label: String) -> UInt32 { nameTTLs[label] ?? ttl }

    /// Reads stored settings; those of earlier versions know no TTLs of single names and no
    /// signing.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            primary: try values.decode(String.self, forKey: .primary),
            mailbox: try values.decode(String.self, forKey: .mailbox),
            nameServers: try values.decode([String].self, forKey: .nameServers),
            rotatedLabels: try values.decode([RotatedLabel].self, forKey: .rotatedLabels),
            soa: try values.decode(SOANumbers.self, forKey: .soa),
            ttl: try values.decode(UInt32.self, forKey: .ttl),
            isExplicit: try values.decode(Bool.self, forKey: .isExplicit),
            maximumAnswerSize: try values.decode(Int.self, forKey: .maximumAnswerSize),
            nameTTLs: try values.decodeIfPresent([String: UInt32].self, forKey: .nameTTLs) ?? [:],
            signing: try values.decodeIfPresent(ZoneSigning.self, forKey: .signing))
    }
}

/// The SOA's numbers in seconds (RFC 1035 §3.3.13); the defaults are the original's.
public struct SOANumbers: Hashable, Sendable, Codable {
    public var ttl: UInt32
    public var refresh: UInt32
    public var retry: UInt32
    public var expire: UInt32
    /// The TTL of negative answers (RFC 2308 §4).
    public var minimum: UInt32

    public init(
        ttl: UInt32 = 300, refresh: UInt32 = 43200, retry: UInt32 = 10800,
        expire: UInt32 = 1_209_600, minimum: UInt32 = 300
    ) {
        self.ttl = ttl
        self.refresh = refresh
        self.retry = retry
        self.expire = expire
        self.minimum = minimum
    }
}

/// Where the edges' names stand.
public enum EdgeSource: Hashable, Sendable {
    /// One name a line; the second list, if any, is appended to the first.
    case files(String, extra: String?)
    /// In the configuration itself.
    case inline([EdgeName])
}

/// Where the canaries stand.
public enum CanarySource: Hashable, Sendable {
    /// A YAML map, zone to address.
    case file(String)
    /// In the configuration itself.
    case inline([ZoneName: IPAddress])
}

/// Where zones go and who must agree first.
public struct PublishSettings: Hashable, Sendable {
    /// The directory of `<zone>.zone` files that the name server reads (`named_dir`).
    public var directory: String
    /// A checker and its first arguments, such as `named-checkzone`; it is given zone and file.
    /// nil: none.
    public var checker: [String]?
    public var method: PublishMethod
    /// The name servers that are told and asked, each name once.
    public var servers: [NameServerSettings]
    /// How long `--wait` and the daemon wait for the name servers to serve what was published (I13).
    public var patience: Duration
    /// How many generations are kept.
    public var keptGenerations: Int
    /// The operator's own zone template in Stencil's language; nil: the built-in text.
    public var template: String?
    public var catalog: CatalogSettings?

    public init(
        directory: String, checker: [String]? = nil, method: PublishMethod = .files,
        servers: [NameServerSettings] = [], patience: Duration = .seconds(60),
        keptGenerations: Int = 100, template: String? = nil, catalog: CatalogSettings? = nil
    ) {
        self.directory = directory
        self.checker = checker
        self.method = method
        self.servers = servers
        self.patience = patience
        self.keptGenerations = keptGenerations
        self.template = template
        self.catalog = catalog
    }
}

/// Commands around a round: split at spaces, no shell, 30 s each.
public struct RoundCommands: Hashable, Sendable {
    public var before: String?
    public var after: String?
    /// After a round that changed a zone; again in each round until it succeeds.
    public var afterChanges: String?

    public init(before: String? = nil, after: String? = nil, afterChanges: String? = nil) {
        self.before = before
        self.after = after
        self.afterChanges = afterChanges
    }
}

/// The original's own files, read once and written each round while configured.
public struct OriginalFiles: Hashable, Sendable {
    /// Directory of `<edge>.edgestore` files.
    public var healthStore: String?
    public var stateFile: String?
    public var liveList: String?
    /// The lock that all networks and `edge_conf` share.
    public var lockFile: String?
    /// Directory of `edgemanage.prom`.
    public var prometheusDirectory: String?

    public init(
        healthStore: String? = nil, stateFile: String? = nil, liveList: String? = nil,
        lockFile: String? = nil, prometheusDirectory: String? = nil
    ) {
        self.healthStore = healthStore
        self.stateFile = stateFile
        self.liveList = liveList
        self.lockFile = lockFile
        self.prometheusDirectory = prometheusDirectory
    }
}
