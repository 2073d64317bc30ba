import EdgeCore
import EdgeShell
import EdgeTesting

/// Makes random but plausible work for a store: rounds with gaps and failures, modes, approvals,
/// reboots and jumping clocks.
struct StoreOperations {
    var random: SeededRandom
    /// What probes came to: apart, so that the rest of a seed's work stays as it is.
    var probes: SeededRandom
    let moments = ManualMoments()
    let networks = ["north", "south"].compactMap { NetworkName($0) }
    var generations: [NetworkName: Int] = [:]
    /// When each network's last two rounds were begun.
    var begun: [NetworkName: [Moment]] = [:]
    var substitutions: [Substitution] = []
    /// The revisions of the zones' includes so far.
    var revisions: [ZoneName: Int] = [:]
    /// Zones that were given up: one that comes back has a new text.
    var gone: Set<ZoneName> = []

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        probes = SeededRandom(seed: seed &+ 1_000_000)
    }

    let edges =
        (1...6).compactMap { EdgeName("edge\($0).example.net") }
        + ["192.0.2.9", "2001:db8::9"].compactMap { EdgeName($0) }

    var targets: [ProbeTarget] {
        edges.map { ProbeTarget(name: $0, family: $0.address?.family ?? .ipv4) }
            + edges.filter { $0.address != nil }.map {
                ProbeTarget(role: .canary, name: $0, family: $0.address?.family ?? .ipv4)
            }
            + [ProbeTarget(name: edges[0], family: .ipv6)]
    }

    /// Lets time go on, now and then in an odd way.
    mutating func pass() {
        switch Int.random(in: 0..<30, using: &random) {
        case 0: moments.reboot(id: "boot-\(random.next())", downtime: .seconds(random.next() % 900))
        case 1: moments.stepWall(by: .seconds(Int.random(in: -4000...4000, using: &random)))
        case 2: moments.stepWall(by: .seconds(315_000_000 * (random.once(in: 2) ? -1 : 1)))
        default: break
        }
        moments.advance(by: .seconds(Int.random(in: 0...90, using: &random)))
    }

    private mutating func pick<Element>(_ elements: [Element], one chance: Int) -> [Element] {
        elements.filter { _ in random.once(in: chance) }
    }

    private mutating func zone(_ number: Int) -> ZoneName? { ZoneName("zone\(number).example") }

    private mutating func stamp() -> FileStamp? {
        random.once(in: 3)
            ? nil
            : FileStamp(
                inode: random.next(), size: Int64.random(in: 0...99, using: &random),
                modified: Int64.random(in: .min ... .max, using: &random), changed: 5)
    }

    mutating func round(_ network: NetworkName) -> RoundRecord {
        let basis = generations[network] ?? 0
        let generation = basis + Int.random(in: 0...1, using: &random)
        generations[network] = generation
        var record = RoundRecord(
            network: network, moment: moments.now(), generation: generation, basis: basis,
            servers: servers, keptGenerations: Int.random(in: 3...5, using: &random),
            // So short that much is forgotten in a test.
            history: HistorySettings(
                minutes: .seconds(1800), hours: .seconds(7200), days: .seconds(2 * 86_400),
                audit: .seconds(3600)))
        for target in targets where !random.once(in: 4) {
            record.targets.append(update(target))
        }
        record.live = edges.shuffled(using: &random).prefix(3).map {
            LiveEdge(name: $0, addresses: EdgeAddresses(ipv4: .v4(UInt32(random.next() >> 32))))
        }
        if random.once(in: 3) { record.added = pick(edges, one: 3) }
        if random.once(in: 3) { record.removed = pick(edges, one: 3) }
        if random.once(in: 3), let edge = edges.randomElement(using: &random) {
            substitutions.append(
                Substitution(moment: record.moment, edge: edge, byOperator: random.once(in: 2)))
            substitutions = substitutions.suffix(5)
        }
        record.substitutions = substitutions
        record.sickRoundsLeft = Int.random(in: 0...3, using: &random)
        record.holds = holds()
        if random.once(in: 4) { record.usedApprovals = ["a", "b"] }
        for number in 0..<6 where random.once(in: 3) {
            // Each network has zones of its own.
            guard let zone = zone(number + (network == networks[0] ? 0 : 10)) else { continue }
            // A new text is published by a generation.
            let isNew =
                revisions[zone] == nil || gone.remove(zone) != nil
                || (generation > basis && random.once(in: 2))
            revisions[zone, default: 0] += isNew ? 1 : 0
            let revision = revisions[zone] ?? 0
            record.zones[zone] = PublishedZone(
                serial: SOASerial(
                    random.once(in: 2) ? 7 : UInt32(truncatingIfNeeded: random.next())),
                contentKey: "key \(Int.random(in: 0...3, using: &random))",
                includeRevision: revision, canary: random.once(in: 2) ? nil : .v4(7),
                canaryReplaces: edges.first,
                includeStamp: stamp(), fileStamp: stamp())
            // Without a new text it may be told all the same.
            guard isNew || random.once(in: 3) else { continue }
            record.includes[zone] = AcceptedInclude(
                revision: revision, text: [UInt8(number), 0, UInt8(revision % 256)])
        }
        if random.once(in: 2) {
            record.publishedDNS = DNSSettings(
                primary: "a.", mailbox: "b.", nameServers: ["ns\(generation)."],
                rotatedLabels: ["www", "*.cdn"].compactMap { RotatedLabel($0) })
        }
        record.afterChangesPending = random.once(in: 2)
        record.events = [AuditEvent(kind: .rotation, subject: "x", message: "round \(generation)")]
        if generation > basis {
            record.plan = plan(of: record)
            for server in servers {
                record.rewrites[server] = record.zones.keys.sorted().reduce(into: []) {
                    zones, zone in
                    if random.once(in: 2) { zones.insert(zone) }
                }
                for zone in record.zones.keys.sorted() where random.once(in: 2) {
                    record.gone[server, default: [:]][zone] = WithdrawnLabel.labels(
                        in: "old@192.0.2.9 x@::1")
                }
                record.settled[server] = record.zones.keys.sorted().reduce(into: []) {
                    zones, zone in
                    if random.once(in: 2) { zones.insert(zone) }
                }
            }
        }
        return record
    }

    private mutating func evidence(_ target: ProbeTarget) -> ProbeEvidence? {
        if probes.once(in: 8) { return nil }
        func outcome() -> ProbeOutcome {
            switch probes.next() % 4 {
            case 0: .timeout(.connect)
            case 1: .http(status: 503)
            default: .ok(fetchTime: .microseconds(Int64(probes.next() % 9_000_000)))
            }
        }
        let earlier = (0..<probes.next() % 3).map { _ in outcome() }
        return ProbeEvidence(
            Observation(
                target: target, address: nil, outcome: outcome(),
                phases: ProbePhases(
                    connect: .microseconds(Int64(probes.next() % 90_000)),
                    processing: probes.once(in: 3) ? nil : .microseconds(70)),
                attempts: earlier.count + 1, earlier: earlier))
    }

    private mutating func update(_ target: ProbeTarget) -> TargetUpdate {
        TargetUpdate(
            target: target, address: random.once(in: 3) ? nil : .v4(UInt32(random.next() >> 32)),
            sample: random.once(in: 4)
                ? nil : .nanoseconds(Int64.random(in: 0...15_000_000_000, using: &random)),
            health: random.once(in: 3) ? nil : Health.allCases.randomElement(using: &random),
            outcome: "ok", detail: "detail \(random.next() % 10)",
            steady: random.once(in: 3) ? nil : memory(), evidence: evidence(target))
    }

    private mutating func memory() -> SteadyMemory {
        let times = (0..<Int.random(in: 0...RecentFetchTimes.capacity, using: &random)).map { _ in
            Duration.nanoseconds(Int64.random(in: 0...15_000_000_000, using: &random))
        }
        return SteadyMemory(
            isUp: random.once(in: 2), failureScore: Double.random(in: 0...1, using: &random),
            slowFailureScore: Double.random(in: 0...1, using: &random),
            failedShare: Double.random(in: 0...1e-9, using: &random),
            fetchSeconds: random.once(in: 4) ? nil : Double.random(in: 0...2, using: &random),
            recent: RecentFetchTimes(times), failedRounds: Int.random(in: 0...9, using: &random),
            cleanRounds: Int.random(in: 0...9999, using: &random),
            penalty: Double.random(in: 0...8, using: &random))
    }

    private mutating func holds() -> [Hold] {
        let all: [Hold] = [
            .sickMonitor(reason: "reason \(random.next())"), .allMismatch(count: 3),
            .massRemoval(gone: Array(edges.prefix(2)), live: 3),
            .belowMinimum(wouldBe: Int(random.next() % 5), minimum: 2),
        ]
        return pick(all, one: 2)
    }

    mutating func edgeStore() -> EdgeStoreFile {
        let now = moments.now().wall
        let count = Int.random(in: 0...30, using: &random)
        let times = (0..<count).map { _ in
            now.adding(.seconds(Int.random(in: -800...60, using: &random)))
        }
        return EdgeStoreFile(
            comment: random.once(in: 2) ? "" : "[root] note",
            fetchTimes: times.map {
                .init(time: $0, duration: .milliseconds(random.next() % 9000))
            },
            health: .pass, mode: random.once(in: 2) ? .available : .force,
            rotationHistory: times, isLive: random.once(in: 2), stateEntryTime: times.first)
    }

    mutating func originalState() -> OriginalStateFile? {
        if random.once(in: 2) { return nil }
        return OriginalStateFile(
            rotationList: [moments.now().wall],
            lastRun: moments.now().wall.adding(.seconds(random.once(in: 3) ? 1000 : -50)),
            lastLive: random.once(in: 2) ? [] : Array(edges.prefix(2)))
    }
}

