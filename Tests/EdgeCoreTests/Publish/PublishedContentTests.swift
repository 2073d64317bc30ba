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

    private static let plain = "z1 ttl=60 at=old,www to=192.0.2.1,2001:db8::1"
    private static let next = "z1 ttl=60 at=www to=192.0.2.2"

    /// What a label that rotates no more was last given goes into the next key, and is read back.
    @Test func whatIsWithdrawnIsKept() throws {
        let content = try #require(PublishedContent(key: Self.plain))
        let gone = content.withdrawn(before: Self.next, earlier: nil)
        let key = PublishedContent.key(Self.next, withdrawing: gone)
        #expect(key == Self.next + " gone=old@192.0.2.1@2001:db8::1")
        #expect(PublishedContent.planned(key) == Self.next)
        #expect(PublishedContent.withoutWithdrawn(key) == Self.next)
        let read = try #require(PublishedContent(key: key))
        #expect(read.withdrawn == gone && read.labels.map(\.text) == ["www"])
        let expectation = read.expectation(of: "a.test", serial: SOASerial(1))
        #expect(expectation.names.map(\.owner) == ["a.test.", "www.a.test."])
        #expect(
            expectation.withdrawn == [
                .init(owner: "old.a.test.", sets: [["192.0.2.1", "2001:db8::1"]])
            ])
        // It stays until every server is found without it, or the label rotates again.
        let third = "z1 ttl=60 at=www to=192.0.2.3"
        #expect(read.withdrawn(before: third, earlier: []) == gone)
        #expect(read.withdrawn(before: third, earlier: nil).isEmpty)
        #expect(read.withdrawn(before: Self.plain, earlier: []).isEmpty)
    }

    /// A name server that lags may have what was published before, as long as the label rotated then.
    @Test func whatLaggingServersMayHaveIsWithdrawnToo() throws {
        let content = try #require(PublishedContent(key: Self.plain))
        let earlier = try [
            "z1 ttl=60 at=old to=192.0.2.7,192.0.2.8",
            "z1 ttl=90 at=old,www to=192.0.2.1,2001:db8::1",
            "z1 ttl=60 at=www to=192.0.2.66", "z1 ttl=60 at=old to=192.0.2.9",
        ].map { try #require(PublishedContent(key: $0)) }
        let gone = content.withdrawn(before: Self.next, earlier: earlier)
        let key = PublishedContent.key(Self.next, withdrawing: gone)
        #expect(
            key == Self.next
                + " gone=old@192.0.2.1@2001:db8::1/192.0.2.7@192.0.2.8/192.0.2.9")
        #expect(PublishedContent(key: key)?.withdrawn == gone)
        #expect(PublishedContent.withoutWithdrawn(key) == Self.next)
        let many = try (1...40).map {
            try #require(PublishedContent(key: "z1 ttl=60 at=old to=192.0.2.\($0)"))
        }
        let most = many[0].withdrawn(before: Self.next, earlier: many)
        #expect(most.map(\.sets.count) == [16])
        #expect(PublishedContent(key: Self.next + " gone=x@192.0.2.1/192.0.2.300") == nil)
    }

    /// Labels that an include keeps stand beside what has to go.
    @Test func whatIsKeptAndWhatGoesAreToldApart() throws {
        let content = try #require(PublishedContent(key: Self.plain))
        let kept = PublishedContent.key(
            Self.plain, keeping: content.labels.filter { $0.text == "old" })
        let both = PublishedContent.key(
            kept,
            withdrawing: try #require(PublishedContent(key: Self.next + " gone=x@192.0.2.1"))
                .withdrawn)
        #expect(PublishedContent.keptLabels(of: both) == ["old"])
        #expect(PublishedContent.planned(both) == Self.plain)
        #expect(PublishedContent.withoutWithdrawn(both) == kept)
        #expect(PublishedContent(key: both)?.labels.map(\.text) == ["www"])
        #expect(PublishedContent(key: Self.next + " gone=-bad@192.0.2.1") == nil)
        #expect(PublishedContent(key: Self.next + " gone=x@192.0.2.300") == nil)
    }
}
