/// A DNS name's text rules (RFC 1035 §2.3.4, RFC 1123 §2.1), kept in one place.
enum NameRules {
    /// Whether `text` is made of 1 to 127 labels of letters, digits, `-` and `_`, 253 bytes at
    /// most, no label longer than 63 bytes, none beginning or ending with a hyphen.
    ///
    /// One pass without allocation: a store of ten thousand zones asks this for each when it loads.
    static func isHostName(_ text: String) -> Bool {
        let hyphen = UInt8(ascii: "-")
        let dot = UInt8(ascii: ".")
        guard text.utf8.count <= 253 else { return false }
        var labelLength = 0
        var previous = dot
        for byte in text.utf8 {
            switch byte {
            case dot:
                guard labelLength > 0, previous != hyphen else { return false }
                labelLength = 0
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, hyphen, UInt8(ascii: "_"):
                labelLength += 1
                guard labelLength <= 63, byte != hyphen || labelLength > 1 else { return false }
            default: return false
            }
            previous = byte
        }
        return labelLength > 0 && previous != hyphen
    }

    /// Whether the last label is a number, decimal or hexadecimal: "192.0.2.300" and "0x7f.1" are host names
    /// by their letters, never meant as such, and addresses to getaddrinfo(3).
    static func endsInNumber(_ text: String) -> Bool {
        let dot = text.utf8.lastIndex(of: UInt8(ascii: "."))
        let last = text.utf8[(dot.map { text.utf8.index(after: $0) } ?? text.utf8.startIndex)...]
        let isHexadecimal = last.starts(with: "0x".utf8) || last.starts(with: "0X".utf8)
        return (isHexadecimal ? last.dropFirst(2) : last).allSatisfy { byte in
            switch byte {
            case 0x30...0x39: true
            case 0x41...0x46, 0x61...0x66: isHexadecimal
            default: false
            }
        }
    }
}

/// The name of an edge or canary: a host name or an IP address, checked when made (I34).
///
/// It becomes part of file names, metric labels, log lines and pages, so nothing but letters,
/// digits, `.`, `-`, `_` and `:` (in an IPv6 address) can be in it.
public struct EdgeName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name as the operator wrote it.
    public let text: String

    /// Checks and takes a name; nil when it is neither a host name nor an IP address.
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        let address = IPAddress(text)
        // An IPv4-mapped address (RFC 4291 §2.5.5.2) is no address that anybody could reach over IPv6.
        if case .v6(0, let low)? = address, low >> 32 == 0xFFFF { return nil }
        guard address != nil || NameRules.isHostName(text) else { return nil }
        guard address != nil || !NameRules.endsInNumber(text) else { return nil }
        self.text = text
    }

    /// The name of a target that is known by its address alone.
    public init(_ address: IPAddress) {
        text = address.description
    }

    /// The address, when the name is one: such an edge needs no resolving.
    public var address: IPAddress? { IPAddress(text) }

    public var description: String { text }

    public static func < (left: EdgeName, right: EdgeName) -> Bool { left.text < right.text }
}

/// The name of a network (the original says "dnet"): a file name without a slash.
public struct NetworkName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name as the operator wrote it: 1 to 64 letters, digits, `.`, `-`, `_`, not beginning
    /// with a dot.
    public let text: String

    /// Checks and takes a name; nil when it breaks the rule above.
    public init?(_ text: some StringProtocol) {
        guard (1...64).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "."),
            text.utf8.allSatisfy({ byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            })
        else { return nil }
        self.text = String(text)
    }

    public var description: String { text }

    public static func < (left: NetworkName, right: NetworkName) -> Bool { left.text < right.text }
}

/// The name of a zone: lower case, without the final dot, safe as a file name and as zone text.
public struct ZoneName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name in lower case, since DNS compares names without case (RFC 4343 §3).
    public let text: String

    /// Checks and takes a name, with or without its final dot; nil when it is not a host name.
    public init?(_ text: some StringProtocol) {
        var bare = String(text)
        if bare.utf8.last == UInt8(ascii: ".") { bare.removeLast() }
        guard NameRules.isHostName(bare) else { return nil }
        let isLower = !bare.utf8.contains { (0x41...0x5A).contains($0) }
        self.text = isLower ? bare : bare.lowercased()
    }

    public var description: String { text }

    public static func < (left: ZoneName, right: ZoneName) -> Bool { left.text < right.text }
}

/// A label under the apex that hands out the live edges too (`rotate_zones`); `@` is always rotated
/// and never listed.
public struct RotatedLabel: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The label or labels in lower case, relative to the apex: `www`, `static.cdn`; `*` may stand
    /// first.
    public let text: String

    /// Checks and takes a label; nil when it is no relative name.
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        let rest = text.hasPrefix("*.") ? String(text.dropFirst(2)) : text
        guard text == "*" || NameRules.isHostName(rest) else { return nil }
        self.text = text.lowercased()
    }

    public var description: String { text }

    public static func < (left: RotatedLabel, right: RotatedLabel) -> Bool {
        left.text < right.text
    }
}

extension RotatedLabel: Codable {
    /// Reads a label from its text.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let label = RotatedLabel(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\(text) is no label"))
        }
        self = label
    }

    /// Writes the label's text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
