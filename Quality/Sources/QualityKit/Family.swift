/// A family of generated failures: each is simulated alone, above a background of moments' troubles.
public enum Family: String, Hashable, Sendable, CaseIterable {
    /// An edge dies for minutes or hours: refuses, swallows, answers 5xx, serves other content.
    case crash
    /// An edge answers, far too slowly.
    case slow
    /// A share of the requests is lost or stalls.
    case lossy
    /// An edge dies and comes back every few minutes, for hours.
    case flapping
    /// A third to two thirds of all edges die together.
    case correlated
    /// Floods that look names up as users do, and so follow the live set with the TTL's lag.
    case attack
    /// The load of a day: weak edges are too slow in the evening.
    case diurnal
    /// The monitor loses all or most of what it sends; the edges are well.
    case sickMonitor = "sick"
    /// A quarter of the edges, in one region, lose packets and are slow: for everybody, or on the monitor's way alone.
    case badRegion = "region"

    /// Whether the edges' load decides how they do.
    var hasLoad: Bool { self == .attack || self == .diurnal }
}

/// How an edge fails while it does.
enum FailureKind: UInt8, CaseIterable {
    case refused, timeout, status, mismatch

    static func random(_ random: inout SeededRandom) -> FailureKind {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30: .refused
        case 30..<75: .timeout
        case 75..<96: .status
        default: .mismatch
        }
    }
}
