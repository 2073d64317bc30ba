/// What a kept sample came of: the outcomes of the round's attempts, and how long the parts of the last one took.
///
/// It is kept beside each sample in a dozen bytes. Reasons in words are not: a timeout keeps its phase, an answer
/// its status, everything else its kind alone.
public struct ProbeEvidence: Hashable, Sendable {
    /// What the attempts came to that are known one by one, in their order; one at least.
    public var outcomes: [ProbeOutcome]
    /// How many attempts were made; more than `outcomes` where the first ones are not known one by one.
    public var attempts: Int
    /// How long the parts of the last attempt took, in whole microseconds.
    public var phases: ProbePhases

    /// What is kept of an observation.
    public init(_ observation: Observation) {
        outcomes = observation.earlier + [observation.outcome]
        attempts = max(observation.attempts, outcomes.count)
        phases = observation.phases
    }

    /// The best answer's time; nil: no attempt brought the object.
    public var fetchTime: Duration? { outcomes.lazy.compactMap(\.fetchTime).min() }

    /// What the round came to: its last attempt.
    public var last: ProbeOutcome { outcomes.last ?? .localFault(reason: Self.silence) }

    /// What stands in place of reasons, of which none is kept.
    static let silence = "no more is recorded"
    /// The first byte; a later form gets another.
    private static let form: UInt8 = 1
    /// The most outcomes that are kept of one round, the newest; no plan makes so many.
    private static let most = 100
}

extension ProbeEvidence {
    /// The kinds of outcomes, as they are kept: numbers that never change.
    private enum Kind: UInt8 {
        case ok = 0
        case unresolvable, refused, unreachable, timeout, tls, http, redirect, mismatch, tooLarge
        case protocolError, reset, localFault
    }

    /// What is kept beside `sample`, whose own time is not written twice.
    public func bytes(beside sample: Duration) -> [UInt8] {
        var writer = CompactWriter()
        writer.bytes.reserveCapacity(24)
        writer.bytes.append(Self.form)
        writer.add(UInt64(clamping: attempts))
        let kept = outcomes.suffix(Self.most)
        writer.add(UInt64(kept.count))
        for outcome in kept { Self.add(outcome, beside: sample, to: &writer) }
        var mask: UInt8 = 0
        for (bit, phase) in ProbePhase.allCases.enumerated() where phases[phase] != nil {
            mask |= 1 << UInt8(bit)
        }
        writer.bytes.append(mask)
        for phase in ProbePhase.allCases {
            if let time = phases[phase] { writer.add(time.inMicroseconds) }
        }
        return writer.bytes
    }

    private static func add(
        _ outcome: ProbeOutcome, beside sample: Duration, to writer: inout CompactWriter
    ) {
        func add(_ kind: Kind) { writer.bytes.append(kind.rawValue) }
        switch outcome {
        case .ok(let time):
            add(.ok)
            writer.add(time == sample ? 0 : time.inMicroseconds + 1)
        case .unresolvable: add(.unresolvable)
        case .refused: add(.refused)
        case .unreachable: add(.unreachable)
        case .timeout(let phase):
            add(.timeout)
            writer.bytes.append(phase.code)
        case .tls: add(.tls)
        case .http(let status):
            add(.http)
            writer.add(UInt64(clamping: status))
        case .redirect(let status, _):
            add(.redirect)
            writer.add(UInt64(clamping: status))
        case .mismatch: add(.mismatch)
        case .tooLarge: add(.tooLarge)
        case .protocolError: add(.protocolError)
        case .reset(let phase):
            add(.reset)
            writer.bytes.append(phase.code)
        case .localFault: add(.localFault)
        }
    }

    /// Reads what was kept beside a sample; nil when it is not that, however it came there.
    public init?(_ bytes: [UInt8], beside sample: Duration) {
        var reader = CompactReader(bytes)
        guard reader.byte() == Self.form, let attempts = reader.number(upTo: 1 << 20),
            let count = reader.number(upTo: UInt64(Self.most)), count > 0
        else { return nil }
        var outcomes: [ProbeOutcome] = []
        outcomes.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let outcome = Self.outcome(&reader, beside: sample) else { return nil }
            outcomes.append(outcome)
        }
        guard let mask = reader.byte(), mask < 1 << UInt8(ProbePhase.allCases.count) else {
            return nil
        }
        var phases = ProbePhases()
        for (bit, phase) in ProbePhase.allCases.enumerated() where mask >> UInt8(bit) & 1 == 1 {
            guard let time = reader.number(upTo: CompactReader.longest) else { return nil }
            phases[phase] = .microseconds(Int64(time))
        }
        guard reader.isAtEnd else { return nil }
        self.outcomes = outcomes
        self.attempts = max(Int(attempts), outcomes.count)
        self.phases = phases
    }

    private static func outcome(
        _ reader: inout CompactReader, beside sample: Duration
    ) -> ProbeOutcome? {
        guard let kind = reader.byte().flatMap(Kind.init(rawValue:)) else { return nil }
        func status() -> Int? { reader.number(upTo: 999_999).map { Int($0) } }
        func phase() -> ProbePhase? { reader.byte().flatMap(ProbePhase.init(code:)) }
        switch kind {
        case .ok:
            guard let time = reader.number(upTo: CompactReader.longest) else { return nil }
            return .ok(fetchTime: time == 0 ? sample : .microseconds(Int64(time - 1)))
        case .unresolvable: return .unresolvable(reason: silence)
        case .refused: return .refused
        case .unreachable: return .unreachable(reason: silence)
        case .timeout: return phase().map { .timeout($0) }
        case .tls: return .tls(reason: silence)
        case .http: return status().map { .http(status: $0) }
        case .redirect: return status().map { .redirect(status: $0, target: silence) }
        case .mismatch: return .mismatch(.unrecorded)
        case .tooLarge: return .tooLarge(limit: ResponseParser.headLimit)
        case .protocolError: return .protocolError(reason: silence)
        case .reset: return phase().map { .reset($0) }
        case .localFault: return .localFault(reason: silence)
        }
    }
}

extension ProbePhase {
    /// The phase as it is kept: its place in the order of a probe.
    fileprivate var code: UInt8 { UInt8(Self.allCases.firstIndex(of: self) ?? 0) }

    fileprivate init?(code: UInt8) {
        guard Int(code) < Self.allCases.count else { return nil }
        self = Self.allCases[Int(code)]
    }
}

/// A kept sample with what it came of.
public struct KeptProbe: Hashable, Sendable {
    /// The round's time, by the wall clock.
    public var time: UnixTime
    /// The best answer's time, or what a failure was counted as.
    public var sample: Duration
    /// nil: an older version kept the sample, or it was taken over from the original's files.
    public var evidence: ProbeEvidence?

    public init(time: UnixTime, sample: Duration, evidence: ProbeEvidence?) {
        self.time = time
        self.sample = sample
        self.evidence = evidence
    }
}
