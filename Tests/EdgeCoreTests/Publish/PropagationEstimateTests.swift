import EdgeCore
import EdgeTesting
import Testing

/// How long a rotation takes to spread, by the servers' limits.
@Suite struct PropagationEstimateTests {
    static func server(
        _ name: String, _ kind: NameServerKind, rate: Int? = nil, isTold: Bool = true
    ) throws -> NameServerSettings {
        NameServerSettings(
            name: try #require(ServerName(name)), kind: kind, address: .v4(0x7F00_0001),
            control: isTold ? ["x"] : nil, rate: rate)
    }

    @Test func bindsLimitsAreReckonedWith() throws {
        let servers = try [
            Self.server("ns1", .bind), Self.server("ns2", .bind, rate: 10, isTold: false),
        ]
        let estimate = try #require(PropagationEstimate(zones: 1000, servers: servers))
        #expect(estimate.duration == .seconds(105))
        #expect(
            estimate.sentence(interval: .seconds(60))
                == "a rotation of all 1000 zones takes about 105 s to reach every name server: ns2 asks "
                + "for 10 zones a second, after BIND's notify-delay of 5 s; a secondary that misses its "
                + "NOTIFY asks by itself after 12h; that is longer than the 60 s between rounds: raise "
                + "its limit (BIND's serial-query-rate), then say so with \"rate\"")
        #expect(!estimate.isSlow(interval: .seconds(300)))
    }

    /// A primary sends one NOTIFY for each zone to each secondary.
    @Test func everySecondaryIsNotified() throws {
        let servers = try [
            Self.server("ns1", .bind), Self.server("ns2", .nsd, isTold: false),
            Self.server("ns3", .knot, isTold: false),
        ]
        let estimate = try #require(
            PropagationEstimate(zones: 1000, servers: servers, refresh: 600))
        #expect(estimate.messages == 2000 && estimate.duration == .seconds(105))
        #expect(
            estimate.sentence(interval: .seconds(60))
                == "a rotation of all 1000 zones takes about 105 s to reach every name server: ns1 sends "
                + "20 NOTIFY messages a second, 2000 for 2 secondaries, after BIND's notify-delay of 5 s; "
                + "a secondary that misses its NOTIFY asks by itself after 10m; that is longer than the "
                + "60 s between rounds: raise its notify-rate, then say so with \"rate\"")
    }

    /// One configured primary: the other NS records are its secondaries.
    @Test func nameServersThatAreNotConfiguredCount() throws {
        let one = try [Self.server("ns1", .bind)]
        let estimate = try #require(
            PropagationEstimate(zones: 100, servers: one, nameServers: 3))
        #expect(estimate.messages == 200 && estimate.duration == .seconds(15))
        #expect(PropagationEstimate(zones: 100, servers: one, nameServers: 1) == nil)
        #expect(PropagationEstimate(zones: 0, servers: one, nameServers: 3) == nil)
    }

    /// A given rate counts for every kind; a hidden BIND secondary behind Knot waits for nothing.
    @Test func ratesCountForEveryKind() throws {
        let servers = try [
            Self.server("a", .knot, rate: 50), Self.server("b", .bind, rate: 1000, isTold: false),
        ]
        let estimate = try #require(PropagationEstimate(zones: 1000, servers: servers))
        #expect(estimate.server.text == "a" && estimate.duration == .seconds(20))
        #expect(estimate.delay == .zero)
    }

    @Test func unknownLimitsMakeNoEstimate() throws {
        let servers = try [Self.server("a", .knot), Self.server("b", .nsd, isTold: false)]
        #expect(PropagationEstimate(zones: 1000, servers: servers) == nil)
        #expect(PropagationEstimate(zones: 10, servers: try [Self.server("a", .bind)]) == nil)
        // Both are told: nothing has to spread.
        let told = try [Self.server("a", .bind), Self.server("b", .bind)]
        #expect(PropagationEstimate(zones: 10, servers: told, nameServers: 2) == nil)
    }
}
