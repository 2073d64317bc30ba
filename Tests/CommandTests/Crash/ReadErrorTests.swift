import EdgeLoopback
import Foundation
import Testing

/// Reads of a healthy database that the system fails (EIO): SQLite calls that "malformed", and nothing may be
/// lost by it (I23).
@Suite(.enabled(if: Tracing.isPossible, "strace can't trace here"))
struct ReadErrorTests {
    private static let round = ["run", "-c", "edgemanage.yaml", "--force", "-q"]

    /// The database and its log, alone of all that is read.
    private static func files(_ bench: CommandBench) -> [String] {
        ["-P", bench.path("edgemanage.db"), "-P", bench.path("edgemanage.db-wal")]
    }

    private static func inject(_ when: String, _ bench: CommandBench) -> [String] {
        files(bench) + ["-e", "trace=pread64", "-e", "inject=pread64:error=EIO:when=\(when)"]
    }

    private func with(_ body: (CommandBench) async throws -> Void) async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            let edge = bench.edges[0].address
            _ = try await bench.command("edge", "set", "unavailable", edge, "-m", "disk")
            try await body(bench)
        }
    }

    private func expectAll(_ bench: CommandBench, _ what: String) async throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: bench.directory)
        #expect(!names.contains { $0.contains(".corrupt-") }, "\(what): \(names)")
        let status = try await bench.status()
        #expect(status.edges.contains { $0.mode == "unavailable" }, "\(what): the mode is lost")
    }

    @Test func oneFailedReadSetsNothingAside() async throws {
        try await with { bench in
            let counted = try await bench.traced(
                Self.files(bench) + ["-e", "trace=pread64"], Self.round,
                into: bench.path("trace"))
            #expect(counted.status == 0, "\(counted.everything)")
            let reads = bench.text("trace").split(separator: "\n").count
            #expect(reads > 10, "\(reads)")
            for place in Sweep.places(12, of: reads) {
                let run = try await bench.traced(Self.inject("\(place)", bench), Self.round)
                let what = "read \(place) of \(reads): \(run.everything)"
                #expect([0, 1].contains(run.status), "\(what)")
                try await expectAll(bench, what)
            }
            try await bench.round()
        }
    }

    /// A disk that can't be read any more: the round is refused and says why, and all is there once it can.
    @Test func aDiskThatCantBeReadIsNoDamage() async throws {
        try await with { bench in
            for place in [1, 3, 6, 12] {
                let run = try await bench.traced(Self.inject("\(place)+", bench), Self.round)
                #expect(run.status == 1, "\(run.everything)")
                #expect(
                    run.errors.contains("nput/output error")
                        || run.errors.contains("disk I/O error"), "\(place): \(run.everything)")
                try await expectAll(bench, "all reads from \(place) on: \(run.everything)")
            }
            try await bench.round()
        }
    }

    /// Who only reads calls it no damage either.
    @Test func aReaderCallsItNoDamage() async throws {
        try await with { bench in
            for place in ["2", "4", "4+"] {
                let status = try await bench.traced(
                    Self.inject(place, bench), ["status", "-c", "edgemanage.yaml"])
                #expect(
                    !status.everything.contains("is damaged"), "\(place): \(status.everything)")
                try await expectAll(bench, place)
            }
        }
    }
}
