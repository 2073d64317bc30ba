import EdgeCore
import EdgeTesting
import Testing

@testable import EdgeShell

/// Which RRsets an update replaces.
@Suite struct UpdatePlanTests {
    private static let expected = ServedExpectation(
        zone: "a.test", serial: nil, addresses: ["192.0.2.1"],
        names: [.init(owner: "a.test.", ttl: 60)])

    private static func changes(
        _ addresses: [IPAddress], ttl: UInt32?
    ) throws -> [ZoneUpdate.Change] {
        let server = NameServerSettings(
            name: try #require(ServerName("ns1")), kind: .bind, address: .v4(0x7F00_0001))
        let found = ServedZone(
            serial: SOASerial(1),
            names: ["a.test.": [.ipv4: .init(addresses: addresses, ttl: ttl), .ipv6: .init()]])
        return ZoneUpdate(expected, over: found, server: server).changes
    }

    @Test func aTTLAloneIsAChange() throws {
        #expect(try Self.changes(["192.0.2.1"], ttl: 60).isEmpty)
        let changes = try Self.changes(["192.0.2.1"], ttl: 3600)
        #expect(
            changes == [
                .init(
                    owner: "a.test.", family: .ipv4, before: ["192.0.2.1"], after: ["192.0.2.1"],
                    ttl: 60)
            ])
    }

    @Test func whatIsNotThereHasNoTTL() throws {
        let changes = try Self.changes([], ttl: nil)
        #expect(changes.map(\.before) == [[]] && changes.map(\.after) == [["192.0.2.1"]])
    }
}
