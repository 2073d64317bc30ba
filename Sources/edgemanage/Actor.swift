#if canImport(Glibc)
    import Glibc
#endif

/// Who gives a command, for the audit log.
enum Actor {
    /// The name that edge_conf would write into a comment.
    static var name: String {
        var environment: [String: String] = [:]
        if let user = getenv("SUDO_USER") { environment["SUDO_USER"] = String(cString: user) }
        return EdgeConf.user(environment: environment)
    }
}
