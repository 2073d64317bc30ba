import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// systemd's end of sd_notify(3).
final class ManagerSocket: Sendable {
    let path: String
    private let descriptor: Int32
    private let messages = Mutex<[String]>([])

    struct NotMade: Error {
        var code: Int32
    }

    init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw NotMade(code: errno) }
    }

    deinit { close(descriptor) }

    /// What was said so far, in order.
    var heard: [String] {
        messages.withLock { messages in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { return messages }
                messages.append(String(decoding: buffer.prefix(count), as: UTF8.self))
            }
        }
    }
}
