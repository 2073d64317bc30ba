internal import Glibc
internal import Synchronization

/// Finds ports on 127.0.0.1 that nobody uses, for UDP and TCP alike.
enum FreePort {
    /// Below those that Linux gives to outgoing connections (ip_local_port_range, from 32768 on): a server
    /// that was stopped finds its port free again.
    private static let range: Range<UInt16> = 16_384..<32_768
    /// Where this process is in the range; others begin elsewhere.
    private static let last = Mutex(UInt16.random(in: range))

    /// A port that was free a moment ago; this process is given none a second time before all others.
    static func next() -> UInt16 {
        for _ in range {
            let port = last.withLock { last in
                last = last + 1 < range.upperBound ? last + 1 : range.lowerBound
                return last
            }
            if bind(SOCK_STREAM, port: port) != nil, bind(SOCK_DGRAM, port: port) != nil {
                return port
            }
        }
        return 0
    }

    /// Binds and lets go again; the port, nil when it is taken.
    private static func bind(_ type: __socket_type, port: UInt16) -> UInt16? {
        let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard Glibc.bind(descriptor, address, size) == 0,
                    getsockname(descriptor, address, &size) == 0
                else { return nil }
                return UInt16(bigEndian: pointer.pointee.sin_port)
            }
        }
    }
}
