/// The original's commands: names under which the one binary answers as they did.
enum OriginalCommandName: String, Hashable, Sendable, CaseIterable {
    case edgeManage = "edge_manage"
    case edgeConf = "edge_conf"
    case edgeQuery = "edge_query"
    case checkRotation = "check_edgemanage_rotation"
    case checkLatency = "check_edgemanage_latency"
    case checkIntegrity = "check_edgemanage_integrity"

    /// Reads the name from a path or a word, with or without `.py`; nil when it is none of them.
    init?(calledAs path: String) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        self.init(rawValue: name.hasSuffix(".py") ? String(name.dropLast(3)) : name)
    }

    /// Which of the commands a call asks for, with its arguments: by the program's own name, or by
    /// the first argument (`edgemanage edge_query …`). nil: none of them.
    static func requested(by arguments: [String]) -> (OriginalCommandName, [String])? {
        guard let program = arguments.first else { return nil }
        if let name = OriginalCommandName(calledAs: program) {
            return (name, Array(arguments.dropFirst()))
        }
        guard arguments.count > 1, !arguments[1].contains("/"),
            let name = OriginalCommandName(calledAs: arguments[1])
        else { return nil }
        return (name, Array(arguments.dropFirst(2)))
    }

    /// Whether the command is a Nagios check, whose usage errors exit with 3 (unknown).
    var isCheck: Bool {
        switch self {
        case .edgeManage, .edgeConf, .edgeQuery: false
        case .checkRotation, .checkLatency, .checkIntegrity: true
        }
    }
}
