/// The family of an IP address: which of A and AAAA announces it.
public enum AddressFamily: String, Hashable, Sendable, CaseIterable, Comparable {
    case ipv4
    case ipv6

    /// IPv4 before IPv6: the order in which families are probed, shown and published.
    public static func < (left: AddressFamily, right: AddressFamily) -> Bool {
        left == .ipv4 && right == .ipv6
    }

    /// The DNS record type that carries an address of this family (RFC 1035 §3.4.1, RFC 3596 §2.1).
    public var recordType: String {
        switch self {
        case .ipv4: "A"
        case .ipv6: "AAAA"
        }
    }
}

/// One IP address, parsed once and never again.
///
/// Text is read strictly: IPv4 as four decimal numbers without leading zeros (RFC 6943 §3.1.1),
/// IPv6 by RFC 4291 §2.2 without a zone index. Text is written as RFC 5952 asks.
public enum IPAddress: Hashable, Sendable {
    /// An IPv4 address, most significant byte first.
    case v4(UInt32)
    /// An IPv6 address in two halves, most significant first.
    case v6(UInt64, UInt64)

    /// The address's family.
    public var family: AddressFamily {
        switch self {
        case .v4: .ipv4
        case .v6: .ipv6
        }
    }

    /// Reads an address; nil when the text is not exactly one.
    public init?(_ text: some StringProtocol) {
        self.init(checking: String(text))
    }

    private init?(checking text: String) {
        // Most names are no addresses, which their last letter tells.
        guard let last = text.utf8.last, last == UInt8(ascii: ":") || Self.isHexDigit(last) else {
            return nil
        }
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let groups = Self.parseIPv6(text) else { return nil }
            var halves: [UInt64] = [0, 0]
            for (index, group) in groups.enumerated() {
                halves[index / 4] = halves[index / 4] << 16 | UInt64(group)
            }
            self = .v6(halves[0], halves[1])
        } else {
            guard let value = Self.parseIPv4(text) else { return nil }
            self = .v4(value)
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    private static func parseIPv4(_ text: some StringProtocol) -> UInt32? {
        var value: UInt32 = 0
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        for part in parts {
            guard (1...3).contains(part.utf8.count),
                part.utf8.allSatisfy({ (48...57).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != UInt8(ascii: "0"), let byte = UInt8(part)
            else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    private static func parseIPv6(_ text: some StringProtocol) -> [UInt16]? {
        guard text.utf8.count <= 45 else { return nil }
        let sides = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        switch sides.count {
        case 1:
            guard let groups = parseGroups(sides[0], mayEndInIPv4: true), groups.count == 8 else {
                return nil
            }
            return groups
        case 2:
            guard let head = parseGroups(sides[0], mayEndInIPv4: false),
                let tail = parseGroups(sides[1], mayEndInIPv4: true), head.count + tail.count <= 7
            else { return nil }
            return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
        default:
            return nil
        }
    }

    private static func parseGroups(_ text: some StringProtocol, mayEndInIPv4: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, let v4 = parseIPv4(part) {
                groups += [UInt16(v4 >> 16), UInt16(truncatingIfNeeded: v4)]
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.first != UInt8(ascii: "+"),
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }

    /// The address's eight 16-bit groups; empty for IPv4.
    var groups: [UInt16] {
        switch self {
        case .v4: []
        case .v6(let high, let low):
            [high, low].flatMap { half in
                [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> UInt64($0)) }
            }
        }
    }

    /// The address's bytes in network order: 4 or 16.
    public var bytes: [UInt8] {
        switch self {
        case .v4(let value): [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
        case .v6: groups.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        }
    }

    /// Whether the address is this machine's own: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        switch self {
        case .v4(let value): value >> 24 == 127
        case .v6(let high, let low): high == 0 && low == 1
        }
    }

    /// Whether the address can be an edge on the Internet: not loopback, link-local (cloud metadata
    /// lives there), multicast, unspecified or the limited broadcast address.
    public var isPubliclyUsable: Bool {
        switch self {
        case .v4(let value):
            let top = value >> 24
            return top != 0 && top != 127 && top < 224 && value >> 16 != 0xA9FE
        case .v6(let high, let low):
            if high == 0 && low <= 1 { return false }
            return high >> 56 != 0xFF && high >> 54 != 0xFE80 >> 6
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address as text: dotted quad, or the one form that RFC 5952 §4 allows.
    public var description: String {
        switch self {
        case .v4: return bytes.map(String.init).joined(separator: ".")
        case .v6(let high, let low):
            if high == 0, low >> 32 == 0xFFFF {  // RFC 5952 §5: IPv4-mapped
                return "::ffff:\(IPAddress.v4(UInt32(truncatingIfNeeded: low)))"
            }
            let groups = self.groups
            let longest = Self.longestZeroRun(groups)
            let hex = { (slice: ArraySlice<UInt16>) in
                slice.map { String($0, radix: 16) }.joined(separator: ":")
            }
            guard longest.count >= 2 else { return hex(groups[...]) }
            return hex(groups[..<longest.lowerBound]) + "::" + hex(groups[longest.upperBound...])
        }
    }

    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int> {
        var best = 0..<0
        var index = 0
        while index < groups.count {
            guard groups[index] == 0 else {
                index += 1
                continue
            }
            let start = index
            while index < groups.count && groups[index] == 0 { index += 1 }
            if index - start > best.count { best = start..<index }
        }
        return best
    }
}

extension IPAddress: Comparable {
    /// IPv4 first, then by value: the order of "the lowest address".
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        switch (left, right) {
        case (.v4(let a), .v4(let b)): a < b
        case (.v4, .v6): true
        case (.v6, .v4): false
        case (.v6(let a, let b), .v6(let c, let d)): (a, b) < (c, d)
        }
    }
}
