/// A zone's serial in sequence space arithmetic (RFC 1982 §3, SERIAL_BITS 32).
public struct SOASerial: Hashable, Sendable, CustomStringConvertible {
    public var value: UInt32

    public init(_ value: UInt32) {
        self.value = value
    }

    public var description: String { String(value) }

    /// Whether this serial is newer than `other`; nil where RFC 1982 §3.2 leaves it undefined: at a
    /// difference of exactly 2^31.
    public func isNewer(than other: SOASerial) -> Bool? {
        let distance = value &- other.value
        if distance == 0x8000_0000 { return nil }
        return distance != 0 && distance < 0x8000_0000
    }

    /// The serial that follows this one at `now`: the Unix time if that is newer, else one more. At
    /// the undefined difference it is one more, which every secondary understands.
    public func next(at now: UnixTime) -> SOASerial {
        let clock = SOASerial(UInt32(truncatingIfNeeded: now.seconds))
        let step = SOASerial(value &+ 1)
        return clock == step || clock.isNewer(than: step) == true ? clock : step
    }

    /// The first serial of a zone that never had one: the Unix time.
    public static func first(at now: UnixTime) -> SOASerial {
        SOASerial(UInt32(truncatingIfNeeded: now.seconds))
    }

    /// A serial that follows all of `known` at `now`, those that come first counting most: three serials may
    /// each be newer than the next in a circle (RFC 1982 §3.2), and then no other is newer than all.
    public static func following(_ known: [SOASerial], at now: UnixTime) -> SOASerial {
        guard let first = known.first else { return .first(at: now) }
        guard known.count > 1 else { return first.next(at: now) }
        for count in stride(from: known.count, to: 1, by: -1) {
            let counting = known.prefix(count)
            let newest = counting.dropFirst().reduce(first) { newer($0, $1) }
            let candidates = [newest.next(at: now), SOASerial(newest.value &+ 1)]
            let following = candidates.first { candidate in
                counting.allSatisfy { candidate.isNewer(than: $0) == true }
            }
            if let following { return following }
        }
        return SOASerial(first.value &+ 1)
    }

    /// The newer of two; the first where RFC 1982 does not compare them.
    public static func newer(_ first: SOASerial, _ second: SOASerial) -> SOASerial {
        second.isNewer(than: first) == true ? second : first
    }
}
