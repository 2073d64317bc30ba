import EdgeCore
import Testing

@Suite struct ProbeSpreadTests {
    /// What the interval leaves when the slowest probe is through, and half of it at least.
    @Test(arguments: [(60, 15, 42.0), (60, 10, 45), (10, 15, 5), (1, 3, 0.5), (3600, 15, 45)])
    func lengthLeavesTimeForTheSlowest(interval: Int, longest: Int, length: Double) {
        let spread = ProbeSpread.length(interval: .seconds(interval), longest: .seconds(longest))
        #expect(spread == .seconds(length))
    }

    @Test func eachProbeBeginsInItsOwnSlot() {
        for count in [1, 2, 7, 1000] {
            let starts = ProbeSpread(over: .seconds(10), seed: 7).starts(count)
            #expect(starts.count == count)
            for (index, start) in starts.enumerated() {
                let slot = Duration.seconds(10) / count
                #expect(start >= slot * index && start <= slot * (index + 1))
            }
        }
    }

    @Test func theSeedDecidesAlone() {
        let starts = ProbeSpread(over: .seconds(10), seed: 7).starts(20)
        #expect(starts == ProbeSpread(over: .seconds(10), seed: 7).starts(20))
        #expect(starts != ProbeSpread(over: .seconds(10), seed: 8).starts(20))
    }

    @Test func nothingIsSpreadOverNoTime() {
        #expect(ProbeSpread(over: .zero, seed: 7).starts(3) == [.zero, .zero, .zero])
        #expect(ProbeSpread(over: .seconds(1), seed: 7).starts(0).isEmpty)
    }
}
