import EdgeCore
import EdgeTesting
import Testing

/// What a run learns while it waits until its zones are served (I13).
@Suite struct ServerUpdateTests {
    private static let now = ServerSurveyTests.now
    private static let before = UnixTime(seconds: 1_699_999_000)
    private static let other: ZoneName = "other.test"

    private static func expectation(of zone: ZoneName) -> ServedExpectation {
        ServedExpectation(
            zone: zone, serial: SOASerial(1000), addresses: ServerSurveyTests.planned,
            names: [.init(owner: "example.test.", ttl: 60)])
    }

    private static func update(owing zones: [ZoneName], silent: UnixTime? = nil) -> ServerUpdate {
        let owed = OwedZone(generation: 6, since: before, told: before, rewrites: 2)
        return ServerUpdate(
            server: ServerSurveyTests.server,
            owed: Dictionary(uniqueKeysWithValues: zones.map { ($0, owed) }), silentSince: silent)
    }

    private static func taking(
        _ answers: ServerSurvey.Answers, _ update: ServerUpdate,
        expected: [ZoneName] = [ServerSurveyTests.zone, other]
    ) -> ServerUpdate {
        var update = update
        update.take(
            answers, expected: expected.map(expectation), generation: 7, now: now)
        return update
    }

    @Test func whatIsServedIsSettled() {
        let served = ServerSurveyTests.served(1000)
        let update = Self.taking(
            [ServerSurveyTests.zone: .success(served)],
            Self.update(owing: [ServerSurveyTests.zone, Self.other], silent: Self.before))
        #expect(update.settled == [ServerSurveyTests.zone])
        #expect(update.owed.keys.sorted() == [Self.other])
        #expect(update.silentSince == nil)
    }

    /// What was known of an owed zone stays; only what the server says is new.
    @Test func whatDiffersStaysOwed() throws {
        let update = Self.taking(
            [ServerSurveyTests.zone: .success(ServerSurveyTests.served(999))],
            Self.update(owing: [ServerSurveyTests.zone]))
        let owed = try #require(update.owed[ServerSurveyTests.zone])
        #expect(
            owed
                == OwedZone(
                    generation: 6, since: Self.before, told: Self.before, rewrites: 2,
                    difference: "serves serial 999 instead of 1000"))
        #expect(update.settled.isEmpty && update.silentSince == nil)
    }

    /// A zone that was not owed and is found to differ is owed from now on.
    @Test(arguments: [true, false])
    func whatIsFoundToDifferBecomesOwed(answers: Bool) {
        let answer: Result<ServedZone, ServedFault> =
            answers
            ? .success(ServerSurveyTests.served(999)) : .failure(.answered(code: "REFUSED"))
        let update = Self.taking([Self.other: answer], Self.update(owing: []))
        let words = answers ? "serves serial 999 instead of 1000" : "answers REFUSED"
        #expect(
            update.owed == [
                Self.other: OwedZone(generation: 7, since: Self.now.wall, difference: words)
            ])
    }

    /// Silence says nothing of zones; since when it lasts is remembered.
    @Test(arguments: [nil, before])
    func silenceIsNoted(since: UnixTime?) {
        let silent = Self.taking(
            [ServerSurveyTests.zone: .failure(.silent), Self.other: .failure(.silent)],
            Self.update(owing: [ServerSurveyTests.zone], silent: since))
        #expect(silent.silentSince == since ?? Self.now.wall)
        #expect(silent.owed.keys.sorted() == [ServerSurveyTests.zone])
        #expect(silent.owed[ServerSurveyTests.zone]?.difference == "does not answer")
        #expect(Self.taking([:], Self.update(owing: []), expected: []).silentSince == nil)
    }

    /// A later silence does not hide what it said before.
    @Test func whatItSaidBeforeStays() {
        var update = Self.update(owing: [ServerSurveyTests.zone])
        update.owed[ServerSurveyTests.zone]?.difference = "answers REFUSED"
        let later = Self.taking([ServerSurveyTests.zone: .failure(.silent)], update)
        #expect(later.owed[ServerSurveyTests.zone]?.difference == "answers REFUSED")
    }

    @Test func theLagNamesTheFirstZoneAndTheLongestTime() {
        var update = Self.update(owing: [Self.other])
        update.owed[ServerSurveyTests.zone] = OwedZone(
            generation: 7, since: Self.now.wall, difference: "answers REFUSED")
        #expect(
            update.lag
                == ServerLag(
                    server: ServerSurveyTests.server, zones: 2, since: Self.before,
                    example: "zone example.test: ns1 answers REFUSED"))
        update.owed[ServerSurveyTests.zone] = nil
        #expect(update.lag?.example == "zone other.test: ns1 was not asked yet")
        #expect(Self.update(owing: []).lag == nil)
    }
}
