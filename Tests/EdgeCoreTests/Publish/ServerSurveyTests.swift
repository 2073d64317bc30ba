import EdgeCore
import EdgeTesting
import Testing

/// What follows from a name server's answers, case by case.
@Suite struct ServerSurveyTests {
    static let zone: ZoneName = "example.test"
    static let now = Moment(
        wall: UnixTime(seconds: 1_700_000_000), sinceBoot: .seconds(100), bootID: "b")
    static let server = ServerName("ns1").unsafelyUnwrapped
    static let ours = SOASerial(1000)
    static let planned: [IPAddress] = ["192.0.2.1", "192.0.2.2"]

    static func expectation(serial: SOASerial? = ours) -> ServedExpectation {
        ServedExpectation(
            zone: zone, serial: serial, addresses: planned,
            names: [.init(owner: "example.test.", ttl: 60)])
    }

    static func served(_ serial: UInt32, _ addresses: [IPAddress] = planned) -> ServedZone {
        let a = ServedZone.Addresses(
            addresses: addresses.filter { $0.family == .ipv4 }.reversed(), ttl: 60)
        let aaaa = ServedZone.Addresses(addresses: addresses.filter { $0.family == .ipv6 })
        return ServedZone(
            serial: SOASerial(serial), names: ["example.test.": [.ipv4: a, .ipv6: aaaa]])
    }

    static func survey(
        _ answer: Result<ServedZone, ServedFault>, known: ServerState = ServerState(),
        serial: SOASerial? = ours, remedy: ServerRemedy = .told(patience: .seconds(60))
    ) -> ServerSurvey {
        var survey = ServerSurvey()
        survey.take(
            [zone: answer], of: server, expected: [expectation(serial: serial)], known: known,
            generation: 7, remedy: remedy, now: now)
        return survey
    }

    @Test func whatIsServedAsPlannedAsksForNothing() {
        let survey = Self.survey(.success(Self.served(1000)))
        #expect(survey.rewrites.isEmpty && survey.highest.isEmpty && survey.incomparable.isEmpty)
        #expect(survey.updates[Self.server]?.owed.isEmpty == true)
    }

    @Test func anOwedZoneIsSettledByARightAnswer() {
        let known = ServerState(owed: [
            Self.zone: OwedZone(generation: 6, since: Self.now.wall, told: Self.now.wall)
        ])
        let survey = Self.survey(.success(Self.served(1000)), known: known)
        #expect(survey.updates[Self.server]?.settled == [Self.zone])
    }

    /// Whoever serves what was published meanwhile is behind since then; a serial of the server's own says
    /// nothing of that.
    @Test(arguments: [true, false])
    func aLagBeginsWithWhatIsServed(isOurs: Bool) throws {
        let at = { (second: Int64) in UnixTime(seconds: Self.now.wall.seconds + second) }
        let known = ServerState(owed: [
            Self.zone: OwedZone(generation: 6, since: at(-900), published: at(-60))
        ])
        let serial = UInt32(at(-120).seconds)
        let survey = Self.survey(
            .success(Self.served(serial, ["192.0.2.9"])), known: known,
            serial: isOurs ? SOASerial(UInt32(at(-60).seconds)) : nil)
        let owed = try #require(survey.updates[Self.server]?.owed[Self.zone])
        #expect(owed.since == at(isOurs ? -120 : -900) && owed.published == at(-60))
    }

