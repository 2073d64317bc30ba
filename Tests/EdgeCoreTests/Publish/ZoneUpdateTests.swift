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
}
