public import EdgeCore
public import EdgeShell
internal import Glibc

/// The system's local time, as /etc/localtime and TZ say.
public struct SystemLocalClock: LocalClock {
    public init() {}

    /// Minutes after midnight; on a day whose clock is set, an hour may come twice or not at all.
    public func minuteOfDay(_ time: UnixTime) -> Int {
        // POSIX has localtime_r read the time zone once a process at most: a daemon would go by the zone of its
        // first look whatever `timedatectl set-timezone` says since. glibc looks whether the file is another
        // one, reads it only then, and does so under the lock that localtime_r takes too.
        tzset()
        var seconds = time_t(time.seconds)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return 0 }
        return Int(parts.tm_hour) * 60 + Int(parts.tm_min)
    }
}
