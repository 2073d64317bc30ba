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

extension ZoneUpdate {
    /// The update that makes a zone on a server what it should be: only RRsets that differ change, and
    /// every one of them must still be as it was found. An RRset whose TTL alone differs is replaced too.
    /// What was withdrawn goes where it is found exactly as it was last published; anything else there is
    /// somebody else's.
    ///
    /// - Parameter isExclusive: whether the SOA must still be the found one as well.
    public init(_ expected: ServedExpectation, over found: ServedZone, isExclusive: Bool) {
        var changes: [Change] = []
        for name in expected.names {
            for family in AddressFamily.allCases {
                let there = found.names[name.owner]?[family]
                let before = there?.addresses.sorted() ?? []
                let after = expected.addresses.filter { $0.family == family }
                let hasTTL = after.isEmpty || there?.ttl == nil || there?.ttl == name.ttl
                guard before != after || !hasTTL else { continue }
                changes.append(
                    Change(
                        owner: name.owner, family: family, before: before, after: after,
                        ttl: name.ttl))
            }
        }
        for rest in expected.rests(in: found) where rest.isOurs {
            changes.append(
                Change(
                    owner: rest.owner, family: rest.family, before: rest.addresses, after: [],
                    ttl: 0))
        }
        self.init(
            zone: expected.zone,
            soa: isExclusive && !found.soa.isEmpty ? found.soa : nil, changes: changes)
    }

    /// The order in which updates are sent: another one at each attempt, since those behind one that hangs
    /// may never be answered, and should not be the same each time.
    ///
    /// - Parameter attempt: how many attempts failed before; at the first, the order of the names.
    public static func ordered(_ updates: [ZoneUpdate], attempt: Int) -> [ZoneUpdate] {
        guard attempt > 0 else { return updates.sorted { $0.zone < $1.zone } }
        var keyed = updates.map { (key: place(of: $0.zone, attempt: attempt), update: $0) }
        keyed.sort { left, right in
            guard left.key != right.key else { return left.update.zone < right.update.zone }
            return left.key < right.key
        }
        return keyed.map(\.update)
    }

    /// FNV-1a, and its bits mixed so that neighbours by name are none by place (splitmix64's last steps).
    private static func place(of zone: ZoneName, attempt: Int) -> UInt64 {
        var hash = zone.text.utf8.reduce(0xCBF2_9CE4_8422_2325 ^ UInt64(attempt)) { sum, byte in
            (sum ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
        return hash ^ hash >> 31
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
    /// NOTAUTH with TSIG error BADTRUNC (RFC 8945 §5.2.4): its policy asks for a longer MAC than ours.
    case badTruncation(name: String)
    /// Another TSIG error, by its name.
    case signatureRefused(name: String, code: String)
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
    /// It was not sent: a newer plan was published meanwhile (I5).
    case superseded
    /// It was not sent: whether the plan is still the newest could not be found out (I5).
    case unconfirmed(reason: String)

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
        case .badTruncation(let name):
            "it finds our MAC by the key \(name) too short (BADTRUNC): have it take MACs as long as the key's "
                + "hash"
        case .signatureRefused(let name, let code):
            "it refuses what is signed by the key \(name) (\(code)): see its log"
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
        case .superseded: "it was not updated, since a newer plan was published meanwhile"
        case .unconfirmed(let reason):
            "it was not updated, since it can't be told whether the plan is still the newest: \(reason)"
        }
    }
}
