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
        withEntry { $0.map { String(cString: $0.pw_name) } ?? "uid \(user)" }
    }

    /// Whether the user may speak for others, as sudo does: root, and the user that the daemon runs as.
    var isTrusted: Bool { user == 0 || user == geteuid() }

    /// Whether the user is a member of a group of the system.
    func isMember(of name: String) -> Bool {
        let number = Self.entry(ofType: Glibc.group.self) {
            getgrnam_r(name, $0, $1, $2, $3)
        } read: {
            $0?.gr_gid
        }
        guard let wanted = number else { return false }
        if group == wanted { return true }
        return withEntry { user in
            guard let user else { return false }
            var count: Int32 = 1024
            var groups = [gid_t](repeating: 0, count: Int(count))
            guard getgrouplist(user.pw_name, user.pw_gid, &groups, &count) >= 0
            else { return false }
            return groups.prefix(Int(count)).contains(wanted)
        }
    }

    /// What the system knows of the user, for as long as `body` runs; nil: nothing.
    private func withEntry<Result>(_ body: (passwd?) -> Result) -> Result {
        Self.entry(ofType: passwd.self) {
            getpwuid_r(user, $0, $1, $2, $3)
        } read: {
            body($0)
        }
    }

    /// Looks an entry up in one of the system's databases, and reads it while the memory that its texts stand in
    /// is there.
    private static func entry<Entry, Result>(
        ofType _: Entry.Type,
        find: (
            UnsafeMutablePointer<Entry>, UnsafeMutablePointer<CChar>, Int,
            UnsafeMutablePointer<UnsafeMutablePointer<Entry>?>
        ) -> Int32,
        read: (Entry?) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(of: Entry.self, capacity: 1) { entry in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 65_536) { texts in
                guard let room = entry.baseAddress, let start = texts.baseAddress else {
                    return read(nil)
                }
                var found: UnsafeMutablePointer<Entry>?
                let code = find(room, start, texts.count, &found)
                return read(code == 0 ? found?.pointee : nil)
            }
        }
    }
}
