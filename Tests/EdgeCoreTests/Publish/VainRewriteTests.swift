import EdgeCore
import EdgeTesting
import Testing

/// Servers that never conform, servers that were away, and serials that would cost too much.
@Suite struct VainRewriteTests {
    private static let zone = ServerSurveyTests.zone
    private static let server = ServerSurveyTests.server
    private static let now = ServerSurveyTests.now

    private static func owed(
        _ age: Int64, told: Int64? = nil, rewrites: Int = 0
    ) -> OwedZone {
        OwedZone(
            generation: 7, since: UnixTime(seconds: now.wall.seconds - age),
            told: told.map { UnixTime(seconds: now.wall.seconds - $0) }, rewrites: rewrites)
    }

    /// A secondary that writes TTLs of its own under our serial.
    private static func survey(_ owed: OwedZone) -> ServerSurvey {
        var served = ServerSurveyTests.served(1000)
        served.names["example.test."]?[.ipv4]?.ttl = 30
        return ServerSurveyTests.survey(
            .success(served), known: ServerState(owed: [zone: owed]), remedy: .asked)
    }

    /// The pause doubles at each publication in vain, up to a day.
    @Test(
        arguments: [
            (0, 0), (1, 600), (2, 1200), (3, 2400), (7, 38_400), (8, 76_800), (9, 86_400),
            (1 << 20, 86_400), (Int.max, 86_400),
        ] as [(Int, Int64)])
    func thePauseDoubles(rewrites: Int, pause: Int64) {
        #expect(OwedZone.pause(after: rewrites) == .seconds(pause))
        #expect(!Self.survey(Self.owed(pause, rewrites: rewrites)).rewrites.isEmpty)
        guard pause > 0 else { return }
        #expect(Self.survey(Self.owed(pause - 1, rewrites: rewrites)).rewrites.isEmpty)
    }

    /// A server that asks is named as one; a publication for another's sake is not counted as one for its.
    @Test func whoAsksIsCounted() {
        #expect(Self.survey(Self.owed(700, rewrites: 1)).askers == [Self.server: [Self.zone]])
        #expect(Self.survey(Self.owed(10, rewrites: 1)).askers.isEmpty)
        let zone = GenerationZone(
            serial: SOASerial(8), contentKey: "k", includeRevision: 1, causes: [.served])
        func rewrites(_ known: OwedZone?, _ isForItsSake: Bool) -> Int {
            OwedZone(
                of: zone, generation: 8, published: Self.now.wall, after: known,
                isForItsSake: isForItsSake
            ).rewrites
        }
        #expect(rewrites(nil, true) == 1 && rewrites(nil, false) == 0)
        #expect(rewrites(Self.owed(1, rewrites: 3), true) == 4)
        #expect(rewrites(Self.owed(1, rewrites: 3), false) == 3)
    }

