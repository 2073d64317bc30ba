internal import Dispatch

/// Carries out every job on one thread, one after the other, in the order in which they came: what runs
/// on it alone runs the same way each time, and may be blocked without holding up anything else.
public final class OneThread: TaskExecutor {
    private let queue: DispatchQueue

    public init(_ label: String) {
        queue = DispatchQueue(label: label)
    }

    /// Puts a job behind all the others.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }
}
