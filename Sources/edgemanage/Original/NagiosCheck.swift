/// What a Nagios check found: one line, and the state as exit status.
struct NagiosCheck: Hashable, Sendable {
    enum State: Int32, Hashable, Sendable {
        case ok = 0
        case warn = 1
        case crit = 2
        case unknown = 3

        var word: String {
            switch self {
            case .ok: "OK"
            case .warn: "WARN"
            case .crit: "CRIT"
            case .unknown: "UNKNOWN"
            }
        }
    }

    /// `EDGE_ROTATE`, …
    var service: String
    var state: State
    var text: String
    /// Performance data after the bar; nil when there is none.
    var performance: String?

    /// Above `critical` is critical, above `warning` a warning, as the plugin guidelines read
    /// thresholds that are plain numbers.
    static func state(of value: Double, warning: Double, critical: Double) -> State {
        value > critical ? .crit : value > warning ? .warn : .ok
    }

    var outcome: OriginalOutcome {
        let line = "\(service) \(state.word) \(text)" + (performance.map { " | \($0)" } ?? "")
        return OriginalOutcome(status: state.rawValue, output: EdgeConf.plain(line) + "\n")
    }
}
