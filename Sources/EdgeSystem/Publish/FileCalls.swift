internal import EdgeCore
internal import Glibc

/// A failed system call, in words.
struct CallFailure: Error {
    /// What was tried, the path included: "read /etc/x".
    var what: String
    var code: CInt

    var message: String { "could not \(what): \(String(cString: strerror(code)))" }

    /// Whether the disk, the quota or the inodes are used up.
    var isNoSpace: Bool { code == ENOSPC || code == EDQUOT }
}

/// An open file or directory; closed by whoever opened it.
struct FileHandle: Sendable {
    let descriptor: CInt

    static func directory(_ path: String) throws(CallFailure) -> FileHandle {
        let descriptor = retry { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else {
            throw CallFailure(what: "open directory \(path)", code: errno)
        }
        return FileHandle(descriptor: descriptor)
    }

    func close() { _ = Glibc.close(descriptor) }

    /// All names in the directory but `.` and `..`, sorted.
    func names(of path: String) throws(CallFailure) -> [String] {
        try entries(of: path).map(\.name)
    }

    /// The same, with what the file system says of each by the way.
    ///
    /// - Parameter isSorted: false: as the directory has them, which is quicker.
    func entries(of path: String, isSorted: Bool = true) throws(CallFailure) -> [DirectoryEntry] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else {
            throw CallFailure(what: "list directory \(path)", code: errno)
        }
        defer { closedir(stream) }
        var entries: [DirectoryEntry] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." {
                let isRegular = Int(entry.pointee.d_type) == Int(DT_REG)
                entries.append(DirectoryEntry(name: name, isSurelyRegular: isRegular))
            }
            errno = 0
        }
        guard errno == 0 else { throw CallFailure(what: "list directory \(path)", code: errno) }
        return isSorted ? entries.sorted { $0.name < $1.name } : entries
    }

    /// The state of `name` in this directory, symbolic links followed; nil when there is none.
    func state(of name: String, path: String) throws(CallFailure) -> stat? {
        var state = stat()
        guard fstatat(descriptor, name, &state, 0) == 0 else {
            if errno == ENOENT { return nil }
            throw CallFailure(what: "look at \(path)/\(name)", code: errno)
        }
        return state
    }

    /// The state of the open file.
    func state(of path: String) throws(CallFailure) -> stat {
        var state = stat()
        guard fstat(descriptor, &state) == 0 else {
            throw CallFailure(what: "look at \(path)", code: errno)
        }
        return state
    }

    /// Reads at most `limit` + 1 bytes from the beginning.
    func read(limit: Int, expecting size: Int, path: String) throws(CallFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var failure: CInt = 0
        var capacity = min(max(size, 0), limit) + 1
        while bytes.count <= limit {
            let offset = bytes.count
            let chunk = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                let got = retry { pread(descriptor, buffer.baseAddress, capacity, off_t(offset)) }
                if got < 0 { failure = errno }
                count = max(got, 0)
            }
            if failure != 0 { throw CallFailure(what: "read \(path)", code: failure) }
            if chunk.isEmpty { break }
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
            capacity = 64 << 10
        }
        return bytes
    }

    /// Writes all bytes, however few each call takes.
    func write(_ bytes: [UInt8], path: String) throws(CallFailure) {
        var failure: CInt = 0
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let base = UnsafeRawBufferPointer(rebasing: rest)
                let written = retry { Glibc.write(descriptor, base.baseAddress, base.count) }
                guard written > 0 else {
                    failure = written < 0 ? errno : EIO
                    return
                }
                rest = rest.dropFirst(written)
            }
        }
        if failure != 0 { throw CallFailure(what: "write \(path)", code: failure) }
    }

    /// Makes the file or directory durable.
    func synchronize(path: String) throws(CallFailure) {
        guard retry({ fsync(descriptor) }) == 0 else {
            throw CallFailure(what: "make \(path) durable", code: errno)
        }
    }
}

extension FileHandle {
    /// How long a lock is waited for.
    static let lockPatience: Duration = .seconds(10)

    /// Locks the directory itself against all who ask for the same, until it is closed; other than a lock
    /// file nobody can remove it. On file systems that lock no directories nothing is locked.
    func lock(path: String) async throws(CallFailure) {
        let deadline = ContinuousClock.now + Self.lockPatience
        while retry({ flock(descriptor, LOCK_EX | LOCK_NB) }) != 0 {
            guard errno == EWOULDBLOCK else {
                if [EOPNOTSUPP, EINVAL, ENOLCK, ENOSYS].contains(errno) { return }
                throw CallFailure(what: "lock \(path)", code: errno)
            }
            guard ContinuousClock.now < deadline else {
                throw CallFailure(
                    what: "publish into \(path), where another process is publishing", code: errno)
            }
            try? await Task.sleep(for: .milliseconds(5))
            if Task.isCancelled {
                throw CallFailure(what: "lock \(path)", code: EINTR)
            }
        }
    }
}

/// Repeats a call that a signal interrupted.
func retry<Result: FixedWidthInteger & SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

extension FileStamp {
    init(_ state: stat) {
        func nanoseconds(_ time: timespec) -> Int64 {
            Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
        }
        self.init(
            inode: UInt64(state.st_ino), size: Int64(state.st_size),
            modified: nanoseconds(state.st_mtim), changed: nanoseconds(state.st_ctim))
    }
}

extension stat {
    var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
}

/// A name in a directory.
struct DirectoryEntry {
    var name: String
    /// Whether it is a regular file; if not, `fstatat` alone can say what it is: not every file system tells,
    /// and a link may lead to one.
    var isSurelyRegular: Bool
}
