internal import Dispatch

/// Where page and API read the database: on a thread of their own, one reading after the other.
///
/// SQLite blocks the thread that asks it. On the threads that all tasks share, a few requests for what takes long
/// would hold up the rounds.
final class ReadingQueue: SerialExecutor {
    private let queue: DispatchQueue

    /// - Parameter name: what the thread is for.
    init(_ name: String) {
        queue = DispatchQueue(label: "edgemanage.\(name)")
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }
}

/// Reads one thing after the other, on a thread of its own.
actor ReadingDesk {
    private let queue: ReadingQueue

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    init(_ name: String) {
        queue = ReadingQueue(name)
    }

    func read<Value: Sendable>(_ reading: @Sendable () throws -> Value) rethrows -> Value {
        try reading()
    }

    /// How old what page and API show may become without a round: there are words that are no round's, such as
    /// those of commands that a daemon does not hear of.
    static let patience: Duration = .seconds(5)
}
