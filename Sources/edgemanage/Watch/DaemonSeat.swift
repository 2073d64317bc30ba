import EdgeCore
import EdgeShell
import EdgeSystemFiles

#if canImport(Glibc)
    import Glibc
#endif

/// Who runs a network's rounds: a daemon has the seat as long as it lives.
enum DaemonSeat {
    static func path(_ settings: NetworkSettings) -> String {
        "\(settings.database).\(settings.network).watch"
    }

    /// Refuses a run of its own where a daemon runs.
    ///
    /// - Throws: `CommandFailure` when one does.
    static func check(_ settings: NetworkSettings) throws {
        guard access(path(settings), F_OK) == 0 else { return }
        try take(settings).release()
    }

    /// A round of its own has been: nobody waits for the daemon that ran here before.
    static func clear(_ settings: NetworkSettings) {
        guard access(path(settings), F_OK) == 0, let lock = try? take(settings) else { return }
        unlink(path(settings))
        lock.release()
    }

    /// How a network's seat is, for those who only ask.
    enum Occupancy {
        /// No daemon ran its rounds, or a run of its own came after it.
        case unknown
        /// A daemon runs them.
        case taken
        /// A daemon ran them, and does not run any more.
        case vacant
    }

    static func occupancy(_ settings: NetworkSettings) -> Occupancy {
        guard access(path(settings), F_OK) == 0 else { return .unknown }
        guard let lock = try? take(settings) else { return .taken }
        lock.release()
        return .vacant
    }

    /// Takes a network's seat, for as long as a daemon lives.
    ///
    /// - Throws: `CommandFailure` when somebody has it.
    static func take(_ settings: NetworkSettings) throws -> any HeldLock {
        do {
            return try Workplace.locks.lockFile(path(settings))
        } catch let busy as LockBusy {
            let holder = busy.holder.map { "process \($0)" } ?? "another process"
            throw CommandFailure(
                message:
                    "the rounds of network \(settings.network) are run by \(holder): kill -HUP has a daemon "
                    + "run one at once")
        } catch {
            throw CommandFailure(message: "\(error)")
        }
    }
}
