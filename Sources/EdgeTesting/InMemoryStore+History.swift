public import EdgeCore
internal import Synchronization

extension InMemoryStore {
    /// What a network's rounds came to from a time on until now, by target.
    public func history(
        _ network: NetworkName, from start: UnixTime, now: UnixTime
    ) -> HistoryWindow {
        networks.withLock { networks in
            var window = HistoryWindow()
            guard let memory = networks[network] else { return window }
            let history = memory.history
            func add(_ sums: MemoryHistory.Sums) {
                for (start, summaries) in sums {
                    for (target, summary) in summaries {
                        window.add(summary, of: target, since: UnixTime(seconds: start))
                    }
                }
            }
            var newest: [HistorySpan: Int64] = [:]
            for span in HistorySpan.allCases {
                newest[span] = history.sums[span]?.keys.filter { $0 <= now.seconds - span.seconds }
                    .max()
            }
            for (span, ranges) in HistoryCover(from: start, newest: newest).ranges {
                add(history.kept(span, ranges))
            }
            let open = memory.sums(after: history.rolled, span: HistorySpan.minutes.seconds)
            let first = HistorySpan.minutes.start(of: start)
            add(open.filter { $0.key >= first && $0.key <= now.seconds })
            return window
        }
    }

    /// When edges of a network were live, as far as that is not before `start`; by edge, oldest first.
    public func liveSpans(_ network: NetworkName, from start: UnixTime) -> [LiveSpan] {
        networks.withLock { networks in
            (networks[network]?.history.spans ?? [])
                .filter { $0.ended.map { $0 > start } ?? true }
                .sorted { ($0.edge, $0.began) < ($1.edge, $1.began) }
        }
    }

    /// The newest kept samples of a target up to a time, newest last.
    public func probes(
        _ network: NetworkName, target: ProbeTarget, until time: UnixTime, limit: Int
    ) -> [KeptProbe] {
        networks.withLock { networks in
            let kept = networks[network]?.targets[target]?.kept ?? []
            return kept.filter { $0.time <= time }.suffix(max(limit, 0)).map(\.probe)
        }
    }
}
