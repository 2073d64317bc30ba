import EdgeCore
import EdgeTesting
import Testing

/// Who is asked, where, and how a round's probes are planned.
@Suite struct ProbeRosterTests {
    private static func roster(
        probe: ProbeSettings = ProbeSettings(), references: [ReferenceTarget] = []
    ) -> ProbeRoster {
        let settings = NetworkSettings(
            network: "net", format: .version1,
            object: TestObject(host: "object.test", port: 8080, path: "/o", localFile: "/o"),
            probe: probe, selection: SelectionSettings(liveCount: 1), references: references,
            dns: DNSSettings(
                primary: "ns1.dns.test.", mailbox: "host.dns.test.",
                nameServers: ["ns1.dns.test."], rotatedLabels: [], isExplicit: true),
            edges: .inline([]), zoneIncludes: "/includes",
            publish: PublishSettings(directory: "/zones"), database: "/db")
        var inventory = Inventory()
        inventory.edges = ["a.example", "b.example", "c.example"]
        inventory.addresses = [
            "a.example": EdgeAddresses(ipv4: .v4(1)), "b.example": EdgeAddresses(ipv4: .v4(2)),
        ]
        inventory.unresolvable = ["c.example": "NXDOMAIN"]
        return ProbeRoster(settings: settings, inventory: inventory)
    }

    /// Each edge at its own address, for the object's host; one without any is an outcome already.
    @Test func everyEdgeIsAskedAtItsOwnAddress() {
        let roster = Self.roster()
        #expect(roster.requests.map(\.target.name) == ["a.example", "b.example"])
        #expect(roster.requests.map(\.address) == [.v4(1), .v4(2)])
        #expect(
            roster.requests.allSatisfy {
                $0.question == .object(path: "/o", hostHeader: "object.test:8080")
            })
        #expect(roster.unprobed.map(\.outcome) == [.unresolvable(reason: "NXDOMAIN")])
    }

    @Test(arguments: [(3, 3), (15, 15), (40, 15)])
    func theTimeoutIsTheConfiguredOneUpToTheMost(configured: Int, used: Int) {
        let probe = ProbeSettings(timeout: .seconds(configured), attempts: 2)
        let plan = Self.roster(probe: probe).plan(body: [1], descriptorLimit: 1024)
        #expect(plan.timeout == .seconds(used))
        #expect(plan.attempts == 2 && plan.expectedBody == [1])
    }
}
