import EdgeTesting
import Testing

/// Thousands of rounds of the production core and shell, in virtual time, every invariant after each.
@Suite(.serialized) struct SimulationTests {
    @Test(arguments: (1...60).map { UInt64($0) })
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
