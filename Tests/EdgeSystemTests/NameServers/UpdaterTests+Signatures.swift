import EdgeCore
import EdgeRealServers
import EdgeSystemFiles
import EdgeTesting
import Testing

/// Signatures, and what real servers make of them.
extension UpdaterTests {
    /// Our clock an hour behind or ahead of the server's (RFC 8945 §5.2.3): named, with its time, which the
    /// answer's signature covers.
    @Test(arguments: [
        (RealServer.Kind.bind, -3600), (.bind, 3600), (.knot, -3600), (.knot, 3600),
    ])
    func anotherTimeIsNamed(kind: RealServer.Kind, apart: Int) async throws {
        try await Self.with(kind) { scene in
            let now = SystemMomentSource().now().wall
            let clock = ManualMoments(wall: now.adding(.seconds(apart)))
            let faults = try await Self.send(
                [Self.update(["192.0.2.1"], from: [])], to: scene, clock: clock)
            guard case .badTime(let server)? = faults[Self.zone] ?? nil else {
                Issue.record("\(faults)")
                return
            }
            let told = try #require(server)
            #expect(abs(told.seconds - now.seconds) < 60)
            #expect(try await Self.dig(scene, "www.example.test", "A") == [])
        }
    }

    /// I38: what is made by HMAC-SHA512 is taken by real servers, and their answers by us.
    @Test(arguments: [RealServer.Kind.bind, .knot])
    func longerHashesAreTaken(kind: RealServer.Kind) async throws {
        let options = RealServer.Options(keyAlgorithm: "hmac-sha512")
        try await Self.with(kind, options: options) { scene in
            let faults = try await Self.send([Self.update(["192.0.2.1"], from: [])], to: scene)
            #expect(faults == [Self.zone: UpdateFault?.none])
            #expect(try await Self.dig(scene, "www.example.test", "A") == ["192.0.2.1"])
            let stale = try await Self.send(
                [Self.update(["192.0.2.9"], from: ["192.0.2.7"])], to: scene)
            #expect(stale == [Self.zone: .prerequisite(code: "NXRRSET")])
        }
    }

    /// The server knows the key for another algorithm.
    @Test(arguments: [RealServer.Kind.bind, .knot])
    func anotherAlgorithmIsNamed(kind: RealServer.Kind) async throws {
        try await Self.with(kind) { scene in
            let secret = "c2l4dGVlbiBieXRlcyBvciBtb3JlIG9mIHRlc3Qga2V5"
            let key = try Self.key(scene, algorithm: "hmac-sha512", secret: secret)
            let faults = try await Self.send(
                [Self.update(["192.0.2.1"], from: [])], to: scene, key: key)
            #expect(faults == [Self.zone: .badKey(name: "update.key.")])
        }
    }

    /// The addresses stay, the TTL alone changes.
    @Test(arguments: updatable)
    func aTTLAloneIsChanged(kind: RealServer.Kind) async throws {
        try await Self.with(kind) { scene in
            let addresses: [IPAddress] = ["192.0.2.1", "192.0.2.2"]
            _ = try await Self.send([Self.update(addresses, from: [])], to: scene)
            let again = try await Self.send(
                [Self.update(addresses, from: addresses, ttl: 120)], to: scene)
            #expect(again == [Self.zone: UpdateFault?.none])
            let served = try await scene.ask().get().names["www.example.test."]?[.ipv4]
            #expect(served?.ttl == 120)
            #expect(served?.addresses.sorted() == addresses)
        }
    }
}
