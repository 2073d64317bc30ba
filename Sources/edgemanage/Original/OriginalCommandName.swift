/// The original's commands: names under which the one binary answers as they did; and `check_edgemanage`, which
/// belongs beside them.
enum OriginalCommandName: String, Hashable, Sendable, CaseIterable {
    case edgeManage = "edge_manage"
    case edgeConf = "edge_conf"
    case edgeQuery = "edge_query"
    case checkRotation = "check_edgemanage_rotation"
    case checkLatency = "check_edgemanage_latency"
    case checkIntegrity = "check_edgemanage_integrity"
    case check = "check_edgemanage"

    /// The command that the program was called as (`argv[0]`), by the path's last part, with or
    /// without `.py`; nil when it is none of them.
    init?(invokedAs path: String) {
        self.init(path.split(separator: "/").last.map(String.init) ?? "")
    }

    /// The command of this name, with or without `.py`, as in `edgemanage edge_query …`.
    init?(_ word: String) {
        self.init(rawValue: word.hasSuffix(".py") ? String(word.dropLast(3)) : word)
    }

    /// Whether the command is a Nagios check, whose usage errors exit with 3 (unknown).
    var isCheck: Bool {
        switch self {
        case .edgeManage, .edgeConf, .edgeQuery: false
        case .checkRotation, .checkLatency, .checkIntegrity, .check: true
        }
    }
}
