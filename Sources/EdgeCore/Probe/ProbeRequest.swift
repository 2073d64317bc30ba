/// Who is asked: an edge, a canary or a reference target, at one family.
public struct ProbeTarget: Hashable, Sendable {
    /// What the answer is for.
    public enum Role: String, Hashable, Sendable, CaseIterable {
        /// Competes for the live set.
        case edge
        /// Serves one zone only.
        case canary
        /// Tells whether the monitor's own network works (I14); never published.
        case reference
    }

    public var role: Role
    /// The edge's name; a canary's or reference target's address.
    public var name: EdgeName
    public var family: AddressFamily

    public init(role: Role = .edge, name: EdgeName, family: AddressFamily) {
        self.role = role
        self.name = name
        self.family = family
    }
}

/// HTTP with or without TLS.
public enum ObjectScheme: String, Hashable, Sendable, CaseIterable {
    case http
    case https

    /// The port that a URL of this scheme need not name (RFC 9110 §4.2).
    public var defaultPort: UInt16 { self == .http ? 80 : 443 }
}

/// One probe: where to connect and what to say there, each apart from the others (I31).
public struct ProbeRequest: Hashable, Sendable {
    /// What counts as an answer.
    public enum Question: Hashable, Sendable {
        /// GET this path and compare the body.
        case object(path: String, hostHeader: String)
        /// A completed or refused TCP handshake: the host is there.
        case handshake
    }

    public var target: ProbeTarget
    /// The only address that the probe connects to.
    public var address: IPAddress
    public var port: UInt16
    public var scheme: ObjectScheme
    public var question: Question
    /// The name for SNI and for the certificate check; nil when the object's host is an IP address,
    /// which SNI can't carry (RFC 6066 §3) and which is then checked against the certificate's
    /// addresses.
    public var serverName: String?
    /// What resolving the name took already: it counts towards the deadline, not towards fetch time.
    public var resolveTime: Duration?
    /// Whether the target is under suspicion (`SteadySettings.watches`): the steady judge wants all attempts.
    public var isWatched: Bool

    public init(
        target: ProbeTarget, address: IPAddress, port: UInt16, scheme: ObjectScheme,
        question: Question, serverName: String? = nil, resolveTime: Duration? = nil,
        isWatched: Bool = false
    ) {
        self.isWatched = isWatched
        self.target = target
        self.address = address
        self.port = port
        self.scheme = scheme
        self.question = question
        self.serverName = serverName
        self.resolveTime = resolveTime
    }
}

/// What all probes of a round share.
public struct ProbePlan: Hashable, Sendable {
    /// Which certificates are believed.
    public enum Trust: Hashable, Sendable {
        /// The system's.
        case system
        /// Those in this PEM file.
        case bundle(path: String)
        /// Any: the operator said `verify: false`.
        case unchecked
    }

    /// The body that an edge must return, byte for byte.
    public var expectedBody: [UInt8]
    public var userAgent: String
    /// One deadline for connect, TLS, request and the whole body, all attempts together; with the steady
    /// judge for handshakes alone.
    public var timeout: Duration
    /// Attempts in all; only failures to connect are tried again. With the steady judge for handshakes alone.
    public var attempts: Int
    /// How the steady judge has objects asked for; nil: the classic one judges.
    public var steady: SteadyAttempts?
    public var trust: Trust
    /// The most probes in flight at once.
    public var concurrency: Int
    /// When this many canaries have failed, the remaining canary probes are cancelled; nil: never.
    public var canaryKiller: Int?
    /// How the probes' starts are spread over time; nil: as fast as pacing allows.
    public var spread: ProbeSpread?

    public init(
        expectedBody: [UInt8], userAgent: String, timeout: Duration = .seconds(10),
        attempts: Int = 3, trust: Trust = .system, concurrency: Int = 256, canaryKiller: Int? = nil,
        steady: SteadyAttempts? = nil, spread: ProbeSpread? = nil
    ) {
        self.spread = spread
        self.steady = steady
        self.expectedBody = expectedBody
        self.userAgent = userAgent
        self.timeout = timeout
        self.attempts = attempts
        self.trust = trust
        self.concurrency = concurrency
        self.canaryKiller = canaryKiller
    }
}

extension ProbePlan {
    /// How a request's attempts are made; nil: as one probe.
    public func attempts(of request: ProbeRequest) -> SteadyAttempts? {
        switch request.question {
        case .object: steady
        case .handshake: nil
        }
    }

    /// The longest that a request may take, its name's lookup included.
    public func time(of request: ProbeRequest) -> Duration {
        attempts(of: request)?.settings.roundTime ?? timeout
    }

    /// The longest that any may take.
    public var longestTime: Duration { max(timeout, steady?.settings.roundTime ?? .zero) }
}
