internal import EdgeCore
internal import GRDB

/// Adds one round's outcomes to the targets and their samples, and lets the oldest fall out.
struct SampleWriter {
    let network: Int
    let round: Int
    let moment: Moment
    /// How many samples a target keeps.
    let limit: Int
    let database: Database
    private var known: [String: Target] = [:]
    private let insert: FastStatement
    private let delete: FastStatement
    private let update: FastStatement

    /// A target's row as far as samples go.
    private struct Target {
        var id: Int64
        var count = 0
        var sum: Int64 = 0
        var last: Int64?
        var oldest: Int64?
        var newest: Int64?
        /// The sample of the oldest round, and the round after it where `gap` names one; read ahead
        /// for targets whose store is full.
        var expiring: Int64?
        var afterOldest: Int64?

        /// Whether a target can come to this before a round: at most one sample a round.
        func canBe(before round: Int) -> Bool {
            guard let oldest, let newest else { return count == 0 && sum == 0 }
            let bounds = -Int64(Int.tooMany)..<Int64(round)
            return bounds.contains(oldest) && bounds.contains(newest) && oldest <= newest
                && count > 0 && Int64(count) <= newest - oldest + 1 && sum >= 0 && sum < 1 << 62
        }
    }

    init(network: Int, round: Int, moment: Moment, limit: Int, database: Database) throws {
        self.network = network
        self.round = round
        self.moment = moment
        self.limit = limit
        self.database = database
        insert = try FastStatement(
            database,
            "INSERT INTO sample(network, round, target, ns, evidence) VALUES (?, ?, ?, ?, ?)")
        delete = try FastStatement(
            database, "DELETE FROM sample WHERE network = ? AND round = ? AND target = ?")
        update = try FastStatement(
            database,
            """
            UPDATE target SET address = coalesce(?, address), health = coalesce(?, health),
                outcome = ?, detail = ?, probed = ?, last_round = ?, last_ns = ?,
                kept_count = ?, kept_ns = ?, oldest = ?, newest = ?, steady = ?
            WHERE id = ?
            """)
        insert.bind(1, network)
        insert.bind(2, round)
        delete.bind(1, network)
        update.bind(5, moment.wall.nanoseconds)
        update.bind(6, round)
    }

    /// Adds what the round learned.
    mutating func add(_ updates: [TargetUpdate]) throws {
        try readTargets()
        for update in updates {
            var target = try target(for: update.target)
            if let sample = update.sample { try add(sample, update.evidence, to: &target) }
            try save(update, target)
            known[Self.key(update.target)] = target
        }
    }

    private static func key(_ target: ProbeTarget) -> String {
        key(
            role: target.role.rawValue, name: target.name.text, family: target.family.rawValue)
    }

    private static func key(role: String, name: String, family: String) -> String {
        name + " " + role + " " + family
    }

    private mutating func readTargets() throws {
        var impossible: [Int64] = []
        let rows = try FastStatement(
            database,
            """
            SELECT id, role, name, family, kept_count, kept_ns, last_ns, oldest, newest,
                CASE WHEN kept_count >= ?2 THEN (
                    SELECT ns FROM sample
                    WHERE network = ?1 AND round = oldest AND target = target.id) END,
                CASE WHEN kept_count >= ?2 THEN (
                    SELECT next FROM gap WHERE target = target.id AND after = oldest) END
            FROM target WHERE network = ?1
            """)
        rows.bind(1, network)
        rows.bind(2, limit)
        while try rows.step() {
            let key = Self.key(
                role: rows.text(1) ?? "", name: rows.text(2) ?? "", family: rows.text(3) ?? "")
            let target = Target(
                id: rows.integer(0), count: rows.count(4), sum: rows.integer(5),
                last: rows.optionalInteger(6), oldest: rows.optionalInteger(7),
                newest: rows.optionalInteger(8), expiring: rows.optionalInteger(9),
                afterOldest: rows.optionalInteger(10))
            if target.canBe(before: round) {
                known[key] = target
            } else {
                impossible.append(target.id)
                known[key] = Target(id: target.id)
            }
        }
        for id in impossible { try forgetSamples(of: id) }
    }

