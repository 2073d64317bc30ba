/// The two names in a certificate, as its bytes have them (RFC 5280 §4.1.2): enough to tell whether
/// it was signed by itself.
public struct CertificateNames: Hashable, Sendable {
    /// Who signed it, DER.
    public let issuer: [UInt8]
    /// Whom it is for, DER.
    public let subject: [UInt8]

    /// Finds them; nil when the bytes are no certificate.
    public init?(der: [UInt8]) {
        var certificate = der[...]
        guard var outer = Self.element(&certificate)?.content,
            var fields = Self.element(&outer)?.content
        else { return nil }
        if fields.first == 0xA0 { _ = Self.element(&fields) }  // version
        guard Self.element(&fields) != nil,  // serial number
            Self.element(&fields) != nil,  // signature algorithm
            let issuer = Self.element(&fields)?.content,
            Self.element(&fields) != nil,  // validity
            let subject = Self.element(&fields)?.content
        else { return nil }
        self.issuer = Array(issuer)
        self.subject = Array(subject)
    }

    /// Whether the certificate names itself as its signer.
    public var isSelfSigned: Bool { issuer == subject }

    /// Takes one DER element off the front (X.690 §8.1).
    private static func element(
        _ bytes: inout ArraySlice<UInt8>
    ) -> (tag: UInt8, content: ArraySlice<UInt8>)? {
        guard let tag = bytes.popFirst(), var length = bytes.popFirst().map(Int.init) else {
            return nil
        }
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...4).contains(count), bytes.count >= count else { return nil }
            length = bytes.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            bytes = bytes.dropFirst(count)
        }
        guard bytes.count >= length else { return nil }
        defer { bytes = bytes.dropFirst(length) }
        return (tag, bytes.prefix(length))
    }
}
