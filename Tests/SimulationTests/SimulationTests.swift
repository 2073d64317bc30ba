import EdgeSimulation
import EdgeTesting
import Foundation
import Testing

/// Rounds of the production core and shell, in virtual time, every invariant after each: some seeds of the many that
/// script/simulate runs in a release build.
@Suite struct SimulationTests {
    /// 8 seeds from 1 on; EDGEMANAGE_SEEDS asks for more, EDGEMANAGE_FIRST_SEED for others, EDGEMANAGE_SEED
    /// for one alone, with its story.
    static let seeds: [UInt64] = {
        if let one { return [one] }
        let first = number("EDGEMANAGE_FIRST_SEED") ?? 1
        return Array(first..<first + max(1, number("EDGEMANAGE_SEEDS") ?? 8))
    }()

    static let one = number("EDGEMANAGE_SEED")

    private static func number(_ variable: String) -> UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap(UInt64.init)
    }

    /// At most 32 side by side: each has two threads that may stand still, and Dispatch has no more than 255.
    static let batches: [[UInt64]] = {
        let size = (seeds.count + 31) / 32
        return stride(from: 0, to: seeds.count, by: size).map {
            Array(seeds[$0..<min($0 + size, seeds.count)])
        }
    }()

    @Test(arguments: batches)
    func everyInvariantHolds(seeds: [UInt64]) async {
        for seed in seeds {
            var simulation = Simulation(seed: seed, tellsStory: Self.one != nil)
            let report = await simulation.run(rounds: 200)
            #expect(
                report.violations.isEmpty,
                "\(report.violations.map(\.description).joined(separator: "\n"))")
            if Self.one != nil { print(report.story.joined(separator: "\n")) }
        }
    }

    /// I20: the same seed gives the same bytes, the log's lines among them.
    @Test func isDeterministic() async {
        #expect(await Self.digests() == Self.digests())
    }

    /// I20 between processes: the order of sets and dictionaries differs in each.
    @Test func isDeterministicBetweenProcesses() async throws {
        let ending = try #require(
            await #expect(
                processExitsWith: .success, observing: [\.standardOutputContent]
            ) {
                let digests = await SimulationTests.digests()
                print("digests \(digests) end")
            })
        let output = String(decoding: ending.standardOutputContent, as: UTF8.self)
        let here = await Self.digests()
        #expect(output.contains("digests \(here) end"), "\(output) there, \(here) here")
    }

    /// Digests of short runs of several seeds: files, updates, several name servers, second writers.
    static func digests() async -> [UInt64] {
        var digests: [UInt64] = []
        for seed: UInt64 in 1...6 {
            var simulation = Simulation(seed: seed, makesDigest: true)
            digests.append(await simulation.run(rounds: 60).digest)
        }
        return digests
    }
}
