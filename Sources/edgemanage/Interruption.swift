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

    /// From here on SIGHUP is counted instead of ending the process.
    static func listenForHangups() { signal(SIGHUP, noteHangup) }

    private static let hangupCount = Atomic<Int>(0)

    /// How many SIGHUPs were noted.
    static var hangups: Int { hangupCount.load(ordering: .acquiring) }

    /// Called in a signal handler: one atomic addition, nothing else.
    static func countHangup() { hangupCount.wrappingAdd(1, ordering: .acquiringAndReleasing) }

    /// Called in a signal handler: one atomic store, nothing else.
    static func note() { seen.store(true, ordering: .releasing) }

    static var wasSeen: Bool { seen.load(ordering: .acquiring) }

    /// Returns at `deadline`, or soon after a signal; for ever without a deadline.
    ///
    /// - Parameter known: returns soon when there were more SIGHUPs; nil: they are no matter.
    static func sleep(
        until deadline: ContinuousClock.Instant?, orMoreHangupsThan known: Int? = nil
    ) async {
        let clock = ContinuousClock()
        let slice = Duration.milliseconds(100)
        while !wasSeen, !Task.isCancelled, known.map({ $0 == hangups }) ?? true {
            let left = deadline.map { $0 - clock.now } ?? slice
            guard left > .zero else { return }
            try? await clock.sleep(for: min(left, slice))
        }
    }
}

private func noteInterruption(_ signal: Int32) {
    Interruption.note()
}

private func noteHangup(_ signal: Int32) {
    Interruption.countHangup()
}
