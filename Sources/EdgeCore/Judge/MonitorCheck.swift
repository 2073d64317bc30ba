/// Whether this monitor can be believed in this round (I14), and whether the local object can (I15).
public struct MonitorCheck: Hashable, Sendable {
    /// Why the monitor seems sick in this very round; nil when it seems well.
    public var sickness: String?
    /// How many rounds after this one must still keep still.
    public var sickRoundsLeft: Int
    /// All edges served other content: how many; nil when not so.
    public var allMismatch: Int?

    /// A sick monitor keeps still in the round that shows it and in this many after it.
    public static let quietRounds = 2

    /// Whether nothing may be changed for health's sake in this round.
    public var holdsHealth: Bool { hold != nil }

    /// The hold that follows, if any.
    public var hold: Hold? {
        if let sickness { return .sickMonitor(reason: sickness) }
        if let allMismatch { return .allMismatch(count: allMismatch) }
        return nil
    }

    /// Looks at a round's observations as a whole.
    public static func assess(
        _ observations: [Observation], inventory: Inventory, state: NetworkState
    ) -> MonitorCheck {
        let edges = observations.filter { $0.target.role == .edge }
        if let sickness = sickness(
            observations, edges: edges, inventory: inventory, state: state)
        {
            return MonitorCheck(
                sickness: sickness, sickRoundsLeft: quietRounds, allMismatch: nil)
        }
        if state.sickRoundsLeft > 0 {
            let left = state.sickRoundsLeft - 1
            let more =
                left == 0
                ? "this round is the last"
                : left.counted("more round") + (left == 1 ? " follows" : " follow")
            return MonitorCheck(
                sickness: "it was sick a moment ago; \(more) in which it keeps still",
                sickRoundsLeft: left, allMismatch: nil)
        }
        return MonitorCheck(
            sickness: nil, sickRoundsLeft: 0, allMismatch: mismatchOfAll(edges))
    }

    private static func sickness(
        _ observations: [Observation], edges: [Observation], inventory: Inventory,
        state: NetworkState
    ) -> String? {
        let references = observations.filter { $0.target.role == .reference }
        if !references.isEmpty {
            // A monitor without IPv6 asks no IPv6 target; one without any route is sick.
            let asked = references.filter { !$0.outcome.isLocalFault }
            let answering = asked.count { $0.outcome.showsAHost }
            if asked.isEmpty || answering * 3 < asked.count * 2 {
                return
                    "only \(answering) of \(references.count.counted("reference target")) answered"
            }
            let losses = WayLosses(edges, live: state.live)
            if answering < asked.count, let losses, losses.areCommon(1, of: 3) {
                return "\(losses), and \(answering) of "
                    + "\(references.count.counted("reference target")) answered"
            }
            if let losses, losses.areEverywhere(1, of: 2) {
                return "\(losses), live ones and others alike"
            }
        }
        if let faults = faultsInEveryFamily(edges) {
            return "\(faults) of \(edges.count.counted("edge")) could not be probed from here"
        }
        // Whether a name is an address takes reading it: most rounds have no reason to ask.
        if inventory.failedLookups > 0 {
            let named = inventory.edges.count { $0.address == nil }
            if named >= 2, inventory.failedLookups * 2 > named {
                return "\(inventory.failedLookups) of \(named) edges' names did not resolve"
            }
        }
        guard references.isEmpty else { return nil }
        if let losses = WayLosses(edges, live: state.live), losses.areCommon(3, of: 4) {
            return "\(losses)"
        }
        return lostAllAtOnce(edges, state: state)
    }

    /// How many probes failed for reasons of this machine, when that is most of every family: a monitor
    /// without IPv6 is well all the same. Who has no address was not probed.
    private static func faultsInEveryFamily(_ edges: [Observation]) -> Int? {
        guard edges.contains(where: { $0.outcome.isLocalFault }) else { return nil }
        let edges = edges.filter {
            if case .unresolvable = $0.outcome { false } else { true }
        }
        let families = Dictionary(grouping: edges) { $0.target.family }
        let isSick = families.values.allSatisfy { probes in
            probes.count { $0.outcome.isLocalFault } * 2 > probes.count
        }
        return isSick ? edges.count { $0.outcome.isLocalFault } : nil
    }

    /// Without reference targets: every edge that answered before fails now, all at once.
    private static func lostAllAtOnce(_ edges: [Observation], state: NetworkState) -> String? {
        let answeredBefore = edges.filter {
            state.targets[$0.target]?.health?.isPassing == true && !$0.outcome.isLocalFault
        }
        // Other content is an answer: then the object is the suspect, not the network.
        let lost = answeredBefore.allSatisfy {
            $0.fetchTime == nil && !$0.outcome.isMismatch
        }
        guard lost, !answeredBefore.isEmpty else { return nil }
        let nobodyAnswers = edges.allSatisfy { $0.fetchTime == nil }
        guard answeredBefore.count >= 2 || nobodyAnswers else { return nil }
        return answeredBefore.count == 1
            ? "the edge that answered before fails, and no other answers"
            : "all \(answeredBefore.count) edges that answered before fail at once"
    }

    /// Everybody who answers serves other content, and more than one does.
    private static func mismatchOfAll(_ edges: [Observation]) -> Int? {
        let mismatching = Set(edges.filter { $0.outcome.isMismatch }.map(\.target.name)).count
        let passing = edges.contains { $0.fetchTime != nil }
        let names = Set(edges.map(\.target.name)).count
        guard !passing, mismatching >= 2 || mismatching == names, mismatching > 0 else {
            return nil
        }
        return mismatching
    }
}

extension ProbeOutcome {
    /// Whether the host is there: it took the handshake or refused it, whatever came then. That is what a reference
    /// target is asked for.
    public var showsAHost: Bool {
        switch self {
        case .ok, .refused, .reset, .tls, .http, .redirect, .mismatch, .tooLarge, .protocolError:
            true
        case .timeout, .unreachable, .unresolvable, .localFault: false
        }
    }
}
