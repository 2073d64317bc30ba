import Synchronization

/// Wakes those who wait for the next round before its time, and all when the daemon ends.
final class RoundBell: Sendable {
    private struct State {
        var rings = 0
        var isClosed = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    /// How often it was rung.
    var rings: Int { state.withLock { $0.rings } }

    /// Whether it will ring no more.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Wakes everybody who waits; returns how often it was rung with this.
    @discardableResult func ring() -> Int { wake { $0.rings += 1 } }

    /// Wakes everybody; from here on nobody waits.
    func close() { wake { $0.isClosed = true } }

    @discardableResult private func wake(_ change: (inout State) -> Void) -> Int {
        let (waiters, rings) = state.withLock { state in
            change(&state)
            defer { state.waiters = [:] }
            return (state.waiters.values, state.rings)
        }
        for waiter in waiters { waiter.resume() }
        return rings
    }

    /// Returns at `deadline`; before it when it was rung more than `known` times, is closed, or the task is
    /// cancelled.
    func wait(until deadline: ContinuousClock.Instant, orMoreRingsThan known: Int) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await ContinuousClock().sleep(until: deadline) }
            group.addTask { await self.wait(forMoreRingsThan: known) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns when it was rung more than `known` times, is closed, or the task is cancelled.
    func wait(forMoreRingsThan known: Int) async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let isOver = state.withLock { state in
                    guard state.rings <= known, !state.isClosed, !Task.isCancelled else {
                        return true
                    }
                    state.waiters[number] = waiter
                    return false
                }
                if isOver { waiter.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }
}
