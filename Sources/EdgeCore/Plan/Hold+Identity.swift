extension Hold {
    /// Tells whether a hold is still the one of the round before, whatever its numbers say now.
    public var identity: String {
        switch self {
        case .sickMonitor: "sick-monitor"
        case .allMismatch: "all-mismatch"
        case .belowMinimum: "below-minimum"
        case .rotationsHeld: "rotations-held"
        case .directiveTooSmall: "directive-too-small"
        case .directiveFails: "directive-fails"
        case .serialNotComparable(let zone, _): "serial-not-comparable \(zone)"
        case .massRemoval, .parameters, .foreignParameters, .recordLoss, .templateLoss:
            approvalKey ?? description
        }
    }

    /// What kind of hold it is, in one word for metrics: `sick_monitor`, `record_loss`.
    public var kind: String { Self.kind(of: identity) }

    /// What kind of hold has this identity.
    static func kind(of identity: String) -> String {
        String(identity.prefix { $0 != " " }.map { $0 == "-" ? "_" : $0 })
    }
}