    /// An older serial is a lag: the server is told again, nothing is written anew.
    @Test func anOlderSerialIsOwedOnly() throws {
        let survey = Self.survey(.success(Self.served(999, ["192.0.2.9"])))
        #expect(survey.rewrites.isEmpty)
        let owed = try #require(survey.updates[Self.server]?.owed[Self.zone])
        #expect(owed.generation == 7)
        #expect(
            owed.difference
                == "serves example.test. A 192.0.2.9 instead of 192.0.2.1 192.0.2.2")
    }

    /// Other content under our serial or a newer one never reaches anybody without a new serial.
    @Test(arguments: [1000, 1001, 0x8000_03D7] as [UInt32])
    func foreignContentIsPublishedAnew(serial: UInt32) {
        let survey = Self.survey(.success(Self.served(serial, ["192.0.2.9"])))
        #expect(survey.rewrites.keys.sorted() == [Self.zone])
        #expect(survey.highest[Self.zone] == (serial == 1000 ? nil : SOASerial(serial)))
    }

    /// A server that is only asked never gets what is not newer; it is not overtaken for right content.
    @Test func aSecondarysForeignContentIsPublishedAnew() {
        let foreign = Self.survey(.success(Self.served(1001, ["192.0.2.9"])), remedy: .asked)
        #expect(foreign.rewrites.keys.sorted() == [Self.zone])
        let older = Self.survey(.success(Self.served(999, ["192.0.2.9"])), remedy: .asked)
        #expect(older.rewrites.isEmpty)
        let ahead = Self.survey(.success(Self.served(1001)), remedy: .asked)
        #expect(ahead.rewrites.isEmpty && ahead.highest[Self.zone] == SOASerial(1001))
    }

    /// What a server does not serve long after it was told is published anew, whatever serials it makes;
    /// not while it has time, and not for a server that could not be told.
    @Test(arguments: [nil, ours], [true, false])
    func whatWasToldInVainIsPublishedAnew(serial: SOASerial?, answers: Bool) {
        let answer: Result<ServedZone, ServedFault> =
            answers
            ? .success(Self.served(999, ["192.0.2.9"])) : .failure(.answered(code: "SERVFAIL"))
        func rewrites(_ waited: Int64, isTold: Bool = true, rewrites: Int = 0) -> Bool {
            let since = UnixTime(seconds: Self.now.wall.seconds - waited)
            let known = ServerState(owed: [
                Self.zone: OwedZone(
                    generation: 7, since: since, told: isTold ? since : nil, rewrites: rewrites)
            ])
            return !Self.survey(answer, known: known, serial: serial).rewrites.isEmpty
        }
        #expect(rewrites(61))
        #expect(!rewrites(60))
        #expect(rewrites(-1), "the clock was set back")
        #expect(!rewrites(61, isTold: false))
        #expect(!rewrites(61, rewrites: 1))
    }

    @Test func itIsPublishedAnewOnceAServer() {
        let known = ServerState(owed: [
            Self.zone: OwedZone(
                generation: 7, since: Self.now.wall, told: Self.now.wall, rewrites: 1)
        ])
        let survey = Self.survey(.success(Self.served(1000, ["192.0.2.9"])), known: known)
        #expect(survey.rewrites.isEmpty)
        #expect(survey.updates[Self.server]?.owed[Self.zone]?.difference != nil)
    }

    @Test func aServerThatIsOnlyAskedCausesNoPublication() {
        let survey = Self.survey(.success(Self.served(1000, ["192.0.2.9"])), remedy: .none)
        #expect(survey.rewrites.isEmpty)
        #expect(survey.updates[Self.server]?.owed.count == 1)
    }

    /// Half the number space away nothing is newer or older (RFC 1982 §3.2); little less, and what follows is.
    @Test(arguments: [0x8000_0000, 0x7FFF_FFFF, 0x7FFF_FFFE, 0x7FFF_FFF0] as [UInt32])
    func anIncomparableSerialIsNamed(distance: UInt32) {
        let survey = Self.survey(.success(Self.served(1000 &+ distance)))
        #expect(
            survey.incomparable[Self.zone]
                == IncomparableSerial(
                    server: Self.server, served: SOASerial(1000 &+ distance), ours: Self.ours))
        #expect(survey.highest.isEmpty)
        #expect(survey.updates[Self.server]?.owed.count == (distance == 0x8000_0000 ? 1 : 0))
    }

    /// What is far ahead and leaves room is followed, and so is the published file by the serials after that: a plan
    /// whose file was never written has one of them.
    @Test func aFarSerialThatLeavesRoomIsFollowed() {
        let far = SOASerial(1000 &+ 0x7FFF_FFEF)
        let survey = Self.survey(.success(Self.served(far.value)))
        #expect(survey.incomparable.isEmpty && survey.highest[Self.zone] == far)
        let clock = UnixTime(seconds: 1000)
        let intended = SOASerial.following([Self.ours, far], at: clock)
        #expect(intended == SOASerial(far.value + 1))
        let next = SOASerial.following([intended, Self.ours], at: clock)
        #expect(next.isNewer(than: intended) == true && next.isNewer(than: Self.ours) == true)
    }

    @Test func aServersOwnSerialIsNotCompared() {
        let survey = Self.survey(.success(Self.served(3)), serial: nil)
        #expect(survey.updates[Self.server]?.owed.isEmpty == true && survey.highest.isEmpty)
    }

    @Test func anAddressThatMustNotBeThereIsADifference() {
        let survey = Self.survey(.success(Self.served(1000, Self.planned + ["2001:db8::1"])))
        #expect(
            survey.updates[Self.server]?.owed[Self.zone]?.difference
                == "serves example.test. AAAA 2001:db8::1 instead of none")
    }

    @Test(arguments: [
        (ServedFault.answered(code: "SERVFAIL"), "answers SERVFAIL"),
        (.notAuthoritative, "answers without authority: it does not serve the zone"),
    ])
    func aServerThatAnswersOtherwiseOwesTheZone(fault: ServedFault, words: String) {
        let survey = Self.survey(.failure(fault))
        #expect(survey.updates[Self.server]?.owed[Self.zone]?.difference == words)
        #expect(survey.updates[Self.server]?.silentSince == nil)
    }

    @Test(arguments: [ServedFault.silent, .unreachable(reason: "refused")])
    func aSilentServerOwesNothingNew(fault: ServedFault) {
        let survey = Self.survey(.failure(fault))
        #expect(survey.updates[Self.server]?.owed.isEmpty == true)
        #expect(survey.updates[Self.server]?.silentSince == Self.now.wall)
    }

    /// A serial that was raised on the server is overtaken, once in an hour.
    @Test func aRaisedSerialIsOvertaken() {
        let first = Self.survey(.success(Self.served(2000)))
        #expect(first.rewrites.keys.sorted() == [Self.zone])
        #expect(first.highest[Self.zone] == SOASerial(2000))
        #expect(first.updates[Self.server]?.lastRaise == Self.now)
        let again = Self.survey(
            .success(Self.served(2000)), known: ServerState(lastRaise: Self.now))
        #expect(again.rewrites.isEmpty && again.warnings.count == 1)
        var old = Self.now
        old.sinceBoot -= .seconds(4000)
        let later = Self.survey(.success(Self.served(2000)), known: ServerState(lastRaise: old))
        #expect(later.rewrites.count == 1)
    }
}
