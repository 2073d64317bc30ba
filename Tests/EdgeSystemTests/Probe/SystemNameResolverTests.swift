import EdgeCore
import EdgeShell
import EdgeSystemProbe
import Testing

@Suite(.timeLimit(.minutes(1))) struct SystemNameResolverTests {
    let resolver = SystemNameResolver(threads: 4)

    func name(_ text: String) throws -> EdgeName { try #require(EdgeName(text)) }

    @Test("Addresses resolve to themselves, without a lookup")
    func addresses() async throws {
        let names = [try name("192.0.2.1"), try name("2001:db8::1")]
        let both = await resolver.resolve(names, families: [.ipv4, .ipv6], within: .zero)
        #expect(both[names[0]]?.resolution == .addresses([.v4(0xC000_0201)]))
        #expect(both[names[1]]?.resolution == .addresses([.v6(0x2001_0DB8_0000_0000, 1)]))
        let v4 = await resolver.resolve(names, families: [.ipv4], within: .zero)
        #expect(v4[names[0]]?.resolution == .addresses([.v4(0xC000_0201)]))
        guard case .notFound? = v4[names[1]]?.resolution else {
            Issue.record("\(String(describing: v4[names[1]]))")
            return
        }
    }

    @Test("A name from /etc/hosts resolves, each address once and in order")
    func hosts() async throws {
        let localhost = try name("localhost")
        let seen = await resolver.resolve(
            [localhost, localhost], families: [.ipv4], within: .seconds(20))
        #expect(seen.mapValues(\.resolution) == [localhost: .addresses([.v4(0x7F00_0001)])])
    }

    @Test("At the deadline an answer is abandoned, and more names than threads all have a result")
    func deadline() async throws {
        let names = try (0..<100).map { try name("edge\($0).invalid") }
        let clock = ContinuousClock()
        let start = clock.now
        let seen = await resolver.resolve(
            names, families: [.ipv4, .ipv6], within: .milliseconds(50))
        #expect(clock.now - start < .seconds(60))
        #expect(seen.count == 100)
        for lookup in seen.values {
            if case .addresses = lookup.resolution { Issue.record("\(lookup)") }
        }
    }

    @Test("No families, no lookup")
    func noFamilies() async throws {
        let localhost = try name("localhost")
        let seen = await resolver.resolve([localhost], families: [], within: .seconds(1))
        if case .addresses? = seen[localhost]?.resolution { Issue.record("resolved") }
    }
}
