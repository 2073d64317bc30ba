internal import Glibc

/// Replaces files so that nobody ever sees half of one; the same as the one of EdgeSystemFiles.
enum AtomicFile {
    static func write(
        _ path: String, _ bytes: [UInt8], mode: UInt32 = 0o644, durable: Bool = true
    ) throws(FileError) {
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { String(path[..<$0]) } ?? "."
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        let temporary = "\(directory)/.\(name).\(getpid())-\(UInt64.random(in: 0 ... .max)).tmp~"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileError(action: "write", path: path, code: errno) }
        var code: Int32 = 0
        var done = 0
        while done < bytes.count, code == 0 {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done)
            }
            if count >= 0 { done += count } else if errno != EINTR { code = errno }
        }
        if code == 0, fchmod(descriptor, mode) != 0 { code = errno }
        if code == 0, durable, fsync(descriptor) != 0 { code = errno }
        close(descriptor)
        if code == 0, rename(temporary, path) != 0 { code = errno }
        guard code == 0 else {
            unlink(temporary)
            throw FileError(action: "write", path: path, code: code)
        }
    }
}

/// Reads whole files within a limit; the same as the one of EdgeSystemFiles.
enum FileReading {
    static func read(_ path: String, limit: Int) throws(FileError) -> (bytes: [UInt8], stamp: ()) {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(action: "read", path: path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(action: "read", path: path, code: 0, reason: "it is no plain file")
        }
        let size = Int(status.st_size)
        guard size <= limit else {
            throw FileError(
                action: "read", path: path, code: 0,
                reason: "it has more than \(limit) bytes, which is the limit")
        }
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let received = Glibc.read(
                    descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                if received > 0 { count += received }
                if received == 0 { return }
                if received < 0 && errno != EINTR {
                    code = errno
                    return
                }
            }
        }
        guard code == 0 else { throw FileError(action: "read", path: path, code: code) }
        return (bytes, ())
    }

    static func readIfPresent(
        _ path: String, limit: Int
    ) throws(FileError) -> (bytes: [UInt8], stamp: ())? {
        do {
            return try read(path, limit: limit)
        } catch {
            if error.isMissing { return nil }
            throw error
        }
    }
}

/// Something that could not be done with a file; the same as the one of EdgeSystemFiles.
struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    var action: String
    var path: String
    var code: Int32
    var reason: String?

    init(action: String, path: String, code: Int32, reason: String? = nil) {
        self.action = action
        self.path = path
        self.code = code
        self.reason = reason
    }

    var description: String {
        "cannot \(action) \(path): \(reason ?? String(cString: strerror(code)))"
    }

    var isMissing: Bool { code == ENOENT || code == ENOTDIR }
}
