internal import EdgeCore
internal import GRDB

/// Operators' words that can still be read in a damaged database: modes and held rotations, which nothing
/// else remembers. Everything that can be measured, or read from the zones, begins anew.
struct Salvage {
    /// How many modes and holds there are, of one network or of all.
    struct Count: Hashable {
        var modes = 0
        var holds = 0
    }

    private let modes: [Row]
    private let holds: [Row]
    /// Every network's name.
    private let names: [Row]

    /// No operator set more modes than this.
    private static let mostRows = 100_000

    /// Reads what can be read, row by row up to the first damaged one.
    ///
    /// - Parameters:
    ///   - database: the damaged one; nil: it can't be opened for writing.
    ///   - path: where it is.
    init(from database: Database?, at path: String) {
        if let database {
            (modes, holds, names) = Self.words(of: database)
            return
        }
        let found = try? StoreConnection(path: path, readOnly: true).queue.read {
            Self.words(of: $0)
        }
        (modes, holds, names) = found ?? ([], [], [])
    }

    private static func words(
        of database: Database
    ) -> (modes: [Row], holds: [Row], names: [Row]) {
        // A database of before version 6 has no limits.
        let hasLimits =
            ((try? Int.fetchOne(database, sql: "PRAGMA user_version")) ?? nil).map { $0 >= 6 }
        let limits = hasLimits ?? true ? ", limit_wall, limit_boot, limit_boot_id, limit_ns" : ""
        let modes = rows(
            """
            SELECT network.name, edge, mode, comment, changed\(limits)
            FROM mode JOIN network ON network.id = mode.network
            """, of: database)
        let holds = rows(
            """
            SELECT name, hold_wall, hold_boot, hold_boot_id, hold_ns, hold_actor, hold_reason
            FROM network WHERE hold_wall IS NOT NULL
            """, of: database)
        return (modes, holds, rows("SELECT name FROM network", of: database))
    }

    /// Writes it all into a new database, with a line in each network's audit log; no words, when SQLite does
    /// not take a value for what it is: in part would be worse, nobody could say what is there.
    ///
    /// - Parameters:
    ///   - event: what happened, as the line begins.
    ///   - network: gets its line whether its name can be read or not; nil: only those whose name can be.
    func save(
        into database: Database, event: String, network: NetworkName?, at wall: UnixTime
    ) throws {
        do {
            try database.inSavepoint {
                let counts = try saveWords(into: database)
                try note(counts, event: event, network: network, at: wall, in: database)
                return .commit
            }
        } catch let error as DatabaseError
            where [.SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG].contains(error.resultCode)
        {
            try note([:], event: event, network: network, at: wall, in: database)
        }
    }

    private func saveWords(into database: Database) throws -> [Int: Count] {
        var counts: [Int: Count] = [:]
        for id in try Self.save(modes: modes, in: database) {
            counts[id, default: Count()].modes += 1
        }
        for id in try Self.save(holds: holds, in: database) {
            counts[id, default: Count()].holds += 1
        }
        return counts
    }

    /// What became of every network's words, also where nothing of them is left: an edge that was taken out may
    /// be live again.
    private func note(
        _ counts: [Int: Count], event: String, network: NetworkName?, at wall: UnixTime,
        in database: Database
    ) throws {
        var counts = counts
        let known = names.compactMap { $0.text(at: 0).flatMap { NetworkName($0) } }
        for name in known + [network].compactMap({ $0 }) {
            counts[try database.makeNetworkID(name), default: Count()].modes += 0
        }
        for (id, count) in counts {
            let note = AuditEvent(kind: .salvage, message: "\(event); \(count.words)")
            try SQLiteStore.note([note], of: id, at: wall, in: database)
        }
    }

    private static func rows(_ sql: String, of database: Database) -> [Row] {
        var found: [Row] = []
        guard let rows = try? Row.fetchCursor(database, sql: sql) else { return [] }
        while found.count < mostRows, let row = try? rows.next() { found.append(row.copy()) }
        return found
    }

    private static func save(modes: [Row], in database: Database) throws -> [Int] {
        var ids: [Int] = []
        for row in modes {
            guard let network = row.text(at: 0).flatMap({ NetworkName($0) }),
                let edge = row.edge(at: 1), let mode = row.text(at: 2).flatMap(Mode.init(rawValue:))
            else { continue }
            let record = ModeRecord(
                mode: mode, comment: row.text(at: 3) ?? "", changed: row.time(at: 4),
                limit: row.count > 5 ? row.timeLimit(at: 5) : nil)
            let id = try database.makeNetworkID(network)
            try SQLiteStore.save(record, edge, of: id, in: database)
            ids.append(id)
        }
        return ids
    }

    private static func save(holds: [Row], in database: Database) throws -> [Int] {
        var ids: [Int] = []
        for row in holds {
            guard let network = row.text(at: 0).flatMap({ NetworkName($0) }),
                let since = row.moment(at: 1)
            else { continue }
            let hold = RotationHold(
                since: since, length: row.duration(at: 4), actor: row.text(at: 5) ?? "",
                reason: row.text(at: 6) ?? "")
            let id = try database.makeNetworkID(network)
            try SQLiteStore.save(hold, of: id, in: database)
            ids.append(id)
        }
        return ids
    }
}

extension Salvage.Count {
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
}
