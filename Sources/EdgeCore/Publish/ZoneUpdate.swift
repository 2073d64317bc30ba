/// One zone's dynamic update: address RRsets of rotated names, each replaced whole (RFC 2136 §2.5),
/// if the zone is still as it was last known (§2.4).
public struct ZoneUpdate: Hashable, Sendable {
    /// One RRset's change.
    public struct Change: Hashable, Sendable {
        /// The owner, absolute.
        public var owner: String
        public var family: AddressFamily
        /// What must still be there (§2.4.2; §2.4.3 when it is empty); nil: whatever is there.
        public var before: [IPAddress]?
        /// What shall be there, ascending; empty: no RRset of this type.
        public var after: [IPAddress]
        public var ttl: UInt32

        public init(
            owner: String, family: AddressFamily, before: [IPAddress]?, after: [IPAddress],
            ttl: UInt32
        ) {
            self.owner = owner
            self.family = family
            self.before = before
            self.after = after
            self.ttl = ttl
        }
    }

    public var zone: ZoneName
    /// The SOA's RDATA that must still be there, in presentation form; nil: any.
    public var soa: String?
    public var changes: [Change]

    public init(zone: ZoneName, soa: String? = nil, changes: [Change]) {
        self.zone = zone
        self.soa = soa
        self.changes = changes
    }
}

/// Why a dynamic update was not done, or is not known to be done.
public enum UpdateFault: Error, Hashable, Sendable {
    /// A prerequisite failed (RFC 2136 §3.2: YXDOMAIN, YXRRSET, NXDOMAIN, NXRRSET): somebody else
    /// changed the zone since it was read.
    case prerequisite(code: String)
    /// NOTAUTH: the server has no authority for the zone.
    case notAuthoritative
    /// NOTAUTH with TSIG error BADKEY (RFC 8945 §5.2): it does not know the key, or not for this zone.
    case badKey(name: String)
    /// NOTAUTH with TSIG error BADSIG: the secrets differ.
    case badSignature(name: String)
    /// NOTAUTH with TSIG error BADTIME: the clocks are more than the fudge apart; its time, if told.
    case badTime(server: UnixTime?)
    /// REFUSED: its policy does not allow it, or the zone is frozen.
    case refused
    /// SERVFAIL.
    case serverFailure
    /// NOTZONE: a name is outside the zone.
    case notZone
    /// Another code.
    case answered(code: String)
    /// The answer was truncated although it came over TCP.
    case truncated
    /// The answer's ID is not the question's.
    case wrongID
    /// The answer is not signed by our key, or its MAC is wrong: a forged one.
    case forged(reason: String)
    /// The answer could not be read.
    case malformed(reason: String)
    /// No answer before the deadline: it may have been done.
    case silent
    /// The connection failed.
    case unreachable(reason: String)
    /// Our key could not be used; one sentence naming the file.
    case key(String)

    /// Whether reading the zone again and planning anew may help.
    public var asksForNewPlan: Bool {
        if case .prerequisite = self { true } else { false }
    }
}

extension UpdateFault: CustomStringConvertible {
    /// One sentence without the server's and the zone's names, and what to do.
    public var description: String {
        switch self {
        case .prerequisite(let code):
            "the zone was changed by somebody else since it was read (\(code))"
        case .notAuthoritative:
            "it is not authoritative for the zone (NOTAUTH): add the zone to its configuration"
        case .badKey(let name):
            "it does not take the key \(name) (BADKEY): give it the key, and allow it to update the zone"
        case .badSignature(let name):
            "it has another secret for the key \(name) (BADSIG): give both the same key file"
        case .badTime(let server):
            "its clock and ours differ by more than 300 s (BADTIME"
                + (server.map { ", its time is \($0.seconds)" } ?? "") + "): mend the clocks"
        case .refused:
            "it refuses updates of the zone (REFUSED): allow the key to update it, and thaw it if it is frozen"
        case .serverFailure:
            "it failed to carry the update out (SERVFAIL): see its log"
        case .notZone: "it finds a name outside the zone (NOTZONE)"
        case .answered(let code): "it answers \(code)"
        case .truncated: "its answer was truncated although it came over TCP"
        case .wrongID: "it answered another question (the ID differs)"
        case .forged(let reason): "its answer can't be trusted: \(reason)"
        case .malformed(let reason): "its answer can't be read: \(reason)"
        case .silent: "it did not answer in time"
        case .unreachable(let reason): "it can't be reached: \(reason)"
        case .key(let sentence): sentence
        }
    }
}
