import EdgeCore
import EdgeTesting
import Testing

/// In which order updates are sent, and what is served otherwise than planned.
@Suite struct ZoneUpdateTests {
    private static let updates = (10..<50).compactMap { ZoneName("z\($0).test") }
        .map { ZoneUpdate(zone: $0, changes: []) }

    @Test func theFirstAttemptGoesByName() {
        let ordered = ZoneUpdate.ordered(Self.updates.reversed(), attempt: 0)
        #expect(ordered == Self.updates)
    }

    /// Whoever stands behind one that hangs does not stand there at each attempt.
    @Test func everyAttemptHasAnOrderOfItsOwn() {
        var first: Set<ZoneName> = []
        var last: Set<ZoneName> = []
        for attempt in 1...60 {
            let ordered = ZoneUpdate.ordered(Self.updates, attempt: attempt)
            #expect(ordered == ZoneUpdate.ordered(Self.updates.reversed(), attempt: attempt))
            #expect(Set(ordered) == Set(Self.updates))
            first.formUnion(ordered.prefix(8).map(\.zone))
            last.formUnion(ordered.suffix(8).map(\.zone))
        }
        #expect(first.count == Self.updates.count)
        #expect(last.count == Self.updates.count)
    }

    /// RFC 2181 §5.2: with another TTL it is not the RRset that was planned.
    @Test func anotherTTLIsADifference() {
        let expected = ServedExpectation(
            zone: "a.test", serial: nil, addresses: ["192.0.2.1"],
            names: [.init(owner: "a.test.", ttl: 60)])
        func difference(_ addresses: [IPAddress], ttl: UInt32?) -> String? {
            expected.difference(
                from: ServedZone(
                    serial: SOASerial(1),
                    names: [
                        "a.test.": [
                            .ipv4: .init(addresses: addresses, ttl: ttl), .ipv6: .init(),
                        ]
                    ]))
        }
        #expect(difference(["192.0.2.1"], ttl: 60) == nil)
        #expect(
            difference(["192.0.2.1"], ttl: 3600)
                == "serves a.test. A with a TTL of 3600 instead of 60")
        #expect(
            difference(["192.0.2.2"], ttl: 3600)
                == "serves a.test. A 192.0.2.2 instead of 192.0.2.1")
    }

    private static func changes(
        _ addresses: [IPAddress], ttl: UInt32?
    ) -> [ZoneUpdate.Change] {
        let expected = ServedExpectation(
            zone: "a.test", serial: nil, addresses: ["192.0.2.1"],
            names: [.init(owner: "a.test.", ttl: 60)])
        let found = ServedZone(
            serial: SOASerial(1),
            names: ["a.test.": [.ipv4: .init(addresses: addresses, ttl: ttl), .ipv6: .init()]])
        return ZoneUpdate(expected, over: found, isExclusive: false).changes
    }

    @Test func aTTLAloneIsAChange() {
        #expect(Self.changes(["192.0.2.1"], ttl: 60).isEmpty)
        #expect(
            Self.changes(["192.0.2.1"], ttl: 3600) == [
                .init(
                    owner: "a.test.", family: .ipv4, before: ["192.0.2.1"], after: ["192.0.2.1"],
                    ttl: 60)
            ])
    }

    @Test func whatIsNotThereHasNoTTL() {
        let changes = Self.changes([], ttl: nil)
        #expect(changes.map(\.before) == [[]] && changes.map(\.after) == [["192.0.2.1"]])
    }

    /// What must still be there is what was found, in ascending order; families that have no address and
    /// need none are left alone.
    @Test func whatWasFoundIsThePrerequisite() {
        let changes = Self.changes(["192.0.2.9", "192.0.2.7"], ttl: 60)
        #expect(
            changes == [
                .init(
                    owner: "a.test.", family: .ipv4, before: ["192.0.2.7", "192.0.2.9"],
                    after: ["192.0.2.1"], ttl: 60)
            ])
    }

    @Test(arguments: [
        (true, "ns1. h. 1 2 3 4 5", "ns1. h. 1 2 3 4 5"), (true, "", nil), (false, "x", nil),
    ])
    func theSOAIsAPrerequisiteWhereNobodyElseUpdates(
        isExclusive: Bool, soa: String, expected: String?
    ) {
        let update = ZoneUpdate(
            ServedExpectation(zone: "a.test", serial: nil, addresses: [], names: []),
            over: ServedZone(serial: SOASerial(1), soa: soa), isExclusive: isExclusive)
        #expect(update.soa == expected && update.zone == "a.test" && update.changes.isEmpty)
    }

    private static let withdrawn = ServedExpectation(
        zone: "a.test", serial: nil, addresses: [], names: [],
        withdrawn: [
            .init(
                owner: "old.a.test.",
                sets: [["192.0.2.1", "192.0.2.2", "2001:db8::1"], ["192.0.2.7"]])
        ])

    private static func served(_ ipv4: [IPAddress], _ ipv6: [IPAddress]) -> ServedZone {
        ServedZone(
            serial: SOASerial(1),
            names: [
                "old.a.test.": [
                    .ipv4: .init(addresses: ipv4, ttl: 60), .ipv6: .init(addresses: ipv6, ttl: 60),
                ]
            ])
    }

    /// What was published at a label that rotates no more goes, if it is exactly that, type by type.
    @Test func whatWasWithdrawnGoesAsLastPublished() {
        func changes(_ ipv4: [IPAddress], _ ipv6: [IPAddress]) -> [ZoneUpdate.Change] {
            ZoneUpdate(Self.withdrawn, over: Self.served(ipv4, ipv6), isExclusive: false).changes
        }
        let both = changes(["192.0.2.2", "192.0.2.1"], ["2001:db8::1"])
        #expect(
            both == [
                .init(
                    owner: "old.a.test.", family: .ipv4, before: ["192.0.2.1", "192.0.2.2"],
                    after: [], ttl: 0),
                .init(
                    owner: "old.a.test.", family: .ipv6, before: ["2001:db8::1"], after: [], ttl: 0),
            ])
        #expect(changes(["192.0.2.1"], ["2001:db8::1"]).map(\.family) == [.ipv6])
        #expect(changes(["192.0.2.7"], []).map(\.before) == [["192.0.2.7"]])
        #expect(changes(["192.0.2.1", "192.0.2.7"], []).isEmpty)
        #expect(changes(["192.0.2.1", "192.0.2.2", "192.0.2.3"], []).isEmpty)
        #expect(changes([], []).isEmpty)
        let unasked = ServedZone(serial: SOASerial(1))
        #expect(ZoneUpdate(Self.withdrawn, over: unasked, isExclusive: false).changes.isEmpty)
    }

    /// Only what was published there is a difference; and only as long as the zone is owed.
    @Test func restsOfOursAreADifference() {
        #expect(
            Self.withdrawn.difference(from: Self.served(["192.0.2.1", "192.0.2.2"], []))
                == "still serves old.a.test. A 192.0.2.1 192.0.2.2, which rotates no more")
        #expect(Self.withdrawn.difference(from: Self.served(["192.0.2.1"], [])) == nil)
        #expect(Self.withdrawn.difference(from: Self.served([], [])) == nil)
        #expect(Self.withdrawn.question.names == ["old.a.test."])
        let labels = WithdrawnLabel.labels(in: "old@192.0.2.1@192.0.2.2@2001:db8::1/192.0.2.7")
        var bare = Self.withdrawn
        bare.withdrawn = []
        #expect(bare.withdrawing(labels) == Self.withdrawn && bare.withdrawing([]) == bare)
        bare.names = [.init(owner: "old.a.test.", ttl: 60)]
        #expect(bare.withdrawing(labels) == bare, "it rotates again")
        let foreign = Self.withdrawn.rests(in: Self.served(["192.0.2.66"], []))
        #expect(foreign.map(\.isOurs) == [false])
        #expect(foreign.map(\.description) == ["old.a.test. A 192.0.2.66"])
    }
}
