public import EdgeCore
internal import EdgeShell
internal import Foundation
internal import GRDB

extension SQLiteStore {
    /// Adds a round, whole or not at all; at most eight samples of a target fall out at once.
    ///
    /// - Throws: `StaleGeneration` when another round published since the record's basis (I5).
    public func begin(_ record: RoundRecord, keptSamples: Int) throws {
        guard let stale = try add(record, keptSamples: keptSamples, isLost: false) else { return }
        // The same for a network of which only operators' words were brought over from a damaged database.
        guard stale.found == 0, wasReset else { throw stale }
        if let stale = try add(record, keptSamples: keptSamples, isLost: true) { throw stale }
    }

    /// Adds a round in one transaction; returns why not, when it was decided on another generation.
    ///
    /// - Parameter isLost: a network without a generation is one whose database was lost.
    private func add(
        _ record: RoundRecord, keptSamples: Int, isLost: Bool
    ) throws -> StaleGeneration? {
        try write { database in
            // A database that was lost meanwhile knows of no newer plan: the round is not lost with it.
            let found = try Row.fetchOne(
                database.cachedStatement(sql: "SELECT generation FROM network WHERE name = ?"),
                arguments: [record.network.text])?.count(at: 0)
            let id = try database.makeNetworkID(record.network)
            if let found, found != record.basis, !(isLost && found == 0) {
                return StaleGeneration(
                    network: record.network, basis: record.basis, found: found)
            }
            let number = try Self.nextRound(of: id, in: database)
            var samples = try SampleWriter(
                network: id, round: number, moment: record.moment,
                limit: max(keptSamples, 1), database: database)
            // Before the oldest samples fall out.
            try Rollup(network: id, settings: record.history, database: database)
                .close(before: number, at: record.moment.wall)
            try samples.add(record.targets)
            try Self.saveRound(number, record, of: id, in: database)
            try Self.save(record.live, of: id, at: record.moment.wall, in: database)
            try Self.end(record.endedModes, of: id, at: record.moment, in: database)
            try Self.save(record.substitutions, of: id, in: database)
            try Self.saveRotation(record, of: id, in: database)
            try Self.save(record.holds, of: id, at: record.moment, in: database)
            try Self.dropApprovals(of: id, by: record, in: database)
            try Self.save(record.zones, of: id, in: database)
            try Self.save(record.includes, of: id, in: database)
            try Self.keep(record, of: id, in: database)
            try Self.note(record.events, of: id, at: record.moment, in: database)
            try Self.tidy(id, round: number, record, in: database)
            return nil
        }
    }

    /// The number of a round that comes now: above all that have samples, whatever became of the count.
    private static func nextRound(of id: Int, in database: Database) throws -> Int {
        // Far below what is counted at all, so that damage leaves room to count on.
        let limit = Int.tooMany / 2
        let counted = try database.count("SELECT last_round FROM network WHERE id = ?", [id])
        let noted = try database.count(
            "SELECT max(number) FROM round WHERE network = ? AND number < ?", [id, limit])
        let next = max(counted < limit ? counted : 0, noted) + 1
        let isTaken =
            try database.number(
                "SELECT 1 FROM round WHERE network = ? AND number = ?", [id, next]) != nil
        guard isTaken else { return next }
        let highest = try database.number(
            "SELECT max(number) FROM round WHERE network = ? AND number < ?", [id, 1 << 62])
        return (highest.map { Int($0) } ?? next) + 1
    }

    /// An approval is for what stands now: used up, or without its hold, it must not let something else
    /// through another day.
    private static func dropApprovals(
        of id: Int, by record: RoundRecord, in database: Database
    ) throws {
        let standing = Set(record.holds.compactMap(\.approvalKey)).subtracting(record.usedApprovals)
        let keys = try database.texts("SELECT key FROM approval WHERE network = ?", [id])
        for key in keys where !standing.contains(key) {
            try database.run("DELETE FROM approval WHERE network = ? AND key = ?", [id, key])
        }
    }

