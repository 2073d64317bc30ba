/// Whether an edited include may go out as it is (I9): losing many records at once is held.
public enum IncludeGuard {
    /// A loss of more than this share of the records that do not rotate is held, …
    static let share = (numerator: 3, denominator: 10)
    /// … when it is at least this many.
    static let count = 3

    /// The hold that a change asks for; nil when it may go out.
    public static func hold(
        zone: ZoneName, from old: [DNSRecord], to new: [DNSRecord]
    ) -> Hold? {
        loss(from: old, to: new).map { .recordLoss(zone: zone, removed: $0, of: old.count) }
    }

    /// The records that a change takes away, when they are too many to go unasked; nil: they are not.
    static func loss(from old: [DNSRecord], to new: [DNSRecord]) -> [String]? {
        let remaining = Set(new.map { Identity($0) })
        let removed = old.filter { !remaining.contains(Identity($0)) }
        guard removed.count >= count,
            removed.count * share.denominator > old.count * share.numerator
        else { return nil }
        return removed.map { "\($0.owner) \($0.type) \($0.data)" }
    }

    /// A record whose TTL alone changed is not lost.
    private struct Identity: Hashable {
        var owner: String
        var type: String
        var data: String

        init(_ record: DNSRecord) {
            owner = record.owner
            type = record.type
            data = record.data
        }
    }
}
