public import EdgeCore
public import EdgeShell
internal import Glibc

/// The system's local time, as /etc/localtime and TZ say.
public struct SystemLocalClock: LocalClock {
    public init() {}

    /// Minutes after midnight; on a day whose clock is set, an hour may come twice or not at all.
    public func minuteOfDay(_ time: UnixTime) -> Int {
        var seconds = time_t(time.seconds)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return 0 }
        return Int(parts.tm_hour) * 60 + Int(parts.tm_min)
    }
}