    /// A target whose sums can't be true begins anew.
    private func forgetSamples(of target: Int64) throws {
        try database.run(
            "DELETE FROM sample WHERE network = ? AND target = ?", [network, target])
        try database.run("DELETE FROM gap WHERE target = ?", [target])
    }

    private mutating func target(for target: ProbeTarget) throws -> Target {
        if let found = known[Self.key(target)] { return found }
        if target.role == .canary, let adopted = try relabelledEdge(target) { return adopted }
        try database.run(
            "INSERT INTO target(network, role, name, family) VALUES (?, ?, ?, ?)",
            [network, target.role.rawValue, target.name.text, target.family.rawValue])
        return Target(id: database.lastInsertedRowID)
    }

    /// What was taken over from the original's files as an edge, if it now shows to be a canary.
    private mutating func relabelledEdge(_ canary: ProbeTarget) throws -> Target? {
        var edge = canary
        edge.role = .edge
        guard let adopted = known[Self.key(edge)] else { return nil }
        try database.run(
            "UPDATE target SET role = 'canary' WHERE id = ? AND last_round = 0", [adopted.id])
        guard database.changesCount > 0 else { return nil }
        known[Self.key(edge)] = nil
        return adopted
    }

    private func add(
        _ sample: Duration, _ evidence: ProbeEvidence?, to target: inout Target
    ) throws {
        let sample = max(sample, .zero)
        let nanoseconds = sample.inNanoseconds
        let round = Int64(round)
        insert.bind(3, target.id)
        insert.bind(4, nanoseconds)
        insert.bind(5, evidence?.bytes(beside: sample))
        try insert.run()
        if let newest = target.newest, newest + 1 != round {
            try database.run(
                "INSERT OR REPLACE INTO gap(target, after, next) VALUES (?, ?, ?)",
                [target.id, newest, round])
            if newest == target.oldest { target.afterOldest = round }
        }
        target.oldest = target.oldest ?? round
        target.newest = round
        target.last = nanoseconds
        target.count += 1
        target.sum &+= nanoseconds
        // A lowered limit takes effect a few samples a round, so that no round takes long for it.
        for _ in 0..<min(max(target.count - limit, 0), 8) { try dropOldest(of: &target) }
    }

    private func dropOldest(of target: inout Target) throws {
        guard let oldest = target.oldest else { return }
        let sample =
            try target.expiring
            ?? Int64.fetchOne(
                database.cachedStatement(
                    sql: "SELECT ns FROM sample WHERE network = ? AND round = ? AND target = ?"),
                arguments: [network, oldest, target.id])
        delete.bind(2, oldest)
        delete.bind(3, target.id)
        try delete.run()
        if target.afterOldest != nil {
            try database.run(
                "DELETE FROM gap WHERE target = ? AND after = ?", [target.id, oldest])
        }
        let next = target.afterOldest ?? oldest &+ 1
        target.oldest = next
        target.count -= 1
        target.sum &-= sample ?? 0
        target.expiring = nil
        target.afterOldest = nil
        if target.count > limit {
            target.afterOldest = try Int64.fetchOne(
                database.cachedStatement(
                    sql: "SELECT next FROM gap WHERE target = ? AND after = ?"),
                arguments: [target.id, next])
        }
    }

    private func save(_ learned: TargetUpdate, _ target: Target) throws {
        update.bind(1, learned.address?.description)
        update.bind(2, learned.health?.rawValue)
        update.bind(3, learned.outcome)
        update.bind(4, learned.detail)
        update.bind(7, target.last)
        update.bind(8, target.count)
        update.bind(9, target.sum)
        update.bind(10, target.oldest)
        update.bind(11, target.newest)
        update.bind(12, learned.steady?.text)
        update.bind(13, target.id)
        try update.run()
    }
}
