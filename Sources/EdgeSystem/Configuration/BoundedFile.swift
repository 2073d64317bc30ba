internal import EdgeCore
internal import EdgeSystemFiles
internal import Glibc

/// Reads files whole, up to a limit, without waiting on what is no file.
enum BoundedFile {
    /// Why a file could not be read.
    struct Failure: Error, Hashable, CustomStringConvertible {
        /// One sentence naming the file and what to do.
        var description: String
        /// Whether there is no such file.
        var isMissing = false
    }

    /// The bytes of a regular file of at most `limit` bytes.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        try readWithStamp(path, limit: limit).bytes
    }

    /// The same, with the file's state after it was read.
    static func readWithStamp(
        _ path: String, limit: Int
    ) throws(Failure) -> (bytes: [UInt8], stamp: FileStamp) {
        guard !path.utf8.contains(0) else {
            throw Failure(description: "a path holds a null character; correct it")
        }
        // O_NONBLOCK: a named pipe without a writer must not hold the round up.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let kind = status.st_mode & S_IFMT == S_IFDIR ? "a directory" : "no regular file"
            throw Failure(description: "\(path) is \(kind); name a file")
        }
        guard Int(status.st_size) <= limit else { throw tooLarge(path, limit) }
        let bytes = try readAll(descriptor, path, limit: limit, expected: Int(status.st_size))
        guard let stamp = FileStamp.of(descriptor: descriptor) else { throw failure(path, errno) }
        return (bytes, stamp)
    }

    private static func readAll(
        _ descriptor: Int32, _ path: String, limit: Int, expected: Int
    ) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(expected + 1)
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, errno) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= limit else { throw tooLarge(path, limit) }
        }
    }

    private static func tooLarge(_ path: String, _ limit: Int) -> Failure {
        Failure(
            description: "\(path) is larger than \(limit >> 20) MiB; that is the most that is read")
    }

    private static func failure(_ path: String, _ code: Int32) -> Failure {
        switch code {
        case ENOENT, ENOTDIR:
            Failure(
                description: "\(path) does not exist; create it or correct the path",
                isMissing: true)
        case EACCES, EPERM:
            Failure(description: "\(path) can't be read by \(PresentUser.name); grant it")
        default:
            Failure(description: "\(path) can't be read: \(String(cString: strerror(code)))")
        }
    }
}

/// The user that this process acts as.
enum PresentUser {
    /// The user's name, or `user 1000` where it has none.
    static var name: String { name(of: geteuid()) }

    /// The same of any user.
    static func name(of id: uid_t) -> String {
        // The name stands in the buffer: it is read while that is there.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { texts in
            var entry = passwd()
            var result: UnsafeMutablePointer<passwd>?
            guard let start = texts.baseAddress,
                getpwuid_r(id, &entry, start, texts.count, &result) == 0, result != nil,
                let text = entry.pw_name
            else { return "user \(id)" }
            return "user \(String(cString: text))"
        }
    }
}
