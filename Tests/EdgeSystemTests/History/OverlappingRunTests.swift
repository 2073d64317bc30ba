import EdgeCore
import EdgeShell
import EdgeSystemHistory
import EdgeTesting
import Testing

/// A run asks name servers without the lock: what it notes at the end must not undo what a newer run knows.
@Suite struct OverlappingRunTests {
    let directory: TemporaryDirectory
    let network = NetworkName("web")
    let zone: ZoneName = "a.test"
    let moments = ManualMoments()
    let ns1: ServerName
    let ns2: ServerName

    init() throws {
        directory = try TemporaryDirectory()
        ns1 = try #require(ServerName("ns1"))
        ns2 = try #require(ServerName("ns2"))
    }

    /// Two processes at one store.
    private func stores(inMemory: Bool) throws -> (any ReadableStore, any ReadableStore) {
        if inMemory {
            let store = InMemoryStore()
            return (store, store)
        }
        let path = directory("state.db")
        return (
            try SQLiteStore(path: path, access: .readWrite),
            try SQLiteStore(path: path, access: .readWrite)
        )
    }

    /// Begins a round; it publishes the zone when it is another generation than `basis`.
    private func begin(
        _ generation: Int, basis: Int, in store: any StateStore, rewrites: Set<ZoneName> = [],
        settled: Set<ZoneName> = []
    ) throws -> Moment {
        moments.advance(by: .seconds(30))
        var record = RoundRecord(
            network: network, moment: moments.now(), generation: generation, basis: basis,
            servers: [ns1, ns2], rewrites: [ns1: rewrites], settled: [ns1: settled])
        if generation > basis {
            record.zones[zone] = PublishedZone(
                serial: SOASerial(UInt32(generation)), contentKey: "k", includeRevision: 1)
            record.plan = Generation(
                number: generation, time: record.moment.wall, actor: "anna", cause: .round,
                live: [], dns: DNSSettings(primary: "a.", mailbox: "b.", nameServers: ["ns."]),
                zones: [
                    zone: GenerationZone(
                        serial: SOASerial(UInt32(generation)), contentKey: "k", includeRevision: 1,
                        causes: rewrites.isEmpty ? [.addresses] : [.addresses, .served])
                ])
        }
        try store.begin(record, keptSamples: 5)
        return record.moment
    }

    private func known(_ store: any StateStore) throws -> [ServerName: ServerState] {
        try store.load(network, judge: JudgeSettings(), now: moments.now()).servers
    }

    private func owed(_ generation: Int, _ difference: String) -> OwedZone {
        OwedZone(
            generation: generation, since: moments.now().wall, told: moments.now().wall,
            difference: difference)
    }

    /// Whether the newer run published or found everything published: the older one's word is older.
    @Test(arguments: [true, false], [true, false])
    func anOlderRunChangesNothing(inMemory: Bool, publishes: Bool) throws {
        let (first, second) = try stores(inMemory: inMemory)
        let old = try begin(1, basis: 0, in: first)
        let new = try begin(publishes ? 2 : 1, basis: 1, in: second)
        let isNoted = try second.note(
            [
                ServerUpdate(server: ns1, settled: [zone], lastTry: new),
                ServerUpdate(
                    server: ns2, owed: [zone: owed(publishes ? 2 : 1, "answers REFUSED")],
                    failures: 3, lastTry: new, silentSince: new.wall, lastRaise: new),
            ], network: network, generation: publishes ? 2 : 1, round: new, servers: [ns1, ns2])
        #expect(isNoted)
        let before = try known(second)
        #expect(before[ns1]?.owed.isEmpty == true && before[ns2]?.failures == 3)
        // It owes what was settled, settles what is owed, and knows of one server alone.
        let late = try first.note(
            [
                ServerUpdate(
                    server: ns1, owed: [zone: owed(1, "serves serial 0 instead of 1")],
                    failures: 1, lastTry: old, silentSince: old.wall),
                ServerUpdate(server: ns2, settled: [zone], lastTry: old, lastRaise: old),
            ], network: network, generation: 1, round: old, servers: [ns1])
        #expect(!late)
        #expect(try known(first) == before)
        #expect(try known(second) == before)
    }

