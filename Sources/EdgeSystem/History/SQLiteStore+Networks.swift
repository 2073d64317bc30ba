public import EdgeCore
internal import EdgeShell
internal import GRDB

/// Why a network could not be given another name; nothing was changed.
public enum RenameRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The database does not know the old name.
    case unknown(NetworkName, known: [NetworkName])
    /// The new name publishes zones of its own.
    case publishes(NetworkName, zones: Int)

    public var description: String {
        switch self {
        case .unknown(let network, let known):
            let names = known.isEmpty ? "none" : known.map(\.text).joined(separator: ", ")
            return "the database knows no network \(network); it knows \(names)"
        case .publishes(let network, let zones):
            return
                "network \(network) publishes \(zones.counted("zone")) of its own already: two networks "
                + "can't become one; move the old one's zones by edgemanage zone forget"
        }
    }
}

extension SQLiteStore {
    /// What a network has beside its row; `audit` is taken over and not here.
    private static let tables = [
        "adoption", "sample", "target", "round", "mode", "live", "substitution", "rotation",
        "edge_rotation", "zone", "include", "hold", "approval", "generation", "generation_edge",
        "include_text", "server", "owed", "zone_name", "zone_run", "given_up", "rollup",
        "live_span", "alarm",
    ]

    /// Gives a network another name: zones, generations, samples, modes and holds go on under it.
    ///
    /// A network of the new name that published nothing yet is replaced: rounds made it that found all its
    /// zones published under the old name. Its modes and its hold are newer words, and go over its audit log
    /// too. The caller holds the writer's locks of both names.
    ///
    /// - Throws: `RenameRefusal` when the old name is not known, or the new one publishes zones.
    public func rename(
        _ old: NetworkName, to new: NetworkName, actor: String, now: Moment
    ) throws {
        let refusal: RenameRefusal? = try write { database in
            guard let id = try database.networkID(old) else {
                let known = try database.texts("SELECT name FROM network ORDER BY name", [])
                return .unknown(old, known: known.compactMap { NetworkName($0) })
            }
            if let other = try database.networkID(new) {
                let zones = try database.count(
                    "SELECT count(*) FROM zone WHERE network = ?", [other])
                guard zones == 0 else { return .publishes(new, zones: zones) }
                try Self.replace(other, by: id, in: database)
            }
            try database.run("UPDATE network SET name = ? WHERE id = ?", [new.text, id])
            let event = AuditEvent(
                kind: .command, actor: actor, message: "network \(old) was renamed \(new)")
            try Self.note([event], of: id, at: now, in: database)
            return nil
        }
        if let refusal { throw refusal }
    }

    private static func replace(_ other: Int, by id: Int, in database: Database) throws {
        for (edge, mode) in try modes(other, from: database) {
            try save(mode, edge, of: id, in: database)
        }
        if let hold = try rotationHold(other, from: database) {
            try save(hold, of: id, in: database)
        }
        try database.run("UPDATE audit SET network = ? WHERE network = ?", [id, other])
        try database.run(
            "DELETE FROM gap WHERE target IN (SELECT id FROM target WHERE network = ?)", [other])
        for table in tables {
            try database.run("DELETE FROM \(table) WHERE network = ?", [other])
        }
        try database.run("DELETE FROM network WHERE id = ?", [other])
    }
}
