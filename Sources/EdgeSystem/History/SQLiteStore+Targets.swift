internal import EdgeCore
internal import EdgeShell
internal import GRDB

extension SQLiteStore {
    /// All targets' records as a round sees them that begins at `now`.
    static func targets(
        _ network: Int, judge: JudgeSettings, now: Moment, from database: Database
    ) throws -> [ProbeTarget: TargetRecord] {
        let windows = try windows(network, judge: judge, now: now, from: database)
        let rows = try database.rows(
            """
            SELECT id, role, name, family, address, health, outcome, detail, probed, last_round,
                last_ns, kept_count, kept_ns, CASE WHEN kept_count >= ?2 THEN (
                    SELECT ns FROM sample
                    WHERE network = ?1 AND round = oldest AND target = target.id) END
            FROM target WHERE network = ?1
            """, [network, max(judge.keptSamples, 1)])
        var records: [ProbeTarget: TargetRecord] = [:]
        var unprobed: [(ProbeTarget, TargetRecord)] = []
        while let row = try rows.next() {
            guard let target = row.target(at: 1) else { continue }
            let record = TargetRecord(
                health: (row[5] as String?).flatMap(Health.init(rawValue:)), lastOutcome: row[6],
                lastDetail: row[7], lastProbed: row.time(at: 8), lastSample: row.duration(at: 10),
                window: windows[row[0]] ?? SampleSum(),
                kept: SampleSum(count: row[11], nanoseconds: row[12]),
                expiring: row.duration(at: 13), lastAddress: row.address(at: 4))
            records[target] = record
            if row[9] == 0, let canary = target.asCanary { unprobed.append((canary, record)) }
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
            let samples = try database.rows(
                "SELECT target, ns FROM sample WHERE network = ? AND round >= ?", [network, first])
            while let row = try samples.next() {
                sums[row[0], default: SampleSum()].add(row[1])
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
            for row in adoptions where row[1] as Int64 >= round && bounds[row[0]] == nil {
                guard let moment = row.moment(at: 2) else { continue }
                let left = length - walk.age(of: moment)
                guard left > .zero else { continue }
                let bound = moment.wall.nanoseconds.subtractingReportingOverflow(left.inNanoseconds)
                bounds[row[0]] = bound.overflow ? .min : bound.partialValue
            }
        }
        let rounds = try database.rows(
            """
            SELECT number, wall, boot, boot_id FROM round WHERE network = ? ORDER BY number DESC
            """, [network])
        while let row = try rounds.next() {
            reach(adoptionsSince: row[0])
            guard let moment = row.moment(at: 1), walk.reaches(moment) else {
                return (first, bounds)
            }
            first = row[0]
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
            let samples = try database.rows(
                """
                SELECT target, ns, sample.wall, adoption FROM sample
                JOIN target ON target.id = sample.target
                WHERE sample.network = ? AND round = ?
                """, [network, -rank])
            while let row = try samples.next() {
                guard let adoption: Int64 = row[3], let bound = bounds[adoption],
                    let wall: Int64 = row[2], wall > bound
                else { continue }
                sums[row[0], default: SampleSum()].add(row[1])
                isFound = true
            }
            if !isFound { return }
        }
    }
}

extension SampleSum {
    mutating func add(_ sample: Int64) {
        count += 1
        nanoseconds &+= sample
    }
}
