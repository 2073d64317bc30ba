internal import EdgeCore
internal import EdgeShell
import EdgeTesting
internal import Synchronization

extension WorldProcess: LockService {
    /// Excludes other processes of the network, unless the lock was lost.
    func lockNetwork(_ network: NetworkName, database: String) throws -> any HeldLock {
        gate.pass()
        return try take("\(database).\(network).lock")
    }

    /// Waits in vain for the whole time when another process has it.
    func lockShared(_ path: String, waiting: Duration) async throws -> any HeldLock {
        gate.pass()
        do {
            return try take(path)
        } catch {
            world.moments.advance(by: waiting)
            throw error
        }
    }

    private func take(_ path: String) throws -> any HeldLock {
        try world.change { state in
            if let holder = state.locks[path] { throw LockBusy(path: path, holder: holder) }
            state.locks[path] = number
            state.locksHeld[number, default: 0] += 1
        }
        return WorldLock(world: world, path: path, process: number)
    }

    /// Released once at most; what is another's by then stays the other's.
    private final class WorldLock: HeldLock {
        private let world: World
        private let path: String
        private let process: Int32
        private let isHeld = Mutex(true)

        init(world: World, path: String, process: Int32) {
            self.world = world
            self.path = path
            self.process = process
        }

        func release() {
            let wasHeld = isHeld.withLock { held in
                defer { held = false }
                return held
            }
            guard wasHeld else { return }
            world.change { state in
                state.locksHeld[process, default: 0] -= 1
                if state.locks[path] == process { state.locks[path] = nil }
            }
        }
    }
}
