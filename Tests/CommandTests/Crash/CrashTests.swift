import Foundation
import Testing

/// Killed or refused at system calls, one after the other (I2, I22, I26).
@Suite(.enabled(if: Tracing.isPossible, "strace is missing here or may not trace"))
struct CrashTests {
    static let round = ["run", "-c", "edgemanage.yaml", "--force"]

    /// The call and how many places of it are tried at most.
    @Test(arguments: [
        ("renameat", 10), ("rename", 10), ("unlink", 10), ("unlinkat", 10), ("fsync", 10),
        ("fdatasync", 16), ("write", 16), ("pwrite64", 24), ("openat", 24), ("ftruncate", 8),
        ("flock", 4), ("fchmod", 4), ("fcntl", 8), ("mkdir", 2),
    ])
    func killedAtACallTheNextRoundSucceeds(call: String, places: Int) async throws {
        try await sweep(call, places: places) { "inject=\(call):signal=SIGKILL:when=\($0)" }
    }

    @Test(arguments: [
        ("renameat", "ENOSPC"), ("renameat", "EIO"), ("fsync", "EIO"), ("fsync", "ENOSPC"),
        ("fdatasync", "EIO"), ("pwrite64", "ENOSPC"), ("pwrite64", "EIO"),
        ("openat", "ENOSPC"), ("openat", "EMFILE"), ("ftruncate", "EIO"),
        ("fsync", "EINTR"), ("openat", "EINTR"), ("fchmod", "EIO"), ("utimensat", "EIO"),
    ])
    func refusedCallsLeaveTheOldOrTheNew(call: String, error: String) async throws {
        try await sweep(call, places: 7) { "inject=\(call):error=\(error):when=\($0)" }
    }

    /// From one place on SQLite's disk stays full. (Zone files are written by write(2), as event
    /// loops are woken, which can't fail so: `DiskTests` fills a real disk.)
    @Test(arguments: ["pwrite64"])
    func diskThatStaysFullLosesNothing(call: String) async throws {
        try await sweep(call, places: 8) { "inject=\(call):error=ENOSPC:when=\($0)+" }
    }

    /// Disturbs one call after the other of rounds that each have a zone to publish.
    private func sweep(
        _ call: String, places: Int, injection: (Int) -> String
    ) async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            var watch = ZoneWatch(bench)
            try watch.look("the beginning")
            try watch.change()
            let found = try await bench.places(of: call, Self.round)
            try watch.look("the counted round")
            guard let found else { return }
            let step = max(1, found.count / Sweep.places(places))
            for place in stride(from: found.lowerBound, through: found.upperBound, by: step) {
                let what = "\(injection(place)) of \(found.upperBound)"
                try watch.change()
                let ending = try await bench.traced(
                    ["-e", "trace=\(call)", "-e", injection(place)], Self.round)
                #expect([0, 1, -9].contains(ending.status), "\(what): \(ending.everything)")
                try watch.look(what)
                try await watch.recover(what)
            }
        }
    }

    /// Killed while it makes its database for the first time.
    @Test(arguments: ["pwrite64", "fdatasync", "write", "renameat"])
    func killedInItsFirstRound(call: String) async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            let count = try await #require(bench.places(of: call, Self.round)).upperBound
            for place in stride(from: 1, through: count, by: max(1, count / 6)) {
                for name in try FileManager.default.contentsOfDirectory(atPath: bench.directory)
                where name.hasPrefix("edgemanage.db") { try bench.remove(name) }
                try? bench.remove("zones/example.test.zone")
                var watch = ZoneWatch(bench)
                let what = "\(call) \(place) of \(count)"
                let ending = try await bench.traced(
                    ["-e", "trace=\(call)", "-e", "inject=\(call):signal=SIGKILL:when=\(place)"],
                    Self.round)
                #expect([0, -9].contains(ending.status), "\(what): \(ending.everything)")
                try watch.look(what)
                try await watch.recover(what)
            }
        }
    }

    // MARK: Dry runs

    /// I21: no file but SQLite's own beside an existing database is opened for writing, none is
    /// renamed or removed, and no command is run.
    @Test(arguments: [false, true])
    func dryRunsChangeNothing(afterARound: Bool) async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configureOriginal()
            if afterARound {
                let round = try await bench.run(
                    "edge_manage", "-A", "web", "-c", "original.yaml", "--force")
                #expect(round.status == 0, "\(round.everything)")
                try bench.write("includes/web/example.test.zone", "new 60 IN A 192.0.2.1\n")
            }
            for arguments in [
                ["edge_manage", "-A", "web", "-c", "original.yaml", "-n", "-v"],
                ["plan", "-c", "original.yaml"], ["status", "-c", "original.yaml"],
                ["check", "-c", "original.yaml"],
                ["edge_query", "-A", "web", "-c", "original.yaml"],
            ] {
                let before = try bench.listing().filter { !Self.isSQLites($0.key) }
                let ending = try await bench.traced([], arguments, into: "\(bench.directory).trace")
                #expect(ending.status == 0, "\(ending.everything)")
                #expect(try bench.listing().filter { !Self.isSQLites($0.key) } == before)
                let trace = bench.text("\(bench.directory).trace")
                try bench.remove("\(bench.directory).trace")
                let changing = Self.changing(trace)
                #expect(changing.isEmpty, "\(arguments): \(changing)")
                #expect(trace.components(separatedBy: "execve(").count == 2, "\(arguments)")
            }
        }
    }

    private static func isSQLites(_ name: String) -> Bool {
        name.hasSuffix("-shm") || name.hasSuffix("-wal")
    }

    /// The lines of a trace that change files.
    private static func changing(_ trace: String) -> [Substring] {
        let calls = [
            "rename", "unlink", "mkdir", "rmdir", "link", "symlink", "chmod", "fchmod", "truncate",
            "utime", "mknod", "creat", "setxattr", "chown", "lchown", "flock",
        ]
        return trace.split(separator: "\n").filter { line in
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard let call = parts.last, parts.count == 2 else { return false }
            if calls.contains(where: { call.hasPrefix($0) }) { return true }
            guard call.hasPrefix("open"), !call.contains("ENOENT") else { return false }
            guard call.contains("O_WRONLY") || call.contains("O_RDWR") || call.contains("O_CREAT")
            else { return false }
            let own = ["-shm\"", "-wal\"", "/dev/null\"", "/dev/tty\""]
            return !own.contains { call.contains($0) }
        }
    }
}
