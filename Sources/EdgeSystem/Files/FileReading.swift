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
        // O_NONBLOCK: a FIFO put there would keep open(2) waiting for ever.
        let flags = O_RDONLY | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW)
        let file = try OpenFile(path, flags: flags, action: "read")
        let status = try file.status(action: "read")
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(action: "read", path: path, code: 0, reason: "it is no plain file")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(Int(status.st_size), limit) + 1)
        while true {
            let chunk = min(max(Int(status.st_size) - bytes.count + 1, 4096), 1 << 20)
            var code: Int32 = 0
            let next = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
                let received = Glibc.read(file.descriptor, buffer.baseAddress, chunk)
                code = received < 0 ? errno : 0
                count = max(received, 0)
            }
            if code == EINTR { continue }
            guard code == 0 else { throw FileError(action: "read", path: path, code: code) }
            if next.isEmpty { return (bytes, FileStamp(status)) }
            bytes += next
            guard bytes.count <= limit else {
                throw FileError(
                    action: "read", path: path, code: 0,
                    reason: "it has more than \(limit) bytes, which is the limit")
            }
        }
    }

    /// The same, nil when there is no such file.
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
}
