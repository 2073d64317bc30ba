import EdgeCore
import EdgeTesting
import Testing

/// Catalog zones as RFC 9432 asks for them.
@Suite struct CatalogZoneTests {
    static func longName(_ last: Character) -> ZoneName? {
        ZoneName(String(repeating: "abcdefghi.", count: 20) + "x\(last)")
    }

    @Test func textAndRecordsSayTheSame() {
        let catalog = CatalogZone(
            zone: "catalog.test", members: ["b.test", "a.test", "b.test"])
        #expect(
            catalog.expectedRecords(serial: SOASerial(7)) == [
                DNSRecord(owner: "catalog.test.", ttl: 0, type: "NS", data: "invalid."),
                DNSRecord(
                    owner: "catalog.test.", ttl: 0, type: "SOA",
                    data: "invalid. invalid. 7 43200 10800 1209600 300"),
                DNSRecord(owner: "version.catalog.test.", ttl: 0, type: "TXT", data: "\"2\""),
                DNSRecord(
                    owner: "za-1test.zones.catalog.test.", ttl: 0, type: "PTR", data: "a.test."),
                DNSRecord(
                    owner: "zb-1test.zones.catalog.test.", ttl: 0, type: "PTR", data: "b.test."),
            ])
        let text = String(decoding: catalog.render(serial: SOASerial(7)), as: UTF8.self)
        #expect(text.contains("za-1test.zones IN PTR a.test.\n"))
    }

    /// Names that look alike have labels of their own, all of them well-formed.
    @Test func labelsAreUniqueAndStable() throws {
        let names: [ZoneName] =
            [
                "a.b", "a-b", "a--b.c", "a-.b.c", "a.-b", "a-0b", "a-1b", "a.1b", "a-.0b", "z.a",
            ].compactMap { ZoneName($0) }
            + [Self.longName("a"), Self.longName("b")].compactMap { $0 }
        let labels = names.map(CatalogZone.label)
        #expect(Set(labels).count == names.count)
        #expect(labels.allSatisfy { $0.utf8.count <= 63 && RotatedLabel($0) != nil })
        #expect(CatalogZone.label(of: "a.b") == "za-1b")
    }

    /// What is too long for a label is told by its SHA-256, which nobody can make collide.
    @Test func longNamesHaveStrongLabels() throws {
        let name = try #require(Self.longName("a"))
        let label = CatalogZone.label(of: name)
        #expect(label == "h" + SHA256.text(of: Array(name.text.utf8)).prefix(62))
        #expect(label.utf8.count == 63)
    }

    @Test func twoMembersUnderOneLabelAreTold() {
        let members: [ZoneName] = ["a.test", "b.test", "c.test"]
        #expect(CatalogZone.collision(among: members) == nil)
        let found = CatalogZone.collision(among: members) { $0 == "a.test" ? "x" : "y" }
        #expect(found?.0 == "b.test" && found?.1 == "c.test")
    }

    /// The key is over the members' names by SHA-256.
    @Test func theKeyIsStrong() {
        let catalog = CatalogZone(zone: "catalog.test", members: ["a.test", "b.test"])
        #expect(
            catalog.key
                == "catalog 2 \(SHA256.text(of: Array("a.test\nb.test\n".utf8))) 43200 10800 1209600 300"
        )
    }

    @Test func theKeyTellsMembersApart() {
        func key(_ members: [ZoneName]) -> String {
            CatalogZone(zone: "catalog.test", members: members).key
        }
        #expect(key(["a.test", "b.test"]) == key(["b.test", "a.test"]))
        #expect(key(["a.test"]) != key(["b.test"]))
        #expect(key(["a.test", "b.test"]) != key(["a.testb.test"]))
    }
}
