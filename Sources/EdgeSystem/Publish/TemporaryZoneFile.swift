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
    /// once if `durable`.
    ///
    /// The name is created anew (O_EXCL) and never followed; one that an earlier process with our
    /// number left behind is removed first.
    static func write(
        _ bytes: [UInt8], to name: String, in directory: FileHandle, path: String, durable: Bool
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
        if durable { try file.synchronize(path: path) }
        return try file.read(limit: bytes.count, expecting: bytes.count, path: path)
    }
}
