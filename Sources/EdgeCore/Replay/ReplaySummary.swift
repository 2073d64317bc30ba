/// What a replay came to as a whole. A round's live set and classes count until the next round.
public struct ReplaySummary: Hashable, Sendable {
    /// What became of one edge.
    public struct Edge: Hashable, Sendable {
        public var live: Duration = .zero
        /// How long its class was one that passes.
        public var passing: Duration = .zero
        /// How long it was live after a probe that failed: time that visitors were sent to it in vain.
        public var liveFailing: Duration = .zero
        public var added = 0
        public var removed = 0
    }

    public private(set) var rounds = 0
    /// From the first round to the last.
    public private(set) var length: Duration = .zero
    public private(set) var publications = 0
    public private(set) var removals = 0
    public private(set) var heldRounds = 0
    public private(set) var edges: [EdgeName: Edge] = [:]
    private var last: ReplayedRound?

    public init() {}

    /// All edges' time in the live set together, and how much of it after a failed probe.
    public var total: Edge {
        edges.values.reduce(into: Edge()) { sum, edge in
            sum.live += edge.live
            sum.liveFailing += edge.liveFailing
        }
    }

    /// Counts the next round.
    public mutating func add(_ round: ReplayedRound) {
        if let last {
            let span = round.time.since(last.time)
            length += span
            for edge in last.live { edges[edge, default: Edge()].live += span }
            for entry in last.healths where entry.health.isPassing {
                edges[entry.edge, default: Edge()].passing += span
            }
            for edge in Set(last.live).intersection(last.failing) {
                edges[edge, default: Edge()].liveFailing += span
            }
        }
        rounds += 1
        if round.published { publications += 1 }
        if round.held != nil { heldRounds += 1 }
        removals += round.removed.count
        for edge in round.removed { edges[edge, default: Edge()].removed += 1 }
        for edge in round.added { edges[edge, default: Edge()].added += 1 }
        last = round
    }

    /// The summary for operators, a line each.
    public func text() -> [String] {
        var table = TextTable(
            header: ["EDGE", "LIVE", "PASSING", "LIVE, FAILING", "IN", "OUT"],
            rightAligned: [1, 2, 3, 4, 5])
        for (name, edge) in edges.sorted(by: { $0.key < $1.key }) {
            table.add([
                name.text, edge.live.inHours, edge.passing.inHours, edge.liveFailing.inHours,
                "\(edge.added)", "\(edge.removed)",
            ])
        }
        let words =
            "\(rounds.counted("round")) in \(length.inHours): \(publications.counted("publication")), "
            + "\(removals.counted("removal")), \(heldRounds) held; live edges failing "
            + "\(total.liveFailing.inHours) of \(total.live.inHours) (\(share))"
        return [words] + (edges.isEmpty ? [] : [""] + table.lines(indent: "  "))
    }

    /// The share of all live time that was after a failed probe, in per cent.
    var share: String {
        let total = total
        guard total.live > .zero else { return "0 %" }
        let parts = Int((total.liveFailing / total.live * 100_000).rounded())
        let fraction = String(parts % 1000 + 1000).dropFirst()
        return "\(parts / 1000).\(fraction) %"
    }
}

extension Duration {
    /// Hours with one decimal, minutes below two hours.
    var inHours: String {
        guard self >= .seconds(7200) else { return "\(components.seconds / 60) min" }
        let tenths = components.seconds / 360
        return "\(tenths / 10).\(tenths % 10) h"
    }
}

/// Tells operators of the rounds that they need to hear of: those in which something changed, or a hold began,
/// became another, or ended.
public struct ReplayTeller: Sendable {
    private let wanted: Int
    private var held: String?

    /// - Parameter wanted: how many edges are kept live.
    public init(wanted: Int) {
        self.wanted = wanted
    }

    /// What is to be said of the next round: a line, and one for each edge that came or went; or nothing.
    ///
    /// - Parameter clock: how a time is written.
    public mutating func text(_ round: ReplayedRound, clock: (UnixTime) -> String) -> [String] {
        defer { held = round.held }
        guard round.published || round.held != held else { return [] }
        let end = round.held == nil && held != nil ? ", no longer held" : ""
        return [clock(round.time) + "  " + round.words(wanted: wanted) + end]
            + round.changes.map { "  \($0)" }
    }
}

extension ReplayedRound {
    /// The round's line without its time.
    func words(wanted: Int) -> String {
        "\(live.count) of \(wanted) live, "
            + (published ? "\(added.count) in, \(removed.count) out" : "as before")
            + (held.map { ", held: \($0)" } ?? "")
    }

    /// A line for each edge that came or went.
    var changes: [String] {
        func lines(_ edges: [EdgeName], _ sign: String) -> [String] {
            edges.map { edge in
                let words = reasons.first { $0.edge == edge }?.words ?? ""
                return "\(sign) \(edge)  \(words)"
            }
        }
        return lines(removed, "-") + lines(added, "+")
    }
}
