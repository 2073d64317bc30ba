import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Whether a signal asked for the end: what is in hand is finished, and nothing new begun.
enum Interruption {
    private static let seen = Atomic<Bool>(false)

    /// From here on SIGINT and SIGTERM are noted instead of ending the process at once.
    static func listen() {
        signal(SIGINT, noteInterruption)
        signal(SIGTERM, noteInterruption)
    }

    /// Called in a signal handler: one atomic store, nothing else.
    static func note() { seen.store(true, ordering: .releasing) }

    static var wasSeen: Bool { seen.load(ordering: .acquiring) }

    /// Returns at `deadline`, or soon after a signal; for ever without a deadline.
    static func sleep(until deadline: ContinuousClock.Instant?) async {
        let clock = ContinuousClock()
        let slice = Duration.milliseconds(100)
        while !wasSeen, !Task.isCancelled {
            let left = deadline.map { $0 - clock.now } ?? slice
            guard left > .zero else { return }
            try? await clock.sleep(for: min(left, slice))
        }
    }
}

private func noteInterruption(_ signal: Int32) {
    Interruption.note()
}
