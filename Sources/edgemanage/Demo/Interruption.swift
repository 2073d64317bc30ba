import Synchronization

/// Whether a signal asked for the end.
enum Interruption {
    private static let seen = Atomic<Bool>(false)

    /// Called in a signal handler: one atomic store, nothing else.
    static func note() { seen.store(true, ordering: .releasing) }

    static var wasSeen: Bool { seen.load(ordering: .acquiring) }
}
