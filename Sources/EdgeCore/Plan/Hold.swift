/// Why a plan, or a part of one, waits: each case says what it would have done (I9, I14, I15).
public enum Hold: Hashable, Sendable {
    /// The monitor's own network is in doubt.
    case sickMonitor(reason: String)
    /// Every edge served other content: the local object is the suspect.
    case allMismatch(count: Int)
    /// More than half of the live set is gone from the edge list.
    case massRemoval(gone: [EdgeName], live: Int)
    /// Modes leave fewer edges than `min_live`.
    case belowMinimum(wouldBe: Int, minimum: Int)
    /// NS or SOA parameters differ from the published ones, for the whole network.
    case parameters(from: String, to: String)
    /// A zone file that another program wrote has other NS or SOA parameters.
    case foreignParameters(zone: ZoneName, to: String)
    /// An include loses more than 30 % and at least 3 of its records.
    case recordLoss(zone: ZoneName, removed: [String], of: Int)
    /// The zone template is another one, and zones would lose more than 30 % and at least 3 of their records
    /// by it; meanwhile they go on with what the last one added.
    case templateLoss(TemplateLoss)
    /// An operator holds the rotations.
    case rotationsHeld(actor: String, reason: String, until: UnixTime?)
    /// A saved plan or an old generation has too few edges that may be live now.
    case directiveTooSmall(wouldBe: Int, minimum: Int)
    /// Too few edges of a saved plan or an old generation answer as they should.
    case directiveFails(answering: Int, of: Int, needed: Int, failures: [String])
    /// A name server has a serial so far from the published one that next to no other follows both
    /// (RFC 1982 §3.2).
    case serialNotComparable(zone: ZoneName, IncomparableSerial)

    /// Identifies what is approved: an approval lets through this hold and no other.
    ///
    /// nil when the hold goes by itself and nobody can approve it.
    public var approvalKey: String? {
        switch self {
        case .sickMonitor, .allMismatch, .rotationsHeld, .directiveTooSmall, .directiveFails,
            .serialNotComparable:
            nil
        // Never empty (I1): nobody can approve a live set of none.
        case .belowMinimum(let wouldBe, _): wouldBe > 0 ? Self.belowMinimumKey(wouldBe) : nil
        case .massRemoval(let gone, _):
            "mass-removal " + gone.map(\.text).sorted().joined(separator: " ")
        case .parameters(_, let to): "parameters \(to)"
        case .foreignParameters(let zone, let to): "foreign-parameters \(zone) \(to)"
        case .recordLoss(let zone, let removed, _):
            "record-loss \(zone) " + removed.sorted().joined(separator: "; ")
        case .templateLoss(let loss): "template-loss \(loss.digest)"
        }
    }

    private static func belowMinimumKey(_ wouldBe: Int) -> String { "below-minimum \(wouldBe)" }

    /// Approvals of every live set smaller than `minimum` but not empty: an operator insisted.
    public static func belowMinimumKeys(under minimum: Int) -> [String] {
        (1..<max(2, minimum)).map(belowMinimumKey)
    }

    /// The zone that alone waits; nil when the network's live set or parameters do.
    public var zone: ZoneName? {
        switch self {
        case .foreignParameters(let zone, _), .recordLoss(let zone, _, _),
            .serialNotComparable(let zone, _):
            zone
        case .templateLoss(let loss): loss.zones.count == 1 ? loss.first.zone : nil
        case .sickMonitor, .allMismatch, .massRemoval, .belowMinimum, .parameters,
            .rotationsHeld, .directiveTooSmall, .directiveFails:
            nil
        }
    }
}

extension Hold: CustomStringConvertible {
    /// Why it waits and how it goes on, in one or two sentences.
    public var description: String {
        switch self {
        case .sickMonitor(let reason):
            "this monitor seems to be the sick one: \(reason); nothing is changed for health's sake"
        case .allMismatch(let count):
            (count == 1
                ? "the one edge that answers serves" : "all \(count) edges that answer serve")
                + " other content than the local test object: the local copy is "
                + "the suspect; compare it with what an edge serves"
        case .massRemoval(let gone, let live):
            "\(gone.count) of \(live.counted("live edge")) \(gone.count == 1 ? "is" : "are") gone from the "
                + "edge list at once "
                + "(\(gone.map(\.text).joined(separator: ", ")))" + Self.advice
        case .belowMinimum(let wouldBe, let minimum):
            "modes or the edge list would leave \(wouldBe.counted("live edge")) of at least \(minimum) (min_live); "
                + "make an edge available again or force one"
                + (wouldBe > 0 ? Self.insistence : "")
        case .parameters(let from, let to):
            "NS or SOA parameters would change in every zone, from \(from) to \(to)" + Self.advice
        case .foreignParameters(let zone, _):
            "the file of zone \(zone) has other NS or SOA parameters than the configuration"
                + Self.fileAdvice
        case .recordLoss(let zone, let removed, let total):
            "zone \(zone) would lose \(removed.count) of \(total.counted("record")) that do not rotate "
                + "(\(removed.prefix(3).joined(separator: "; "))\(removed.count > 3 ? "; …" : ""))"
                + Self.advice
        case .templateLoss(let loss): loss.words + Self.advice
        case .rotationsHeld(let actor, let reason, _):
            "rotations are held by \(actor): \(reason); edgemanage resume lets them go on"
        case .directiveTooSmall(let wouldBe, let minimum):
            "only \(wouldBe) of those edges may be live now, and at least \(minimum) must be (min_live): "
                + "nothing is changed"
        case .directiveFails(let answering, let count, let needed, let failures):
            (answering == 0
                ? count == 1
                    ? "the one edge that would be live does not answer as it should"
                    : "none of the \(count) edges that would be live answers as it should"
                : "only \(answering) of the \(count.counted("edge")) that would be live "
                    + "\(answering == 1 ? "answers as it should" : "answer as they should"), and at least "
                    + "\(needed) must (min_live)")
                + " (\(failures.joined(separator: "; "))): nothing is changed; --insist publishes it all "
                + "the same"
        case .serialNotComparable(let zone, let serial):
            "zone \(zone): \(serial.server) serves serial \(serial.served), so far from the published "
                + "\(serial.ours) that next to no other follows both (RFC 1982 §3.2): remove the zone there and let it "
                + "be loaded anew"
        }
    }
}

extension Hold {
    private static let advice = "; if that is meant, run edgemanage approve"
    private static let fileAdvice = "; if it may be replaced, run edgemanage approve"
    private static let insistence = ", or insist by edgemanage approve"

    /// What would wait, for one who thinks of draining an edge: nothing waits yet that could be approved.
    func words(drainOf edge: EdgeName) -> String {
        guard case .belowMinimum(let wouldBe, let minimum) = self else {
            return Self.approvedWords(of: description)
        }
        let advice = "make another one available first"
        let left = "\(wouldBe.counted("live edge")) would be left of at least \(minimum) (min_live)"
        return wouldBe > 0
            ? "\(left); \(advice), or insist: edgemanage drain \(edge) -m REASON --insist"
            : "\(left); \(advice)"
    }

    /// A hold's description for one who approved it: without the advice to do so.
    public static func approvedWords(of message: String) -> String {
        for words in [advice, fileAdvice, insistence] where message.hasSuffix(words) {
            return String(message.dropLast(words.count))
        }
        return message
    }
}
