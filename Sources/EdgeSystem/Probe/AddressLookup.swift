internal import EdgeCore
internal import EdgeShell
internal import Glibc

/// One blocking question to the system's resolver.
enum AddressLookup {
    /// Asks for a name's addresses. AI_ADDRCONFIG stays out: what the monitor itself has says
    /// nothing about which addresses an edge has.
    static func resolve(_ name: String, families: Set<AddressFamily>) -> Resolution {
        var hints = addrinfo()
        hints.ai_family =
            families.count > 1 ? AF_UNSPEC : families.contains(.ipv4) ? AF_INET : AF_INET6
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, nil, &hints, &list)
        guard code == 0 else { return failure(code) }
        defer { freeaddrinfo(list) }
        var addresses: Set<IPAddress> = []
        var next = list
        while let entry = next {
            if let address = address(entry.pointee) { addresses.insert(address) }
            next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else { return .notFound(reason: "no address") }
        return .addresses(addresses.sorted())
    }

    private static func failure(_ code: Int32) -> Resolution {
        let reason = NetworkText.printable(String(cString: gai_strerror(code)))
        switch code {
        case EAI_NONAME, noData, noAddressFamily: return .notFound(reason: reason)
        default: return .failed(reason: reason)
        }
    }

    /// EAI_NODATA and EAI_ADDRFAMILY, which the C library keeps behind `_GNU_SOURCE`.
    private static let noData: Int32 = -5
    private static let noAddressFamily: Int32 = -9

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let pointer = UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch entry.ai_family {
        case AF_INET:
            let value = pointer.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
            return .v4(UInt32(bigEndian: value))
        case AF_INET6:
            let start = MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr) ?? 8
            let high = pointer.loadUnaligned(fromByteOffset: start, as: UInt64.self)
            let low = pointer.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)
            return .v6(UInt64(bigEndian: high), UInt64(bigEndian: low))
        default: return nil
        }
    }
}
