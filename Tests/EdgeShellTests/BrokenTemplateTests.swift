import EdgeCore
import EdgeShell
import EdgeSimulation
import EdgeTesting
import Testing

/// A zone template that can't be used keeps no dead edge in the zones, whatever is wrong with it.
@Suite struct BrokenTemplateTests {
    typealias Bench = TemplateBench

    private static let zones: [ZoneName] = (10...19).map { ZoneName("z\($0).test")! }
    private static let hosts = (1...10).map { "h\($0) 300 IN TXT \"h\"" }

    /// What an operator may do to a template.
    enum Fault: String, CaseIterable {
        case unreadable, refused, tooDear, changedAndRefused

        func befall(_ bench: Bench) {
            switch self {
            case .unreadable: bench.problem = "it can't be read: no such file"
            case .refused: bench.refused = Set(zones)
            case .tooDear: bench.steps = { _ in .max }
            case .changedAndRefused:
                bench.lines = []
                bench.refused = Set(zones)
            }
        }

        func leave(_ bench: Bench) {
            bench.lines = hosts + ["* 60 IN LIVE", "spf 60 IN TXT \"many\""]
            bench.problem = nil
            bench.refused = []
            bench.steps = { _ in 100 }
        }
    }

    /// The dead edge leaves every zone, what the template added stays, each run fails, and the mended template
    /// takes the zones back.
    @Test(arguments: Fault.allCases) func deadEdgesLeaveAllZones(fault: Fault) async throws {
        let bench = Bench(lines: Self.hosts + ["* 60 IN LIVE"], zones: Self.zones)
        var outcome = try await bench.round()
        #expect(outcome.report.written == Self.zones && !outcome.hasFailures)
        let before = Self.zones.map { bench.text($0) }
        fault.befall(bench)
        outcome = try await bench.round()
        // Nothing to publish: the same bytes (I4).
        #expect(Self.zones.map { bench.text($0) } == before && outcome.report.written.isEmpty)
        let edge = try bench.turnOut(outcome)
        outcome = try await bench.roundsWithout(edge)
        #expect(outcome.hasFailures && outcome.failures.isEmpty, "\(outcome.failures)")
        for zone in Self.zones {
            #expect(!bench.text(zone).contains(" \(edge)\n"), "\(bench.text(zone))")
            #expect(bench.hosts(zone) == 10)
            #expect(bench.text(zone).contains("\n*.\(zone). 60 IN A "))
        }
        let said = bench.store.recentEvents("bench", limit: 9).last { $0.event.kind == .refusal }
        let trouble = try #require(said?.event.message)
        #expect(outcome.troubles.first == trouble)
        // The trouble is told in every run, and nothing is written for it (I4).
        let after = Self.zones.map { bench.text($0) }
        for _ in 1...2 {
            outcome = try await bench.round()
            #expect(outcome.hasFailures && outcome.report.written.isEmpty)
            #expect(Self.zones.map { bench.text($0) } == after)
        }
        fault.leave(bench)
        outcome = try await bench.round()
        #expect(!outcome.hasFailures && outcome.report.written == Self.zones)
        #expect(Self.zones.allSatisfy { bench.text($0).contains("\nspf 60 IN TXT") })
        outcome = try await bench.round()
        #expect(!outcome.hasFailures && outcome.settlements.isEmpty)
    }

    /// The very same template again: what it would write otherwise is found out.
    @Test func theSameTemplateTakesZonesBack() async throws {
        let bench = Bench(lines: ["e 60 IN TXT LIVE"])
        var outcome = try await bench.round()
        #expect(bench.text().contains("e 60 IN TXT A 192.0.2."))
        bench.problem = "it is gone"
        let edge = try bench.turnOut(outcome)
        outcome = try await bench.roundsWithout(edge)
        // Texts are as they were.
        #expect(bench.text().contains("TXT A \(edge)\n"))
        #expect(!bench.text().contains("IN A \(edge)\n"))
        bench.problem = nil
        outcome = try await bench.round()
        #expect(!bench.text().contains(edge) && !outcome.hasFailures)
        #expect(outcome.report.written == ["zone.test"])
        #expect(outcome.settlements.map(\.step.causes) == [[.template]])
    }

