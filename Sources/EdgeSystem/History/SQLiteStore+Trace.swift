public import EdgeCore
internal import GRDB

extension SQLiteStore {
    /// The edges that a network has kept samples of, by name.
    public func tracedEdges(_ network: NetworkName) throws -> [EdgeName] {
        try read { database in
            guard let id = try database.networkID(network) else { return [] }
            return try Self.tracedTargets(id, in: database).values.map(\.name).sorted()
        }
    }

    /// Hands a network's kept samples to `body` as the rounds of a trace, oldest first; first those that were
    /// taken over from the original's files.
    ///
    /// A round that held everything against nobody has no samples and is empty here. Times never go back: where
    /// the clock was set back, a round stands as long after the one before as the boot clock says.
    ///
    /// - Parameter timeout: what failed probes were counted as (`probe.timeout`), for samples of which no more is
    ///   kept.
    public func replaySamples(
        _ network: NetworkName, timeout: Duration, _ body: (TraceRound) -> Void
    ) throws {
        try read { database in
            guard let id = try database.networkID(network) else { return }
            let targets = try Self.tracedTargets(id, in: database)
            let first = try Int64.fetchOne(
                database, sql: "SELECT min(wall) FROM round WHERE network = ?", arguments: [id])
            try Self.replayAdopted(
                id, targets, before: first ?? .max, timeout: timeout, in: database, body)
            try Self.replayRounds(id, targets, timeout: timeout, in: database, body)
        }
    }

    private static func tracedTargets(
        _ network: Int, in database: Database
    ) throws -> [Int64: ProbeTarget] {
        let rows = try FastStatement(
            database,
            """
            SELECT id, role, name, family FROM target
            WHERE network = ? AND role = 'edge' AND kept_count > 0
            """)
        rows.bind(1, network)
        var byName: [EdgeName: (id: Int64, target: ProbeTarget)] = [:]
        while try rows.step() {
            guard let target = rows.target(at: 1) else { continue }
            // The family that decides whether an edge is live is IPv4 where there is one.
            if let other = byName[target.name], other.target.family == .ipv4 { continue }
            byName[target.name] = (rows.integer(0), target)
        }
        return Dictionary(uniqueKeysWithValues: byName.values.map { ($0.id, $0.target) })
    }

    private static func replayAdopted(
        _ network: Int, _ targets: [Int64: ProbeTarget], before first: Int64, timeout: Duration,
        in database: Database, _ body: (TraceRound) -> Void
    ) throws {
        let samples = try FastStatement(
            database,
            """
            SELECT target, wall, ns FROM sample
            WHERE network = ? AND round < 0 AND wall < ? ORDER BY wall
            """)
        samples.bind(1, network)
        samples.bind(2, first)
        var rounds = SampleRounds(timeout: timeout)
        while try samples.step() {
            guard let target = targets[samples.integer(0)], let duration = samples.sample(at: 2)
            else { continue }
            let fetch = EdgeStoreFile.Fetch(time: samples.time(1), duration: duration)
            if let round = rounds.add(target.traced, fetch) { body(round) }
        }
        if let round = rounds.finish() { body(round) }
    }

    private static func replayRounds(
        _ network: Int, _ targets: [Int64: ProbeTarget], timeout: Duration,
        in database: Database, _ body: (TraceRound) -> Void
    ) throws {
        let rounds = try FastStatement(
            database,
            """
            SELECT number, wall, boot, boot_id FROM round WHERE network = ? AND number >= (
                SELECT min(max(oldest, 1)) FROM target WHERE network = ?1)
            ORDER BY number
            """)
        rounds.bind(1, network)
        let samples = try FastStatement(
            database,
            """
            SELECT round, target, ns, evidence FROM sample
            WHERE network = ? AND round > 0 ORDER BY round
            """)
        samples.bind(1, network)
        var hasSample = try samples.step()
        var last: (moment: Moment, time: UnixTime)?
        while try rounds.step() {
            let number = rounds.integer(0)
            let moment = Moment(
                wall: rounds.time(1), sinceBoot: .nanoseconds(rounds.integer(2)),
                bootID: rounds.text(3) ?? "")
            var round = TraceRound(time: moment.wall)
            if let last, last.time >= moment.wall {
                round.time = last.time.adding(moment.elapsed(since: last.moment))
            }
            last = (moment, round.time)
            while hasSample, samples.integer(0) <= number {
                if samples.integer(0) == number, let target = targets[samples.integer(1)],
                    let duration = samples.sample(at: 2)
                {
                    // What an older version kept is the sample alone.
                    let evidence = ProbeEvidence(samples.bytes(3), beside: duration)
                    let attempts =
                        evidence?.outcomes ?? [.recorded(duration, timeout: timeout)]
                    round.probes.append(TraceProbe(target: target.traced, attempts: attempts))
                }
                hasSample = try samples.step()
            }
            body(round)
        }
    }
}

extension ProbeTarget {
    /// The target as a replay knows it: by its name's own family, which is IPv4 but for IPv6 addresses.
    fileprivate var traced: ProbeTarget {
        ProbeTarget(name: name, family: name.address?.family ?? .ipv4)
    }
}
