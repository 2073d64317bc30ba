internal import Glibc
internal import NIOCore

/// Who is at the other end of a Unix socket, as the kernel says (unix(7), SO_PEERCRED).
struct Peer: Hashable, Sendable {
    var user: UInt32
    var group: UInt32

    /// Asks the kernel; nil: the connection is no Unix socket's.
    static func of(_ channel: any Channel) async -> Peer? {
        guard let provider = channel as? any SocketOptionProvider else { return nil }
        let name = NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        let found: Credentials? = try? await provider.unsafeGetSocketOption(
            level: .socket, name: name
        )
        .get()
        guard let found, found.user != .max else { return nil }
        return Peer(user: found.user, group: found.group)
    }

    /// `struct ucred`, which Swift's Glibc module does not show.
    private struct Credentials: Sendable {
        var process: Int32
        var user: UInt32
        var group: UInt32
    }

    /// The user's name; its number where it has none.
    var name: String {
        withEntry { $0.map { String(cString: $0.pointee.pw_name) } ?? "uid \(user)" }
    }

    /// Whether the user may speak for others, as sudo does: root, and the user that the daemon runs as.
    var isTrusted: Bool { user == 0 || user == geteuid() }

    /// Whether the user is a member of a group of the system.
    func isMember(of name: String) -> Bool {
        var entry = Glibc.group()
        var buffer = [CChar](repeating: 0, count: 65_536)
        var found: UnsafeMutablePointer<Glibc.group>?
        guard getgrnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
            return false
        }
        let wanted = entry.gr_gid
        if group == wanted { return true }
        return withEntry { user in
            guard let user else { return false }
            var count: Int32 = 1024
            var groups = [gid_t](repeating: 0, count: Int(count))
            guard getgrouplist(user.pointee.pw_name, user.pointee.pw_gid, &groups, &count) >= 0
            else { return false }
            return groups.prefix(Int(count)).contains(wanted)
        }
    }

    private func withEntry<Result>(_ body: (UnsafeMutablePointer<passwd>?) -> Result) -> Result {
        var entry = passwd()
        var buffer = [CChar](repeating: 0, count: 65_536)
        var found: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0 else {
            return body(nil)
        }
        return body(found)
    }
}
