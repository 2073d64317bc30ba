/// What `check_edgemanage` measures of a network, each with thresholds of its own.
public enum NetworkMeasure: String, Hashable, Sendable, CaseIterable {
    /// Edges that are live and pass.
    case live
    /// Seconds since the last round.
    case age
    /// Seconds for which the monitor, or its copy of the test object, has been in doubt.
    case sick
    /// Plans that wait for an operator.
    case held
    /// Whether the last run could not be: 1, else 0.
    case refused
    /// Seconds for which a name server has not served what was published, or has not answered.
    case lag
    /// Edges that fail, whether live or not; those that an operator made unavailable do not count.
    case down
    /// Seconds that the slowest live edge took for the test object.
    case latency
    /// Days before the first certificate ends.
    case certificate
    /// What `edgemanage status` says is to be looked at, besides the above.
    case troubles

    /// The unit in performance data.
    var unit: String {
        switch self {
        case .age, .sick, .lag, .latency: "s"
        case .live, .held, .refused, .down, .certificate, .troubles: ""
        }
    }
}

/// When a measure is to be told.
public struct MeasureLimits: Hashable, Sendable {
    public var warning: ThresholdRange?
    public var critical: ThresholdRange?

    public init(warning: ThresholdRange? = nil, critical: ThresholdRange? = nil) {
        self.warning = warning
        self.critical = critical
    }

    /// The state that a value has.
    public func state(of value: Double) -> PluginState {
        if critical?.alerts(on: value) == true { return .critical }
        return warning?.alerts(on: value) == true ? .warning : .ok
    }
}

extension NetworkMeasure {
    /// The limits where the command line says nothing.
    ///
    /// - Parameters:
    ///   - view: what is known of the network.
    ///   - interval: the time between rounds.
    ///   - patience: how long name servers are given (`publish.wait`).
    func usualLimits(
        _ view: StatusView, interval: Duration, patience: Duration
    ) -> MeasureLimits {
        func atMost(_ limit: Double) -> ThresholdRange { ThresholdRange(end: limit) }
        func atLeast(_ limit: Int) -> ThresholdRange { ThresholdRange(start: Double(limit)) }
        switch self {
        case .live:
            return MeasureLimits(warning: atLeast(view.wanted), critical: atLeast(view.minimum))
        case .age:
            return MeasureLimits(
                warning: atMost(max(60, 3 * interval.inSeconds)),
                critical: atMost(max(300, 5 * interval.inSeconds)))
        case .sick: return MeasureLimits(warning: atMost(0), critical: atMost(300))
        case .held, .refused, .troubles: return MeasureLimits(warning: atMost(0))
        case .lag:
            return MeasureLimits(
                warning: atMost(patience.inSeconds),
                critical: atMost(max(300, 5 * patience.inSeconds)))
        case .certificate: return MeasureLimits(warning: atLeast(14), critical: atLeast(2))
        case .down, .latency: return MeasureLimits()
        }
    }
}
