import EdgeTesting
import Testing

@testable import EdgeCore

/// What `check` says of capacities and the load.
@Suite struct CapacityReviewTests {
    private func review(
        _ capacities: [EdgeName: Double], others: Double? = nil, load: Double?, live: Int
    ) -> CapacityReview {
        CapacityReview(
            SelectionSettings(
                liveCount: live,
                capacity: CapacitySettings(edges: capacities, others: others, load: load)),
            edges: ["e1", "e2", "e3", "e4"])
    }

    @Test func enoughIsSaidInShares() {
        let well = review(["e1": 400], others: 200, load: 300, live: 3)
        #expect(well.warnings.isEmpty)
        #expect(
            well.summary
                == "the load is 50 % of what the smallest 3 edges can carry, 75 % without one of them"
        )
        let one = review(["e1": 400], others: 200, load: 150, live: 1)
        #expect(one.summary == "the load is 75 % of what the smallest 1 edge can carry")
    }

    @Test func tooLittleWithOneDownIsSaid() {
        let tight = review([:], others: 100, load: 250, live: 3)
        #expect(tight.summary == nil)
        #expect(
            tight.warnings == [
                "the smallest 2 edges can carry 200 together, and the load is 250: too little while one of 3 "
                    + "is down; keep more edges live, or larger ones"
            ])
        // Exactly enough is enough.
        #expect(review([:], others: 100, load: 200, live: 3).warnings.isEmpty)
    }

    @Test func anEdgeTooSmallForItsShareIsSaid() {
        let uneven = review(["e1": 400, "e2": 400, "e3": 400, "e4": 50], load: 200, live: 3)
        #expect(
            uneven.warnings == [
                "DNS spreads the load of 200 evenly, 66.667 to each of 3 live edges: too much for e4, which "
                    + "can carry 50; keep more edges live, or leave it out"
            ])
        let all = review(["e1": 40, "e2": 50], others: 60, load: 300, live: 3)
        #expect(all.warnings.count == 2)
        #expect(all.warnings[0].contains("e1, which can carry 40 (and 3 more edges);"))
        #expect(all.warnings[1].contains("the smallest 3 edges can carry 150 together"))
        #expect(all.warnings[1].contains("too little even while all are well"))
    }

    @Test func namesThatAreNotInTheListAreSaid() {
        let gone = review(["e5": 1, "e1": 2], load: nil, live: 2)
        #expect(
            gone.warnings == [
                "capacity names e5, which is not in the edge list; take it out, or write e1"
            ])
        #expect(gone.summary == nil)
        #expect(review([:], load: nil, live: 2) == review(["e1": 1], load: nil, live: 2))
    }

    /// An edge without a number counts as the smallest that is named.
    @Test func unnamedEdgesCountAsTheSmallest() {
        let capacity = CapacitySettings(edges: ["e1": 3, "e2": 2])
        #expect(capacity["e1"] == 3 && capacity["e9"] == 2 && !capacity.isEven)
        #expect(CapacitySettings(edges: ["e1": 3], others: 9)["e9"] == 9)
        #expect(CapacitySettings()["e1"] == 1 && CapacitySettings(others: 4).isEven)
    }
}
