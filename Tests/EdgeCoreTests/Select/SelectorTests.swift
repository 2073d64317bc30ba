import Testing

@testable import EdgeCore
import EdgeTesting

/// Rules of SPEC §4 as tables: edges are written `name:class`, `x` a failing one, `m` wrong content.
@Suite struct SelectorTests {
    static let now = Moment(
        wall: UnixTime(seconds: 1_700_000_000), sinceBoot: .seconds(1000), bootID: "b")

    static func candidate(_ text: String) -> Candidate {
        let parts = text.split(separator: ":").map(String.init)
        let classes: [String: Health] = [
            "t": .passThreshold, "w": .passWindow, "a": .passAverage, "p": .pass, "x": .fail,
            "m": .fail,
        ]
        let mode = parts.count > 2 ? Mode(rawValue: parts[2]) ?? .available : .available
        let mean = parts.count > 3 ? Int(parts[3]).map { Duration.milliseconds($0) } : nil
        return Candidate(
            name: EdgeName(parts[0])!, mode: mode, health: classes[parts[1]],
            reason: .failed(.refused),
            mean: mean, isMismatch: parts[1] == "m")
    }

    static func select(
        _ candidates: String, live: String, count: Int, minLive: Int? = nil, budget: Int = 100,
        spent: [Substitution] = [], keep: JudgeSettings.Keep = .threshold, sick: Bool = false,
        approvals: Set<String> = []
    ) -> Selection {
        let selector = Selector(
            settings: SelectionSettings(
                liveCount: count, minLive: minLive, substitutionBudget: budget),
            keep: keep, candidates: candidates.split(separator: " ").map { candidate(String($0)) },
            published: live.split(separator: " ").map { EdgeName($0)! }, holdsHealth: sick,
            approvals: approvals, now: now)
        return selector.select(budget: RotationBudget(log: spent, limit: budget, now: now))
    }

    static func names(_ selection: Selection) -> String {
        selection.live.map(\.text).joined(separator: " ")
    }

    @Test(arguments: [
        // first publication
        ("a:t b:t c:t", "", 2, "a b"), ("a:x b:x", "", 2, ""), ("a:x b:t", "", 2, "b"),
        ("a:x:blindforce b:x", "", 1, "a"), ("a:m:blindforce", "", 1, "a"),
        // no change without need
        ("a:t b:t c:t:available:1", "a b", 2, "a b"),
        // the best fill, by class, mean, name
        ("a:x b:t c:w d:t:available:5", "a b", 2, "b d"), ("a:x b:t c:p d:a", "a b", 2, "b d"),
        ("a:w b:t c:t", "a b", 2, "b c"),
        // too few: who passes goes live, the rest keep the last set
        ("a:x b:x c:x", "a b", 2, "a b"), ("a:x b:x c:t", "a b", 2, "a c"),
        ("a:x b:t", "a b", 2, "a b"), ("a:x b:t", "a", 3, "a b"),
        // modes
        ("a:t:unavailable b:t c:t", "a b", 2, "b c"), ("a:t b:t c:p:force", "a b", 2, "a c"),
        ("a:t b:t c:x:force", "a b", 2, "a b"), ("a:t b:t c:x:blindforce", "a b", 2, "a c"),
        ("a:t:force b:t:force c:t:force", "a b", 2, "a b c"),
        ("a:t b:t c:t:unavailable", "a b", 3, "a b"),
        // left the list
        ("b:t c:t d:t", "a b c", 3, "b c d"), ("b:x c:x d:x", "a b c", 3, "b c"),
        // fewer wanted
        ("a:t b:p c:t", "a b c", 2, "a c"),
        // wrong content leaves even without a replacement, down to min_live
        ("a:m b:t c:t", "a b c", 3, "b c"), ("a:m b:m c:m d:x", "a b c", 3, "a b"),
    ])
    func chooses(candidates: String, live: String, count: Int, expected: String) {
        #expect(Self.names(Self.select(candidates, live: live, count: count)) == expected)
    }

    @Test func keepsTheWindowWhenAsked() {
        let selection = Self.select("a:w b:t c:t", live: "a b", count: 2, keep: .window)
        #expect(Self.names(selection) == "a b")
    }

    @Test func budgetBoundsSubstitutionsWorstFirst() {
        let selection = Self.select(
            "a:p b:x c:x d:t e:t f:t", live: "a b c", count: 3, budget: 1)
        #expect(selection.removed.map(\.text) == ["c"])
        #expect(selection.heldBack.map(\.text) == ["b", "a"])
        #expect(selection.budget.remaining == 0)
    }

    @Test func budgetCountsAcrossRoundsAndSlides() {
        let spent = [
            Substitution(moment: ago(599), edge: EdgeName("z"), byOperator: false),
            Substitution(moment: ago(600), edge: EdgeName("y"), byOperator: true),
        ]
        let held = Self.select("a:x b:t", live: "a", count: 1, budget: 1, spent: spent)
        #expect(Self.names(held) == "a")
        let free = Self.select(
            "a:x b:t", live: "a", count: 1, budget: 1, spent: Array(spent.suffix(1)))
        #expect(Self.names(free) == "b")
    }

