public import EdgeCore
internal import EdgeShell
internal import GRDB

extension SQLiteStore {
    /// Takes over what the original's files say, in one transaction: their samples stand under
    /// rounds below zero, -1 being each target's newest, with their own times.
    ///
    /// A store opened for reading only takes nothing over and returns no edges, unless it stands in
    /// memory for a database that is not there.
    public func adopt(
        _ network: NetworkName, edges: [EdgeName: EdgeStoreFile], state: OriginalStateFile?,
        now: Moment
    ) throws -> [EdgeName] {
        guard canWrite, !edges.isEmpty || state != nil else { return [] }
        return try write { database in
            let id = try database.makeNetworkID(network)
            let known = try Self.knownEdges(id, from: database)
            let unknown = edges.keys.filter { !known.contains($0) }.sorted()
            try Self.adopt(unknown, from: edges, of: id, now: now, in: database)
            try Self.adopt(
                state, joining: unknown.filter { edges[$0]?.isLive == true }, network, id,
                now: now, in: database)
            if !unknown.isEmpty {
                try Self.note([.takeover(of: unknown)], of: id, at: now, in: database)
            }
            return unknown
        }
    }

    private static func adopt(
        _ unknown: [EdgeName], from files: [EdgeName: EdgeStoreFile], of id: Int, now: Moment,
        in database: Database
    ) throws {
        guard !unknown.isEmpty else { return }
        try database.run(
            """
            INSERT INTO adoption(network, round, wall, boot, boot_id)
            SELECT id, last_round, ?2, ?3, ?4 FROM network WHERE id = ?1
            """,
            [id, now.wall.nanoseconds, now.sinceBoot.inNanoseconds, now.bootID])
        let adoption = database.lastInsertedRowID
        var samples: [(target: Int64, fetches: [EdgeStoreFile.Fetch])] = []
        for edge in unknown {
            guard let file = files[edge] else { continue }
            let fetches = file.adoptable(at: now)
            try insert(edge, file, fetches, adoption: adoption, of: id, in: database)
            samples.append((database.lastInsertedRowID, fetches))
            try add(
                rotations: file.rotationHistory.suffix(2000), of: edge, network: id, in: database)
            let mode = ModeRecord(
                mode: file.mode, comment: file.comment, changed: file.stateEntryTime)
            let isKnown =
                try database.number(
                    "SELECT 1 FROM mode WHERE network = ? AND edge = ?", [id, edge.text]) != nil
            if !isKnown, mode != ModeRecord() { try save(mode, edge, of: id, in: database) }
        }
        // In the order of the table, so that its pages are written one after the other.
        let longest = samples.map(\.fetches.count).max() ?? 0
        let insert = try FastStatement(
            database, "INSERT INTO sample(network, round, target, ns, wall) VALUES (?, ?, ?, ?, ?)")
        insert.bind(1, id)
        for rank in stride(from: longest, to: 0, by: -1) {
            insert.bind(2, -rank)
            for (target, fetches) in samples where fetches.count >= rank {
                let fetch = fetches[fetches.count - rank]
                insert.bind(3, target)
                insert.bind(4, fetch.duration.inNanoseconds)
                insert.bind(5, fetch.time.nanoseconds)
                try insert.run()
            }
        }
    }

    private static func insert(
        _ edge: EdgeName, _ file: EdgeStoreFile, _ fetches: [EdgeStoreFile.Fetch],
        adoption: Int64, of id: Int, in database: Database
    ) throws {
        let sum = fetches.reduce(Int64(0)) { $0 &+ $1.duration.inNanoseconds }
        try database.run(
            """
            INSERT INTO target(network, role, name, family, health, probed, last_ns, kept_count,
                kept_ns, oldest, newest, adoption)
            VALUES (?, 'edge', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                id, edge.text, (edge.address?.family ?? .ipv4).rawValue, file.health?.rawValue,
                fetches.last?.time.nanoseconds, fetches.last?.duration.inNanoseconds,
                fetches.count, sum, fetches.isEmpty ? nil : -fetches.count,
                fetches.isEmpty ? nil : -1, adoption,
            ])
    }

    /// Takes over the network's own state, once, and only while it has no round.
    private static func adopt(
        _ state: OriginalStateFile?, joining: [EdgeName], _ network: NetworkName, _ id: Int,
        now: Moment, in database: Database
    ) throws {
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: "SELECT last_round, has_adopted_state FROM network WHERE id = ?"),
            arguments: [id])
        guard let row, row.count(at: 0) == 0, !row.flag(at: 1) else { return }
        if let state {
            try database.run("UPDATE network SET has_adopted_state = 1 WHERE id = ?", [id])
            try database.run("DELETE FROM rotation WHERE network = ?", [id])
            try add(rotations: state.rotationList.suffix(100), of: id, in: database)
            if let lastRun = state.lastRun {
                let moment = Moment(wall: lastRun, sinceBoot: .zero, bootID: "")
                try setLastRun(moment, of: network, in: database)
            }
        }
        var live = state?.lastLive ?? []
        if live.isEmpty {
            let names = try self.live(id, from: database).map(\.name)
            live = (names + joining.filter { !names.contains($0) }).sorted()
        }
        try save(
            live.map { LiveEdge(name: $0, addresses: EdgeAddresses()) }, of: id, at: now.wall,
            in: database)
    }
}
