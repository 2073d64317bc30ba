import EdgeTesting
import Testing

@testable import EdgeCore

/// The load-cascade guard. Edges are written `name:class:capacity`, classes as in `SelectorTests`; behind a `/` stands
/// the load, where it is known.
@Suite struct LoadGuardTests {
    private static func candidates(_ text: String) -> [Candidate] {
        text.split(separator: "/")[0].split(separator: " ").map { text in
            let parts = text.split(separator: ":").map(String.init)
            var candidate = SelectorTests.candidate(parts.prefix(2).joined(separator: ":"))
            candidate.capacity = Double(parts[2])!
            return candidate
        }
    }

    private static func capacity(_ text: String) -> CapacitySettings {
        let parts = text.split(separator: "/")
        return CapacitySettings(
            edges: Dictionary(
                uniqueKeysWithValues: candidates(text).map { ($0.name, $0.capacity) }),
            load: parts.count > 1 ? Double(parts[1].split(separator: " ")[0]) : nil)
    }

    static func select(
        _ text: String, live: String, count: Int, budget: Int = 100, isStanding: Bool = false
    ) -> Selection {
        let candidates = candidates(text)
        var settings = SelectionSettings(liveCount: count, substitutionBudget: budget)
        settings.capacity = capacity(text)
        let selector = Selector(
            settings: settings, keep: .threshold, candidates: candidates,
            published: live.split(separator: " ").map { EdgeName($0)! }, holdsHealth: false,
            isStanding: isStanding, now: SelectorTests.now)
        return selector.select(
            budget: RotationBudget(log: [], limit: budget, now: SelectorTests.now))
    }

    /// An order goes by what was judged before: who is slow was weighed then, who failed gives way, and free places
    /// are filled.
    @Test(arguments: [
        ("a:p:2 b:t:2 c:t:2", "a b", 2, "a b"), ("a:x:2 b:t:2 c:t:2", "a b", 2, "b c"),
        ("a:p:2 b:t:2 c:t:2", "a b", 3, "a b c"), ("a:m:2 b:t:2 c:t:2", "a b", 2, "b c"),
    ])
    func outdoesNobodyOnTheSameEvidence(
        edges: String, live: String, count: Int, expected: String
    ) {
        let selection = Self.select(edges, live: live, count: count, isStanding: true)
        #expect(selection.live.map(\.text).joined(separator: " ") == expected)
    }

    @Test(arguments: [
        // A slow edge gives way to one that can carry as much.
        ("a:p:2 b:t:2 c:t:2", "a b", 2, "b c"), ("a:p:2 b:t:2 c:t:3", "a b", 2, "b c"),
        // It stays rather than that a smaller one takes its place, of which nobody knows whether it carries the load.
        ("a:p:2 b:t:2 c:t:0.5", "a b", 2, "a b"), ("a:p:2 c:t:0.5", "a", 1, "a"),
        // Half as much is enough, but not less than half of what edges can carry on average.
        ("a:p:2 b:t:2 c:t:1", "a b", 2, "b c"), ("a:p:2 b:t:9 c:t:1", "a b", 2, "a b"),
        // As much as one that does well with its share is enough.
        ("a:p:5 b:t:2 c:t:2", "a b", 2, "b c"), ("a:p:4 b:t:2 c:t:1", "a b", 2, "a b"),
        // Not when several are slow: then the load may be the cause.
        ("a:p:5 b:t:2 c:t:2 d:p:5", "a b d", 3, "a b d"),
        ("a:p:2 b:p:2 c:t:2 d:t:1", "a b", 2, "a c"),
        ("a:p:2 b:p:2 c:t:0.5 d:t:0.5", "a b", 2, "a b"),
        // What is too small for the slower one may do for the other.
        ("a:p:10 b:w:2 c:t:2 w:t:10", "a b w", 3, "a c w"),
        ("a:p:10 b:p:9 c:w:2 d:t:2 w:t:10", "a b c w", 4, "a b d w"),
        // Who has died or serves other content gives way to anybody.
        ("a:x:2 b:t:2 c:t:1", "a b", 2, "b c"), ("a:m:2 b:t:2 c:t:1", "a b", 2, "b c"),
        ("a:m:2 b:t:2 c:t:2", "a b c", 3, "b c"),
        // The spare that is large enough takes the place, though others of its class would come first.
        ("a:p:2 b:t:2 c:t:1 d:t:2", "a b", 2, "b d"), ("a:x:2 b:t:2 c:t:1 d:t:2", "a b", 2, "b d"),
        // One of a lower class too, as long as it is better than the slow one.
        ("a:p:2 b:t:2 c:t:0.5 d:a:2", "a b", 2, "b d"),
        ("a:p:2 b:t:2 c:t:0.5 d:x:2", "a b", 2, "a b"),
        // A slow edge that answers is better than an empty place, a small one too.
        ("a:t:2 b:t:2 c:p:2", "a b", 3, "a b c"), ("a:p:2 b:t:2 c:t:1", "a b", 3, "a b c"),
        // With a known load a smaller one will do, if it carries its share.
        ("a:p:4 b:t:2 c:t:2 / 4", "a b", 2, "b c"), ("a:p:4 b:t:2 c:t:1 / 4", "a b", 2, "a b"),
        ("a:p:4 b:p:4 c:t:2 d:t:2 / 4", "a b", 2, "a c"),
        // And if all together still carry the whole of it.
        ("a:p:9 b:t:1 c:t:2 / 4", "a b", 2, "a b"),
        // A dead edge carries nothing, so the share is larger than the live set says.
        ("a:p:4 b:x:4 c:t:2 / 4", "a b", 3, "a b c"),
        ("a:p:4 b:x:4 c:x:4 d:t:2 / 4", "a b", 2, "a d"),
        // Exactly its share is within it, whatever the last bit of a sum says.
        ("a:p:0.4 b:t:0.1 c:t:0.1 d:t:0.1 / 0.3", "a b c", 3, "b c d"),
        // Larger than before is never an objection.
        ("a:p:1 b:t:1 c:t:2 / 9", "a b", 2, "b c"),
    ])
    func keepsTheSlowRatherThanOverload(
        candidates: String, live: String, count: Int, expected: String
    ) {
        let selection = Self.select(candidates, live: live, count: count)
        #expect(SelectorTests.names(selection) == expected)
        for (name, reason) in selection.reasons {
            #expect(reason.isLive == selection.live.contains(name), "\(name): \(reason)")
        }
    }

