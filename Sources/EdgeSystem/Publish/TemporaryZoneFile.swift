internal import EdgeCore
internal import EdgeShell
internal import Glibc

/// The temporary file that becomes a zone's file: in the same directory, so that rename is atomic.
enum TemporaryZoneFile {
    private static let prefix = ".edgemanage-"
    private static let suffix = ".tmp"

    /// `.edgemanage-<zone>.<process>.tmp`; a long zone's name is cut, since file names end at 255
    /// bytes, and told apart by `index`.
    static func name(of zone: ZoneName, index: Int) -> String {
        let text = zone.text.utf8.count <= 200 ? zone.text : "\(zone.text.prefix(190))-\(index)"
        return "\(prefix)\(text).\(getpid())\(suffix)"
    }

    /// Removes what processes that are no more left behind.
    static func removeStale(in directory: FileHandle, path: String) {
        guard let names = try? directory.names(of: path) else { return }
        for name in names where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
            let middle = name.dropFirst(prefix.count).dropLast(suffix.count)
            guard let process = middle.split(separator: ".").last.flatMap({ pid_t($0) }),
                process > 0, process != getpid(), kill(process, 0) != 0, errno == ESRCH
            else { continue }
            unlinkat(directory.descriptor, name, 0)
        }
    }

    /// Writes `bytes` into a new file and returns what can be read from it again; made durable at
    /// once if `durable`. Its time is made newer than `predecessor`, in nanoseconds since the epoch.
    ///
    /// The name is created anew (O_EXCL) and never followed; one that an earlier process with our
    /// number left behind is removed first.
    static func write(
        _ bytes: [UInt8], to name: String, in directory: FileHandle, path: String, durable: Bool,
        newerThan predecessor: Int64?
    ) throws(CallFailure) -> [UInt8] {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        var descriptor = retry { openat(directory.descriptor, name, flags, 0o644) }
        if descriptor < 0, errno == EEXIST {
            unlinkat(directory.descriptor, name, 0)
            descriptor = retry { openat(directory.descriptor, name, flags, 0o644) }
        }
        guard descriptor >= 0 else { throw CallFailure(what: "create \(path)", code: errno) }
        let file = FileHandle(descriptor: descriptor)
        defer { file.close() }
        // Name servers run as users of their own; the umask must not keep them out.
        guard fchmod(descriptor, 0o644) == 0 else {
            throw CallFailure(what: "set the mode of \(path)", code: errno)
        }
        try file.write(bytes, path: path)
        // Before it is made durable, so that its time outlives a power loss as its content does.
        if let predecessor { file.outdate(predecessor) }
        if durable { try file.synchronize(path: path) }
        return try file.read(limit: bytes.count, expecting: bytes.count, path: path)
    }

    /// Makes a written file's time newer than `predecessor` after all: somebody put a file from the future
    /// in its place since it was written.
    static func outdate(_ predecessor: Int64, by name: String, in directory: FileHandle) {
        let descriptor = retry {
            openat(directory.descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        }
        guard descriptor >= 0 else { return }
        let file = FileHandle(descriptor: descriptor)
        defer { file.close() }
        if file.outdate(predecessor) { _ = retry { fsync(descriptor) } }
    }
}

extension FileHandle {
    /// How many seconds newer than its predecessor a file is made, when the clock was set back in between.
    private static let advance: Int64 = 30

    /// A name server passes over a file that is not newer than the one it loaded: when the clock was set
    /// back meanwhile, the new file's time follows the old one's instead.
    ///
    /// - Returns: whether the time was changed. When it can't be, the file is published all the same; a
    ///   server that passes over it is found lagging.
    @discardableResult
    fileprivate func outdate(_ predecessor: Int64) -> Bool {
        var state = stat()
        guard fstat(descriptor, &state) == 0, FileStamp(state).modified <= predecessor else {
            return false
        }
        let time = timespec(tv_sec: Int(predecessor / 1_000_000_000 + Self.advance), tv_nsec: 0)
        return withUnsafePointer(to: (time, time)) { pair in
            pair.withMemoryRebound(to: timespec.self, capacity: 2) {
                futimens(descriptor, $0) == 0
            }
        }
    }
}