    /// One zone alone is refused: it is named, and the others go by the template.
    @Test func oneZoneIsRefused() async throws {
        let bench = Bench(lines: Self.hosts, zones: Self.zones)
        var outcome = try await bench.round()
        bench.lines = Self.hosts + ["more 60 IN TXT \"m\""]
        bench.refused = [Self.zones[3]]
        let edge = try bench.turnOut(outcome)
        outcome = try await bench.roundsWithout(edge)
        #expect(Self.zones.allSatisfy { !bench.text($0).contains(" \(edge)\n") })
        #expect(Self.zones.allSatisfy { bench.hosts($0) == 10 })
        #expect(Self.zones.count { bench.text($0).contains("more 60") } == 9)
        #expect(
            outcome.troubles == [
                "zone z13.test: t:7: it fails here; before that is mended it goes on with what the last "
                    + "template added"
            ])
    }

    /// A new zone is not published without the template, and that is said; the others go on.
    @Test func aNewZoneWaits() async throws {
        let bench = Bench(lines: Self.hosts)
        try await bench.round()
        bench.problem = "it is gone"
        bench.world.setInclude("new.test", "@ 600 IN TXT \"x\"\n")
        var outcome = try await bench.round()
        #expect(
            outcome.failures == [
                "new.test": "it is new and waits until the zone template can be read"
            ])
        #expect(
            outcome.troubles == [
                "t:3: it is gone; before that is mended every zone goes on with what the last template added"
            ])
        #expect(bench.text("new.test").isEmpty)
        bench.problem = nil
        outcome = try await bench.round()
        #expect(!outcome.hasFailures && bench.hosts("new.test") == 10)
    }

    /// A first template that can't be read: there is nothing to lose, the built-in text goes on.
    @Test func theBuiltInTextGoesOn() async throws {
        let bench = Bench(lines: nil)
        var outcome = try await bench.round()
        bench.lines = []
        bench.problem = "it is gone"
        bench.world.tamper("zone.test", nil)
        let edge = try bench.turnOut(outcome)
        outcome = try await bench.roundsWithout(edge)
        #expect(outcome.hasFailures && outcome.failures.isEmpty)
        #expect(!bench.text().contains(edge) && bench.text().contains(" A 192.0.2."))
        #expect(!bench.text().contains("earlier zone template"))
    }

    /// Parameters and includes go out too, and what can't stand beside an include is given up and named.
    @Test func includesGoOut() async throws {
        let bench = Bench(lines: Self.hosts)
        try await bench.round()
        bench.problem = "it is gone"
        bench.world.setInclude("zone.test", "h1 600 IN CNAME other.test.\n@ 600 IN TXT \"y\"\n")
        bench.settings.dns.rotatedLabels = ["www", "h2", "h3"]
        let outcome = try await bench.round()
        #expect(bench.hosts() == 9 && bench.text().contains("h1 600 IN CNAME other.test."))
        #expect(
            bench.text().contains("h3 300 IN A 192.0.2.") || bench.text().contains("h3 60 IN A"))
        #expect(
            outcome.report.warnings.contains {
                $0.hasSuffix("rotated names: h1.zone.test. TXT \"h\"")
            },
            "\(outcome.report.warnings)")
        #expect(try await bench.round().report.written.isEmpty)
        bench.problem = nil
        // The include and the template contradict each other now.
        let mended = try await bench.round()
        #expect(mended.hasFailures && bench.hosts() == 9)
        bench.world.setInclude("zone.test", "@ 600 IN TXT \"y\"\n")
        #expect(!(try await bench.round().hasFailures))
        #expect(bench.hosts() == 10)
    }

    /// A delegation whose server's address can stand is kept with it, whatever else can't.
    @Test func aDelegationStandsWithItsAddress() async throws {
        let bench = Bench(
            lines: Self.hosts + ["d 60 IN NS z.zone.test.", "z 60 IN A 198.51.100.7"])
        try await bench.round()
        bench.problem = "it is gone"
        bench.world.setInclude(
            "zone.test", "h1 600 IN CNAME o.test.\nh4 600 IN CNAME o.test.\n@ 600 IN TXT \"x\"\n")
        let outcome = try await bench.round()
        #expect(bench.hosts() == 8)
        #expect(bench.text().contains("\nd.zone.test. 60 IN NS z.zone.test.\n"))
        #expect(bench.text().contains("\nz.zone.test. 60 IN A 198.51.100.7\n"))
        #expect(
            outcome.report.warnings.contains {
                $0.contains("goes on without 2 records") && $0.contains("h4.zone.test. TXT")
            })
    }
}
