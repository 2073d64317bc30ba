internal import EdgeCore
internal import EdgeShell
internal import GRDB

extension SQLiteStore {
    /// All targets' records as a round sees them that begins at `now`.
    static func targets(
        _ network: Int, judge: JudgeSettings, now: Moment, from database: Database
    ) throws -> [ProbeTarget: TargetRecord] {
        let windows = try windows(network, judge: judge, now: now, from: database)
        let rows = try FastStatement(
            database,
            """
            SELECT id, role, name, family, address, health, outcome, detail, probed, last_round,
                last_ns, kept_count, kept_ns, CASE WHEN kept_count >= ?2 THEN (
                    SELECT ns FROM sample
                    WHERE network = ?1 AND round = oldest AND target = target.id) END,
                steady
            FROM target WHERE network = ?1
            """)
        rows.bind(1, network)
        rows.bind(2, max(judge.keptSamples, 1))
        var records: [ProbeTarget: TargetRecord] = [:]
        var unprobed: [(ProbeTarget, TargetRecord)] = []
        while try rows.step() {
            guard let target = rows.target(at: 1) else { continue }
            let record = TargetRecord(
                health: rows.text(5).flatMap(Health.init(rawValue:)), lastOutcome: rows.text(6),
                lastDetail: rows.text(7),
                lastProbed: rows.optionalInteger(8).map(UnixTime.stored),
                lastSample: rows.sample(at: 10), window: windows[rows.integer(0)] ?? SampleSum(),
                kept: .stored(count: rows.integer(11), nanoseconds: rows.integer(12)),
                expiring: rows.sample(at: 13), lastAddress: rows.text(4).flatMap { IPAddress($0) },
                // What no judge could have written is as nothing.
                steady: rows.text(14).flatMap { SteadyMemory(text: $0) })
            records[target] = record
            if rows.integer(9) == 0, let canary = target.asCanary {
                unprobed.append((canary, record))
            }
        }
        for (canary, record) in unprobed where records[canary] == nil { records[canary] = record }
        return records
    }

    /// The sums of the samples in the window that ends now, by target; targets without one are left
    /// out.
    private static func windows(
        _ network: Int, judge: JudgeSettings, now: Moment, from database: Database
    ) throws -> [Int64: SampleSum] {
        let (first, bounds) = try window(network, judge.window, now: now, from: database)
        var sums: [Int64: SampleSum] = [:]
        if let first {
            let samples = try FastStatement(
                database, "SELECT target, ns FROM sample WHERE network = ? AND round >= ?")
            samples.bind(1, network)
            samples.bind(2, first)
            while try samples.step() {
                sums[samples.integer(0), default: SampleSum()].add(samples.integer(1))
            }
        }
        if !bounds.isEmpty { try addAdopted(to: &sums, network, after: bounds, from: database) }
        return sums
    }

    /// The first round in the window, and how far back it reaches in each takeover's samples.
    private static func window(
        _ network: Int, _ length: Duration, now: Moment, from database: Database
    ) throws -> (first: Int64?, bounds: [Int64: Int64]) {
        let adoptions = try Row.fetchAll(
            database.cachedStatement(
                sql: "SELECT id, round, wall, boot, boot_id FROM adoption WHERE network = ?"),
            arguments: [network])
        var walk = WindowWalk(from: now, length: length)
        var first: Int64?
        var bounds: [Int64: Int64] = [:]
        func reach(adoptionsSince round: Int64) {
            for row in adoptions where (row.integer(at: 1) ?? 0) >= round {
                guard let adoption = row.integer(at: 0), bounds[adoption] == nil,
                    let moment = row.moment(at: 2)
                else { continue }
                let left = length - walk.age(of: moment)
                guard left > .zero else { continue }
                let bound = moment.wall.nanoseconds.subtractingReportingOverflow(left.inNanoseconds)
                bounds[adoption] = bound.overflow ? .min : bound.partialValue
            }
        }
        let rounds = try database.rows(
            """
            SELECT number, wall, boot, boot_id FROM round WHERE network = ? ORDER BY number DESC
            """, [network])
        while let row = try rounds.next() {
            guard let number = row.integer(at: 0) else { continue }
            reach(adoptionsSince: number)
            guard let moment = row.moment(at: 1), walk.reaches(moment) else {
                return (first, bounds)
            }
            first = number
        }
        reach(adoptionsSince: 0)
        return (first, bounds)
    }

    /// Adds what was taken over from the original's files lately, from the newest rank down to the
    /// first in which no target has a sample in the window.
    private static func addAdopted(
        to sums: inout [Int64: SampleSum], _ network: Int, after bounds: [Int64: Int64],
        from database: Database
    ) throws {
        for rank in 1... {
            var isFound = false
            let samples = try FastStatement(
                database,
                """
                SELECT target, ns, sample.wall, adoption FROM sample
                JOIN target ON target.id = sample.target
                WHERE sample.network = ? AND round = ?
                """)
            samples.bind(1, network)
            samples.bind(2, -rank)
            while try samples.step() {
                guard let adoption = samples.optionalInteger(3), let bound = bounds[adoption],
                    let wall = samples.optionalInteger(2), wall > bound
                else { continue }
                sums[samples.integer(0), default: SampleSum()].add(samples.integer(1))
                isFound = true
            }
            if !isFound { return }
        }
    }
}

extension FastStatement {
    /// A target in three columns that follow each other: role, name, family.
    func target(at column: Int32) -> ProbeTarget? {
        guard let role = text(column).flatMap(ProbeTarget.Role.init(rawValue:)),
            let name = text(column + 1).flatMap({ EdgeName($0) }),
            let family = text(column + 2).flatMap(AddressFamily.init(rawValue:))
        else { return nil }
        return ProbeTarget(role: role, name: name, family: family)
    }

    /// A sample in nanoseconds, not below zero and no longer than sums can take, whatever stands in the
    /// column; nil where it is NULL.
    func sample(at column: Int32) -> Duration? {
        optionalInteger(column).map { .nanoseconds(max(0, min($0, 1 << 62))) }
    }
}

extension SampleSum {
    mutating func add(_ sample: Int64) {
        count += 1
        nanoseconds = max(0, min(nanoseconds &+ max(sample, 0), 1 << 62))
    }
}
