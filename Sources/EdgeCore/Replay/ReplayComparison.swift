/// Two configurations' decisions on the same recorded rounds, side by side.
public struct ReplayComparison: Sendable {
    /// What both made of one round.
    public struct Round: Hashable, Sendable {
        public var first: ReplayedRound
        public var second: ReplayedRound
        /// Whether operators need to hear of it: a change that one alone made, or the first or last round in
        /// which one alone holds.
        public var isNews: Bool

        /// Whether both have the same edges live after it.
        public var isSameLiveSet: Bool { first.live == second.live }

        /// Whether one did in it what the other did not: changed the live set otherwise, or held.
        public var differs: Bool { changesDiffer || holdsDiffer }

        var changesDiffer: Bool {
            first.added != second.added || first.removed != second.removed
        }

        var holdsDiffer: Bool { holdsAlone != 0 }

        /// -1: the first alone holds; 1: the second; 0: both or neither.
        var holdsAlone: Int { (second.held == nil ? 0 : 1) - (first.held == nil ? 0 : 1) }
    }

    private var first: Replay
    private var second: Replay
    public private(set) var firstSummary = ReplaySummary()
    public private(set) var secondSummary = ReplaySummary()
    /// How long both had other edges live.
    public private(set) var apart: Duration = .zero
    private var differing = 0
    private var last: Round?

    public init(first: Replay, second: Replay) {
        self.first = first
        self.second = second
    }

    /// Decides the next round by both.
    public mutating func decide(_ round: TraceRound) -> Round {
        var both = Round(
            first: first.decide(round), second: second.decide(round), isNews: false)
        both.isNews = both.changesDiffer || both.holdsAlone != (last?.holdsAlone ?? 0)
        firstSummary.add(both.first)
        secondSummary.add(both.second)
        if let last, !last.isSameLiveSet { apart += round.time.since(last.first.time) }
        if both.differs { differing += 1 }
        last = both
        return both
    }

    /// A round for operators: what A did and what B did.
    public func text(_ round: Round, clock: (UnixTime) -> String) -> [String] {
        func lines(_ letter: String, _ replayed: ReplayedRound, _ replay: Replay) -> [String] {
            let words = replayed.words(wanted: replay.settings.selection.liveCount)
            return ["  \(letter)  \(words)"] + replayed.changes.map { "       \($0)" }
        }
        return [clock(round.first.time)] + lines("A", round.first, first)
            + lines("B", round.second, second)
    }

    /// Both summaries in one table, a line each.
    public func text() -> [String] {
        let (a, b) = (firstSummary, secondSummary)
        var table = TextTable(header: ["", "A", "B"], rightAligned: [1, 2])
        table.add(["publications", "\(a.publications)", "\(b.publications)"])
        table.add(["removals", "\(a.removals)", "\(b.removals)"])
        table.add(["rounds held", "\(a.heldRounds)", "\(b.heldRounds)"])
        table.add(["live time", a.total.live.inHours, b.total.live.inHours])
        table.add(["of it failing", a.total.liveFailing.inHours, b.total.liveFailing.inHours])
        table.add(["share failing", a.share, b.share])
        var edges = TextTable(
            header: [
                "EDGE", "LIVE A", "LIVE B", "FAILING A", "FAILING B", "OUT A", "OUT B",
            ], rightAligned: [1, 2, 3, 4, 5, 6])
        for name in Set(a.edges.keys).union(b.edges.keys).sorted() {
            let (left, right) = (a.edges[name] ?? .init(), b.edges[name] ?? .init())
            edges.add([
                name.text, left.live.inHours, right.live.inHours, left.liveFailing.inHours,
                right.liveFailing.inHours, "\(left.removed)", "\(right.removed)",
            ])
        }
        return [
            "\(a.rounds.counted("round")) in \(a.length.inHours), \(differing) decided differently; other "
                + "edges live for \(apart.inHours)", "",
        ] + table.lines(indent: "  ") + [""] + edges.lines(indent: "  ")
    }
}

extension ReplayComparison.Round {
    /// Appends the round as one line of JSON, `a` being the first configuration's, without a line break.
    public func appendJSON(to bytes: inout [UInt8]) {
        bytes += #"{"time": "#.utf8
        DecimalSeconds.append(first.time.nanoseconds, keepsPoint: false, to: &bytes)
        bytes += #", "differs": "#.utf8
        bytes += (differs || !isSameLiveSet ? "true" : "false").utf8
        bytes += #", "a": {"#.utf8
        first.appendMembers(to: &bytes)
        bytes += #"}, "b": {"#.utf8
        second.appendMembers(to: &bytes)
        bytes += "}}".utf8
    }
}
