import EdgeCore
import EdgeTesting
import Testing

/// A content key gives back what it was made of.
@Suite struct PublishedContentTests {
    @Test(arguments: 1...50)
    func isTheInverseOfTheKey(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let labels: [RotatedLabel] = ["www", "static.cdn", "*", "*.img", "a_b"]
        let count = Int.random(in: 0...6, using: &random)
        let addresses: [IPAddress] = (0..<count).map { _ in
            Bool.random(using: &random)
                ? .v4(UInt32.random(in: 1...UInt32.max, using: &random))
                : .v6(
                    UInt64.random(in: 0...UInt64.max, using: &random),
                    UInt64.random(in: 0...UInt64.max, using: &random))
        }
        let dns = DNSSettings(
            primary: "ns1.dns.test.", mailbox: "host.dns.test.",
            nameServers: ["ns1.dns.test.", "ns2.dns.test."],
            rotatedLabels: labels.filter { _ in Bool.random(using: &random) },
            ttl: UInt32.random(in: 0...86_400, using: &random),
            isExplicit: Bool.random(using: &random))
        let key = ZoneContent.key(addresses: addresses, dns: dns)
        let content = try #require(PublishedContent(key: key))
        #expect(content.addresses == Set(addresses).sorted())
        #expect(Set(content.labels) == Set(dns.rotatedLabels))
        #expect(content.ttl == dns.ttl)
    }

    @Test(arguments: [
        "", "z1", "catalog 77", "z1 ttl=x at= to=", "z1 ttl=60 at= to=192.0.2.300",
        "z1 ttl=60 at=-bad to=192.0.2.1",
    ])
    func otherTextIsNone(key: String) {
        #expect(PublishedContent(key: key) == nil)
    }

    /// What a template did not render itself is told from what it did, and its template is known all the same.
    @Test func standingIsTold() {
        let content = "z1 ttl=60 at=www to=192.0.2.1"
        let rendered = PublishedContent.key(content, by: "abc")
        let standing = PublishedContent.standing(rendered)
        #expect(standing == "tpl=abc+ \(content)")
        #expect(PublishedContent.isStanding(standing) && !PublishedContent.isStanding(rendered))
        #expect(PublishedContent.standing(standing) == standing)
        #expect(PublishedContent.template(of: standing) == "abc")
        #expect(PublishedContent.withoutTemplate(standing) == content)
        #expect(PublishedContent(key: standing) == PublishedContent(key: content))
        let other = "z1 ttl=60 at=www to=192.0.2.2+"
        #expect(PublishedContent.key(other, templateOf: standing) == "tpl=abc+ \(other)")
        #expect(PublishedContent.key(other, templateOf: content) == other)
        #expect(!PublishedContent.isStanding(other))
        // By a template that nobody knows.
        #expect(PublishedContent.standing(content) == "tpl=+ \(content)")
        #expect(PublishedContent.template(of: "tpl=+ \(content)")?.isEmpty == true)
    }

    @Test func expectsEveryRotatedName() throws {
        let content = try #require(
            PublishedContent(key: "z1 ttl=60 at=*,www to=192.0.2.1,2001:db8::1"))
        let expectation = content.expectation(of: "example.test", serial: SOASerial(5))
        #expect(
            expectation.names.map(\.owner)
                == ["example.test.", "*.example.test.", "www.example.test."])
        #expect(expectation.addresses == ["192.0.2.1", "2001:db8::1"])
    }

    /// Labels that an include keeps are told apart from what was planned.
    @Test func whatIsKeptIsToldApart() throws {
        let plain = "z1 ttl=60 at=old,www to=192.0.2.1,2001:db8::1"
        let content = try #require(PublishedContent(key: plain))
        let kept = PublishedContent.key(
            plain, keeping: content.labels.filter { $0.text == "old" })
        #expect(PublishedContent.keptLabels(of: kept) == ["old"])
        #expect(PublishedContent.planned(kept) == plain)
        #expect(PublishedContent(key: kept)?.labels.map(\.text) == ["www"])
    }
}
