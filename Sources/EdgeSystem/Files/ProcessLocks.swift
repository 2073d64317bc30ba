public import EdgeCore
public import EdgeShell
internal import Glibc
internal import Synchronization

/// Locks between processes, on files.
///
/// A network's lock is a flock(2) lock on `<database>.<network>.lock`, which belongs to the one
/// descriptor that took it. The shared lock is a POSIX record lock over the whole file, as Python's
/// `fcntl.lockf` takes it, so that the original's other tools see it. A record lock belongs to the
/// process, not to a descriptor: within the process it excludes nobody, and closing any descriptor
/// of the file drops it. So this type opens each such file once, never closes it while it is held,
/// and keeps its own book of what is held here: make one of it a process, and open the lock file
/// nowhere else.
public final class ProcessLocks: LockService {
    private struct SharedFile {
        var descriptor: Int32
        var isHeld: Bool
    }

    private let shared = Mutex<[String: SharedFile]>([:])
    private let pollInterval: Duration

    /// Makes the process's one book of locks.
    public init() {
        pollInterval = .milliseconds(50)
    }

    /// Takes a network's lock at once; `LockBusy` names the process that has it (I24).
    public func lockNetwork(_ network: NetworkName, database: String) throws -> any HeldLock {
        try lockFile("\(database).\(network).lock")
    }

    /// Takes the lock of a file at once, made if need be; `LockBusy` names the process that has it.
    public func lockFile(_ path: String) throws -> any HeldLock {
        // Somebody may remove the file between open and lock: then the lock is on a file that
        // nobody else will find, and it is tried again.
        for _ in 0..<100 {
            let file = try OpenFile(
                path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o644, action: "lock")
            var result: Int32
            repeat {
                result = flock(file.descriptor, LOCK_EX | LOCK_NB)
            } while result != 0 && errno == EINTR
            guard result == 0 else {
                guard errno == EWOULDBLOCK else {
                    throw FileError(action: "lock", path: path, code: errno)
                }
                throw LockBusy(path: path, holder: Self.writtenHolder(path))
            }
            guard Self.isStill(file.descriptor, at: path) else { continue }
            ftruncate(file.descriptor, 0)
            try? file.write(Array("\(getpid())\n".utf8))
            return DescriptorLock(descriptor: file.release())
        }
        throw FileError(action: "lock", path: path, code: 0, reason: "it is replaced all the time")
    }

    /// Takes the record lock on `path`, asking every 50 ms until `waiting` is over.
    public func lockShared(_ path: String, waiting: Duration) async throws -> any HeldLock {
        let deadline = ContinuousClock.now + waiting
        while true {
            let busy: LockBusy
            switch try attempt(path) {
            case .success(let lock): return lock
            case .failure(let reason): busy = reason
            }
            let left = deadline - ContinuousClock.now
            guard left > .zero else { throw busy }
            try await Task.sleep(for: min(left, pollInterval))
        }
    }

    private func attempt(_ path: String) throws(FileError) -> Result<SharedLock, LockBusy> {
        try shared.withLock { (files) throws(FileError) -> Result<SharedLock, LockBusy> in
            if let file = files[path] {
                if file.isHeld { return .failure(LockBusy(path: path, holder: getpid())) }
                // The file was replaced since it was last locked here: take the new one.
                if !Self.isStill(file.descriptor, at: path) {
                    close(file.descriptor)
                    files[path] = nil
                }
            }
            let descriptor: Int32
            if let known = files[path]?.descriptor {
                descriptor = known
            } else {
                descriptor = try Self.openShared(path)
                files[path] = SharedFile(descriptor: descriptor, isHeld: false)
            }
            var request = Self.wholeFile(F_WRLCK)
            if fcntl(descriptor, F_SETLK, &request) == 0 {
                files[path]?.isHeld = true
                return .success(SharedLock(path: path, owner: self))
            }
            guard errno == EAGAIN || errno == EACCES || errno == EINTR else {
                throw FileError(action: "lock", path: path, code: errno)
            }
            request = Self.wholeFile(F_WRLCK)
            let asked = fcntl(descriptor, F_GETLK, &request) == 0
            let holder = asked && request.l_type != Int16(F_UNLCK) ? request.l_pid : nil
            return .failure(LockBusy(path: path, holder: holder))
        }
    }

    fileprivate func releaseShared(_ path: String) {
        shared.withLock { files in
            guard let file = files[path], file.isHeld else { return }
            var request = Self.wholeFile(F_UNLCK)
            _ = fcntl(file.descriptor, F_SETLK, &request)
            files[path]?.isHeld = false
        }
    }

    private static func openShared(_ path: String) throws(FileError) -> Int32 {
        let file = try OpenFile(
            path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o644, action: "lock")
        return file.release()
    }

    /// The record lock that `fcntl.lockf(file, LOCK_EX)` means: from 0 to the end, however long.
    private static func wholeFile(_ kind: Int32) -> flock {
        Glibc.flock(
            l_type: Int16(kind), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
    }

    private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
        var open = stat()
        var named = stat()
        return fstat(descriptor, &open) == 0 && lstat(path, &named) == 0
            && open.st_ino == named.st_ino && open.st_dev == named.st_dev
    }

    private static func writtenHolder(_ path: String) -> Int32? {
        guard let (bytes, _) = try? FileReading.read(path, limit: 32) else { return nil }
        return Int32(String(decoding: bytes, as: UTF8.self).filter(\.isNumber))
    }
}

/// A flock(2) lock that an open descriptor has; whoever loses it without releasing it, and the process's end, release it too.
final class DescriptorLock: HeldLock {
    private let descriptor: Mutex<Int32?>

    init(descriptor: Int32) {
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor {
                // A child that is being started holds a copy of the descriptor until its exec closes it:
                // unlocking lets go for all copies, closing alone only when the last one goes.
                flock(open, LOCK_UN)
                close(open)
            }
            descriptor = nil
        }
    }
}

/// The shared lock, released once: at the latest when nobody has it any more.
final class SharedLock: HeldLock {
    private let path: String
    private let owner: Mutex<ProcessLocks?>

    init(path: String, owner: ProcessLocks) {
        self.path = path
        self.owner = Mutex(owner)
    }

    deinit { release() }

    func release() {
        let owner = self.owner.withLock { owner in
            defer { owner = nil }
            return owner
        }
        owner?.releaseShared(path)
    }
}
