import EdgeTesting
import Foundation
import Testing

/// Thousands of rounds of the production core and shell, in virtual time, every invariant after each.
@Suite(.serialized) struct SimulationTests {
    /// 60 seeds; EDGEMANAGE_SEEDS asks for more.
    static let seeds: [UInt64] = {
        let asked = ProcessInfo.processInfo.environment["EDGEMANAGE_SEEDS"].flatMap(Int.init)
        return (1...max(1, asked ?? 60)).map { UInt64($0) }
    }()

    @Test(arguments: seeds)
    func everyInvariantHolds(seed: UInt64) async {
        var simulation = Simulation(seed: seed)
        let report = await simulation.run(rounds: 200)
        #expect(
            report.violations.isEmpty,
            "\(report.violations.map(\.description).joined(separator: "\n"))")
    }

    /// I20: the same seed gives the same bytes.
    @Test func isDeterministic() async {
        var first = Simulation(seed: 7)
        var second = Simulation(seed: 7)
        let digests = (await first.run(rounds: 150).digest, await second.run(rounds: 150).digest)
        #expect(digests.0 == digests.1)
    }
}
