internal import EdgeCore
internal import Glibc
internal import NIOCore
internal import NIOSSL

/// TLS on one connection, and the words for what goes wrong with it.
struct TLSProbe {
    let handler: NIOSSLClientHandler
    /// What the certificate must be for, as words.
    let name: String
    /// The address that the certificate must name, when there is no server name.
    let address: IPAddress?

    /// When the edge's own certificate ends; nil before it showed one.
    var certificateExpiry: UnixTime? {
        handler.peerCertificate.map { UnixTime(seconds: Int64($0.notValidAfter)) }
    }

    /// What is wrong with a certificate whose signers are fine; nil when nothing is.
    func complaint() -> String? {
        guard let address, let certificate = handler.peerCertificate else { return nil }
        let bytes = address.bytes
        // RFC 6125 §1.7.2 leaves addresses to RFC 2818 §3.1: an iPAddress name, exactly.
        let isNamed = certificate._subjectAlternativeNames().contains { name in
            name.nameType == .ipAddress && name.contents.elementsEqual(bytes)
        }
        return isNamed ? nil : wrongName
    }

    /// The real reason of a failed handshake.
    func reason(of error: any Error) -> String {
        if let error = error as? NIOSSLExtraError, error == .failedToValidateHostname {
            return wrongName
        }
        guard case NIOSSLError.handshakeFailed(let failure) = error else {
            return NetworkText.printable("\(error)")
        }
        guard case .sslError(let stack) = failure, let first = stack.first else {
            return "closed during the handshake"
        }
        if first == .eofDuringHandshake { return "closed during the handshake" }
        let token = Self.token(in: "\(first)")
        switch token {
        case "CERTIFICATE_VERIFY_FAILED": return certificateReason
        case "WRONG_VERSION_NUMBER": return "the answer is not TLS"
        case "UNSUPPORTED_PROTOCOL": return "TLS older than 1.2"
        default: return NetworkText.printable(token.lowercased().replacing("_", with: " "))
        }
    }

    private var wrongName: String { NetworkText.printable("its certificate is not for \(name)") }

    /// Why a certificate was not believed: its dates, else its signer.
    private var certificateReason: String {
        guard let certificate = handler.peerCertificate else { return "certificate not trusted" }
        let now = time(nil)
        if certificate.notValidAfter < now { return "certificate expired" }
        if certificate.notValidBefore > now { return "certificate not valid yet" }
        if let names = (try? certificate.toDERBytes()).flatMap(CertificateNames.init(der:)),
            names.isSelfSigned
        {
            return "self-signed certificate"
        }
        return "certificate by an unknown issuer"
    }

    /// `WRONG_VERSION_NUMBER` out of
    /// `Error: 268 error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER at FILE:1`.
    private static func token(in text: String) -> String {
        let marker = "OPENSSL_internal:"
        guard let range = text.firstRange(of: marker) else { return text }
        return String(text[range.upperBound...].prefix { $0 != " " })
    }
}
