public import EdgeCore
internal import EdgeShell
internal import GRDB

/// What operators are told when the database is another one than before.
extension SQLiteStore {
    /// What was brought over of a network's words into a database that was begun in a damaged one's place; nil
    /// when it was not, or nothing of this network could be read.
    public func salvageWords(_ network: NetworkName) throws -> String? {
        try read { try Self.salvageWords(network, from: $0) }
    }

    private static func salvageWords(
        _ network: NetworkName, from database: Database
    ) throws -> String? {
        guard let id = try database.networkID(network) else { return nil }
        return try AuditQuery(network: id, kind: .salvage, limit: 1).events(in: database).last?
            .event.message
    }

    static func salvageWords(
        _ network: NetworkName?, in connection: StoreConnection
    ) -> String? {
        guard let network else { return nil }
        let words = try? connection.queue.read { try salvageWords(network, from: $0) }
        return words ?? nil
    }

    /// A loss as the operators of a network hear of it, or of all networks.
    static func words(
        of loss: Replacement.Loss, network: NetworkName?, in connection: StoreConnection
    ) -> String {
        if let words = salvageWords(network, in: connection) { return words }
        var count = Salvage.Count()
        if network == nil {
            let found = try? connection.queue.read { database in
                Salvage.Count(
                    modes: try database.count("SELECT count(*) FROM mode", []),
                    holds: try database.count(
                        "SELECT count(*) FROM network WHERE hold_wall IS NOT NULL", []))
            }
            count = found ?? count
        }
        return "\(loss.event); \(count.words)"
    }

    /// Leaves it in the audit log of a network that another database knows nothing of, for `status`; where that
    /// can't be written the log file alone has it.
    static func note(
        loss words: String, of network: NetworkName?, at wall: UnixTime,
        in connection: StoreConnection
    ) {
        guard let network else { return }
        _ = try? connection.queue.write { database in
            let rounds = try database.count(
                "SELECT last_round FROM network WHERE name = ?", [network.text])
            guard rounds == 0, try salvageWords(network, from: database) == nil else { return }
            let id = try database.makeNetworkID(network)
            try note(
                [AuditEvent(kind: .salvage, message: words)], of: id, at: wall, in: database)
        }
    }

    /// What somebody hears whose database became another one under them.
    static func replacedWords(
        _ path: String, network: NetworkName?, in connection: StoreConnection
    ) -> String {
        let start = "the database \(path) was replaced while it was in use: "
        let rounds = try? connection.queue.read { database in
            guard let network else {
                return try database.count("SELECT max(last_round) FROM network", [])
            }
            return try database.count(
                "SELECT last_round FROM network WHERE name = ?", [network.text])
        }
        if let rounds, rounds > 0 { return start + "what the one says that is there now is obeyed" }
        return salvageWords(network, in: connection) ?? start + LostWords.notKnown
    }
}
