public import EdgeCore
internal import GRDB

extension SQLiteStore {
    /// The networks that the database knows, by name.
    public func networks() throws -> [NetworkName] {
        try read { database in
            try database.texts("SELECT name FROM network ORDER BY name", [])
                .compactMap { NetworkName($0) }
        }
    }

    /// When an edge went in or out, oldest first; at most 2,000.
    public func rotationHistory(_ network: NetworkName, edge: EdgeName) throws -> [UnixTime] {
        try read { database in
            guard let id = try database.networkID(network) else { return [] }
            return try database.integers(
                """
                SELECT wall FROM edge_rotation WHERE network = ? AND edge = ? ORDER BY number
                """, [id, edge.text]
            ).map(UnixTime.stored)
        }
    }

    /// The newest `limit` kept samples of a target, newest last.
    ///
    /// It reads each sample at its own place: milliseconds for the 2,000 of one target, so not for
    /// every target in every round; see `latestSamples`.
    public func samples(
        _ network: NetworkName, target: ProbeTarget, limit: Int
    ) throws -> [EdgeStoreFile.Fetch] {
        try read { database in
            guard let id = try database.networkID(network),
                let row = try Self.targetID(target, network: id, in: database)
            else { return [] }
            let places = try Self.samplePlaces(of: row, limit: limit, in: database)
            let walls = try Self.walls(since: places.first { $0 > 0 }, network: id, in: database)
            let sample = try FastStatement(
                database,
                "SELECT ns, wall FROM sample WHERE network = ? AND round = ? AND target = ?")
            sample.bind(1, id)
            sample.bind(3, row)
            var fetches: [EdgeStoreFile.Fetch] = []
            fetches.reserveCapacity(places.count)
            for place in places {
                sample.bind(2, place)
                while try sample.step() {
                    guard let wall = sample.optionalInteger(1) ?? walls[place] else { continue }
                    fetches.append(
                        EdgeStoreFile.Fetch(
                            time: UnixTime.stored(wall),
                            duration: sample.sample(at: 0) ?? .zero))
                }
            }
            return fetches
        }
    }

    /// The wall times of the rounds from `first` on.
    static func walls(
        since first: Int64?, network: Int, in database: Database
    ) throws -> [Int64: Int64] {
        guard let first else { return [:] }
        let rounds = try FastStatement(
            database, "SELECT number, wall FROM round WHERE network = ? AND number >= ?")
        rounds.bind(1, network)
        rounds.bind(2, first)
        var walls: [Int64: Int64] = [:]
        while try rounds.step() { walls[rounds.integer(0)] = rounds.integer(1) }
        return walls
    }

    /// Every target's sample of the last round, for writers that add one entry to what they have;
    /// targets without one are left out.
    public func latestSamples(
        _ network: NetworkName
    ) throws -> [ProbeTarget: EdgeStoreFile.Fetch] {
        try read { database in
            guard let id = try database.networkID(network) else { return [:] }
            let rows = try database.rows(
                """
                SELECT role, target.name, family, round.wall, ns FROM network
                JOIN round ON round.network = network.id AND round.number = network.last_round
                JOIN sample ON sample.network = network.id AND sample.round = round.number
                JOIN target ON target.id = sample.target
                WHERE network.id = ?
                """, [id])
            var samples: [ProbeTarget: EdgeStoreFile.Fetch] = [:]
            while let row = try rows.next() {
                guard let target = row.target(at: 0), let time = row.time(at: 3),
                    let duration = row.duration(at: 4)
                else { continue }
                samples[target] = EdgeStoreFile.Fetch(time: time, duration: duration)
            }
            return samples
        }
    }

    /// The means of a target's kept samples by hour, oldest first; the time is the hour's start.
    public func hourlyMeans(
        _ network: NetworkName, target: ProbeTarget
    ) throws -> [EdgeStoreFile.Fetch] {
        var sums: [Int64: SampleSum] = [:]
        for sample in try samples(network, target: target, limit: .max) {
            sums[Self.hour(sample.time), default: SampleSum()].add(sample.duration.inNanoseconds)
        }
        return sums.sorted { $0.key < $1.key }.compactMap { hour, sum in
            sum.mean.map { .init(time: UnixTime(seconds: hour * 3600), duration: $0) }
        }
    }

    /// Every target's mean of the hour that `time` lies in, in one sweep over that hour's rounds.
    public func hourMeans(
        _ network: NetworkName, hourOf time: UnixTime
    ) throws -> [ProbeTarget: Duration] {
        let hour = Self.hour(time)
        return try read { database in
            guard let id = try database.networkID(network) else { return [:] }
            let rows = try database.rows(
                """
                SELECT role, name, family, count(*), sum(min(max(ns, 0), 1 << 50)) FROM sample
                JOIN target ON target.id = sample.target
                WHERE sample.network = ?1 AND sample.round IN (
                    SELECT number FROM round WHERE network = ?1 AND number > (
                        SELECT last_round - 4096 FROM network WHERE id = ?1)
                    AND wall >= ?2 AND wall < ?3)
                GROUP BY target
                """,
                [
                    id, UnixTime(seconds: hour * 3600).nanoseconds,
                    UnixTime(seconds: hour * 3600 + 3600).nanoseconds,
                ])
            var means: [ProbeTarget: Duration] = [:]
            while let row = try rows.next() {
                guard let target = row.target(at: 0) else { continue }
                means[target] =
                    SampleSum.stored(
                        count: row.integer(at: 3) ?? 0, nanoseconds: row.integer(at: 4) ?? 0
                    ).mean
            }
            return means
        }
    }

    private static func hour(_ time: UnixTime) -> Int64 {
        let (quotient, remainder) = time.seconds.quotientAndRemainder(dividingBy: 3600)
        return remainder < 0 ? quotient - 1 : quotient
    }

    static func targetID(
        _ target: ProbeTarget, network: Int, in database: Database
    ) throws -> Int64? {
        try Int64.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT id FROM target
                    WHERE network = ? AND role = ? AND name = ? AND family = ?
                    """),
            arguments: [network, target.role.rawValue, target.name.text, target.family.rawValue])
    }

    /// The rounds of a target's newest `limit` samples, oldest first: from the oldest to the newest
    /// by ones, but for the gaps.
    static func samplePlaces(
        of target: Int64, limit: Int, in database: Database
    ) throws -> [Int64] {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT oldest, newest, kept_count FROM target WHERE id = ?",
                arguments: [target]), let oldest = row.integer(at: 0),
            let newest = row.integer(at: 1)
        else { return [] }
        // However damaged the row: this many are never kept.
        let count = min(row.count(at: 2), 1 << 20)
        var gaps: [Int64: Int64] = [:]
        let rows = try FastStatement(database, "SELECT after, next FROM gap WHERE target = ?")
        rows.bind(1, target)
        while try rows.step() { gaps[rows.integer(0)] = rows.integer(1) }
        var places: [Int64] = []
        var place = oldest
        while place <= newest, places.count < count {
            places.append(place)
            place = gaps[place] ?? place &+ 1
        }
        return Array(places.suffix(max(limit, 0)))
    }
}