/// What a test looks at besides the protocol.
protocol ReadableStore: StateStore {
    func recentEvents(of network: NetworkName, limit: Int) throws -> [RecordedEvent]
    func rotations(of network: NetworkName, edge: EdgeName) throws -> [UnixTime]
    func samples(of network: NetworkName, target: ProbeTarget) throws -> [EdgeStoreFile.Fetch]
    func histories(
        of network: NetworkName, from start: UnixTime, now: UnixTime
    ) throws -> (HistoryWindow, [LiveSpan])
    func keptProbes(
        of network: NetworkName, target: ProbeTarget, until time: UnixTime
    ) throws -> [KeptProbe]
    func forget(_ zones: [ZoneName], of network: NetworkName) throws
}

extension InMemoryStore: ReadableStore {
    func recentEvents(of network: NetworkName, limit: Int) throws -> [RecordedEvent] {
        recentEvents(network, limit: limit)
    }
    func rotations(of network: NetworkName, edge: EdgeName) throws -> [UnixTime] {
        rotationHistory(network, edge: edge)
    }
    func samples(of network: NetworkName, target: ProbeTarget) throws -> [EdgeStoreFile.Fetch] {
        samples(network, target: target, limit: .max)
    }
    func histories(
        of network: NetworkName, from start: UnixTime, now: UnixTime
    ) throws -> (HistoryWindow, [LiveSpan]) {
        (history(network, from: start, now: now), liveSpans(network, from: start))
    }
    func keptProbes(
        of network: NetworkName, target: ProbeTarget, until time: UnixTime
    ) throws -> [KeptProbe] {
        probes(network, target: target, until: time, limit: 5)
    }
    func forget(_ zones: [ZoneName], of network: NetworkName) throws {
        forgetZones(network, zones: zones)
    }
}
