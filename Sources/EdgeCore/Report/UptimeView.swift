/// How a network's edges did over an hour, a day, a week and a month: `uptime` prints it as text and JSON.
public struct UptimeView: Sendable, Codable {
    /// The version of this shape.
    public var schema = 1
    public var network: String
    /// Unix time of this view.
    public var asOf: Int64
    public var edges: [Edge]

    /// One edge, by the family that decides whether it is live.
    public struct Edge: Sendable, Codable {
        public var edge: String
        public var family: String
        public var windows: [Window]
    }

    /// What one length of time came to.
    public struct Window: Sendable, Codable {
        /// `1h`, `24h`, `7d` or `30d`.
        public var window: String
        /// Unix time of the first round that is counted, to the length of the sums; nil: there was none.
        public var since: Int64?
        /// Rounds that say something of the edge.
        public var probes: Int
        /// The share of them that it answered, 0 to 1.
        public var uptime: Double?
        public var meanSeconds: Double?
        /// The fetch times that 50, 95 and 99 of a hundred answers did not exceed, within 3.2 %.
        public var p50Seconds: Double?
        public var p95Seconds: Double?
        public var p99Seconds: Double?
        /// The answers' mean parts, by name.
        public var phaseSeconds: [String: Double]
        /// The share of the time that it was live, 0 to 1, as far back as anything is known.
        public var live: Double
    }

    /// The lengths of time, shortest first, by the words that they are told by.
    public static let windows: [(word: String, length: Duration)] = [
        ("1h", .seconds(3600)), ("24h", .seconds(86_400)), ("7d", .seconds(7 * 86_400)),
        ("30d", .seconds(30 * 86_400)),
    ]

    /// - Parameters:
    ///   - histories: what was summed up, for each of `windows`.
    ///   - targets: the edges with the family that each is told by, in the order in which they are shown.
    ///   - spans: when edges were live.
    public init(
        network: NetworkName, targets: [ProbeTarget], histories: [HistoryWindow],
        spans: [LiveSpan], now: UnixTime
    ) {
        self.network = network.text
        asOf = now.seconds
        let live = Dictionary(grouping: spans, by: \.edge)
        let earliest = spans.map(\.began).min()
        edges = targets.map { target in
            let windows = zip(Self.windows, histories).map { window, history in
                Window(
                    window, history.summaries[target] ?? FetchSummary(), since: history.since,
                    live: live[target.name] ?? [], earliest: earliest, now: now)
            }
            return Edge(
                edge: target.name.text, family: target.family.rawValue, windows: Array(windows))
        }
    }
}

extension UptimeView.Window {
    fileprivate init(
        _ window: (word: String, length: Duration), _ summary: FetchSummary, since: UnixTime?,
        live: [LiveSpan], earliest: UnixTime?, now: UnixTime
    ) {
        self.window = window.word
        self.since = summary.probes > 0 ? since?.seconds : nil
        probes = summary.probes
        uptime = summary.uptime
        meanSeconds = summary.mean?.inSeconds
        p50Seconds = summary.histogram.percentile(50)?.inSeconds
        p95Seconds = summary.histogram.percentile(95)?.inSeconds
        p99Seconds = summary.histogram.percentile(99)?.inSeconds
        phaseSeconds = ProbePhase.allCases.reduce(into: [:]) {
            $0[$1.rawValue] = summary.mean($1)?.inSeconds
        }
        var begin = max(now.adding(.zero - window.length), since ?? now)
        // Sums begin up to five minutes before the first round that they count.
        if let earliest, earliest > begin, HistorySpan.minutes.start(of: earliest) <= begin.seconds
        {
            begin = earliest
        }
        let sum = live.reduce(Duration.zero) { $0 + $1.overlap(from: begin, to: now) }
        self.live = begin < now ? min(1, sum.inSeconds / now.since(begin).inSeconds) : 0
    }
}

extension UptimeView {
    /// A row for each edge: its uptime over each length of time, and fetch times and the live share over one of them.
    ///
    /// - Parameter over: which of `windows`.
    public func text(over word: String) -> [String] {
        guard !edges.isEmpty else { return ["network \(network) has no edge"] }
        let place = Self.windows.firstIndex { $0.word == word } ?? 1
        // Names get what the numbers leave of 80 columns.
        let numbers = table(place, namesOf: 0).lines().map(\.count).max() ?? 0
        return ["network \(network), over \(word) to \(UnixTime(seconds: asOf).words)"]
            + table(place, namesOf: max(12, 80 - numbers)).lines()
    }

    private func table(_ place: Int, namesOf width: Int) -> TextTable {
        var table = TextTable(
            header: [width > 0 ? "EDGE" : ""] + Self.windows.map { "UP \($0.word)" }
                + ["P50", "P95", "P99", "LIVE"],
            rightAligned: [1, 2, 3, 4, 5, 6, 7, 8])
        for edge in edges {
            let window = edge.windows[place]
            table.add(
                [width > 0 ? edge.edge.shortened(to: width) : ""]
                    + edge.windows.map { Self.percent($0.uptime) }
                    + Self.times(window) + [Self.percent(window.live)])
        }
        return table
    }

    /// All that is known of one edge: a row for each length of time.
    public func text(of edge: Edge) -> [String] {
        var table = TextTable(
            header: ["OVER", "UPTIME", "PROBES", "P50", "P95", "P99", "LIVE", "COUNTED SINCE"],
            rightAligned: [1, 2, 3, 4, 5, 6])
        for window in edge.windows {
            table.add(
                [window.window, Self.percent(window.uptime), "\(window.probes)"]
                    + Self.times(window) + [
                        Self.percent(window.live),
                        window.since.map { UnixTime(seconds: $0).words } ?? "-",
                    ])
        }
        return ["\(edge.edge) in network \(network)"] + table.lines()
    }

    private static func times(_ window: Window) -> [String] {
        [window.p50Seconds, window.p95Seconds, window.p99Seconds].map {
            $0.map { Duration.seconds($0).shortSeconds } ?? "-"
        }
    }

    /// At most 100 %, and 100 % only when it is all.
    private static func percent(_ share: Double?) -> String {
        guard let share else { return "-" }
        if share >= 1 { return "100%" }
        let hundredths = Int(share * 10_000)
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)%"
    }
}

extension String {
    /// The text, its end cut off where it is longer than a column.
    func shortened(to width: Int) -> String {
        count <= width ? self : prefix(width - 1) + "…"
    }
}
