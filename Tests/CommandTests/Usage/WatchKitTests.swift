import EdgeCore
import EdgeServer
import EdgeShell
import Testing

@testable import edgemanage

/// What the daemon's tasks wake each other by.
@Suite struct WatchKitTests {
    @Test func aBellWakesWhoWaits() async {
        let bell = RoundBell()
        async let waiting: Void = bell.wait(forMoreRingsThan: 0)
        bell.ring()
        await waiting
        #expect(bell.rings == 1)
        // Who knows of fewer rings does not wait.
        await bell.wait(forMoreRingsThan: 0)
        await bell.wait(until: ContinuousClock().now, orMoreRingsThan: 1)
    }

    @Test func aClosedBellKeepsNobody() async {
        let bell = RoundBell()
        async let waiting: Void = bell.wait(forMoreRingsThan: 5)
        bell.close()
        await waiting
        await bell.wait(until: ContinuousClock().now + .seconds(3600), orMoreRingsThan: 5)
        #expect(bell.isClosed)
    }

    @Test func aCancelledTaskWaitsNoMore() async {
        let bell = RoundBell()
        let task = Task { await bell.wait(forMoreRingsThan: 0) }
        task.cancel()
        await task.value
        #expect(bell.rings == 0 && !bell.isClosed)
    }

    private static let look = RoundDesk.Look(
        found: .success(Sighting(inventory: Inventory(), observations: [])), rings: 0)

    /// Who waits at the console comes before the next round.
    @Test func ordersComeFirst() async throws {
        let desk = RoundDesk()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await desk.hand(Self.look) }
            while await !desk.has(1) {}
            group.addTask { _ = await desk.ask(.round, by: "anna") }
            while await !desk.has(2) {}
            var kinds: [String] = []
            for _ in 1...2 {
                switch await desk.next() {
                case .look(_, let taken):
                    kinds.append("look")
                    taken.resume()
                case .order(_, let actor, let answer):
                    kinds.append(actor)
                    answer.resume(returning: .success(OrderReply(done: [], isApplied: true)))
                case nil: break
                }
            }
            #expect(kinds == ["anna", "look"])
        }
    }

    /// Nobody is left waiting when the daemon ends.
    @Test func aClosedDeskDismissesWhatWaits() async throws {
        let desk = RoundDesk()
        async let handed: Void = desk.hand(Self.look)
        async let asked = desk.ask(.resume, by: "anna")
        while await !desk.has(2) {}
        desk.close()
        await handed
        let answer = await asked
        let refusal = #expect(throws: OrderRefusal.self) { try answer.get() }
        #expect(refusal?.kind == .stopping)
        if await desk.next() != nil { Issue.record("a closed desk has work") }
        let later = await desk.ask(.resume, by: "anna")
        let late = #expect(throws: OrderRefusal.self) { try later.get() }
        #expect(late?.kind == .stopping)
        await desk.hand(Self.look)
    }

    @Test func aLineThatGoesOnIsWrittenOnce() {
        let lines = RepeatedLines(interval: .seconds(60))
        let start = ContinuousClock.now
        #expect(!lines.isRepeated("a", now: start))
        #expect(lines.isRepeated("a", now: start + .seconds(60)))
        #expect(!lines.isRepeated("b", now: start + .seconds(60)))
        // One that was gone for a while is news; one that never ends is said every hour.
        #expect(!lines.isRepeated("a", now: start + .seconds(300)))
        for minute in 1...59 {
            #expect(lines.isRepeated("a", now: start + .seconds(300 + 60 * minute)))
        }
        #expect(!lines.isRepeated("a", now: start + .seconds(300 + 3600)))
        // Only the time that it goes on for differs; another address is another line.
        #expect(!lines.isRepeated("192.0.2.1 is silent for 9 seconds", now: start))
        #expect(lines.isRepeated("192.0.2.1 is silent for 2 minutes", now: start) == false)
        #expect(lines.isRepeated("192.0.2.1 is silent for 10 seconds", now: start + .seconds(60)))
        #expect(!lines.isRepeated("192.0.2.2 is silent for 10 seconds", now: start))
    }
}
