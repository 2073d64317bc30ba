/// Which zones take part in a round's updates of one name server, and how long what failed waits.
///
/// A server that is the trouble itself is left alone as a whole. A zone that it refuses waits alone, at the
/// same pace: 15 s, doubled each time, 5 minutes at most; the others go on without it
/// (decisions/name-servers.md).
public struct UpdatePace: Hashable, Sendable {
    /// Whether everything that is owed takes part.
    public let isDue: Bool
    /// Whether the server itself was the trouble when it was last tried.
    private let isTroubled: Bool
    private let known: ServerState
    private let published: Set<ZoneName>

    /// - Parameters:
    ///   - known: what was known of the server before this round.
    ///   - published: the zones that this round published: they never wait.
    ///   - isUrgent: whether an operator waits for it.
    public init(
        of known: ServerState, published: Set<ZoneName>, isUrgent: Bool, at now: Moment
    ) {
        self.known = known
        self.published = published
        isTroubled = known.failures > 0 && known.lastControl?.isRefusal != true
        isDue =
            isUrgent || known.mayBeTold(at: now) || (isTroubled && !published.isEmpty)
    }

    /// Whether an owed zone takes part in this round.
    public func takesPart(_ zone: ZoneName) -> Bool {
        if isDue { return true }
        guard !isTroubled else { return false }
        // What was updated, or is owed only since this round's survey, was not refused.
        return published.contains(zone) || known.owed[zone]?.isTold ?? true
    }

    /// What a round's updates came to.
    public struct Ending: Hashable, Sendable {
        /// Successive tries that failed, this one included.
        public var failures: Int
        /// Whether what had failed before was tried too: the pace counts from this try.
        public var isTry: Bool
        /// Whether the server is the trouble: nothing was updated, and no zone alone is the reason.
        public var isTroubled: Bool

        public init(failures: Int, isTry: Bool, isTroubled: Bool) {
            self.failures = failures
            self.isTry = isTry
            self.isTroubled = isTroubled
        }
    }

    /// How it goes on after updates that came to `faults`; nil when nothing was sent.
    public func ending(_ faults: [ZoneName: UpdateFault?]) -> Ending? {
        let sent = faults.values.filter { $0?.wasSent != false }
        guard !sent.isEmpty else { return nil }
        let failed = sent.compactMap { $0 }
        let isTroubled = failed.count == sent.count && failed.allSatisfy(\.isOfServer)
        guard isDue || isTroubled else {
            return Ending(failures: known.failures, isTry: false, isTroubled: false)
        }
        return Ending(
            failures: failed.isEmpty ? 0 : known.failures + 1, isTry: true, isTroubled: isTroubled)
    }
}

extension UpdateFault {
    /// Whether the server is at fault with every zone: it can't be reached, or key or clocks don't fit. False
    /// for what it says of one zone, which need not hold for another.
    public var isOfServer: Bool {
        switch self {
        case .silent, .unreachable, .key, .badKey, .badSignature, .badTime, .badTruncation,
            .signatureRefused:
            true
        case .prerequisite, .notAuthoritative, .refused, .serverFailure, .notZone, .answered,
            .truncated, .wrongID, .forged, .malformed, .superseded, .unconfirmed:
            false
        }
    }

    /// Whether the server was tried at all.
    public var wasSent: Bool {
        switch self {
        case .superseded, .unconfirmed: false
        case .prerequisite, .notAuthoritative, .badKey, .badSignature, .badTime, .badTruncation,
            .signatureRefused, .refused, .serverFailure, .notZone, .answered, .truncated, .wrongID,
            .forged, .malformed, .silent, .unreachable, .key:
            true
        }
    }
}

extension StoredControl {
    /// The ending of updates that the server refused for some zones: the pause after it is theirs alone.
    public static let refusal = "zones refused"

    /// Whether zones were refused, and the server itself is none of the trouble.
    public var isRefusal: Bool { ending == Self.refusal }
}
