import EdgeCore
import EdgeRealServers
import EdgeTesting
import Foundation
import Testing

/// Runs that are killed while a real name server is told, and writers that meet (I2, I5, I13, I22).
@Suite(.serialized, .enabled(if: Tracing.isPossible, "strace is missing here or may not trace"))
struct InterruptedPublicationTests {
    /// Whatever was killed, the next run makes the world serve what is published.
    @Test(arguments: ["renameat", "pwrite64", "execve", "sendto"])
    func killedAtACallTheNextRunIsServed(call: String) async throws {
        try await ServerBench.with(.bind) { scene in
            let bench = scene.bench
            try await scene.begin()
            var watch = ZoneWatch(bench)
            try watch.look("the beginning")
            try watch.change()
            let found = try await bench.places(of: call, CrashTests.round)
            try watch.look("the counted round")
            guard let found else { return }
            let step = max(1, found.count / Sweep.places(6))
            for place in stride(from: found.lowerBound, through: found.upperBound, by: step) {
                let what = "\(call) \(place) of \(found.upperBound)"
                try watch.change()
                _ = try await bench.traced(
                    ["-e", "trace=\(call)", "-e", "inject=\(call):signal=SIGKILL:when=\(place)"],
                    CrashTests.round)
                try watch.look(what)
                try await scene.publish()
                let served = try await scene.served().get()
                #expect(try served.serial.value == bench.published().serial, "\(what)")
                #expect(try await scene.status().contains("serves what was published"), "\(what)")
                try await watch.recover(what)
            }
        }
    }

    /// A writer that sleeps before its rename, and lost its lock meanwhile, publishes nothing over a newer
    /// plan (I5).
    @Test func aSleepingWriterPublishesNothingStale() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            func include(_ word: String) throws {
                try bench.write(
                    "includes/web/example.test.zone", "revision 60 IN TXT \"\(word)\"\n")
            }
            try include("old")
            let sleeper = Task {
                // It sleeps while it makes the temporary file durable, its plan noted.
                try await bench.traced(
                    ["-e", "trace=fsync", "-e", "inject=fsync:delay_enter=3000000"],
                    CrashTests.round)
            }
            func names(_ folder: String) -> [String] {
                (try? FileManager.default.contentsOfDirectory(atPath: bench.path(folder))) ?? []
            }
            try await bench.wait { names("zones").contains { $0.hasSuffix(".tmp") } }
            // Somebody removes the lock: the one writer is no longer alone.
            for name in names(".") where name.hasSuffix(".lock") { try bench.remove(name) }
            try include("new")
            try await bench.round()
            #expect(names("zones").contains { $0.hasSuffix(".tmp") }, "the sleeper woke too early")
            let newest = bench.text("zones/example.test.zone")
            #expect(newest.contains("\"new\""))
            let ending = try await sleeper.value
            #expect(ending.status == 1)
            #expect(
                ending.everything.contains("a newer plan was published meanwhile"),
                "\(ending.everything)")
            #expect(bench.text("zones/example.test.zone") == newest)
        }
    }
}

/// How far sweeps go: shortly in script/test, everywhere in script/soak.
enum Sweep {
    /// Whether every place is tried.
    static var isWhole: Bool {
        ProcessInfo.processInfo.environment["EDGEMANAGE_SWEEP"] == "all"
    }

    /// So many places, or all of them.
    static func places(_ few: Int) -> Int { isWhole ? 1_000_000 : few }
}