    /// The wall clock is set, a round passes, and the machine reboots: ten minutes are no shorter for it.
    @Test func aClockThatWasSetBeforeARebootFreesNothing() {
        let spent = Substitution(moment: ago(60), edge: EdgeName("z"), byOperator: false)
        let late = UnixTime(seconds: 2_000_000_000)
        let set = RotationBudget(
            log: [spent], limit: 1,
            now: Moment(wall: late, sinceBoot: .seconds(1000), bootID: "b"))
        #expect(set.remaining == 0)
        func after(_ seconds: Int64) -> RotationBudget {
            let now = Moment(
                wall: late.adding(.seconds(seconds)), sinceBoot: .seconds(10), bootID: "c")
            return RotationBudget(log: set.recent, limit: 1, now: now)
        }
        #expect(after(60).remaining == 0)
        #expect(after(540).remaining == 1)
    }

    private func ago(_ seconds: Int) -> Moment {
        Moment(
            wall: UnixTime(seconds: 1_700_000_000 - Int64(seconds)),
            sinceBoot: .seconds(1000 - seconds), bootID: "b")
    }

    @Test func operatorsAreExemptAndCounted() {
        let selection = Self.select(
            "a:t:unavailable b:t c:t", live: "a b", count: 2, budget: 0)
        #expect(Self.names(selection) == "b c")
        #expect(selection.removedByOperator == [EdgeName("a")])
        #expect(selection.budget.recent.map(\.byOperator) == [true])
    }

    /// What operators did counts, and leaves half of the budget to health.
    @Test(arguments: [
        (4, 0, 0, 4), (4, 1, 0, 3), (4, 4, 0, 2), (4, 9, 1, 1), (4, 9, 2, 0), (4, 1, 3, 0),
        (1, 3, 0, 1), (1, 3, 1, 0), (0, 2, 0, 0), (3, 0, 1, 2), (3, 1, 2, 0),
    ])
    func operatorsLeaveHealthHalf(limit: Int, ofOperators: Int, forHealth: Int, left: Int) {
        let log = [(ofOperators, true), (forHealth, false)].flatMap { count, byOperator in
            (0..<count).map { number in
                Substitution(
                    moment: ago(number), edge: EdgeName("e\(number)")!, byOperator: byOperator)
            }
        }
        #expect(RotationBudget(log: log, limit: limit, now: ago(0)).remaining == left)
    }

    /// It is free again when the first is forgotten that leaves room, an operator's or one for health.
    @Test(arguments: [
        ([(100, false)], 1, 500), ([(100, true)], 1, nil), ([(500, true), (100, false)], 1, 500),
        ([(500, false), (100, false)], 2, 100), ([(500, true), (100, false)], 2, 100),
        ([(1, false)], 0, nil), ([], 0, nil),
    ])
    func saysWhenTheBudgetIsFree(spent: [(age: Int, byOperator: Bool)], limit: Int, after: Int?) {
        let log = spent.map {
            Substitution(moment: ago($0.age), edge: "e", byOperator: $0.byOperator)
        }
        let wait = RotationBudget(log: log, limit: limit, now: ago(0)).wait(now: ago(0))
        #expect(wait == after.map { .seconds($0) })
    }

    @Test func slownessTakesHalfAtATime() {
        let selection = Self.select(
            "a:p b:p c:p d:p e:t f:t g:t h:t", live: "a b c d", count: 4)
        #expect(selection.removed.count == 2)
        let dead = Self.select(
            "a:x b:x c:x d:x e:t f:t g:t h:t", live: "a b c d", count: 4)
        #expect(dead.removed.count == 4)
    }

    @Test func massRemovalWaitsForApproval() {
        let held = Self.select("c:t d:t", live: "a b c", count: 3)
        #expect(Self.names(held) == "a b c")
        #expect(held.holds == [.massRemoval(gone: [EdgeName("a"), EdgeName("b")], live: 3)])
        let key = held.holds[0].approvalKey!
        let approved = Self.select("c:t d:t", live: "a b c", count: 3, approvals: [key])
        #expect(Self.names(approved) == "c d")
        #expect(approved.usedApprovals == [key])
    }

    @Test func modesNeverEmptyTheSet() {
        let held = Self.select("a:t:unavailable b:t:unavailable", live: "a b", count: 2)
        #expect(Self.names(held) == "a b")
        #expect(held.holds == [.belowMinimum(wouldBe: 0, minimum: 1)])
        #expect(held.holds[0].approvalKey == nil)
        let low = Self.select(
            "a:t:unavailable b:t:unavailable c:t d:x e:x", live: "a b c", count: 3, minLive: 2)
        #expect(low.holds == [.belowMinimum(wouldBe: 1, minimum: 2)])
    }

    @Test func sickMonitorObeysOperatorsOnly() {
        let selection = Self.select(
            "a:x b:t:unavailable c:t d:t", live: "a b", count: 2, sick: true)
        #expect(Self.names(selection) == "a c")
        let still = Self.select("a:x b:t c:t", live: "a b", count: 2, sick: true)
        #expect(Self.names(still) == "a b")
    }

    @Test func everyEdgeHasAReason() {
        let selection = Self.select(
            "a:t b:x c:w d:m e:t:unavailable f:t:force", live: "a b z", count: 3)
        #expect(Set(selection.reasons.keys.map(\.text)) == ["a", "b", "c", "d", "e", "f", "z"])
        for (name, reason) in selection.reasons {
            #expect(reason.isLive == selection.live.contains(name), "\(name): \(reason)")
        }
    }
}
