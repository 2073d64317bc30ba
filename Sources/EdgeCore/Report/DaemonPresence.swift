/// What is known of the daemon that should run a network's rounds.
public enum DaemonPresence: Hashable, Sendable {
    /// Nothing: no daemon ever ran them here, or nobody may look.
    case unknown
    /// One has their seat.
    case runs
    /// One had it, and does not live any more.
    case gone

    /// What to do when rounds do not come.
    var words: String {
        switch self {
        case .unknown: "does the daemon, or cron, run?"
        case .runs: "the daemon runs, and its rounds are late: see its log"
        case .gone: "the daemon does not run: systemctl start edgemanage"
        }
    }
}
