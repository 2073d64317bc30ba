/// How large the answer for a rotated name is (I11).
public struct AnswerSize: Hashable, Sendable {
    /// The rotated name with the longest answer, absolute.
    public var name: String
    /// `A` or `AAAA`.
    public var type: String
    /// The answer's bytes without EDNS: header, question and addresses.
    public var bytes: Int

    public init(name: String, type: String, bytes: Int) {
        self.name = name
        self.type = type
        self.bytes = bytes
    }

    /// What fits into an answer without EDNS (RFC 1035 §4.2.1).
    public static let classicLimit = 512
    /// What an EDNS OPT record adds to an answer (RFC 6891 §6.1.2).
    static let optSize = 11

    /// What is to be done about the size.
    public enum Verdict: Hashable, Sendable {
        case fits
        /// It is published; the sentence is shown.
        case warns(String)
        /// It is not published, for the reason given.
        case refused(String)
    }

    /// The largest answer of the zone: its longest rotated name, the family with more bytes.
    public static func largest(of content: ZoneContent) -> AnswerSize {
        let apex = content.zone.text + "."
        let label = content.dns.rotatedLabels.max { $0.text.utf8.count < $1.text.utf8.count }
        let name = label.map { "\($0.text).\(apex)" } ?? apex
        let sizes = [AddressFamily.ipv4, .ipv6].map { family in
            let count = content.addresses.count { $0.family == family }
            return AnswerSize(
                name: name, type: family.recordType,
                bytes: bytes(name: name, count: count, family: family))
        }
        return sizes[1].bytes > sizes[0].bytes ? sizes[1] : sizes[0]
    }

    /// The bytes of an answer of `count` addresses for the absolute `name` (RFC 1035 §4.1): the
    /// header's 12, the question, and for each record a pointer of 2 (§4.1.4), 10 of type, class,
    /// TTL and length, and the address.
    public static func bytes(name: String, count: Int, family: AddressFamily) -> Int {
        12 + name.utf8.count + 1 + 4 + count * (12 + (family == .ipv4 ? 4 : 16))
    }

    /// Above 512 bytes it warns; above `maximum`, counted with EDNS, it is refused.
    public func verdict(maximum: Int) -> Verdict {
        if bytes + Self.optSize > maximum {
            return .refused(
                "the \(type) answer for \(name) would be \(bytes + Self.optSize) bytes, over the "
                    + "\(maximum) allowed; publish fewer edges or allow larger answers")
        }
        if bytes > Self.classicLimit {
            return .warns(
                "the \(type) answer for \(name) is \(bytes) bytes; resolvers without EDNS must ask "
                    + "again over TCP above \(Self.classicLimit)")
        }
        return .fits
    }
}
