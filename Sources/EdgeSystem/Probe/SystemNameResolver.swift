public import EdgeCore
public import EdgeShell
internal import NIOPosix
internal import Synchronization

/// Resolves names as every program on this machine does: getaddrinfo, so /etc/hosts counts.
///
/// getaddrinfo blocks and can't be cancelled. It therefore runs on threads of its own, at most
/// `threads` for the life of the resolver; at the deadline its answer is abandoned, and a thread
/// that still waits holds up neither the round nor the end of the process (I19, I27).
public final class SystemNameResolver: NameResolver {
    private let threads: Int
    /// Made when the first name needs it: lists of addresses never do.
    private let pool = Mutex<NIOThreadPool?>(nil)

    /// Makes a resolver with at most this many lookups at a time; 16 by default.
    public init(threads: Int = 16) {
        self.threads = max(1, threads)
    }

    deinit {
        pool.withLock { $0 }?.shutdownGracefully { _ in }
    }

    /// Resolves all names; those that are addresses resolve to themselves without being asked for.
    ///
    /// A name without an answer when `deadline` has passed is `.failed`; so is everything still
    /// open when the surrounding task is cancelled.
    public func resolve(
        _ names: [EdgeName], families: Set<AddressFamily>, within deadline: Duration
    ) async -> [EdgeName: NameLookup] {
        var resolutions: [EdgeName: NameLookup] = [:]
        var open: [EdgeName] = []
        for name in names where resolutions[name] == nil {
            if let address = name.address {
                resolutions[name] = NameLookup(
                    families.contains(address.family)
                        ? .addresses([address]) : .notFound(reason: "an address of another family"))
            } else {
                resolutions[name] = NameLookup(
                    .failed(reason: "no answer within \(deadline.shortSeconds)"),
                    duration: deadline)
                open.append(name)
            }
        }
        guard !open.isEmpty, !families.isEmpty else { return resolutions }
        let answers = await lookUp(open, families, within: deadline)
        return resolutions.merging(answers) { $1 }
    }

    private func lookUp(
        _ names: [EdgeName], _ families: Set<AddressFamily>, within deadline: Duration
    ) async -> [EdgeName: NameLookup] {
        let batch = LookupBatch(count: names.count)
        let pool = startedPool()
        for name in names {
            pool.submit { state in
                // Abandoned while it queued: nobody waits for the answer.
                guard case .active = state, batch.isAwaited else { return }
                let clock = ContinuousClock()
                let started = clock.now
                let resolution = AddressLookup.resolve(name.text, families: families)
                batch.add(NameLookup(resolution, duration: clock.now - started), for: name)
            }
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await batch.wait() }
            group.addTask { try? await Task.sleep(for: deadline) }
            await group.next()
            batch.abandon()
            group.cancelAll()
        }
        return batch.answers
    }

    private func startedPool() -> NIOThreadPool {
        pool.withLock { pool in
            if let pool { return pool }
            let started = NIOThreadPool(numberOfThreads: threads)
            started.start()
            pool = started
            return started
        }
    }
}

/// The answers to one call's names, gathered from the lookup threads.
final class LookupBatch: Sendable {
    private struct State {
        var answers: [EdgeName: NameLookup] = [:]
        var left: Int
        /// Whether somebody still wants answers.
        var isAwaited = true
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(left: count))
    }

    /// What has come in time.
    var answers: [EdgeName: NameLookup] { state.withLock(\.answers) }
    /// Whether answers still count.
    var isAwaited: Bool { state.withLock(\.isAwaited) }

    /// Takes an answer; after `abandon` it is ignored.
    func add(_ lookup: NameLookup, for name: EdgeName) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.isAwaited else { return nil }
            state.answers[name] = lookup
            state.left -= 1
            return state.left == 0 ? state.waiter.take() : nil
        }
        waiter?.resume()
    }

    /// Returns when all answers have come, or they were abandoned.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.left == 0 || !state.isAwaited { return true }
                state.waiter = continuation
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    /// Stops taking answers.
    func abandon() {
        let waiter = state.withLock { state in
            state.isAwaited = false
            return state.waiter.take()
        }
        waiter?.resume()
    }
}
