import Testing

/// `edgemanage simulate`, as operators start it.
@Suite struct SimulateCommandTests {
    @Test func aSeedIsToldInNumbers() async throws {
        try await CommandBench.with(edges: 1) { bench in
            let ending = try await bench.run("simulate", "--seed", "3", "--rounds", "20")
            #expect(ending.status == 0, "\(ending.everything)")
            #expect(ending.output.contains("1 seed, "))
            #expect(ending.output.contains("0 violations: with 95 % confidence fewer than "))
            let line = try await bench.run("simulate", "--seed", "3", "--rounds", "20", "--json")
            #expect(line.output.hasPrefix("{\"seeds\": 1, "))
            #expect(line.output.split(separator: "\n").count == 1)
        }
    }

    @Test func aStoryIsToldWhenAsked() async throws {
        try await CommandBench.with(edges: 1) { bench in
            let ending = try await bench.run(
                "simulate", "--seed", "3", "--rounds", "5", "--story")
            #expect(
                ending.status == 0 && ending.output.hasPrefix("-- ")
                    || ending.output.contains("\nround "))
        }
    }

    @Test(arguments: [
        ["--seeds", "0"], ["--rounds", "0"], ["--hours", "-1"], ["--hours", "nan"],
        ["--for", "soon"], ["--jobs", "0"], ["--seed", "one"],
    ])
    func whatCantBeRunIsWrongUsage(arguments: [String]) async throws {
        try await CommandBench.with(edges: 1) { bench in
            // A word that begins with a sign belongs to its option only when written with it.
            let ending = try await bench.start(
                ["simulate", arguments.joined(separator: "=")]
            ).ending()
            #expect(ending.status == 2, "\(ending.everything)")
            #expect(!ending.errors.isEmpty)
        }
    }
}
