import EdgeCore
import EdgeServer
import EdgeShell
import Synchronization

/// What is to be done for one network, one thing after the other: sightings to act on, and operators' orders.
final class RoundDesk: Sendable {
    enum Work: Sendable {
        /// Somebody looked, or tried to, and looks on once this is taken.
        case look(Look, taken: CheckedContinuation<Void, Never>)
        case order(
            Order, actor: String,
            answer: CheckedContinuation<Result<OrderReply, OrderRefusal>, Never>)

        /// It is not done any more.
        fileprivate func dismiss() {
            switch self {
            case .look(_, let taken): taken.resume()
            case .order(_, _, let answer):
                answer.resume(
                    returning: .failure(
                        OrderRefusal(.stopping, "the daemon is about to end: nothing was changed")))
            }
        }
    }

    /// A look at the edges.
    struct Look: Sendable {
        /// What was seen, or why there could be no look.
        var found: Result<Sighting, any Error>
        /// How often the bell had been rung when it began.
        var rings: Int
    }

    private struct State {
        var queue: [Work] = []
        var worker: CheckedContinuation<Work?, Never>?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Hands a look over; returns when it is taken, so that looking is one round ahead of acting and no more.
    func hand(_ look: Look) async {
        await withCheckedContinuation { add(.look(look, taken: $0)) }
    }

    /// Has an order obeyed.
    func ask(_ order: Order, by actor: String) async -> Result<OrderReply, OrderRefusal> {
        await withCheckedContinuation { add(.order(order, actor: actor, answer: $0)) }
    }

    private func add(_ work: Work) {
        enum Place {
            case queued, closed
            case worker(CheckedContinuation<Work?, Never>)
        }
        let place: Place = state.withLock { state in
            if state.isClosed { return .closed }
            if let worker = state.worker {
                state.worker = nil
                return .worker(worker)
            }
            // Who waits at the console comes before a round.
            if case .order = work,
                let first = state.queue.firstIndex(where: {
                    if case .look = $0 { true } else { false }
                })
            {
                state.queue.insert(work, at: first)
            } else {
                state.queue.append(work)
            }
            return .queued
        }
        switch place {
        case .queued: break
        case .closed: work.dismiss()
        case .worker(let worker): worker.resume(returning: work)
        }
    }

    /// Whether so much waits.
    func has(_ count: Int) async -> Bool {
        await Task.yield()
        return state.withLock { $0.queue.count >= count }
    }

    /// What is to be done next; nil once it is closed. One worker asks at a time.
    func next() async -> Work? {
        await withCheckedContinuation { worker in
            let found: Work?? = state.withLock { state in
                if state.isClosed { return .some(nil) }
                guard state.queue.isEmpty else { return state.queue.removeFirst() }
                state.worker = worker
                return nil
            }
            if let found { worker.resume(returning: found) }
        }
    }

    /// Nothing more is done: what waits is dismissed.
    func close() {
        let (worker, queue) = state.withLock { state in
            state.isClosed = true
            defer {
                state.worker = nil
                state.queue = []
            }
            return (state.worker, state.queue)
        }
        worker?.resume(returning: nil)
        for work in queue { work.dismiss() }
    }
}
