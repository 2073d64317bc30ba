public import EdgeCore
internal import Glibc

/// Reads whole files, never more than a limit, never from anything but a plain file.
public enum FileReading {
    /// The bytes of the file at `path` and its state when it was read.
    ///
    /// - Parameters:
    ///   - limit: the most bytes that are taken; a longer file is an error.
    ///   - followsLinks: whether a symbolic link at `path` itself is followed.
    /// - Throws: when it can't be read, is no plain file, or is too long.
    public static func read(
        _ path: String, limit: Int, followsLinks: Bool = true
    ) throws(FileError) -> (bytes: [UInt8], stamp: FileStamp) {
        let file = try opened(path, followsLinks: followsLinks)
        let status = try plainStatus(of: file)
        return (try contents(of: file, status, limit: limit), FileStamp(status))
    }

    /// The bytes of a file that others may not touch; nil when one of the permission bits `refused` is set.
    ///
    /// The bits are those of the file that was opened, so that what is read is what was looked at, whatever
    /// is put at `path` meanwhile.
    ///
    /// - Throws: when it can't be read, is no plain file, or has more than `limit` bytes.
    public static func readPrivate(
        _ path: String, limit: Int, refusing refused: UInt32
    ) throws(FileError) -> [UInt8]? {
        let file = try opened(path, followsLinks: true)
        let status = try plainStatus(of: file)
        guard status.st_mode & refused == 0 else { return nil }
        return try contents(of: file, status, limit: limit)
    }

    /// The same as `read`, nil when there is no such file.
    public static func readIfPresent(
        _ path: String, limit: Int, followsLinks: Bool = true
    ) throws(FileError) -> (bytes: [UInt8], stamp: FileStamp)? {
        do {
            return try read(path, limit: limit, followsLinks: followsLinks)
        } catch {
            if error.isMissing { return nil }
            throw error
        }
    }

    private static func opened(
        _ path: String, followsLinks: Bool
    ) throws(FileError) -> OpenFile {
        // O_NONBLOCK: a FIFO put there would keep open(2) waiting for ever.
        let flags = O_RDONLY | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW)
        return try OpenFile(path, flags: flags, action: "read")
    }

    private static func plainStatus(of file: borrowing OpenFile) throws(FileError) -> stat {
        let status = try file.status(action: "read")
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(
                action: "read", path: file.path, code: 0, reason: "it is no plain file")
        }
        return status
    }

    private static func contents(
        of file: borrowing OpenFile, _ status: stat, limit: Int
    ) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(Int(status.st_size), limit) + 1)
        while true {
            let next = try file.read(
                min(max(Int(status.st_size) - bytes.count + 1, 4096), 1 << 20))
            if next.isEmpty { return bytes }
            bytes += next
            guard bytes.count <= limit else {
                throw FileError(
                    action: "read", path: file.path, code: 0,
                    reason: "it has more than \(limit) bytes, which is the limit")
            }
        }
    }
}
