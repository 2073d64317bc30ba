import Foundation
import Testing

/// When a published file gets its time: a power loss must leave it the one that it was given.
@Suite(.enabled(if: Tracing.isPossible, "strace is missing here or may not trace"))
struct FileTimeTests {
    /// The predecessor is from the future, so that the new file's time is set: before the file is made
    /// durable and put in place.
    @Test func theTimeIsMadeDurableWithTheFile() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            let file = bench.path("zones/example.test.zone")
            let future = Date(timeIntervalSinceNow: 86_400)
            try FileManager.default.setAttributes([.modificationDate: future], ofItemAtPath: file)
            let ending = try await bench.traced(
                ["-y", "-e", "trace=utimensat,fsync,syncfs,renameat,renameat2"],
                ["run", "-c", "edgemanage.yaml", "--force", "--force-update"],
                into: "\(bench.directory).trace")
            #expect(ending.status == 0, "\(ending.everything)")
            let calls = bench.text("\(bench.directory).trace").split(separator: "\n")
                .filter { $0.contains(".edgemanage-example.test") }
                .compactMap {
                    $0.split(separator: " ", omittingEmptySubsequences: true).last {
                        $0.contains("(")
                    }
                }
                .map { $0.prefix { $0 != "(" } }
            try bench.remove("\(bench.directory).trace")
            #expect(calls == ["utimensat", "fsync", "renameat"])
            let time = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate]
            #expect(try #require(time as? Date) > future)
        }
    }
}
