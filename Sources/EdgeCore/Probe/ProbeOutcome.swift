/// The parts of a probe, in order; the names stand in the CLI, JSON, metrics and the page.
public enum ProbePhase: String, Hashable, Sendable, CaseIterable {
    /// Name to address.
    case resolve
    /// TCP handshake.
    case connect
    /// TLS handshake.
    case tls
    /// From the request's first byte to the answer's status line.
    case processing
    /// From the status line to the body's last byte.
    case transfer
}

/// How long each part of a probe took, as far as it came.
public struct ProbePhases: Hashable, Sendable {
    public var resolve: Duration?
    public var connect: Duration?
    public var tls: Duration?
    public var processing: Duration?
    public var transfer: Duration?

    public init(
        resolve: Duration? = nil, connect: Duration? = nil, tls: Duration? = nil,
        processing: Duration? = nil, transfer: Duration? = nil
    ) {
        self.resolve = resolve
        self.connect = connect
        self.tls = tls
        self.processing = processing
        self.transfer = transfer
    }

    /// The time of one phase, if the probe came so far.
    public subscript(phase: ProbePhase) -> Duration? {
        get {
            switch phase {
            case .resolve: resolve
            case .connect: connect
            case .tls: tls
            case .processing: processing
            case .transfer: transfer
            }
        }
        set {
            switch phase {
            case .resolve: resolve = newValue
            case .connect: connect = newValue
            case .tls: tls = newValue
            case .processing: processing = newValue
            case .transfer: transfer = newValue
            }
        }
    }
}

extension ProbePhases {
    /// The phases that were reached, in seconds, by name.
    public var seconds: [String: Double] {
        ProbePhase.allCases.reduce(into: [:]) { $0[$1.rawValue] = self[$1]?.inSeconds }
    }
}

/// How a body differs from the test object.
public enum Mismatch: Hashable, Sendable {
    /// Its length: how much came, how much should have.
    case length(received: Int, expected: Int)
    /// Its bytes, the length being right; the first that differs.
    case content(firstDifference: Int)
    /// A Content-Encoding that was not asked for.
    case encoding(String)
    /// In a way that a trace does not tell.
    case unrecorded
}

/// What came of probing one address once: a value, never a magic number.
public enum ProbeOutcome: Hashable, Sendable {
    /// The object came whole: seconds from the start of connecting to its last byte.
    case ok(fetchTime: Duration)
    case unresolvable(reason: String)
    case refused
    case unreachable(reason: String)
    /// The deadline passed; in which phase.
    case timeout(ProbePhase)
    case tls(reason: String)
    /// A status that is neither 200 nor a redirect; 0: one that a trace does not tell.
    case http(status: Int)
    /// A redirect, which is not followed.
    case redirect(status: Int, target: String)
    case mismatch(Mismatch)
    /// The header went over its cap, in bytes; a body that is too long is a mismatch of length.
    case tooLarge(limit: Int)
    case protocolError(reason: String)
    /// Somebody took the handshake and then reset the connection; in which phase.
    case reset(ProbePhase)
    /// The monitor's own trouble (descriptors, ports, a stalled clock): never held against the
    /// edge.
    case localFault(reason: String)

    /// The fetch time, when the probe succeeded.
    public var fetchTime: Duration? {
        if case .ok(let time) = self { time } else { nil }
    }

    /// Whether the connection was reset.
    var isReset: Bool {
        if case .reset = self { true } else { false }
    }

    /// Whether the edge served something else than the object: a verification failure.
    public var isMismatch: Bool {
        if case .mismatch = self { true } else { false }
    }

    /// Whether the outcome says nothing about the edge.
    public var isLocalFault: Bool {
        if case .localFault = self { true } else { false }
    }

    /// Whether it says that the edge keeps this monitor out and may well serve others: 429, "too many
    /// requests" (RFC 6585 §4).
    public var isBlocking: Bool { self == .http(status: 429) }

    /// One word for files, metrics and JSON.
    public var word: String {
        switch self {
        case .ok: "ok"
        case .unresolvable: "unresolvable"
        case .refused: "refused"
        case .unreachable: "unreachable"
        case .timeout: "timeout"
        case .tls: "tls"
        case .http: "http"
        case .redirect: "redirect"
        case .mismatch: "mismatch"
        case .tooLarge: "too_large"
        case .protocolError: "protocol_error"
        case .reset: "reset"
        case .localFault: "local_fault"
        }
    }
}

extension ProbeOutcome: CustomStringConvertible {
    /// The outcome in words that an operator can act on.
    public var description: String {
        switch self {
        case .ok(let time): "answered in \(time.shortSeconds)"
        case .unresolvable(let reason): "its name does not resolve (\(reason))"
        case .refused: "refused the connection"
        case .unreachable(let reason): "cannot be reached (\(reason))"
        case .timeout(let phase): "ran out of time in \(phase.rawValue)"
        case .tls(let reason): "failed TLS (\(reason))"
        case .http(status: 0): "answered with another status than 200"
        case .http(let status): "answered with status \(status)"
        case .redirect(let status, let target): "redirected (\(status)) to \(target)"
        case .mismatch(.length(let received, let expected)):
            "served other content (\(received) bytes instead of \(expected))"
        case .mismatch(.content(let position)):
            "served other content (byte \(position) differs)"
        case .mismatch(.encoding(let encoding)):
            "served the object encoded as \(encoding), which was not asked for"
        case .mismatch(.unrecorded): "served other content"
        case .tooLarge(let limit): "answered with more than \(limit) bytes"
        case .protocolError(let reason): "broke the protocol (\(reason))"
        case .reset(let phase): "reset the connection in \(phase.rawValue)"
        case .localFault(let reason): "could not be probed from here (\(reason))"
        }
    }
}

extension Duration {
    /// The duration as short text: `131 ms` below ten seconds, else `12.3 s`.
    public var shortSeconds: String {
        let milliseconds = inNanoseconds / 1_000_000
        if milliseconds == 0 && self > .zero { return "\(inNanoseconds / 1000) µs" }
        if milliseconds < 10_000 { return "\(milliseconds) ms" }
        return "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
    }
}

/// The outcome of probing one target once in a round.
public struct Observation: Hashable, Sendable {
    public var target: ProbeTarget
    /// The address that was asked; nil when the name gave none.
    public var address: IPAddress?
    public var outcome: ProbeOutcome
    public var phases: ProbePhases
    /// How many attempts it took.
    public var attempts: Int
    /// What the attempts before the last one came to, in their order; the steady judge counts each.
    public var earlier: [ProbeOutcome]
    /// When the certificate ends that the edge showed last in this round (RFC 5280 §4.1.2.5), believed or not;
    /// nil: it showed none.
    public var certificateExpiry: UnixTime?

    public init(
        target: ProbeTarget, address: IPAddress?, outcome: ProbeOutcome,
        phases: ProbePhases = ProbePhases(), attempts: Int = 1, earlier: [ProbeOutcome] = [],
        certificateExpiry: UnixTime? = nil
    ) {
        self.earlier = earlier
        self.certificateExpiry = certificateExpiry
        self.target = target
        self.address = address
        self.outcome = outcome
        self.phases = phases
        self.attempts = attempts
    }

    /// The best answer's time among all attempts; nil: none brought the object.
    public var fetchTime: Duration? {
        (earlier + [outcome]).compactMap(\.fetchTime).min()
    }
}
