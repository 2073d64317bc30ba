internal import Dispatch
internal import Synchronization

/// Where a process passes before everything it does to the world: at one such call something may
/// happen, so that a process can be stopped, or can die, anywhere.
public final class WorldGate: Sendable {
    private let calls = Mutex(0)
    private let place: Int?
    private let happening: @Sendable () -> Void

    /// - Parameter place: the call, counted from 1, before which `happening` happens; nil: never.
    public init(at place: Int? = nil, _ happening: @escaping @Sendable () -> Void = {}) {
        self.place = place
        self.happening = happening
    }

    /// How many calls have passed.
    public var count: Int { calls.withLock { $0 } }

    /// Whether the process came to the place.
    public var hasHappened: Bool { place.map { count >= $0 } ?? false }

    /// One more call of the process.
    func pass() {
        let number = calls.withLock { calls in
            calls += 1
            return calls
        }
        if number == place { happening() }
    }
}

/// Stops the thread of one process until another lets it go on.
public final class WorldPause: Sendable {
    private let stopped = DispatchSemaphore(value: 0)
    private let goingOn = DispatchSemaphore(value: 0)

    public init() {}

    /// The process stands still here.
    public func stop() {
        stopped.signal()
        goingOn.wait()
    }

    /// The process came to its end, whether it was stopped before or not.
    public func end() {
        stopped.signal()
    }

    /// Waits until the process stands still or has ended.
    public func waitUntilStopped() {
        stopped.wait()
    }

    /// Lets the process go on.
    public func goOn() {
        goingOn.signal()
    }
}
