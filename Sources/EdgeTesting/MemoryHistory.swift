internal import EdgeCore

/// What an `InMemoryStore` remembers of one network for long: sums of rounds, and when edges were live.
struct MemoryHistory {
    typealias Sums = [Int64: [ProbeTarget: FetchSummary]]

    /// The last round that is in the sums over 5 minutes.
    var rolled = 0
    var sums: [HistorySpan: Sums] = [:]
    var spans: [LiveSpan] = []

    /// Notes who is live from a time on.
    mutating func note(live: [LiveEdge], at wall: UnixTime) {
        let names = Set(live.map(\.name))
        for index in spans.indices where spans[index].ended == nil {
            if !names.contains(spans[index].edge) {
                spans[index].ended = max(spans[index].began, wall)
            }
        }
        let open = Set(spans.filter { $0.ended == nil }.map(\.edge))
        for edge in names.subtracting(open) {
            spans.removeAll { $0.edge == edge && $0.began == wall }
            spans.append(LiveSpan(edge: edge, began: wall))
        }
    }

    /// Lets go of what was kept for as long as sums over a day are.
    mutating func forgetSpans(at wall: UnixTime, _ settings: HistorySettings) {
        let horizon = wall.adding(.zero - settings.days)
        spans.removeAll { $0.ended.map { $0 < horizon } ?? false }
    }

    /// Adds sums over five minutes, closes the longer ones that are over and drops the oldest.
    mutating func add(_ new: Sums, at wall: UnixTime, _ settings: HistorySettings) {
        for (start, targets) in new {
            for (target, summary) in targets {
                var sum = summary
                if let known = sums[.minutes]?[start]?[target] { sum.add(known) }
                sums[.minutes, default: [:]][start, default: [:]][target] = Self.stored(sum)
            }
        }
        prune(.minutes, at: wall, settings)
        var over = Set(new.keys)
        for (part, span) in [(HistorySpan.minutes, HistorySpan.hours), (.hours, .days)] {
            over = Set(over.map { span.start(of: $0) }).subtracting([span.start(of: wall)])
            for start in over {
                var whole: [ProbeTarget: FetchSummary] = [:]
                for (_, targets) in kept(part, [start..<start + span.seconds]) {
                    whole.merge(targets) { left, right in
                        var sum = left
                        sum.add(right)
                        return sum
                    }
                }
                for (target, sum) in whole {
                    sums[span, default: [:]][start, default: [:]][target] = Self.stored(sum)
                }
            }
            if !over.isEmpty { prune(span, at: wall, settings) }
        }
    }

    /// The sum as it is read back from a database.
    private static func stored(_ sum: FetchSummary) -> FetchSummary {
        FetchSummary(bytes: sum.bytes) ?? sum
    }

    func kept(_ span: HistorySpan, _ ranges: [Range<Int64>]) -> Sums {
        (sums[span] ?? [:]).filter { entry in ranges.contains { $0.contains(entry.key) } }
    }

    private mutating func prune(_ span: HistorySpan, at wall: UnixTime, _ settings: HistorySettings)
    {
        guard let bound = settings.bound(of: span, oldest: sums[span]?.keys.min(), at: wall) else {
            return
        }
        for start in (sums[span] ?? [:]).keys where start < bound { sums[span]?[start] = nil }
    }
}

extension MemoryNetwork {
    /// Sums up what was over before a round.
    mutating func sumUp(before round: Int, at wall: UnixTime, _ settings: HistorySettings) {
        let pending = rounds.reversed().prefix { $0.number > history.rolled }
        guard HistorySpan.areOver(pending.map(\.moment.wall), at: wall) else { return }
        let new = sums(after: history.rolled, span: HistorySpan.minutes.seconds)
        history.rolled = round - 1
        history.add(new, at: wall, settings)
    }

    /// What the rounds after one came to.
    func sums(after first: Int, span: Int64) -> MemoryHistory.Sums {
        var sums: MemoryHistory.Sums = [:]
        for (target, memory) in targets {
            for sample in memory.kept.reversed() {
                guard sample.round > first, sample.round > 0 else { break }
                guard let evidence = sample.probe.evidence else { continue }
                let rest = sample.time.seconds % span
                let start = sample.time.seconds - (rest < 0 ? rest + span : rest)
                sums[start, default: [:]][target, default: FetchSummary()].add(evidence)
            }
        }
        return sums
    }
}
