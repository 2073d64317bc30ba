import EdgeCore
import EdgeTesting
import Testing

/// Zones that another network publishes: one sentence a network, with the way that fits.
@Suite struct ForeignZonesTests {
    private let owners: [ZoneName: NetworkName] = [
        "a.test": "web", "b.test": "web", "c.test": "old",
    ]

    private func problems(
        _ zones: [ZoneName], declared: Set<NetworkName>?
    ) throws -> [String] {
        var settings = NetworkSettings(
            network: "site", format: .version1,
            object: TestObject(host: "www.test", path: "/x", localFile: "/x"),
            selection: SelectionSettings(liveCount: 1),
            dns: DNSSettings(primary: "ns1.test.", mailbox: "h.test.", nameServers: ["ns1.test."]),
            edges: .inline([]), zoneIncludes: "/zones",
            publish: PublishSettings(directory: "/out"), database: "/db")
        settings.declaredNetworks = declared
        return ForeignZones.problems(of: zones, owners: owners, settings: settings)
    }

    @Test func aDeclaredOwnerKeepsTheZone() throws {
        #expect(
            try problems(["b.test", "a.test"], declared: ["site", "web"]) == [
                "2 zones are published by network web already (a.test b.test): remove each one's include "
                    + "from one of the two; if site is to publish them from now on, then run edgemanage "
                    + "zone forget web ZONE for each"
            ])
    }

    @Test func anUndeclaredOwnerMayBeTheOldName() throws {
        #expect(
            try problems(["c.test", "own.test"], declared: ["site", "web"]) == [
                "zone c.test is published by network old already, which this configuration does not "
                    + "declare: run edgemanage network rename old site, if old is site's old name; else "
                    + "edgemanage zone forget old c.test"
            ])
    }

    @Test func eachOwnerHasItsSentence() throws {
        let said = try problems(["a.test", "c.test"], declared: nil)
        #expect(said.count == 2)
        #expect(said.allSatisfy { $0.contains("remove its include from one; if ") })
        #expect(try problems(["own.test"], declared: nil).isEmpty)
    }
}