    private static func saveRound(
        _ number: Int, _ record: RoundRecord, of id: Int, in database: Database
    ) throws {
        let moment = record.moment
        let wall = moment.wall.nanoseconds
        let boot = moment.sinceBoot.inNanoseconds
        try database.run(
            "INSERT INTO round(network, number, wall, boot, boot_id) VALUES (?, ?, ?, ?, ?)",
            [id, number, wall, boot, moment.bootID])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let dns = try record.publishedDNS.map {
            String(decoding: try encoder.encode($0), as: UTF8.self)
        }
        try database.run(
            """
            UPDATE network SET generation = ?, last_round = ?, sick_rounds_left = ?,
                after_changes_pending = ?, published_dns = coalesce(?, published_dns),
                last_run_wall = ?, last_run_boot = ?, last_run_boot_id = ? WHERE id = ?
            """,
            [
                record.generation, number, record.sickRoundsLeft, record.afterChangesPending, dns,
                wall, boot, moment.bootID, id,
            ])
    }

    static func save(
        _ live: [LiveEdge], of id: Int, at wall: UnixTime, in database: Database
    ) throws {
        guard try self.live(id, from: database) != live else { return }
        try saveSpans(of: live, network: id, at: wall, in: database)
        try database.run("DELETE FROM live WHERE network = ?", [id])
        for (position, edge) in live.enumerated() {
            try database.run(
                "INSERT INTO live(network, position, edge, ipv4, ipv6) VALUES (?, ?, ?, ?, ?)",
                [
                    id, position, edge.name.text, edge.addresses.ipv4?.description,
                    edge.addresses.ipv6?.description,
                ])
        }
    }

    private static func save(
        _ substitutions: [Substitution], of id: Int, in database: Database
    ) throws {
        guard try self.substitutions(id, from: database) != substitutions else { return }
        try database.run("DELETE FROM substitution WHERE network = ?", [id])
        for (position, substitution) in substitutions.enumerated() {
            let moment = substitution.moment
            try database.run(
                """
                INSERT INTO substitution(
                    network, position, wall, boot, boot_id, edge, by_operator)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    id, position, moment.wall.nanoseconds, moment.sinceBoot.inNanoseconds,
                    moment.bootID, substitution.edge.text, substitution.byOperator,
                ])
        }
    }

    private static func saveRotation(
        _ record: RoundRecord, of id: Int, in database: Database
    ) throws {
        guard !record.added.isEmpty || !record.removed.isEmpty else { return }
        try add(rotations: [record.moment.wall], of: id, in: database)
        for edge in record.added + record.removed {
            try add(rotations: [record.moment.wall], of: edge, network: id, in: database)
        }
    }

    /// Adds to the network's rotations, of which the last 1,000 are kept.
    static func add(rotations: [UnixTime], of id: Int, in database: Database) throws {
        var number =
            try database.count(
                "SELECT max(number) FROM rotation WHERE network = ? AND number < ?",
                [id, Int.tooMany])
        for time in rotations {
            number += 1
            try database.run(
                "INSERT INTO rotation(network, number, wall) VALUES (?, ?, ?)",
                [id, number, time.nanoseconds])
        }
        try database.run(
            "DELETE FROM rotation WHERE network = ? AND number <= ?", [id, number - 1000])
    }

    /// Adds to an edge's rotations, of which the last 2,000 are kept.
    static func add(
        rotations: [UnixTime], of edge: EdgeName, network id: Int, in database: Database
    ) throws {
        var number =
            try database.count(
                """
                SELECT max(number) FROM edge_rotation
                WHERE network = ? AND edge = ? AND number < ?
                """, [id, edge.text, Int.tooMany])
        for time in rotations {
            number += 1
            try database.run(
                "INSERT INTO edge_rotation(network, edge, number, wall) VALUES (?, ?, ?, ?)",
                [id, edge.text, number, time.nanoseconds])
        }
        try database.run(
            "DELETE FROM edge_rotation WHERE network = ? AND edge = ? AND number <= ?",
            [id, edge.text, number - 2000])
    }

    private static func save(
        _ holds: [Hold], of id: Int, at moment: Moment, in database: Database
    ) throws {
        let before = try self.holds(id, from: database)
        guard !before.isEmpty || !holds.isEmpty else { return }
        let since = Dictionary(
            before.map { ($0.identity, $0.hold.since) }, uniquingKeysWith: { first, _ in first })
        try database.run("DELETE FROM hold WHERE network = ?", [id])
        for (position, hold) in holds.enumerated() {
            try database.run(
                """
                INSERT INTO hold(network, position, identity, approval_key, zone, message, since)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    id, position, hold.identity, hold.approvalKey, hold.zone?.text,
                    hold.description, (since[hold.identity] ?? moment.wall).nanoseconds,
                ])
        }
    }
}
