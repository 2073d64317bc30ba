public import EdgeCore

/// How long the parts of an edge's probes took over the last time, and which rounds it did not answer.
public struct PhaseHistory: Hashable, Sendable {
    /// One part of the time; all are equally long, the last one ends now.
    public struct Cell: Hashable, Sendable {
        /// The answers' mean parts, in the order of a probe.
        public var phases: [ProbePhase: Duration]
        /// How many rounds there were, and how many of them it did not answer.
        public var rounds: Int
        public var failed: Int

        /// The sum of the mean parts.
        var total: Duration { phases.values.reduce(.zero, +) }
    }

    /// Oldest first.
    public var cells: [Cell]
    /// How long a part is.
    public var span: Duration
    public var end: UnixTime

    /// Sums up kept samples.
    ///
    /// - Parameters:
    ///   - cells: how many parts.
    ///   - length: how long all of them are.
    public init(_ probes: [KeptProbe], cells: Int, length: Duration, now: UnixTime) {
        span = length / max(cells, 1)
        end = now
        var sums = [FetchSummary](repeating: FetchSummary(), count: cells)
        let begin = now.adding(.zero - length)
        for probe in probes where probe.time > begin && probe.time <= now {
            guard let evidence = probe.evidence else { continue }
            let place = Int(probe.time.since(begin).inSeconds / max(span.inSeconds, 1e-9))
            sums[min(max(place, 0), cells - 1)].add(evidence)
        }
        self.cells = sums.map { sum in
            var phases: [ProbePhase: Duration] = [:]
            for phase in ProbePhase.allCases { phases[phase] = sum.mean(phase) }
            return Cell(phases: phases, rounds: sum.probes, failed: sum.probes - sum.answered)
        }
    }

    /// When a part began.
    func start(of cell: Int) -> UnixTime { end.adding(.zero - span * (cells.count - cell)) }
}
