/// Edges that lost single attempts of a round and answered others: what a network does that loses packets, and dying
/// edges do not. When most edges do so at once it is the monitor's own network.
///
/// It needs several attempts a round, each known: the classic judge's prober does not say what its first ones came to.
struct WayLosses: CustomStringConvertible {
    /// Edges that lost an attempt on the way.
    private var losing = 0
    /// Those of them that answered another.
    private var mixed = 0
    private var probed = 0
    /// Of edges that carry no users.
    private var idle = (losing: 0, probed: 0)

    /// nil when no edge both lost an attempt and answered one.
    ///
    /// - Parameter live: the edges that carry users.
    init?(_ edges: [Observation], live: [LiveEdge]) {
        let live = Set(live.map(\.name))
        for observation in edges where !observation.outcome.isLocalFault {
            let isIdle = !live.contains(observation.target.name)
            probed += 1
            idle.probed += isIdle ? 1 : 0
            let lostLast = observation.outcome.isLostOnTheWay
            let lostEarlier = observation.earlier.contains { $0.isLostOnTheWay }
            guard lostLast || lostEarlier else { continue }
            losing += 1
            idle.losing += isIdle ? 1 : 0
            if observation.fetchTime != nil { mixed += 1 }
        }
        guard mixed > 0 else { return nil }
    }

    /// Whether so many of all edges lost attempts, and enough of them answered others: a sixth of all, and two
    /// at least.
    func areCommon(_ part: Int, of whole: Int) -> Bool {
        losing * whole >= probed * part && mixed >= 2 && mixed * 6 >= probed
    }

    /// Whether so many of the live edges did, and so many of the others, which a flood leaves alone: two of these at
    /// least were probed.
    func areEverywhere(_ part: Int, of whole: Int) -> Bool {
        let (losing, probed) = (losing - idle.losing, probed - idle.probed)
        return areCommon(part, of: whole) && losing * whole >= probed * part && idle.probed >= 2
            && idle.losing * whole >= idle.probed * part
    }

    var description: String {
        "\(losing) of \(probed.counted("edge")) lost attempts, though \(mixed) answered others"
    }
}

extension ProbeOutcome {
    /// Whether it is what lost packets come to.
    fileprivate var isLostOnTheWay: Bool {
        switch self {
        case .timeout, .unreachable: true
        case .ok, .unresolvable, .refused, .tls, .http, .redirect, .mismatch, .tooLarge,
            .protocolError, .reset, .localFault:
            false
        }
    }
}
