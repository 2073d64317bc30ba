#if canImport(Glibc)
    import Glibc
#endif

/// Waits for Ctrl-C, or for the request to end.
enum UntilInterrupted {
    /// Returns when SIGINT or SIGTERM arrives.
    static func wait() async {
        signal(SIGINT, noteInterruption)
        signal(SIGTERM, noteInterruption)
        while !Interruption.wasSeen {
            try? await Task.sleep(for: .milliseconds(100))
        }
    }
}

private func noteInterruption(_ signal: Int32) {
    Interruption.note()
}
