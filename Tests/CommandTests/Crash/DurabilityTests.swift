import Foundation
import Testing

/// In which order a round makes things durable: what a power loss leaves is old or new, never a name without
/// its content (I2, I22). No test can cut the power; this one reads the calls.
@Suite(.enabled(if: Tracing.isPossible, "strace is missing here or may not trace"))
struct DurabilityTests {
    /// A call and the path that it is about: the new name of a rename.
    private struct Call: Hashable {
        var name: String
        var path: String
    }

    /// The calls that write at a place, make durable or rename, in their order, of a run that writes all zones anew.
    private func calls(_ bench: CommandBench) async throws -> [Call] {
        let trace = "\(bench.directory).trace"
        let ending = try await bench.traced(
            ["-y", "-e", "trace=pwrite64,fsync,fdatasync,syncfs,renameat,renameat2"],
            ["run", "-c", "edgemanage.yaml", "--force", "--force-update"], into: trace)
        #expect(ending.status == 0, "\(ending.everything)")
        let text = bench.text(trace)
        try bench.remove(trace)
        return text.split(separator: "\n").compactMap { line in
            guard let open = line.firstIndex(of: "("), !line.contains("resumed") else { return nil }
            let name = line[..<open].split(separator: " ").last.map(String.init) ?? ""
            let path =
                name.hasPrefix("rename")
                ? line.split(separator: "\"").dropFirst(2).first { $0.hasSuffix(".zone") }
                : line.split(separator: "<").dropFirst().first?.split(separator: ">").first
            return path.map { Call(name: name, path: String($0)) }
        }
    }

    private func check(_ calls: [Call], files: (Call) -> Bool) throws {
        let renames = calls.indices.filter { calls[$0].name.hasPrefix("rename") }
        let (first, last) = (try #require(renames.first), try #require(renames.last))
        // The log's header is made durable in any case: what counts is its last word.
        let intent = try #require(calls[..<first].last { $0.path.hasSuffix("-wal") })
        #expect(intent.name != "pwrite64", "the database is durable before the first rename")
        let isWritten = calls[..<first].contains { files($0) }
        #expect(isWritten, "files are durable before they get their names")
        #expect(
            calls[last...].contains { $0.name == "fsync" && $0.path.hasSuffix("/zones") },
            "names are durable in the end")
    }

    @Test func aFewZonesAreMadeDurableOneByOne() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            try check(try await calls(bench)) {
                $0.name == "fsync" && $0.path.contains(".edgemanage-example.test")
            }
        }
    }

    /// Beyond 64 one call for the file system is quicker than one for each file (decisions/zone-durability.md).
    @Test func manyZonesAreMadeDurableTogether() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            for number in 0..<70 {
                try bench.write("includes/web/z\(number).test.zone", "@ IN TXT \"x\"\n")
            }
            try await bench.begin()
            try check(try await calls(bench)) { $0.name == "syncfs" && $0.path.hasSuffix("/zones") }
        }
    }
}
