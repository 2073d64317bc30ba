import EdgeCore

#if canImport(Glibc)
    import Glibc
#endif

extension DaemonSeat {
    /// Whether a daemon has a network's seat, for who only looks: nothing is written, and no file is made.
    static func presence(_ settings: NetworkSettings) -> DaemonPresence {
        let file = open(path(settings), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return .unknown }
        // Closing it lets a lock go that was had for a moment.
        defer { close(file) }
        if flock(file, LOCK_SH | LOCK_NB) == 0 {
            flock(file, LOCK_UN)
            return .gone
        }
        return errno == EWOULDBLOCK ? .runs : .unknown
    }
}
