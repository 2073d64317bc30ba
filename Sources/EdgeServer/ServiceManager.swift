internal import EdgeCore
internal import Glibc

/// Tells the service manager how the daemon is (sd_notify(3)); says nothing where none started it.
public struct ServiceManager: Sendable {
    private let address: [UInt8]?
    /// Within which time the manager wants to hear of life, or restarts the daemon; nil: never.
    public let watchdog: Duration?

    /// - Parameters:
    ///   - environment: `NOTIFY_SOCKET`, and `WATCHDOG_USEC` with `WATCHDOG_PID`.
    ///   - process: this process's id.
    public init(environment: [String: String], process: Int32) {
        let path = environment["NOTIFY_SOCKET"] ?? ""
        // A socket in the file system, or an abstract one, whose name begins with a zero byte (unix(7)).
        switch path.utf8.first {
        case UInt8(ascii: "/"): address = Array(path.utf8)
        case UInt8(ascii: "@"): address = [0] + path.utf8.dropFirst()
        default: address = nil
        }
        let isOurs = environment["WATCHDOG_PID"].map { Int32($0) == process } ?? true
        let time = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdog = isOurs && time > 0 ? .microseconds(time) : nil
    }

    /// The rounds go on.
    ///
    /// - Parameter patience: within which time the manager shall want to hear of life from now on (WATCHDOG_USEC=);
    ///   nil: as before. It counts anew with this, so it is no way to say the same again and again.
    public func ready(_ status: String, patience: Duration? = nil) {
        let time = patience.map { "\nWATCHDOG_USEC=\($0.inNanoseconds / 1000)" } ?? ""
        send("READY=1\nSTATUS=\(Self.line(status))\(time)")
    }

    /// The configuration is read anew.
    public func reloading() { send("RELOADING=1") }

    /// What the daemon does, as `systemctl status` shows it.
    public func tell(_ status: String) { send("STATUS=\(Self.line(status))") }

    /// The daemon is alive.
    public func feedWatchdog() { if watchdog != nil { send("WATCHDOG=1") } }

    /// The daemon ends after what it has in hand.
    public func stopping() { send("STOPPING=1") }

    private static func line(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }

    private func send(_ message: String) {
        guard let path = address else { return }
        var target = sockaddr_un()
        let room = MemoryLayout.size(ofValue: target.sun_path)
        guard path.count < room else { return }
        target.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: path) }
        let socket = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return }
        defer { close(socket) }
        let offset = MemoryLayout<sockaddr_un>.size - room
        let isAbstract = path.first == 0
        let length = socklen_t(offset + path.count + (isAbstract ? 0 : 1))
        let bytes = Array(message.utf8)
        withUnsafePointer(to: target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
