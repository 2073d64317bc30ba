internal import Glibc

/// How many descriptors this process may have open (RLIMIT_NOFILE).
public enum DescriptorLimit {
    /// The limit now.
    public static var current: Int { limits.map { Int(clamping: $0.rlim_cur) } ?? 1024 }

    /// Raises the limit as far as the hard limit allows, but no further than `wanted`; returns the
    /// limit then. Call it once, before anything else runs.
    public static func raise(to wanted: Int) -> Int {
        guard var limits, limits.rlim_cur < rlim_t(wanted) else { return current }
        limits.rlim_cur = min(rlim_t(wanted), limits.rlim_max)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        return current
    }

    private static var limits: rlimit? {
        var limits = rlimit()
        let status = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        return status == 0 ? limits : nil
    }
}