    /// The operator is told once a server, of what differs, what to do, and when it goes on.
    @Test func vainPublicationsAreSaid() {
        #expect(Self.survey(Self.owed(60, rewrites: 1)).warnings.isEmpty)
        #expect(
            Self.survey(Self.owed(60, rewrites: 3)).warnings == [
                "zone example.test was published anew 3 times because of name server ns1, in vain: it "
                    + "serves example.test. A with a TTL of 30 instead of 60; mend it, name the server "
                    + "behind it where a cache or proxy answers, or take it out of publish.servers; the "
                    + "next publication for its sake is in 39 minutes at the earliest"
            ])
    }

    /// Patience counts from the telling: what was published an hour ago and told now has its time.
    @Test(
        arguments: [
            (3600, nil, false), (3600, 10, false), (3600, 60, false), (3600, 61, true),
            (10, 3600, false), (61, 3600, true), (3600, -5, true),
        ] as [(Int64, Int64?, Bool)])
    func patienceCountsFromTheTelling(age: Int64, told: Int64?, asks: Bool) {
        let survey = ServerSurveyTests.survey(
            .success(ServerSurveyTests.served(999)),
            known: ServerState(owed: [Self.zone: Self.owed(age, told: told)]))
        #expect(survey.rewrites.isEmpty != asks)
    }

    /// The first of the tellings in a row counts, and a failed one ends the row.
    @Test func theFirstTellingCounts() {
        var owed = Self.owed(100)
        let times = (1...4).map { UnixTime(seconds: $0) }
        owed.note(isTold: true, at: times[0])
        owed.note(isTold: true, at: times[1])
        #expect(owed.told == times[0])
        owed.note(isTold: false, at: times[2])
        #expect(owed.told == nil)
        owed.note(isTold: true, at: times[3])
        #expect(owed.told == times[3])
    }

    /// Who was away may have lost what it was told: it is told again before anything is published anew.
    @Test func whoComesBackIsToldAgain() throws {
        let known = ServerState(
            owed: [Self.zone: Self.owed(3600, told: 3600)],
            silentSince: UnixTime(seconds: Self.now.wall.seconds - 600))
        let survey = ServerSurveyTests.survey(
            .success(ServerSurveyTests.served(999)), known: known)
        #expect(survey.rewrites.isEmpty)
        #expect(try #require(survey.updates[Self.server]?.owed[Self.zone]).told == nil)
    }

    private static func doubts(
        _ serial: UInt32, ours: UInt32, comparesSerials: Bool = true,
        addresses: [IPAddress] = ServerSurveyTests.planned, owed: OwedZone? = nil
    ) -> Bool {
        let known = ServerState(owed: owed.map { [zone: $0] } ?? [:])
        return !ServerSurvey.doubtful(
            [zone: .success(ServerSurveyTests.served(serial, addresses))],
            published: [ServerSurveyTests.expectation(serial: SOASerial(ours))],
            comparesSerials: comparesSerials, known: known,
            remedy: .told(patience: .seconds(60)), now: now
        ).isEmpty
    }

    /// What would raise ours by a good part of the number space, or hold the zone, is asked again.
    @Test(arguments: [0, 1_764_000_000, UInt32.max - 10])
    func farSerialsAreDoubted(ours: UInt32) {
        for near in [0, 1, 5000, ServerSurvey.mostAhead, 0x8000_0001, .max] as [UInt32] {
            #expect(!Self.doubts(ours &+ near, ours: ours), "\(near)")
        }
        for far in [ServerSurvey.mostAhead + 1, 0x7FFF_FFFF, 0x8000_0000] as [UInt32] {
            #expect(Self.doubts(ours &+ far, ours: ours), "\(far)")
        }
    }

    /// A server's own serials count only where a zone is published anew for its sake.
    @Test func ownSerialsAreDoubtedWhereTheyWouldBeTaken() {
        let far: UInt32 = 0x4000_0000
        #expect(!Self.doubts(far, ours: 1, comparesSerials: false))
        let foreign: [IPAddress] = ["192.0.2.9"]
        #expect(!Self.doubts(far, ours: 1, comparesSerials: false, addresses: foreign))
        let inVain = Self.owed(100, told: 100)
        #expect(
            Self.doubts(far, ours: 1, comparesSerials: false, addresses: foreign, owed: inVain))
        #expect(!Self.doubts(far, ours: 1, comparesSerials: false, owed: inVain))
    }

    /// TCP's word counts; without one the zone is owed, and its serial raises nothing.
    @Test func whatIsNotConfirmedRaisesNothing() throws {
        let doubts = [ServerSurveyTests.expectation()]
        let far = 1000 + 0x4000_0000 as UInt32
        let answers: ServerSurvey.Answers = [Self.zone: .success(ServerSurveyTests.served(far))]
        func survey(_ confirmed: ServerSurvey.Answers) throws -> ServerSurvey {
            ServerSurveyTests.survey(
                try #require(
                    ServerSurvey.settled(answers, doubts: doubts, confirmed: confirmed)[
                        Self.zone]))
        }
        let forged = try survey([Self.zone: .success(ServerSurveyTests.served(1000))])
        #expect(forged.highest.isEmpty && forged.rewrites.isEmpty)
        #expect(forged.updates[Self.server]?.owed.isEmpty == true)
        let right = try survey(answers)
        #expect(right.highest == [Self.zone: SOASerial(far)])
        for reason in [nil, ServedFault.unreachable(reason: "over TCP: connection refused")] {
            let open = try survey(reason.map { [Self.zone: .failure($0)] } ?? [:])
            #expect(open.highest.isEmpty && open.rewrites.isEmpty)
            let words = open.updates[Self.server]?.owed[Self.zone]?.difference ?? ""
            #expect(words.contains("serial \(far) over UDP, far ahead of 1000"), "\(words)")
            #expect(words.contains(reason.map { "\($0)" } ?? "no answer"), "\(words)")
        }
    }
}
