import EdgeCore
import EdgeLoopback
import EdgeSystemProbe
import Testing

/// I33: certificates are checked against the test object's host, and the reason is named.
@Suite(.timeLimit(.minutes(1))) struct TLSTests {
    @Test(
        "A certificate is believed or the reason said",
        arguments: [
            (TestCertificate.good, nil),
            (.wrongName, "its certificate is not for object.test"),
            (.expired, "certificate expired"),
            (.selfSigned, "self-signed certificate"),
            (.address, "its certificate is not for object.test"),
        ] as [(TestCertificate, String?)])
    func certificates(_ certificate: TestCertificate, _ reason: String?) async throws {
        try await ProbeScene.withAuthority { trust in
            try await ProbeScene.with { scene in
                let edge = try await scene.edge(certificate: certificate)
                let seen = await scene.probe(edge, trust: trust)
                if let reason {
                    #expect(seen.outcome == .tls(reason: reason))
                } else {
                    #expect(seen.outcome.fetchTime != nil)
                    #expect(seen.phases.tls != nil)
                }
                let careless = await scene.probe(edge, trust: .unchecked)
                #expect(careless.outcome.fetchTime != nil)
            }
        }
    }

    @Test(
        "The end of a certificate is noted, whether it is believed or not",
        arguments: [
            (TestCertificate.good, 4_733_510_400), (.wrongName, 4_733_510_400),
            (.expired, 1_580_515_200), (.selfSigned, 4_733_510_400),
        ] as [(TestCertificate, Int64)])
    func expiry(_ certificate: TestCertificate, _ end: Int64) async throws {
        try await ProbeScene.withAuthority { trust in
            try await ProbeScene.with { scene in
                let edge = try await scene.edge(certificate: certificate)
                for trust in [trust, .unchecked] {
                    let seen = await scene.probe(edge, trust: trust)
                    #expect(seen.certificateExpiry == UnixTime(seconds: end))
                }
                let unasked = await scene.probe(
                    edge, trust: trust, host: "192.0.2.9", serverName: nil)
                #expect(unasked.certificateExpiry == UnixTime(seconds: end))
                let plain = try await scene.edge()
                #expect(await scene.probe(plain).certificateExpiry == nil)
            }
        }
    }

    @Test("An attempt that saw no certificate does not hide what an earlier one saw")
    func expiryOfEarlierAttempts() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: .status(503), certificate: .expired)
            var plan = ProbeScene.plan(timeout: .seconds(12), attempts: 1)
            plan.steady = SteadyAttempts(
                settings: SteadySettings(
                    attempts: 2, attemptTimeout: .seconds(4),
                    attemptPause: .seconds(1)), goodEnough: .seconds(2))
            let request = try ProbeScene.request(edge, scheme: .https)
            async let probing = scene.prober.probe([request], by: plan)
            while edge.requests == 0 { await Task.yield() }
            try await edge.behave(.stallInHandshake)
            let seen = await probing[0]
            #expect(seen.outcome == .timeout(.tls) && seen.earlier == [.http(status: 503)])
            #expect(seen.certificateExpiry == UnixTime(seconds: 1_580_515_200))
        }
    }

    @Test("An authority that is not trusted is said to be unknown")
    func unknownIssuer() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(certificate: .good)
            let seen = await scene.probe(edge, trust: .system)
            #expect(seen.outcome == .tls(reason: "certificate by an unknown issuer"))
        }
    }

    @Test("A host that is an address is checked against the certificate's addresses")
    func addressHost() async throws {
        try await ProbeScene.withAuthority { trust in
            try await ProbeScene.with { scene in
                let edge = try await scene.edge(certificate: .address)
                for host in ["192.0.2.1", "192.0.2.1:8443"] {
                    let fine = await scene.probe(edge, trust: trust, host: host, serverName: nil)
                    #expect(fine.outcome.fetchTime != nil)
                    #expect(edge.lastServerName == nil)
                }
                let other = await scene.probe(
                    edge, trust: trust, host: "192.0.2.2", serverName: nil)
                #expect(other.outcome == .tls(reason: "its certificate is not for 192.0.2.2"))
            }
        }
    }

    @Test("A bundle that can't be read is the monitor's fault")
    func missingBundle() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(certificate: .good)
            let seen = await scene.probe(edge, trust: .bundle(path: "/nowhere/ca.pem"))
            #expect(seen.outcome.isLocalFault)
            #expect(seen.outcome.description.contains("/nowhere/ca.pem"))
            #expect(edge.connections == 0)
        }
    }

    @Test("A handshake that stalls runs out of time in tls")
    func stall() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: .stallInHandshake, certificate: .good)
            let seen = await scene.probe(edge, timeout: .milliseconds(300))
            #expect(seen.outcome == .timeout(.tls))
            #expect(seen.phases.connect != nil)
        }
    }

    @Test("An edge that speaks no TLS is told so")
    func plainText() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(behaviour: .garbage)
            let request = try ProbeScene.request(edge, scheme: .https)
            let plan = ProbeScene.plan(timeout: .milliseconds(500))
            let seen = await scene.prober.probe([request], by: plan)[0]
            // The edge waits for a request's end, which TLS's first message does not have.
            #expect(seen.outcome == .timeout(.tls))
        }
    }
}
