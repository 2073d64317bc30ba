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
                == "a rotation of all 1000 zones takes about 105 s to reach every name server: ns2 passes "
                + "on 10 a second, after BIND's notify-delay of 5 s; that is longer than the 60 s between "
                + "rounds: raise its serial-query-rate (and the other's), then say so with \"rate\""
        )
        #expect(!estimate.isSlow(interval: .seconds(300)))
    }

    @Test func unknownLimitsMakeNoEstimate() throws {
        let servers = try [Self.server("a", .knot), Self.server("b", .nsd, isTold: false)]
        #expect(PropagationEstimate(zones: 1000, servers: servers) == nil)
        #expect(PropagationEstimate(zones: 10, servers: try [Self.server("a", .bind)]) == nil)
    }
}
