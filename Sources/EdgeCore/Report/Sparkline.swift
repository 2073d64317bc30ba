/// How an edge did in each part of the last hour, for a line of small bars.
public struct Sparkline: Hashable, Sendable, Codable {
    /// One part; all are equally long, the last one ends now.
    public struct Cell: Hashable, Sendable, Codable {
        /// The median of the answers' fetch times; nil: nothing was answered.
        public var medianSeconds: Double?
        /// The share of rounds without an answer, 0 to 1; nil: there was no round.
        public var failed: Double?

        public init(medianSeconds: Double? = nil, failed: Double? = nil) {
            self.medianSeconds = medianSeconds
            self.failed = failed
        }
    }

    /// Oldest first.
    public var cells: [Cell]

    public init(cells: [Cell]) {
        self.cells = cells
    }

    /// The cells of what the parts came to.
    public init(_ parts: [FetchSummary]) {
        cells = parts.map {
            Cell(
                medianSeconds: $0.histogram.percentile(50)?.inSeconds,
                failed: $0.uptime.map { 1 - $0 })
        }
    }

    /// A character a cell: a higher bar is a slower answer, `good_enough` fills it; `x` where half of the rounds or more had
    /// none, a blank where there was no round.
    ///
    /// - Parameters:
    ///   - goodEnough: the fetch time under which an edge is simply fine.
    ///   - isPlain: ASCII alone: the digits 1 to 8 are the bars' heights.
    public func text(goodEnough: Duration, isPlain: Bool = false) -> String {
        let bars = Array(isPlain ? "12345678" : "▁▂▃▄▅▆▇█")
        return String(
            cells.map { cell in
                guard let failed = cell.failed else { return " " }
                guard failed < 0.5, let median = cell.medianSeconds else { return "x" }
                let share = median / max(goodEnough.inSeconds, 1e-9)
                return bars[min(bars.count - 1, Int(min(max(share, 0), 1) * Double(bars.count)))]
            })
    }
}
