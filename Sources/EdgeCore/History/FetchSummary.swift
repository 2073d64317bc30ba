/// What a target's rounds of some time came to: counted, not kept one by one.
public struct FetchSummary: Hashable, Sendable {
    /// Rounds that say something of the target.
    public private(set) var probes = 0
    /// Those of them in which it brought the object.
    public private(set) var answered = 0
    /// The sum of the answers' fetch times.
    public private(set) var fetchTime: Duration = .zero
    /// The answers' fetch times.
    public private(set) var histogram = FetchHistogram()
    /// How many answers' parts are in `phases`: those whose last attempt was the answer.
    public private(set) var timed = 0
    /// The sums of the answers' parts.
    private var phases: [Duration] = []

    public init() {}

    /// The share of rounds that were answered, from 0 to 1; nil when there was none.
    public var uptime: Double? { probes > 0 ? Double(answered) / Double(probes) : nil }

    /// The mean fetch time; nil when nothing was answered.
    public var mean: Duration? { answered > 0 ? fetchTime / answered : nil }

    /// The mean of one part of the answers; nil when there is none, or it took no part.
    public func mean(_ phase: ProbePhase) -> Duration? {
        guard timed > 0, !phases.isEmpty else { return nil }
        let sum = phases[Self.place(of: phase)]
        return sum > .zero ? sum / timed : nil
    }

    /// Adds what one round came to.
    public mutating func add(_ evidence: ProbeEvidence) {
        probes += 1
        guard let time = evidence.fetchTime else { return }
        answered += 1
        fetchTime += time
        histogram.add(time)
        guard evidence.last.fetchTime != nil else { return }
        timed += 1
        if phases.isEmpty { phases = Self.noPhases }
        for (place, phase) in ProbePhase.allCases.enumerated() {
            phases[place] += evidence.phases[phase] ?? .zero
        }
    }

    /// Adds another's rounds.
    public mutating func add(_ other: FetchSummary) {
        probes += other.probes
        answered += other.answered
        fetchTime += other.fetchTime
        histogram.add(other.histogram)
        timed += other.timed
        guard !other.phases.isEmpty else { return }
        if phases.isEmpty { phases = Self.noPhases }
        for place in phases.indices { phases[place] += other.phases[place] }
    }

    private static let noPhases = ProbePhase.allCases.map { _ in Duration.zero }

    private static func place(of phase: ProbePhase) -> Int {
        ProbePhase.allCases.firstIndex(of: phase) ?? 0
    }
}

extension FetchSummary {
    /// The first byte; a later form gets another.
    private static let form: UInt8 = 1
    /// The most rounds of one summary, and the longest sum in microseconds.
    private static let (mostProbes, longest): (UInt64, UInt64) = (1 << 40, 1 << 52)

    /// The summary in a few dozen bytes; times in whole microseconds.
    public var bytes: [UInt8] {
        var writer = CompactWriter()
        writer.bytes.append(Self.form)
        writer.add(UInt64(probes))
        writer.add(UInt64(answered))
        writer.add(Self.microseconds(fetchTime))
        writer.add(UInt64(timed))
        if timed > 0 {
            for place in ProbePhase.allCases.indices {
                writer.add(phases.isEmpty ? 0 : Self.microseconds(phases[place]))
            }
        }
        histogram.write(to: &writer)
        return writer.bytes
    }

    private static func microseconds(_ time: Duration) -> UInt64 {
        min(longest, UInt64(max(0, time.inNanoseconds / 1000)))
    }

    /// Reads a summary; nil when these bytes are none.
    public init?(bytes: [UInt8]) {
        var reader = CompactReader(bytes)
        guard reader.byte() == Self.form, let probes = reader.number(upTo: Self.mostProbes),
            let answered = reader.number(upTo: probes),
            let time = reader.number(upTo: Self.longest),
            let timed = reader.number(upTo: answered)
        else { return nil }
        if timed > 0 {
            for _ in ProbePhase.allCases {
                guard let sum = reader.number(upTo: Self.longest) else { return nil }
                phases.append(.microseconds(Int64(sum)))
            }
        }
        guard let histogram = FetchHistogram(&reader) else { return nil }
        self.probes = Int(probes)
        self.answered = Int(answered)
        fetchTime = .microseconds(Int64(time))
        self.timed = Int(timed)
        self.histogram = histogram
    }
}
