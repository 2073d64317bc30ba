public import EdgeCore
internal import GRDB

extension SQLiteStore {
    /// When edges of a network were live, as far as that is not before `start`; by edge, oldest first.
    public func liveSpans(_ network: NetworkName, from start: UnixTime) throws -> [LiveSpan] {
        try read { database in
            guard let id = try database.networkID(network) else { return [] }
            let rows = try database.rows(
                """
                SELECT edge, began, ended FROM live_span
                WHERE network = ?1 AND (ended IS NULL OR ended > ?2) ORDER BY edge, began
                """, [id, start.nanoseconds])
            var spans: [LiveSpan] = []
            while let row = try rows.next() {
                guard let edge = row.edge(at: 0), let began = row.time(at: 1) else { continue }
                spans.append(LiveSpan(edge: edge, began: began, ended: row.time(at: 2)))
            }
            return spans
        }
    }

    /// Notes who is live from a time on, and who no more.
    static func saveSpans(
        of live: [LiveEdge], network id: Int, at wall: UnixTime, in database: Database
    ) throws {
        let open = Set(
            try database.texts(
                "SELECT edge FROM live_span WHERE network = ? AND ended IS NULL", [id]))
        let names = Set(live.map(\.name.text))
        for edge in open.subtracting(names) {
            // However the clock was set meanwhile, nobody was live for less than no time.
            try database.run(
                """
                UPDATE live_span SET ended = max(began, ?)
                WHERE network = ? AND edge = ? AND ended IS NULL
                """, [wall.nanoseconds, id, edge])
        }
        for edge in names.subtracting(open) {
            try database.run(
                "INSERT OR REPLACE INTO live_span(network, edge, began) VALUES (?, ?, ?)",
                [id, edge, wall.nanoseconds])
        }
    }

    /// Lets go of what was kept for as long as sums over a day are, a thousand at most.
    static func forgetSpans(
        of id: Int, at wall: UnixTime, _ settings: HistorySettings, in database: Database
    ) throws {
        try database.run(
            """
            DELETE FROM live_span WHERE (network, edge, began) IN (
                SELECT network, edge, began FROM live_span
                WHERE network = ? AND ended < ? LIMIT 1000)
            """, [id, wall.adding(.zero - settings.days).nanoseconds])
    }
}
