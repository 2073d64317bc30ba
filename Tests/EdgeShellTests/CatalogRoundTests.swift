import EdgeCore
import EdgeSimulation
import EdgeTesting
import Testing

@testable import EdgeShell

/// What rounds write into the catalog of a network's zones (RFC 9432).
@Suite struct CatalogRoundTests {
    typealias Bench = RoundRunnerTests.Bench

    private static let catalog: ZoneName = "catalog.test"

    private func bench(edges: Int = 2, live: Int = 2) -> Bench {
        let bench = Bench(edges: edges, live: live)
        bench.settings.publish.catalog = CatalogSettings(zone: Self.catalog)
        return bench
    }

    /// The members that the catalog's file lists; nil: there is no file.
    private func listed(_ bench: Bench) -> [String]? {
        bench.world.publishedZones[Self.catalog].map { bytes in
            String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                .filter { $0.contains(" PTR ") }
                .compactMap { $0.split(separator: " ").last.map { String($0.dropLast()) } }
        }
    }

    private func forget(_ zone: ZoneName, _ bench: Bench) {
        bench.world.setInclude(zone, nil)
        bench.store.forgetZones("bench", zones: [zone])
    }

    /// A secondary is told of no zone that does not exist; what was written waits for one round at most.
    @Test func aZoneWithoutAFileIsNotListed() async throws {
        let bench = bench()
        try await bench.round()
        #expect(listed(bench) == ["zone.test"])
        bench.world.setInclude("bad.test", "@ 600 IN TXT \"x\"\n")
        bench.world.setInclude("good.test", "@ 600 IN TXT \"x\"\n")
        bench.world.change { $0.unwritable = ["bad.test"] }
        let failed = try await bench.round()
        #expect(failed.failures.keys.sorted() == ["bad.test", Self.catalog])
        #expect(
            failed.failures[Self.catalog]
                == "/zones/catalog.test.zone: the catalog stays as it is in this round, since it "
                + "would list 1 zone without a file: bad.test")
        #expect(listed(bench) == ["zone.test"])
        let next = try await bench.round()
        #expect(next.failures.keys.sorted() == ["bad.test"])
        #expect(listed(bench) == ["good.test", "zone.test"])
        bench.world.change { $0.unwritable = [] }
        try await bench.round()
        try await bench.round()
        #expect(listed(bench) == ["bad.test", "good.test", "zone.test"])
        #expect(try await bench.round().settlements.isEmpty)
    }

    /// A listed zone whose file can't be replaced exists all the same.
    @Test func aZoneWithAnOldFileStaysListed() async throws {
        let bench = bench()
        try await bench.round()
        bench.world.change { $0.unwritable = ["zone.test"] }
        bench.world.setInclude("zone.test", "@ 600 IN TXT \"y\"\n")
        bench.world.setInclude("good.test", "@ 600 IN TXT \"x\"\n")
        let outcome = try await bench.round()
        #expect(outcome.failures.keys.sorted() == ["zone.test"])
        #expect(listed(bench) == ["good.test", "zone.test"])
    }

    /// The catalog follows the command that gives a zone up, to the last one, and nothing else.
    @Test func theLastZoneLeavesTheCatalogByCommandAlone() async throws {
        let bench = bench()
        bench.world.setInclude("other.test", "@ 600 IN TXT \"x\"\n")
        try await bench.round()
        bench.world.setInclude("other.test", nil)
        bench.world.setInclude("zone.test", nil)
        try await bench.round()
        #expect(listed(bench) == ["other.test", "zone.test"])
        forget("other.test", bench)
        try await bench.round()
        #expect(listed(bench) == ["zone.test"])
        forget("zone.test", bench)
        try await bench.round()
        #expect(listed(bench) == [])
        #expect(try await bench.round().settlements.isEmpty)
    }

    /// Without a zone there is no catalog to begin with.
    @Test func nothingIsListedBeforeTheFirstZone() async throws {
        let bench = bench()
        bench.world.setInclude("zone.test", nil)
        try await bench.round()
        #expect(listed(bench) == nil)
    }

    /// A lost database is no operator's word: what the catalog lists stays listed.
    @Test func aLostDatabaseTakesNothingOut() async throws {
        let bench = bench()
        bench.world.setInclude("other.test", "@ 600 IN TXT \"x\"\n")
        try await bench.round()
        bench.world.setInclude("other.test", nil)
        let effects = bench.world.effects(store: InMemoryStore())
        for _ in 0..<2 {
            bench.world.moments.advance(by: .seconds(60))
            let outcome = try await RoundRunner(effects: effects).run(bench.settings)
            #expect(
                outcome.failures[Self.catalog]?.contains(
                    "lists 1 zone not published now (other.test)")
                    == true, "\(outcome.failures)")
            #expect(listed(bench) == ["other.test", "zone.test"])
        }
        bench.world.moments.advance(by: .seconds(60))
        let forced = try await RoundRunner(effects: effects).run(
            bench.settings, options: RoundOptions(forcesUpdate: true))
        #expect(forced.failures.isEmpty)
        #expect(listed(bench) == ["zone.test"])
    }

    /// Neither does a lost database whose zones can't be replaced.
    @Test func whatHasAFileIsListedWhoeverKnowsOfIt() async throws {
        let bench = bench(edges: 4, live: 2)
        try await bench.round()
        bench.world.change { $0.unwritable = ["zone.test"] }
        bench.settings.dns.ttl = 30
        let effects = bench.world.effects(store: InMemoryStore())
        for _ in 0..<3 {
            bench.world.moments.advance(by: .seconds(60))
            let outcome = try await RoundRunner(effects: effects).run(
                bench.settings, options: RoundOptions(forcesUpdate: true))
            #expect(outcome.failures.keys.sorted() == ["zone.test"])
            #expect(listed(bench) == ["zone.test"])
        }
    }

    /// An include with the catalog's name is named in each round; the catalog goes on.
    @Test func anIncludeWithTheCatalogsNameIsNamed() async throws {
        let bench = bench()
        for hasCatalog in [false, true] {
            if hasCatalog {
                bench.world.setInclude(Self.catalog, nil)
                try await bench.round()
            }
            bench.world.setInclude(Self.catalog, "@ 600 IN TXT \"x\"\n")
            bench.world.setInclude(hasCatalog ? "b.test" : "a.test", "@ 600 IN TXT \"x\"\n")
            let outcome = try await bench.round()
            #expect(
                outcome.failures == [
                    Self.catalog: "/includes/catalog.test.zone has the catalog's name "
                        + "(publish.catalog) and is not published: remove it, or give the catalog "
                        + "another name"
                ])
        }
        #expect(listed(bench) == ["a.test", "b.test", "zone.test"])
    }

    /// A zone that is published under the name is not overwritten by a catalog.
    @Test func aZoneWithTheCatalogsNameStaysAZone() async throws {
        let bench = bench()
        bench.settings.publish.catalog = nil
        bench.world.setInclude(Self.catalog, "@ 600 IN TXT \"x\"\n")
        try await bench.round()
        let before = bench.world.publishedZones[Self.catalog]
        bench.settings.publish.catalog = CatalogSettings(zone: Self.catalog)
        bench.world.setInclude(Self.catalog, nil)
        let outcome = try await bench.round()
        #expect(
            outcome.failures[Self.catalog]?.contains("edgemanage zone forget bench catalog.test")
                == true)
        #expect(bench.world.publishedZones[Self.catalog] == before)
    }

    /// Two zones under one label would break the whole catalog (RFC 9432 §4.1).
    @Test func zonesThatCollideLeaveTheCatalogAsItIs() async throws {
        let bench = bench()
        try await bench.round()
        let before = bench.world.publishedZones[Self.catalog]
        bench.world.setInclude("a.test", "@ 600 IN TXT \"x\"\n")
        bench.world.moments.advance(by: .seconds(60))
        let runner = RoundRunner(effects: bench.world.effects(store: bench.store)) { members in
            members.count == 2 ? (members[0], members[1]) : nil
        }
        let outcome = try await runner.run(bench.settings)
        #expect(
            outcome.failures == [
                Self.catalog:
                    "zones a.test and zone.test would stand under one label of the catalog "
                    + "(RFC 9432 §4.1); it stays as it is until one of them is gone"
            ])
        #expect(bench.world.publishedZones[Self.catalog] == before)
        #expect(bench.world.publishedZones["a.test"] != nil)
    }
}