    /// Before the newer run has begun, the older one is the last, and is heard.
    @Test(arguments: [true, false])
    func theLastRunIsHeardUntilTheNextBegins(inMemory: Bool) throws {
        let (first, second) = try stores(inMemory: inMemory)
        let old = try begin(1, basis: 0, in: first)
        // The newer one has read what is known, and nothing more.
        #expect(try known(second)[ns1]?.owed.count == 1)
        let isNoted = try first.note(
            [ServerUpdate(server: ns1, settled: [zone], failures: 2)], network: network,
            generation: 1, round: old, servers: [ns1, ns2])
        #expect(isNoted)
        _ = try begin(1, basis: 1, in: second)
        #expect(try known(second)[ns1] == ServerState(failures: 2))
        #expect(try known(second)[ns2]?.owed.count == 1)
    }

    /// What an operator gave up meanwhile is owed by nobody.
    @Test(arguments: [true, false])
    func aForgottenZoneIsNotOwed(inMemory: Bool) throws {
        let (first, second) = try stores(inMemory: inMemory)
        let round = try begin(1, basis: 0, in: first)
        try second.forget([zone], of: network)
        let isNoted = try first.note(
            [ServerUpdate(server: ns1, owed: [zone: owed(1, "answers REFUSED")], failures: 1)],
            network: network, generation: 1, round: round, servers: [ns1, ns2])
        #expect(isNoted)
        #expect(try known(second)[ns1] == ServerState(failures: 1))
    }

    /// Publications for a server's sake are counted until one heals; those for another's are not.
    @Test(arguments: [true, false])
    func vainRewritesAreCounted(inMemory: Bool) throws {
        let (store, reader) = try stores(inMemory: inMemory)
        _ = try begin(1, basis: 0, in: store)
        for number in 2...4 {
            _ = try begin(number, basis: number - 1, in: store, rewrites: [zone])
        }
        // One for another reason neither counts nor forgets.
        let round = try begin(5, basis: 4, in: store)
        #expect(try known(reader)[ns1]?.owed[zone]?.rewrites == 3)
        #expect(try known(reader)[ns2]?.owed[zone]?.rewrites == 0)
        _ = try store.note(
            [ServerUpdate(server: ns1, settled: [zone])], network: network, generation: 5,
            round: round, servers: [ns1, ns2])
        _ = try begin(6, basis: 5, in: store, rewrites: [zone])
        #expect(try known(reader)[ns1]?.owed[zone]?.rewrites == 1)
    }

    /// A lag goes on through publications, until the server was found without it.
    @Test(arguments: [true, false])
    func whatIsPublishedAnewBeginsNoLag(inMemory: Bool) throws {
        let (store, reader) = try stores(inMemory: inMemory)
        _ = try begin(1, basis: 0, in: store)
        let since = try #require(try known(reader)[ns1]?.owed[zone]).since
        _ = try begin(2, basis: 1, in: store)
        let second = try #require(try known(reader)[ns1]?.owed[zone])
        #expect(second.since == since && second.published > since && second.generation == 2)
        _ = try begin(3, basis: 2, in: store, settled: [zone])
        let third = try #require(try known(reader)[ns1]?.owed[zone])
        #expect(third.since == third.published && third.since > second.published)
        #expect(try known(reader)[ns2]?.owed[zone]?.since == since)
    }

    /// Rows of a program that knew no time of telling: it counts from the publication.
    @Test func olderRowsAreReadAsTheyWereMeant() throws {
        let path = directory("state.db")
        let (store, reader) = try stores(inMemory: false)
        _ = try begin(1, basis: 0, in: store)
        try SQLShell.run(path, "UPDATE owed SET is_told = 1, is_rewritten = 1")
        let owed = try #require(try known(reader)[ns1]?.owed[zone])
        #expect(owed.isTold && owed.rewrites == 1)
        let now = moments.now()
        #expect(!owed.isToldInVain(at: now, patience: .seconds(60)))
        moments.advance(by: .seconds(61))
        #expect(owed.isToldInVain(at: moments.now(), patience: .seconds(60)))
    }
}
