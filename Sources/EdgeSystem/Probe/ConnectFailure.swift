internal import EdgeCore
internal import Glibc
internal import NIOCore

/// What a failure to connect says, and about whom.
enum ConnectFailure {
    /// The outcome that an error from connecting to `address` stands for.
    static func outcome(of error: any Error, to address: IPAddress) -> ProbeOutcome {
        guard let error = error as? IOError else {
            if case ChannelError.connectTimeout = error { return .timeout(.connect) }
            return .unreachable(reason: NetworkText.printable("\(error)"))
        }
        return outcome(of: error.errnoCode, to: address)
    }

    /// The outcome that an error number stands for.
    static func outcome(of code: CInt, to address: IPAddress) -> ProbeOutcome {
        switch code {
        case ECONNREFUSED: return .refused
        case ETIMEDOUT: return .timeout(.connect)
        case ECONNRESET, ECONNABORTED: return .unreachable(reason: "connection reset")
        case EMFILE, ENFILE: return .localFault(reason: "out of file descriptors")
        case EADDRNOTAVAIL: return .localFault(reason: "out of local ports")
        case ENOBUFS, ENOMEM: return .localFault(reason: "out of memory for sockets")
        case EACCES, EPERM: return .localFault(reason: "not allowed to connect from here")
        case EAFNOSUPPORT:
            return .localFault(reason: "no \(address.family.protocolName) on this machine")
        case ENETUNREACH, EHOSTUNREACH:
            guard hasRoute(to: address) else {
                return .localFault(
                    reason: "no \(address.family.protocolName) route on this machine")
            }
            return .unreachable(reason: text(of: code))
        default: return .unreachable(reason: text(of: code))
        }
    }

    /// Whether this machine knows a way to the address: connecting a UDP socket sends nothing, and
    /// fails when the routing table has none.
    static func hasRoute(to address: IPAddress) -> Bool {
        guard let target = try? SocketAddress(address, port: 9) else { return false }
        let family = address.family == .ipv4 ? AF_INET : AF_INET6
        let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue) | SOCK_CLOEXEC.signed, 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        return target.withSockAddr { pointer, size in
            connect(descriptor, pointer, socklen_t(size)) == 0
        }
    }

    static func text(of code: CInt) -> String {
        NetworkText.printable(String(cString: strerror(code)).lowercased())
    }
}

extension __socket_type {
    fileprivate var signed: Int32 { Int32(bitPattern: rawValue) }
}

extension AddressFamily {
    /// The protocol's name.
    var protocolName: String { self == .ipv4 ? "IPv4" : "IPv6" }
}

extension SocketAddress {
    /// The socket address of an address and port.
    init(_ address: IPAddress, port: UInt16) throws {
        try self.init(
            packedIPAddress: ByteBuffer(bytes: address.bytes), port: Int(port))
    }
}
