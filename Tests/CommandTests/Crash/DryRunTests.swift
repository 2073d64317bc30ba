import Foundation
import Testing

/// What must change nothing, watched by strace (I21).
@Suite(.enabled(if: Tracing.isPossible, "strace is missing here or may not trace"))
struct DryRunTests {
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
