/// One line of a trace: what one attempt at one target came to.
public struct TraceLine: Hashable, Sendable {
    /// When the round was; lines of one time are one round.
    public var time: UnixTime
    /// An edge or a reference target.
    public var target: ProbeTarget
    public var outcome: ProbeOutcome

    public init(time: UnixTime, target: ProbeTarget, outcome: ProbeOutcome) {
        self.time = time
        self.target = target
        self.outcome = outcome
    }
}

/// The outcomes that a trace can tell, by their words.
enum TraceOutcome: String, CaseIterable {
    case ok, refused, unreachable, timeout, http, mismatch, tls, unresolvable
    case localFault = "local_fault"
    /// "Too many requests": it keeps the monitor out.
    case blocked
    /// A connection that was taken and then reset.
    case reset

    /// What is said in place of details, of which a trace has none.
    private static let silence = "no more is recorded"

    /// The outcome as the judge takes it; nil for `ok` without a fetch time.
    func outcome(fetchTime: Duration?) -> ProbeOutcome? {
        switch self {
        case .ok: fetchTime.map { .ok(fetchTime: $0) }
        case .refused: .refused
        case .unreachable: .unreachable(reason: Self.silence)
        case .timeout: .timeout(.processing)
        case .http: .http(status: 0)
        case .mismatch: .mismatch(.unrecorded)
        case .tls: .tls(reason: Self.silence)
        case .unresolvable: .unresolvable(reason: Self.silence)
        case .localFault: .localFault(reason: Self.silence)
        case .blocked: .http(status: 429)
        case .reset: .reset(.processing)
        }
    }
}

/// What is wrong with a line of a trace, in words that follow its place.
public enum TraceProblem: Error, Hashable, Sendable {
    case notJSON(JSONError)
    case notAnObject
    case badTime
    case noTarget
    case twoTargets
    /// The text that is no name, escaped and cut to a readable length.
    case badName(role: ProbeTarget.Role, text: String)
    /// The text that is no outcome, likewise; nil: there is none.
    case badOutcome(String?)
    case badSeconds
    case timeGoesBack(from: UnixTime, to: UnixTime)
    case tooManyAttempts(EdgeName, limit: Int)
    case tooManyTargets(limit: Int)
    case tooLong(limit: Int)
}

