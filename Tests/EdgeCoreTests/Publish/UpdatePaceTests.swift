import EdgeCore
import EdgeTesting
import Testing

/// Which zones take part in a round's updates, and how long what failed waits.
@Suite struct UpdatePaceTests {
    private static let moments = ManualMoments()

    /// A server that failed so often, just now; `b.test` is owed in vain, `c.test` was updated.
    private static func state(_ failures: Int, ending: String?) -> ServerState {
        let now = moments.now()
        return ServerState(
            owed: [
                "b.test": OwedZone(generation: 1, since: now.wall),
                "c.test": OwedZone(generation: 1, since: now.wall, told: now.wall),
            ], failures: failures, lastTry: now,
            lastControl: ending.map {
                StoredControl(
                    time: now.wall, command: "update", ending: $0, output: "", duration: .zero,
                    failure: "x")
            })
    }

    private static func pace(
        _ failures: Int, _ ending: String? = StoredControl.refusal, published: Set<ZoneName> = [],
        isUrgent: Bool = false, after seconds: Int64 = 0
    ) -> UpdatePace {
        var now = moments.now()
        now.wall = now.wall.adding(.seconds(seconds))
        now.sinceBoot += .seconds(seconds)
        return UpdatePace(
            of: state(failures, ending: ending), published: published, isUrgent: isUrgent, at: now)
    }

    private static func parties(_ pace: UpdatePace) -> [ZoneName] {
        ["a.test", "b.test", "c.test"].filter { pace.takesPart($0) }
    }

    /// The refused zone waits, the others do not; when its pause is over it takes part again.
    @Test func aRefusedZoneWaitsAlone() {
        #expect(Self.parties(Self.pace(1)) == ["a.test", "c.test"])
        #expect(Self.parties(Self.pace(3, after: 59)) == ["a.test", "c.test"])
        #expect(Self.parties(Self.pace(3, after: 60)) == ["a.test", "b.test", "c.test"])
        #expect(Self.parties(Self.pace(1, isUrgent: true)).count == 3)
        #expect(Self.parties(Self.pace(1, published: ["b.test"])).count == 3)
        #expect(Self.parties(Self.pace(0)).count == 3)
        #expect(!Self.pace(1, published: ["a.test"]).isDue)
    }

    /// A server that is the trouble itself is left alone until its pause is over, or a new plan comes.
    @Test(arguments: ["failed", nil])
    func aServerInTroubleWaitsAsAWhole(ending: String?) {
        #expect(Self.parties(Self.pace(1, ending)).isEmpty)
        #expect(Self.parties(Self.pace(1, ending, after: 15)).count == 3)
        #expect(Self.parties(Self.pace(1, ending, published: ["a.test"])).count == 3)
        #expect(Self.parties(Self.pace(1, ending, isUrgent: true)).count == 3)
    }

    @Test func endingsAreTheServersOrTheZones() throws {
        let due = Self.pace(2, after: 300)
        #expect(due.ending([:]) == nil)
        #expect(due.ending(["a.test": .superseded, "b.test": .unconfirmed(reason: "x")]) == nil)
        let done = try #require(due.ending(["a.test": nil, "b.test": .superseded]))
        #expect(done == .init(failures: 0, isTry: true, isTroubled: false))
        // One zone's refusal, whether or not others were updated.
        for faults: [ZoneName: UpdateFault?] in [
            ["a.test": nil, "b.test": .refused], ["b.test": .notZone],
            ["a.test": nil, "b.test": .silent], ["a.test": .silent, "b.test": .refused],
            ["a.test": .badKey(name: "k"), "b.test": nil],
        ] {
            #expect(
                due.ending(faults) == .init(failures: 3, isTry: true, isTroubled: false),
                "\(faults)")
        }
        for fault: UpdateFault in [
            .silent, .unreachable(reason: "x"), .key("x"), .badKey(name: "k"),
            .badSignature(name: "k"), .badTime(server: nil),
        ] {
            #expect(
                due.ending(["a.test": fault, "b.test": fault])
                    == .init(failures: 3, isTry: true, isTroubled: true))
        }
    }

    /// While a refused zone waits, what becomes of the others moves its pace no more than it must.
    @Test func othersDoNotMoveThePace() throws {
        let waiting = Self.pace(2)
        let unmoved = UpdatePace.Ending(failures: 2, isTry: false, isTroubled: false)
        #expect(waiting.ending(["a.test": nil]) == unmoved)
        #expect(waiting.ending(["a.test": .refused]) == unmoved)
        #expect(
            waiting.ending(["a.test": .silent])
                == .init(failures: 3, isTry: true, isTroubled: true))
    }
}
