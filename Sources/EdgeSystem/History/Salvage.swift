internal import EdgeCore
internal import GRDB

/// Operators' words that can still be read in a damaged database: modes and held rotations, which nothing
/// else remembers. Everything that can be measured, or read from the zones, begins anew.
struct Salvage {
    /// How many modes and holds were brought over.
    private(set) var modes = 0
    private(set) var holds = 0

    /// No operator set more modes than this.
    private static let mostRows = 100_000

    /// Brings over what can be read, row by row up to the first damaged one.
    ///
    /// - Parameters:
    ///   - path: the damaged file, set aside by now.
    ///   - new: the database in its place.
    init(from path: String, into new: DatabaseQueue) {
        guard let old = try? StoreConnection(path: path, readOnly: true) else { return }
        defer { try? old.queue.close() }
        let modes = Self.rows(
            """
            SELECT network.name, edge, mode, comment, changed
            FROM mode JOIN network ON network.id = mode.network
            """, of: old.queue)
        let holds = Self.rows(
            """
            SELECT name, hold_wall, hold_boot, hold_boot_id, hold_ns, hold_actor, hold_reason
            FROM network WHERE hold_wall IS NOT NULL
            """, of: old.queue)
        // In part would be worse than not at all: nobody could say what is there.
        let saved = try? new.write { database in
            (try Self.save(modes: modes, in: database), try Self.save(holds: holds, in: database))
        }
        (self.modes, self.holds) = saved ?? (0, 0)
    }

    /// What was brought over and what is lost, for one sentence.
    var words: String {
        let rest = "the rotation budget's memory and kept generations are lost"
        guard modes + holds > 0 else {
            return "operators' modes, holds and approvals, \(rest): set again what should hold"
        }
        let saved = [
            modes > 0 ? modes.counted("mode") : nil,
            holds > 0 ? holds.counted("hold of rotations", plural: "holds of rotations") : nil,
        ].compactMap { $0 }.joined(separator: " and ")
        return
            "\(saved) could be read and \(modes + holds == 1 ? "was" : "were") brought over; what else "
            + "operators said, \(rest): see edgemanage status, and set again what is missing"
    }

    private static func rows(_ sql: String, of queue: DatabaseQueue) -> [Row] {
        var found: [Row] = []
        _ = try? queue.read { database in
            let rows = try Row.fetchCursor(database, sql: sql)
            while found.count < mostRows, let row = try rows.next() { found.append(row.copy()) }
        }
        return found
    }

    private static func save(modes: [Row], in database: Database) throws -> Int {
        var count = 0
        for row in modes {
            guard let network = row.text(at: 0).flatMap({ NetworkName($0) }),
                let edge = row.edge(at: 1), let mode = row.text(at: 2).flatMap(Mode.init(rawValue:))
            else { continue }
            let record = ModeRecord(
                mode: mode, comment: row.text(at: 3) ?? "", changed: row.time(at: 4))
            let id = try database.makeNetworkID(network)
            try SQLiteStore.save(record, edge, of: id, in: database)
            count += 1
        }
        return count
    }

    private static func save(holds: [Row], in database: Database) throws -> Int {
        var count = 0
        for row in holds {
            guard let network = row.text(at: 0).flatMap({ NetworkName($0) }),
                let since = row.moment(at: 1)
            else { continue }
            let hold = RotationHold(
                since: since, length: row.duration(at: 4), actor: row.text(at: 5) ?? "",
                reason: row.text(at: 6) ?? "")
            let id = try database.makeNetworkID(network)
            try SQLiteStore.save(hold, of: id, in: database)
            count += 1
        }
        return count
    }
}
