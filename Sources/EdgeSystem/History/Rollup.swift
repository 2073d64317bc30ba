internal import EdgeCore
internal import GRDB

/// Sums up a network's rounds: once five minutes, an hour, a day are over, from what they are made of.
///
/// It is all done in the transaction of the round that begins the next one, so a killed process leaves no half of it, and
/// most rounds add nothing. An hour is made anew of its five minutes each time it is closed.
struct Rollup {
    let network: Int
    let settings: HistorySettings
    let database: Database

    /// Sums of many rows: by start, then by target.
    typealias Sums = [Int64: [Int64: FetchSummary]]

    /// Closes what was over before a round that is not noted yet.
    func close(before round: Int, at wall: UnixTime) throws {
        let rolled = try database.count(
            "SELECT rolled_round FROM network WHERE id = ?", [network])
        // Whatever stands there, summing up goes on.
        guard rolled < round else { return try setRolled(round - 1) }
        let walls = try walls(after: rolled, before: round)
        guard HistorySpan.areOver(walls.values, at: wall) else { return }
        let sums = try sums(after: rolled, before: round, walls, span: HistorySpan.minutes.seconds)
        try setRolled(round - 1)
        try add(sums)
        try prune(.minutes, at: wall)
        var over = Set(sums.keys)
        for span in [HistorySpan.hours, .days] {
            over = Set(over.map { span.start(of: $0) }).subtracting([span.start(of: wall)])
            for start in over { try sumUp(span, at: start) }
            if !over.isEmpty { try prune(span, at: wall) }
        }
    }

    private func setRolled(_ round: Int) throws {
        try database.run("UPDATE network SET rolled_round = ? WHERE id = ?", [round, network])
    }

    /// The wall times of rounds, by number.
    func walls(after first: Int, before last: Int = .max) throws -> [Int64: UnixTime] {
        let rounds = try FastStatement(
            database,
            "SELECT number, wall FROM round WHERE network = ? AND number > ? AND number < ?")
        rounds.bind(1, network)
        rounds.bind(2, first)
        rounds.bind(3, last)
        var walls: [Int64: UnixTime] = [:]
        while try rounds.step() { walls[rounds.integer(0)] = rounds.time(1) }
        return walls
    }

    /// What rounds came to, by time and target.
    func sums(
        after first: Int, before last: Int = .max, _ walls: [Int64: UnixTime], span: Int64
    ) throws -> Sums {
        var sums: Sums = [:]
        let samples = try FastStatement(
            database,
            """
            SELECT round, target, ns, evidence FROM sample
            WHERE network = ? AND round > ? AND round < ? ORDER BY round
            """)
        samples.bind(1, network)
        samples.bind(2, first)
        samples.bind(3, last)
        var present: (round: Int64, start: Int64?) = (0, nil)
        while try samples.step() {
            if samples.integer(0) != present.round {
                present = (
                    samples.integer(0),
                    walls[samples.integer(0)].map { wall in
                        let rest = wall.seconds % span
                        return wall.seconds - (rest < 0 ? rest + span : rest)
                    }
                )
            }
            guard let start = present.start, let sample = samples.sample(at: 2),
                let evidence = ProbeEvidence(samples.bytes(3), beside: sample)
            else { continue }
            sums[start, default: [:]][samples.integer(1), default: FetchSummary()].add(evidence)
        }
        return sums
    }

    /// Adds sums over five minutes to those that are there: a clock that was set back comes to them again.
    private func add(_ sums: Sums) throws {
        for (start, targets) in sums {
            var targets = targets
            for (target, summary) in try kept(.minutes, [start..<start + 1])[start] ?? [:] {
                targets[target]?.add(summary)
            }
            try save(targets, .minutes, at: start)
        }
    }

    /// Makes one sum of those that it spans.
    private func sumUp(_ span: HistorySpan, at start: Int64) throws {
        guard let part = HistorySpan(rawValue: span.rawValue - 1) else { return }
        var whole: [Int64: FetchSummary] = [:]
        for (_, targets) in try kept(part, [start..<start + span.seconds]) {
            for (target, summary) in targets {
                whole[target, default: FetchSummary()].add(summary)
            }
        }
        try save(whole, span, at: start)
    }

    private func save(
        _ targets: [Int64: FetchSummary], _ span: HistorySpan, at start: Int64
    ) throws {
        let insert = try FastStatement(
            database,
            """
            INSERT OR REPLACE INTO rollup(network, span, start, target, summary)
            VALUES (?, ?, ?, ?, ?)
            """)
        insert.bind(1, network)
        insert.bind(2, span.rawValue)
        insert.bind(3, start)
        for (target, summary) in targets.sorted(by: { $0.key < $1.key }) {
            insert.bind(4, target)
            insert.bind(5, summary.bytes)
            try insert.run()
        }
    }

    /// Kept sums; what can't be read is left out.
    func kept(_ span: HistorySpan, _ ranges: [Range<Int64>]) throws -> Sums {
        var sums: Sums = [:]
        for range in ranges {
            let rows = try FastStatement(
                database,
                """
                SELECT start, target, summary FROM rollup
                WHERE network = ? AND span = ? AND start >= ? AND start < ?
                """)
            rows.bind(1, network)
            rows.bind(2, span.rawValue)
            rows.bind(3, range.lowerBound)
            rows.bind(4, range.upperBound)
            while try rows.step() {
                guard let summary = FetchSummary(bytes: rows.bytes(2)) else { continue }
                sums[rows.integer(0), default: [:]][rows.integer(1)] = summary
            }
        }
        return sums
    }

    private func prune(_ span: HistorySpan, at wall: UnixTime) throws {
        let oldest = try database.number(
            "SELECT min(start) FROM rollup WHERE network = ? AND span = ?",
            [network, span.rawValue])
        guard let bound = settings.bound(of: span, oldest: oldest.map { Int64($0) }, at: wall)
        else { return }
        try database.run(
            "DELETE FROM rollup WHERE network = ? AND span = ? AND start < ?",
            [network, span.rawValue, bound])
    }

    /// Lets go of what targets came to that are forgotten: their numbers may be given to others.
    static func forget(_ targets: [Int64], network: Int, in database: Database) throws {
        guard !targets.isEmpty else { return }
        let list = targets.map { "\($0)" }.joined(separator: ", ")
        try database.execute(
            sql: "DELETE FROM rollup WHERE network = ? AND target IN (\(list))",
            arguments: [network])
    }
}
