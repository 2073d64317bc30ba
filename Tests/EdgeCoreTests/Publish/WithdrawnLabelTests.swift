import EdgeCore
import EdgeTesting
import Testing

/// Which labels have to go from a name server, and how that is kept.
@Suite struct WithdrawnLabelTests {
    private static func content(_ key: String) throws -> PublishedContent {
        try #require(PublishedContent(key: key))
    }

    private static let next = "z1 ttl=60 at=www to=192.0.2.2"

    @Test func whatRotatesNoMoreGoes() throws {
        let plain = try Self.content("z1 ttl=60 at=old,www to=192.0.2.1,2001:db8::1")
        let gone = WithdrawnLabel.gone(from: [plain], next: try Self.content(Self.next))
        #expect(WithdrawnLabel.text(of: gone) == "old@192.0.2.1@2001:db8::1")
        // It goes on through publications, until the label rotates again.
        let third = try Self.content("z1 ttl=60 at=www to=192.0.2.3")
        #expect(WithdrawnLabel.gone(from: [], known: gone, next: third) == gone)
        #expect(WithdrawnLabel.gone(from: [third], known: gone, next: plain).isEmpty)
        let empty = try Self.content("z1 ttl=60 at=old to=")
        #expect(WithdrawnLabel.gone(from: [empty], next: third).isEmpty)
    }

    /// A name server that lags may have what was published before, as long as the label rotated then.
    @Test func whatWasPublishedBeforeGoesToo() throws {
        let contents = try [
            "z1 ttl=60 at=old,www to=192.0.2.1", "z1 ttl=60 at=old to=192.0.2.7,192.0.2.8",
            "z1 ttl=90 at=old,www to=192.0.2.1", "z1 ttl=60 at=www to=192.0.2.66",
            "z1 ttl=60 at=older to=192.0.2.9",
        ].map(Self.content)
        let known = WithdrawnLabel.labels(in: "old@192.0.2.5/192.0.2.1")
        let gone = WithdrawnLabel.gone(
            from: contents, known: known, next: try Self.content(Self.next))
        let text = "old@192.0.2.1/192.0.2.7@192.0.2.8/192.0.2.5 older@192.0.2.9"
        #expect(WithdrawnLabel.text(of: gone) == text)
        #expect(WithdrawnLabel.labels(in: text) == gone)
        let many = try (1...40).map { try Self.content("z1 ttl=60 at=old to=192.0.2.\($0)") }
        let most = WithdrawnLabel.gone(from: many, next: try Self.content(Self.next))
        #expect(most.map(\.sets.count) == [16] && most.first?.sets.first == ["192.0.2.1"])
    }

    @Test(arguments: ["", "old", "old@", "old@192.0.2.300", "-bad@192.0.2.1", "old@192.0.2.1@x/1"])
    func otherTextIsNone(text: String) {
        #expect(WithdrawnLabel.labels(in: text).isEmpty)
        #expect(WithdrawnLabel.labels(in: text + " x@192.0.2.1").map(\.label.text) == ["x"])
        #expect(WithdrawnLabel.text(of: []) == nil)
    }
}
