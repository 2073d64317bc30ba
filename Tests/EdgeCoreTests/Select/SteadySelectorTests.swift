import EdgeTesting
import Testing

@testable import EdgeCore

/// Choosing by the steady judge's standings: edges are written `name:standing:rank`, with a `!` behind the standing
/// when the last round failed.
@Suite struct SteadySelectorTests {
    static func select(_ candidates: String, live: String, count: Int) -> Selection {
        let live = live.split(separator: " ").map { EdgeName($0)! }
        let selector = Selector(
            settings: SelectionSettings(liveCount: count), keep: .threshold,
            candidates: candidates.split(separator: " ").map { candidate(String($0), live: live) },
            published: live, holdsHealth: false, now: SelectorTests.now)
        return selector.select(
            budget: RotationBudget(log: [], limit: 100, now: SelectorTests.now))
    }

    private static func candidate(_ text: String, live: [EdgeName]) -> Candidate {
        let parts = text.split(separator: ":").map(String.init)
        let words: [String: (Standing, Health)] = [
            "up": (.up, .passThreshold), "up!": (.up, .fail), "up429": (.blocked, .passWindow),
            "clean": (.recovering, .passAverage), "slow": (.answering, .pass),
            "dead": (.failing, .fail), "wrong": (.failing, .fail),
        ]
        let (standing, health) = words[parts[1]]!
        let name = EdgeName(parts[0])!
        return Candidate(
            name: name, health: health, reason: .failed(.refused), isMismatch: parts[1] == "wrong",
            steady: SteadyPlace(
                standing: standing, rank: parts.count > 2 ? Double(parts[2])! : 1,
                keepsItsPlace: parts[1].hasPrefix("up") || standing == .recovering,
                isLive: live.contains(name)))
    }

    @Test(arguments: [
        // Whoever is up stays, however well others do.
        ("a:up:9 b:up:9 c:up:1", "a b", 2, "a b"),
        ("a:up!:9 b:up429:9 c:up:1", "a b", 2, "a b"),
        ("a:clean:9 b:up:9 c:up:1", "a b", 2, "a b"),
        // Free places: by standing, then by rank, then by name.
        ("a:dead b:up c:up:3 d:up:2", "a b", 2, "b d"), ("a:dead c:up d:up", "a", 1, "c"),
        ("a:dead b:up c:clean:1 d:up:5", "a b", 2, "b d"),
        ("a:dead b:up c:clean:2 d:clean:1", "a b", 2, "b d"),
        ("a:dead b:up c:slow:1 d:clean:9", "a b", 2, "b d"),
        ("a:dead b:up c:up429:1 d:clean:9", "a b", 2, "b d"),
        ("a:dead b:up c:slow:1 d:up429:9", "a b", 2, "b d"),
        // Nobody is exchanged for his like, but for somebody better.
        ("a:clean:9 b:up c:clean:1", "a b", 2, "a b"), ("a:slow:9 b:up c:slow:1", "a b", 2, "a b"),
        ("a:slow:1 b:up c:clean:9", "a b", 2, "b c"), ("a:dead b:up c:slow:9", "a b", 2, "b c"),
        // An edge that failed in this round is nobody's replacement.
        ("a:dead b:up c:up!:1 d:slow:9", "a b", 2, "b d"), ("a:dead b:up c:up!", "a b", 2, "a b"),
        // Wrong content leaves for nobody.
        ("a:wrong b:up c:up", "a b c", 3, "b c"),
    ])
    func chooses(candidates: String, live: String, count: Int, expected: String) {
        let selection = Self.select(candidates, live: live, count: count)
        #expect(SelectorTests.names(selection) == expected)
        for (name, reason) in selection.reasons {
            #expect(reason.isLive == selection.live.contains(name), "\(name): \(reason)")
        }
    }

    @Test func aFailedRoundThatIsNotEnoughIsSaid() {
        let selection = Self.select("a:up! b:up", live: "a b", count: 2)
        #expect(selection.reasons["a"] == .endures("refused the connection"))
        #expect(
            selection.reasons["a"]?.description
                == "refused the connection; stays, since that is not yet enough to go down")
    }
}
