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