    /// What operators read, for each reason to stay.
    @Test(arguments: [
        (
            "a:p:2 b:t:2 c:t:2 d:t:2 / 6", "a b c d", 4,
            "no better spare stands by: the other 3 would carry up to 100 % of their capacity"
        ),
        (
            "a:p:2 b:t:1.5 c:t:2 / 6", "a b c", 3,
            "no better spare stands by: the other 2 would carry up to 200 % of their capacity"
        ),
        (
            "a:p:2 b:t:2 c:t:2 d:t:2", "a b c d", 4,
            "no better spare stands by: the other 3 would carry 133 % of what they do now"
        ),
        (
            "a:p:1 b:t:1", "a b", 2,
            "no better spare stands by: the other one would carry 200 % of what it does now"
        ),
        (
            "a:p:1 b:t:1 / 1", "a b", 2,
            "no better spare stands by: the other one would carry 100 % of its capacity"
        ),
        ("a:p:1 b:x:1", "a b", 2, "no better spare stands by"),
        ("a:p:4 b:t:4 c:t:3 / 8", "a b", 2, "c in its place would carry 133 % of its capacity"),
        (
            "a:p:9 b:t:1 c:t:2 / 4", "a b", 2,
            "with c in its place the live edges would carry 133 % of their capacity"
        ),
        (
            "a:p:2 b:t:2 c:t:0.9", "a b", 2,
            "c can carry 45 % of what it can, and the load is unknown (load)"
        ),
        (
            "a:p:2 b:a:2 c:t:0.9", "a b", 2,
            "c can carry 45 % of what it can, and others are slow too: the load may be the cause"
        ),
    ])
    func saysWhy(candidates: String, live: String, count: Int, words: String) {
        let selection = Self.select(candidates, live: live, count: count)
        #expect(
            selection.reasons["a"]?.description == "refused the connection; stays, since \(words)")
        #expect(selection.reasons["a"]?.isReprieve == true && selection.live.contains("a"))
    }

    /// What the guard refused is told as everything is that would have happened, and spends nothing.
    @Test func whatItRefusesIsToldAndSpendsNothing() {
        let selection = Self.select("a:p:2 b:t:2 c:t:0.5", live: "a b", count: 2)
        #expect(selection.heldBack == ["a"] && selection.budget.recent.isEmpty)
        // Nobody stood by: nothing was refused.
        #expect(Self.select("a:p:2 b:t:2", live: "a b", count: 2).heldBack.isEmpty)
    }

    /// Who took a dead edge's place may be too small: that is told, while it is so.
    @Test(arguments: [
        ("a:x:4 b:t:4 c:t:1 / 6", "a b", "under the full load c would carry 300 % of its capacity"),
        (
            "a:t:1 b:t:2 / 6", "a b",
            "under the full load a would carry 300 % of its capacity (and 1 more edge)"
        ),
        // One that is dead, and that nobody replaces, carries nothing.
        ("a:x:9 b:t:4 / 6", "a b", "under the full load b would carry 150 % of its capacity"),
    ])
    func tooSmallIsTold(candidates: String, live: String, words: String) {
        let selection = Self.select(candidates, live: live, count: 2)
        #expect(
            LoadGuard.warning(selection, Self.capacity(candidates))
                == words + "; keep more edges live, or larger ones")
    }

    @Test(arguments: ["a:x:4 b:t:4 c:t:3 / 6", "a:x:4 b:t:4 c:t:1"])
    func largeEnoughIsNot(candidates: String) {
        let selection = Self.select(candidates, live: "a b", count: 2)
        #expect(LoadGuard.warning(selection, Self.capacity(candidates)) == nil)
    }

    /// Edges that all count alike are chosen as if there was no guard.
    @Test func equalEdgesRotateAsEver() {
        let selection = Self.select("a:p:3 b:p:3 c:t:3 d:t:3", live: "a b", count: 2)
        #expect(selection.removed.count == 1)
    }

    /// With the steady judge: who keeps this monitor out is no witness that the load is small.
    @Test func aBlockedEdgeIsNoWitness() {
        func edge(_ name: EdgeName, _ standing: Standing, capacity: Double) -> Candidate {
            let keeps = standing == .up || standing == .blocked
            return Candidate(
                name: name, health: keeps ? .passWindow : .pass,
                steady: SteadyPlace(
                    standing: standing, rank: 1, keepsItsPlace: keeps, isLive: name != "c"),
                capacity: capacity)
        }
        func live(_ other: Standing) -> [EdgeName] {
            let candidates = [
                edge("a", .answering, capacity: 5), edge("b", other, capacity: 2),
                edge("c", .up, capacity: 2),
            ]
            var settings = SelectionSettings(liveCount: 2)
            settings.capacity = CapacitySettings(
                edges: Dictionary(
                    uniqueKeysWithValues: candidates.map { ($0.name, $0.capacity) }))
            let selector = Selector(
                settings: settings, keep: .window, candidates: candidates, published: ["a", "b"],
                holdsHealth: false, now: SelectorTests.now)
            let budget = RotationBudget(log: [], limit: 9, now: SelectorTests.now)
            return selector.select(budget: budget).live
        }
        #expect(live(.up) == ["b", "c"])
        #expect(live(.blocked) == ["a", "b"])
    }

    /// On any set: what left for slowness leaves the live edges able to carry the load, or what they carried
    /// before; where the load is unknown and others are slow, no less than half of that. Nobody who has died or
    /// serves other content is kept for the guard's sake, and the set does not shrink.
    @Test func slownessNeverTakesCapacityThatIsNeeded() {
        var random = SeededRandom(seed: 0xCA5C)
        for _ in 0..<20_000 { checkOne(&random) }
    }

    private func checkOne(_ random: inout SeededRandom) {
        let classes = ["t", "t", "w", "a", "p", "p", "x", "m"]
        let names = (0..<Int.random(in: 1...9, using: &random)).map { "e\($0)" }
        let edges = names.map { name in
            let capacity = Double(Int.random(in: 1...6, using: &random)) / 2
            return "\(name):\(classes.randomElement(using: &random)!):\(capacity)"
        }
        let load = random.once(in: 2) ? Double(Int.random(in: 1...12, using: &random)) : nil
        let text = edges.joined(separator: " ") + (load.map { " / \($0)" } ?? "")
        let count = Int.random(in: 1...5, using: &random)
        let published = names.shuffled(using: &random).prefix(count)
        let selection = Self.select(
            text, live: published.joined(separator: " "), count: count,
            budget: Int.random(in: 0...6, using: &random))
        var (health, capacity): ([EdgeName: String], [EdgeName: Double]) = ([:], [:])
        for parts in edges.map({ $0.split(separator: ":").map(String.init) }) {
            health[EdgeName(parts[0])!] = parts[1]
            capacity[EdgeName(parts[0])!] = Double(parts[2])!
        }
        func carried(_ live: [EdgeName]) -> Double {
            live.filter { !"xm".contains(health[$0]!) }.map { capacity[$0]! }.reduce(0, +)
        }
        let before = published.map { EdgeName($0)! }
        let slow = selection.removed.filter { !"xm".contains(health[$0]!) }
        let after = carried(selection.live)
        if !slow.isEmpty {
            let othersAreSlow = before.count { "wap".contains(health[$0]!) } > 1
            let needed = load ?? (othersAreSlow ? carried(before) / 2 : 0)
            #expect(after >= min(carried(before), needed), "\(text), \(published)")
        }
        let wrong = before.count { health[$0] == "m" }
        #expect(selection.live.count >= before.count - wrong, "\(text), \(published)")
        for (name, reason) in selection.reasons {
            guard case .guardsLoad = reason else { continue }
            #expect("wap".contains(health[name]!), "\(text): \(name) \(reason)")
        }
    }
}
