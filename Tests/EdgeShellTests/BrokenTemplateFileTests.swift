import EdgeCore
import EdgeShell
import EdgeSimulation
import EdgeTesting
import Testing

/// A zone template that can't be used, and a zone's file, which alone tells what it added, is not as it was.
@Suite struct BrokenTemplateFileTests {
    typealias Bench = TemplateBench

    private static let hosts = (1...10).map { "h\($0) 300 IN TXT \"h\"" }

    /// The file is gone: the zone is held, and said, as long as its addresses are right, and goes out without
    /// what nobody knows as soon as one of them must leave.
    @Test(arguments: [nil, "garbage\n"] as [String?])
    func aLostFileKeepsNoDeadEdge(text: String?) async throws {
        let bench = Bench(lines: Self.hosts)
        var outcome = try await bench.round()
        bench.problem = "it is gone"
        bench.world.tamper("zone.test", text.map { Array($0.utf8) })
        outcome = try await bench.round()
        #expect(outcome.report.written.isEmpty && bench.text() == text ?? "")
        #expect(
            outcome.failures["zone.test"]
                == "the zone template can't be read, and its file can't be read, which told what the last "
                + "template added: it is published without that as soon as it must lose an address; mend "
                + "the template")
        let edge = try bench.turnOut(outcome)
        outcome = try await bench.roundsWithout(edge)
        #expect(outcome.hasFailures && outcome.failures.isEmpty)
        #expect(
            outcome.troubles.contains(
                "zone zone.test: the zone template can't be read, and its file can't be read, which told "
                    + "what the last template added: it is published without that before the template is "
                    + "mended"))
        #expect(!bench.text().contains(edge) && bench.text().contains(" A 192.0.2."))
        #expect(bench.hosts() == 0)
        bench.problem = nil
        outcome = try await bench.round()
        #expect(!outcome.hasFailures && bench.hosts() == 10)
    }

    /// Whoever insists gets the zone without them at once.
    @Test func aForcedUpdateAsksForNothing() async throws {
        let bench = Bench(lines: Self.hosts)
        try await bench.round()
        bench.problem = "it is gone"
        bench.world.tamper("zone.test", nil)
        let outcome = try await bench.round(forces: true)
        #expect(outcome.report.written == ["zone.test"] && outcome.hasFailures)
        #expect(bench.hosts() == 0 && bench.text().contains(" A 192.0.2."))
    }

    /// An older file, or an edited one: what it has beside the generated records goes on, with the present
    /// addresses, and that is said.
    @Test func anotherFileGivesWhatItHas() async throws {
        let bench = Bench(lines: Self.hosts + ["* 60 IN LIVE"])
        var outcome = try await bench.round()
        let old = bench.text()
        let first = try bench.turnOut(outcome)
        outcome = try await bench.roundsWithout(first)
        bench.problem = "it is gone"
        bench.world.tamper("zone.test", Array(old.utf8))
        outcome = try await bench.round()
        #expect(outcome.report.written == ["zone.test"] && outcome.failures.isEmpty)
        #expect(!bench.text().contains(" \(first)\n") && bench.hosts() == 10)
        #expect(
            outcome.report.warnings == [
                "zone zone.test's file is not the one that was published: until the zone template is mended "
                    + "it goes on with the records beside the generated ones that stand there"
            ])
        let serial = bench.serial()
        outcome = try await bench.round()
        #expect(bench.serial() == serial && outcome.report.warnings.isEmpty)
    }

    /// A touched file is ours: nothing is written.
    @Test func aTouchedFileIsAdopted() async throws {
        let bench = Bench(lines: Self.hosts)
        try await bench.round()
        bench.problem = "it is gone"
        let published = bench.text()
        bench.world.tamper("zone.test", Array(published.utf8))
        var outcome = try await bench.round()
        #expect(outcome.report.written.isEmpty && outcome.report.warnings.isEmpty)
        bench.problem = nil
        outcome = try await bench.round()
        #expect(outcome.settlements.isEmpty && bench.text() == published)
    }

    /// A database that knows nothing of the zone: its file does.
    @Test func aLostDatabaseKeepsNoDeadEdge() async throws {
        let bench = Bench(lines: Self.hosts)
        var outcome = try await bench.round()
        bench.store = InMemoryStore()
        bench.problem = "it is gone"
        outcome = try await bench.round()
        let edge = try bench.turnOut(outcome)
        outcome = try await bench.roundsWithout(edge)
        #expect(outcome.hasFailures && outcome.failures.isEmpty, "\(outcome.failures)")
        #expect(!bench.text().contains(" \(edge)\n") && bench.hosts() == 10)
        // Without the template what it added is not lost unasked either.
        bench.problem = nil
        bench.lines = nil
        outcome = try await bench.round()
        #expect(outcome.report.holds.count == 1 && bench.hosts() == 10)
        bench.lines = Self.hosts
        outcome = try await bench.round()
        #expect(outcome.report.holds.isEmpty && !outcome.hasFailures && bench.hosts() == 10)
    }
}
