import Foundation
import Testing

/// A pair of writers of which one sleeps between any two steps, and loses its lock meanwhile (I5, I24).
@Suite(.enabled(if: CallFaults.isPossible, "libcallfaults.so is not built"))
struct WriterTests {
    /// What one of them wants in the zone.
    private static func include(_ word: String, _ bench: CommandBench) throws {
        try bench.write("includes/web/example.test.zone", "revision 60 IN TXT \"\(word)\"\n")
    }

    /// Removes the locks as a helpful operator would: the one writer is no longer alone.
    private static func removeLocks(_ bench: CommandBench) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: bench.directory)
        where name.hasSuffix(".lock") { try bench.remove(name) }
    }

    /// Nothing older comes over what a whole round published while the other slept, wherever it slept.
    @Test func aSleepingWriterPublishesNothingStale() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            try Self.include("counted", bench)
            let counted = try await bench.disturbed(.nothing, at: 0, CrashTests.round)
            #expect(counted.ending.status == 0, "\(counted.ending.everything)")
            try await bench.whileReading {
                for place in Sweep.places(20, of: counted.calls.count) {
                    try await Self.sleepAt(place, bench)
                }
            }
        }
    }

    private static func sleepAt(_ place: Int, _ bench: CommandBench) async throws {
        try include("old \(place)", bench)
        let door = bench.path("door-\(place)")
        let sleeper = try bench.startDisturbed(.pause(door), at: place, of: .file, CrashTests.round)
        async let slept = bench.ending(sleeper)
        try await bench.wait {
            bench.has("door-\(place).paused") || kill(sleeper.id, 0) != 0
        }
        try removeLocks(bench)
        try include("new \(place)", bench)
        let other = try bench.start(CrashTests.round)
        async let round = other.ending()
        // It may have to wait for what the sleeper holds: the database, the zones' directory.
        let deadline = ContinuousClock.now + .seconds(1)
        try await bench.wait { kill(other.id, 0) != 0 || ContinuousClock.now > deadline }
        let newest = kill(other.id, 0) != 0 ? bench.text("zones/example.test.zone") : nil
        try bench.write("door-\(place).go", "")
        let (sleepersRun, othersEnd) = await (slept, round)
        let what = "sleep at \(sleepersRun.disturbed ?? "no call, \(place)")"
        #expect([0, 1].contains(sleepersRun.ending.status), "\(sleepersRun.ending.everything)")
        #expect([0, 1].contains(othersEnd.status), "\(what): \(othersEnd.everything)")
        let found = bench.text("zones/example.test.zone")
        if othersEnd.status == 0 {
            #expect(found.contains("\"new \(place)\""), "\(what): \(othersEnd.everything)\(found)")
        }
        if othersEnd.status == 0, let newest {
            #expect(found == newest, "\(what): it was \(newest)")
        }
        try await bench.round()
        let last = try bench.published()
        #expect(last.text.contains("\"new \(place)\""), "after \(what)")
    }

    /// The place that no lock file and no comparison covers: between the comparison and the rename the
    /// zones' directory itself is locked, and nobody can remove that.
    @Test func theRenameIsFenced() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            try Self.include("counted", bench)
            let counted = try await bench.disturbed(.nothing, at: 0, CrashTests.round)
            let place = try #require(
                counted.calls.firstIndex { $0.contains(" renameat example.test.zone") })
            try await Self.sleepAt(place + 1, bench)
        }
    }
}
