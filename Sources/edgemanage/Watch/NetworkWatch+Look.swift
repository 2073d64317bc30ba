import EdgeCore
import EdgeShell

extension NetworkWatch {
    /// Looks at the edges, round for round, until it is closed.
    func look() async {
        let clock = ContinuousClock()
        var next = clock.now + offset
        var isFirst = true
        var rings = bell.rings
        while true {
            await bell.wait(until: next, orMoreRingsThan: rings)
            if bell.isClosed || Task.isCancelled { return }
            let isRung = bell.rings != rings
            rings = bell.rings
            if isRung { next = clock.now }
            let seat = present
            do {
                // The first round tells what is live: nobody waits an interval for it.
                let sighting = try await look(seat, spreads: !isFirst && !isRung, rings: &rings)
                guard let sighting else { return }
                await desk.hand(RoundDesk.Look(found: .success(sighting), rings: rings))
                isFirst = false
            } catch {
                await desk.hand(RoundDesk.Look(found: .failure(error), rings: rings))
            }
            next = max(next + seat.settings.interval, clock.now)
        }
    }

    /// One look; nil: it was ended. A spread one is dropped for one at once when the bell rings.
    private func look(
        _ seat: Seat, spreads: Bool, rings: inout Int
    ) async throws -> Sighting? {
        let settings = seat.settings
        let runner = seat.bench.runner
        let known = rings
        let spread = spreads ? plan.spread(of: settings) : nil
        let seen = try await withThrowingTaskGroup(of: Sighting?.self) { group in
            group.addTask { try await runner.look(settings, spread: spread) }
            group.addTask {
                await self.bell.wait(forMoreRingsThan: spread == nil ? .max : known)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        if let seen { return seen }
        guard !bell.isClosed else { return nil }
        rings = bell.rings
        let present = present
        return try await present.bench.runner.look(present.settings, spread: nil)
    }
}
