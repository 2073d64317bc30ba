/// How large the answer for a rotated name is (I11): an upper bound, near to what name servers
/// send.
public struct AnswerSize: Hashable, Sendable {
    /// The rotated name with the longest answer, absolute.
    public var name: String
    /// `A` or `AAAA`.
    public var type: String
    /// The answer's bytes without EDNS: header, question, addresses, the zone's name servers behind
    /// them and, in a signed zone, the signatures.
    ///
    /// The name servers are counted since BIND sends them with every answer that was not asked for
    /// recursively. Their own addresses are not, since servers leave them out where they don't fit
    /// (RFC 2181 §9).
    public var bytes: Int

    public init(name: String, type: String, bytes: Int) {
        self.name = name
        self.type = type
        self.bytes = bytes
    }

    /// What fits into an answer without EDNS (RFC 1035 §4.2.1).
    public static let classicLimit = 512
    /// What EDNS adds to an answer: the OPT record (RFC 6891 §6.1.2) with a cookie (RFC 7873 §4).
    public static let ednsSize = 11 + 4 + 8 + 16

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
        let labels = content.dns.rotatedLabels
        let longest = [false, true].compactMap { isWildcard in
            labels.filter { $0.text.hasPrefix("*") == isWildcard }
                .max { $0.text.utf8.count < $1.text.utf8.count }
        }
        let six = content.addresses.count { $0.family == .ipv6 }
        let four = content.addresses.count - six
        let family = six * 28 > four * 16 ? AddressFamily.ipv6 : .ipv4
        let names = longest.isEmpty ? [apex] : longest.map { "\($0.text).\(apex)" }
        let sizes = names.map { name in
            AnswerSize(
                name: name, type: family.recordType,
                bytes: bytes(
                    name: name, zone: apex, count: family == .ipv6 ? six : four,
                    family: family, dns: content.dns))
        }
        return sizes.reduce(sizes[0]) { $1.bytes > $0.bytes ? $1 : $0 }
    }

    /// The bytes of an answer of `count` addresses for the absolute `name` of `zone` (RFC 1035
    /// §4.1): the header's 12, the question, and for each record its owner as a pointer of 2
    /// (§4.1.4), 10 of type, class, TTL and length, and the data.
    public static func bytes(
        name: String, zone: String, count: Int, family: AddressFamily, dns: DNSSettings
    ) -> Int {
        var names = CompressedNames()
        // Below a wildcard anything may be asked for: a label of 63 bytes stands for it.
        let isWildcard = name.hasPrefix("*.")
        let asked = isWildcard ? String(repeating: "x", count: 63) + name.dropFirst() : name
        var bytes = 12 + names.bytes(of: asked) + 4
        bytes += count * (12 + (family == .ipv4 ? 4 : 16))
        for server in dns.nameServers { bytes += 12 + names.bytes(of: server) }
        if let signing = dns.signing {
            // RFC 4034 §3.1: 18 bytes, the zone's name uncompressed, and the signature; for the
            // addresses and for the name servers.
            let signature = 12 + 18 + zone.utf8.count + 1 + signing.signatureSize
            bytes += 2 * signature
            // RFC 4035 §3.1.3.3, RFC 5155 §7.2.6: that the name itself does not exist.
            if isWildcard { bytes += signature + 12 + zone.utf8.count + 64 }
        }
        return bytes
    }

    /// Above 512 bytes it warns; above `maximum`, counted with EDNS, it is refused.
    public func verdict(maximum: Int) -> Verdict {
        if bytes + Self.ednsSize > maximum {
            return .refused(
                "the \(type) answer for \(name) would be \(bytes + Self.ednsSize) bytes, over the "
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

/// What a name server signs a network's zones with: decides how large its signatures are.
public enum ZoneSigning: String, Hashable, Sendable, CaseIterable, Codable {
    /// ECDSA P-256 (RFC 6605) or Ed25519 (RFC 8080).
    case ecdsa
    /// RSA (RFC 5702) with keys of 2,048 bits.
    case rsa

    /// A signature's bytes.
    public var signatureSize: Int {
        switch self {
        case .ecdsa: 64
        case .rsa: 256
        }
    }
}

/// The names of a message, each suffix of two labels or more written once (RFC 1035 §4.1.4): BIND
/// writes a last label alone out, so that no more is reckoned with.
struct CompressedNames {
    private var known: Set<Substring> = []

    /// The bytes that one more absolute name takes.
    mutating func bytes(of name: String) -> Int {
        var rest = name.lowercased()[...]
        var bytes = 0
        while rest.first != ".", let dot = rest.firstIndex(of: ".") {
            let next = rest.index(after: dot)
            let isLast = next == rest.endIndex
            guard isLast || known.insert(rest).inserted else { return bytes + 2 }
            bytes += rest[..<dot].utf8.count + 1
            rest = rest[next...]
        }
        return bytes + 1
    }
}
