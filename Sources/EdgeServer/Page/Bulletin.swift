internal import Synchronization

/// Tells those who watch that something changed; how it is now they ask themselves.
///
/// Whoever is slow hears of several changes once.
public final class Bulletin: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var last = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let most: Int

    /// - Parameter most: how many may listen at once.
    public init(most: Int = 64) {
        self.most = most
    }

    /// How many listen.
    public var listeners: Int { state.withLock { $0.listeners.count } }

    /// An element a change, from now on until it is dropped or the bulletin is closed; nil: too many listen, or it
    /// is closed.
    public func listen() -> AsyncStream<Void>? {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let place: Int? = state.withLock { state in
            guard !state.isClosed, state.listeners.count < most else { return nil }
            state.last += 1
            state.listeners[state.last] = continuation
            return state.last
        }
        guard let place else { return nil }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.listeners[place] = nil }
        }
        return stream
    }

    /// Something changed.
    public func tell() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield() }
    }

    /// Nobody is told any more: everybody who listens comes to the end.
    public func close() {
        let listeners = state.withLock { state in
            state.isClosed = true
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }
}
