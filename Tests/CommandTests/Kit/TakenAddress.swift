import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A loopback address at which somebody else listens, until it is freed.
final class TakenAddress: Sendable {
    private let descriptor: Mutex<Int32>
    let port: UInt16

    var text: String { "127.0.0.1:\(port)" }

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                max(bind(descriptor, $0, size), listen(descriptor, 1))
                    + getsockname(descriptor, $0, &size)
            }
        }
        try #require(status == 0)
        port = UInt16(bigEndian: address.sin_port)
        self.descriptor = Mutex(descriptor)
    }

    /// Lets it go.
    func free() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    deinit { free() }
}
