#if canImport(Glibc)
    import Glibc
#endif

/// Ends a plugin that takes too long, whatever it waits for.
enum PluginAlarm {
    /// After so many seconds the process says UNKNOWN and exits 3.
    static func set(seconds: UInt32) {
        signal(SIGALRM) { _ in
            // Nothing but write(2) and _exit(2) may be called here.
            let line: StaticString = "EDGEMANAGE UNKNOWN: no answer in time: see -t\n"
            _ = write(1, line.utf8Start, line.utf8CodeUnitCount)
            _exit(3)
        }
        alarm(seconds)
    }

    /// There is an answer.
    static func clear() { alarm(0) }
}
