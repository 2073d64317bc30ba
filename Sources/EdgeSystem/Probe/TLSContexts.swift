internal import EdgeCore
internal import NIOCore
internal import NIOSSL

/// The TLS settings of a round: made once, shared by all its connections (I33).
final class TLSContexts {
    private let trust: ProbePlan.Trust
    /// Checks the certificate against the server name.
    private var named: Result<NIOSSLContext, RequestFault>?
    /// Checks the certificate's signers alone: the address in it is checked afterwards.
    private var addressed: Result<NIOSSLContext, RequestFault>?

    init(trust: ProbePlan.Trust) {
        self.trust = trust
    }

    /// Reads the trusted certificates before any clock runs.
    func prepare() {
        named = make(.fullVerification)
    }

    /// What a request needs for TLS; nil when it has none.
    func handler(for request: ProbeRequest) throws -> TLSProbe? {
        guard request.scheme == .https, case .object(_, let host) = request.question else {
            return nil
        }
        if let name = request.serverName {
            return TLSProbe(
                handler: try NIOSSLClientHandler(context: try context(), serverHostname: name),
                name: name, address: nil)
        }
        let address = Self.address(inHost: host) ?? request.address
        return TLSProbe(
            handler: try NIOSSLClientHandler(
                context: try addressContext(), serverHostname: nil),
            name: address.description, address: trust == .unchecked ? nil : address)
    }

    private func context() throws -> NIOSSLContext {
        let result = named ?? make(.fullVerification)
        named = result
        return try result.get()
    }

    private func addressContext() throws -> NIOSSLContext {
        let result = addressed ?? make(.noHostnameVerification)
        addressed = result
        return try result.get()
    }

    private func make(_ verification: CertificateVerification) -> Result<
        NIOSSLContext, RequestFault
    > {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = verification
        configuration.renegotiationSupport = .none
        switch trust {
        case .system: configuration.trustRoots = .default
        case .bundle(let path): configuration.trustRoots = .file(path)
        case .unchecked: configuration.certificateVerification = .none
        }
        do {
            return .success(try NIOSSLContext(configuration: configuration))
        } catch {
            let source =
                switch trust {
                case .bundle(let path): "the certificates in \(path)"
                case .system, .unchecked: "the system's certificates"
                }
            return .failure(
                RequestFault(reason: "cannot use \(source): \(NetworkText.printable("\(error)"))"))
        }
    }

    /// The address that a Host header names: `192.0.2.1`, `192.0.2.1:8443`, `[2001:db8::1]:8443`.
    static func address(inHost host: String) -> IPAddress? {
        if host.hasPrefix("[") {
            return host.dropFirst().split(separator: "]").first.flatMap { IPAddress($0) }
        }
        return IPAddress(host) ?? host.split(separator: ":").first.flatMap { IPAddress($0) }
    }
}