extension TraceProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notJSON(let error): "this is no line of JSON: \(error)"
        case .notAnObject: "this is no JSON object: a line begins with { and ends with }"
        case .badTime:
            "time must be a number of seconds since 1970, such as 1700000000 or 1700000000.25"
        case .noTarget: "the line names neither an edge nor a reference"
        case .twoTargets: "the line names an edge and a reference; write two lines"
        case .badName(let role, let text):
            "\(role.rawValue) \(text) is neither a host name nor an IP address"
        case .badOutcome(nil): "outcome is missing; it is one of \(Self.words)"
        case .badOutcome(let text?): "outcome \(text) is none of \(Self.words)"
        case .badSeconds:
            "outcome ok needs seconds, the fetch time: a number from 0 to "
                + "\(OriginalFileDecoder.maximumDuration.components.seconds)"
        case .timeGoesBack(let from, let to):
            "the time goes back, from \(from.decimalText) to \(to.decimalText): sort the lines by time"
        case .tooManyAttempts(let name, let limit):
            "\(name) has more than \(limit) lines in one round: give each round a time of its own"
        case .tooManyTargets(let limit):
            "the trace has more than \(limit) edges and references: is edge a name that repeats?"
        case .tooLong(let limit): "the line has more than \(limit) bytes"
        }
    }

    private static let words = TraceOutcome.allCases.map(\.rawValue).joined(separator: ", ")

    /// A text of the line as it can be shown: escaped, in quotes, 60 characters at most.
    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSONValue.append(String(text.prefix(60)), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension UnixTime {
    /// Seconds and as much of a fraction as there is: `1700000000`, `1700000000.25`.
    var decimalText: String {
        var bytes: [UInt8] = []
        DecimalSeconds.append(nanoseconds, keepsPoint: false, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Reads a trace's lines, JSON each, and remembers whom they were about.
///
/// A line has `time`, `edge` or `reference`, `outcome`, and `seconds` when that is `ok`; other members are
/// passed over, so that a trace may carry notes.
public struct TraceLineReader: Sendable {
    /// The longest line that is taken, in bytes.
    public static let longestLine = 65_536
    /// The most edges and reference targets of a trace.
    public static let mostTargets = 10_000

    private var edges: [String: ProbeTarget] = [:]
    private var references: [String: ProbeTarget] = [:]

    public init() {}

    /// The edges that lines were about, by name.
    public var edgeNames: [EdgeName] { edges.values.map(\.name).sorted() }

    /// Reads one line; nil when it is blank.
    public mutating func read(_ bytes: [UInt8]) throws(TraceProblem) -> TraceLine? {
        if bytes.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) { return nil }
        guard bytes.count <= Self.longestLine else { throw .tooLong(limit: Self.longestLine) }
        if let plain = PlainTraceLine(bytes) { return try line(plain) }
        return try line(try Self.members(of: bytes))
    }

    /// The members of a line by a reader that takes all of JSON.
    private static func members(of bytes: [UInt8]) throws(TraceProblem) -> PlainTraceLine {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue.read(bytes)
        } catch {
            throw .notJSON(error)
        }
        guard case .object = value else { throw .notAnObject }
        var line = PlainTraceLine()
        line.time = value["time"]?.nanoseconds
        line.seconds = value["seconds"]?.nanoseconds
        line.edge = try text(value["edge"], of: .edge)
        line.reference = try text(value["reference"], of: .reference)
        if let outcome = value["outcome"] {
            guard let word = outcome.text else { throw .badOutcome("of this kind") }
            line.outcome = word
        }
        return line
    }

    private static func text(
        _ value: JSONValue?, of role: ProbeTarget.Role
    ) throws(TraceProblem) -> String? {
        guard let value, value != .null else { return nil }
        guard let text = value.text else {
            throw .badName(role: role, text: "that is not in quotes")
        }
        return text
    }

    private mutating func line(_ members: PlainTraceLine) throws(TraceProblem) -> TraceLine {
        // Times between any two of which the difference fits.
        guard let time = members.time, (0..<(1 << 62)).contains(time) else { throw .badTime }
        let target = try target(members)
        guard let word = members.outcome else { throw .badOutcome(nil) }
        guard let kind = TraceOutcome(rawValue: word) else {
            throw .badOutcome(TraceProblem.quoted(word))
        }
        let longest = OriginalFileDecoder.maximumDuration.inNanoseconds
        let seconds = members.seconds.flatMap { (0...longest).contains($0) ? $0 : nil }
        // A reference target is there or not: how fast it answered is nobody's concern.
        let fallback: Int64? = target.role == .reference ? 0 : nil
        let fetchTime = (seconds ?? fallback).map { Duration.nanoseconds($0) }
        guard let outcome = kind.outcome(fetchTime: fetchTime) else { throw .badSeconds }
        return TraceLine(time: UnixTime(nanoseconds: time), target: target, outcome: outcome)
    }

    private mutating func target(_ members: PlainTraceLine) throws(TraceProblem) -> ProbeTarget {
        switch (members.edge, members.reference) {
        case (nil, nil): throw .noTarget
        case (.some, .some): throw .twoTargets
        case (let text?, nil):
            if let known = edges[text] { return known }
            let new = try newTarget(text, .edge)
            edges[text] = new
            return new
        case (nil, let text?):
            if let known = references[text] { return known }
            let new = try newTarget(text, .reference)
            references[text] = new
            return new
        }
    }

    private func newTarget(
        _ text: String, _ role: ProbeTarget.Role
    ) throws(TraceProblem) -> ProbeTarget {
        guard edges.count + references.count < Self.mostTargets else {
            throw .tooManyTargets(limit: Self.mostTargets)
        }
        guard let name = EdgeName(text) else {
            throw .badName(role: role, text: TraceProblem.quoted(text))
        }
        return ProbeTarget(role: role, name: name, family: name.address?.family ?? .ipv4)
    }
}
