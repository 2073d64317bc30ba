import EdgeLoopback
import Foundation
import Testing

/// Files that somebody is in the middle of writing when a round reads them.
@Suite struct HalfWrittenFileTests {
    private static let include = "includes/web/example.test.zone"
    private static let round = ["run", "-c", "edgemanage.yaml", "--force"]

    private func with(_ body: (CommandBench) async throws -> Void) async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configure()
            try await bench.begin()
            try await body(bench)
        }
    }

    /// Writes as a slow writer does: the file keeps its inode.
    private func write(_ text: String, to name: String, _ bench: CommandBench) throws {
        let handle = try FileHandle(forWritingTo: URL(filePath: bench.path(name)))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    private func age(_ name: String, by seconds: Double, _ bench: CommandBench) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -seconds)],
            ofItemAtPath: bench.path(name))
    }

    /// `192.0.2.2` of `192.0.2.25` reads well, and is another address.
    @Test func aTornLastLineIsNotPublished() async throws {
        try await with { bench in
            let zone = try bench.published()
            try write("@ 3600 IN MX 10 mail\nmail 3600 IN A 192.0.2.2", to: Self.include, bench)
            let torn = try await bench.round()
            #expect(
                torn.output.contains("example.test.zone: it is taken for half-written until"),
                "\(torn.everything)")
            #expect(try bench.published() == zone)
            try write(
                "@ 3600 IN MX 10 mail\nmail 3600 IN A 192.0.2.26\n", to: Self.include, bench)
            try await bench.round()
            #expect(try bench.published().text.contains("192.0.2.26"))
        }
    }

    /// Editors that end no line: it is taken up all the same, also by a clock that is behind.
    @Test(arguments: [11.0, -3600])
    func aLineThatIsNotGoneOnWithCounts(age seconds: Double) async throws {
        try await with { bench in
            try write("mail 3600 IN A 192.0.2.77", to: Self.include, bench)
            try age(Self.include, by: seconds, bench)
            try await bench.round()
            #expect(try bench.published().text.contains("192.0.2.77"))
        }
    }

    @Test(arguments: ["", "\n \t\r\n"])
    func anEmptiedIncludeIsNotPublished(text: String) async throws {
        try await with { bench in
            let zone = try bench.published()
            try write(text, to: Self.include, bench)
            let round = try await bench.round()
            #expect(
                round.output.contains("example.test.zone has become empty: write a comment"),
                "\(round.everything)")
            #expect(try bench.published() == zone)
            let status = try await bench.status()
            #expect(status.troubles.contains { $0.contains("was not accepted") })
            try write("; nothing of its own\n", to: Self.include, bench)
            try await bench.round()
            #expect(try !bench.published().text.contains("192.0.2.25"))
        }
    }

    /// An address cut short would take an edge out: the round waits until the line is ended.
    @Test func aRoundWaitsForAListThatIsBeingWritten() async throws {
        try await with { bench in
            let zone = try bench.published()
            let names = bench.edges.map(\.address)
            // The second edge, which is live, is the last and has lost its last digit.
            let order = [names[0], names[2], names[3], names[1]].joined(separator: "\n")
            try write(String(order.dropLast()), to: "edges/web", bench)
            let child = try bench.start(Self.round)
            do {
                try await bench.wait {
                    bench.text("edgemanage.log").contains(
                        "the edge list edges/web: it is taken for half-written until")
                }
                try write(order + "\n", to: "edges/web", bench)
            } catch {
                child.kill()
                _ = await child.ending()
                throw error
            }
            let ending = await child.ending()
            #expect(ending.status == 0, "\(ending.everything)")
            #expect(try bench.published() == zone, "\(ending.everything)")
        }
    }
}
