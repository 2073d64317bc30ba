public import EdgeCore
internal import GRDB

extension SQLiteStore {
    /// What a network's rounds came to from a time on until now, by target.
    ///
    /// It is read from sums, so it begins up to 5 minutes before `start`; an hour later, where sums over 5 minutes are
    /// not kept so long.
    public func history(
        _ network: NetworkName, from start: UnixTime, now: UnixTime
    ) throws -> HistoryWindow {
        try read { database in
            var window = HistoryWindow()
            guard let id = try database.networkID(network) else { return window }
            let rollup = Rollup(network: id, settings: HistorySettings(), database: database)
            let targets = try Self.probedTargets(id, in: database)
            func add(_ sums: Rollup.Sums) {
                for (start, summaries) in sums {
                    for (row, summary) in summaries {
                        guard let target = targets[row] else { continue }
                        window.add(summary, of: target, since: UnixTime(seconds: start))
                    }
                }
            }
            let cover = HistoryCover(
                from: start, newest: try Self.newest(id, at: now, in: database))
            for (span, ranges) in cover.ranges { add(try rollup.kept(span, ranges)) }
            add(
                try Self.openSums(rollup, span: HistorySpan.minutes.seconds).filter {
                    $0.key >= HistorySpan.minutes.start(of: start) && $0.key <= now.seconds
                })
            return window
        }
    }

    /// What each target's rounds came to in parts of the time before now, oldest first; parts without a round are
    /// empty.
    ///
    /// - Parameters:
    ///   - cells: how many parts, 1 to 1,000.
    ///   - length: how long all of them are; as far back as samples are kept.
    public func cells(
        _ network: NetworkName, cells: Int, length: Duration = .seconds(3600), now: UnixTime
    ) throws -> [ProbeTarget: [FetchSummary]] {
        let cells = min(max(cells, 1), 1000)
        let span = max(1, length.inNanoseconds / 1_000_000_000 / Int64(cells))
        return try read { database in
            guard let id = try database.networkID(network) else { return [:] }
            let rollup = Rollup(network: id, settings: HistorySettings(), database: database)
            let targets = try Self.probedTargets(id, in: database)
            let begin = now.adding(.seconds(-span * Int64(cells)))
            // Numbers rise with time, but for a clock that was set back.
            let first = try database.number(
                """
                SELECT min(number) FROM (
                    SELECT number, wall FROM round WHERE network = ? ORDER BY number DESC LIMIT 4096)
                WHERE wall > ?
                """, [id, begin.nanoseconds])
            guard let first else { return [:] }
            let walls = try rollup.walls(after: first - 1)
                .filter { $0.value > begin && $0.value <= now }
                // Counted from the first cell, so that cells end now.
                .mapValues { UnixTime(nanoseconds: $0.nanoseconds - begin.nanoseconds - 1) }
            var rows: [ProbeTarget: [FetchSummary]] = [:]
            let empty = [FetchSummary](repeating: FetchSummary(), count: cells)
            for (start, summaries) in try rollup.sums(after: first - 1, walls, span: span) {
                for (row, summary) in summaries {
                    guard let target = targets[row] else { continue }
                    rows[target, default: empty][min(Int(start / span), cells - 1)] = summary
                }
            }
            return rows
        }
    }

    /// The newest kept samples of a target up to a time, newest last, with what they came of.
    ///
    /// - Parameter start: not those before it; nil: all.
    public func probes(
        _ network: NetworkName, target: ProbeTarget, since start: UnixTime? = nil,
        until time: UnixTime, limit: Int
    ) throws -> [KeptProbe] {
        func isMeant(_ wall: Int64) -> Bool {
            let wall = UnixTime.stored(wall)
            return wall <= time && start.map { wall >= $0 } ?? true
        }
        return try read { database in
            guard let id = try database.networkID(network),
                let row = try Self.targetID(target, network: id, in: database)
            else { return [] }
            let places = try Self.samplePlaces(of: row, limit: .max, in: database)
            let walls = try Self.walls(since: places.first { $0 > 0 }, network: id, in: database)
            let sample = try FastStatement(
                database,
                """
                SELECT ns, wall, evidence FROM sample WHERE network = ? AND round = ? AND target = ?
                """)
            sample.bind(1, id)
            sample.bind(3, row)
            var probes: [KeptProbe] = []
            for place in places.reversed() where probes.count < limit {
                if let wall = walls[place], !isMeant(wall) { continue }
                sample.bind(2, place)
                while try sample.step() {
                    guard let wall = sample.optionalInteger(1) ?? walls[place], isMeant(wall)
                    else { continue }
                    let duration = sample.sample(at: 0) ?? .zero
                    probes.append(
                        KeptProbe(
                            time: UnixTime.stored(wall), sample: duration,
                            evidence: ProbeEvidence(sample.bytes(2), beside: duration)))
                }
            }
            return probes.reversed()
        }
    }

    /// What rounds came to that are in no sum yet.
    private static func openSums(_ rollup: Rollup, span: Int64) throws -> Rollup.Sums {
        let rolled = try rollup.database.count(
            "SELECT rolled_round FROM network WHERE id = ?", [rollup.network])
        return try rollup.sums(after: rolled, try rollup.walls(after: rolled), span: span)
    }

    /// The starts of the newest sums that were over before now.
    private static func newest(
        _ id: Int, at now: UnixTime, in database: Database
    ) throws -> [HistorySpan: Int64] {
        var newest: [HistorySpan: Int64] = [:]
        for span in HistorySpan.allCases {
            newest[span] = try database.number(
                "SELECT max(start) FROM rollup WHERE network = ? AND span = ? AND start <= ?",
                [id, span.rawValue, now.seconds - span.seconds]
            ).map { Int64($0) }
        }
        return newest
    }

    /// Edges and canaries, by row.
    private static func probedTargets(
        _ id: Int, in database: Database
    ) throws -> [Int64: ProbeTarget] {
        let rows = try FastStatement(
            database, "SELECT id, role, name, family FROM target WHERE network = ?")
        rows.bind(1, id)
        var targets: [Int64: ProbeTarget] = [:]
        while try rows.step() { targets[rows.integer(0)] = rows.target(at: 1) }
        return targets
    }
}
