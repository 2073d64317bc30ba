internal import EdgeCore
public import EdgeShell
internal import Glibc

/// Locks between processes, and between threads, on the directory that a file is in: flock(2) on the directory
/// itself, so that it needs no file, and the file may be renamed meanwhile.
public enum DirectoryLock {
    /// Runs `body` while nobody has the lock for itself. Where the directory can't be locked, by a user who may
    /// not read it or on its file system, `body` runs all the same.
    public static func shared<Value>(
        withFile path: String, _ body: () throws -> Value
    ) throws -> Value {
        guard let directory = try? opened(path), lock(directory, LOCK_SH) else { return try body() }
        defer { flock(directory.descriptor, LOCK_UN) }
        return try body()
    }

    /// Runs `body` while nobody else has the lock, however long it takes to get it: a large database that is being
    /// replaced takes its time.
    ///
    /// - Throws: `FileError` when the directory can't be locked; what `body` throws.
    public static func exclusive<Value>(
        withFile path: String, _ body: () throws -> Value
    ) throws -> Value {
        let directory = try opened(path)
        guard lock(directory, LOCK_EX) else {
            throw FileError(action: "lock", path: directory.path, code: errno)
        }
        // A child that is being started has a copy of the descriptor: closing alone would not let go.
        defer { flock(directory.descriptor, LOCK_UN) }
        return try body()
    }

    /// Takes the lock for oneself, asking every 50 ms until `patience` is over; other tasks go on meanwhile.
    ///
    /// - Throws: `FileError` when the directory can't be locked, or somebody else has it all the time.
    public static func take(
        besideFile path: String, waiting patience: Duration, by moments: any MomentSource
    ) async throws -> any HeldLock {
        let begun = moments.now()
        let directory = try opened(path)
        let name = directory.path
        while !lock(directory, LOCK_EX | LOCK_NB) {
            guard errno == EWOULDBLOCK else {
                throw FileError(action: "lock", path: name, code: errno)
            }
            guard moments.now().elapsed(since: begun) < patience, !Task.isCancelled else {
                throw FileError(
                    action: "lock", path: name, code: EWOULDBLOCK,
                    reason: "another process has it: look for one that hangs (lslocks)")
            }
            await moments.pause(.milliseconds(50))
        }
        return DescriptorLock(descriptor: directory.release())
    }

    private static func opened(_ path: String) throws(FileError) -> OpenFile {
        try OpenFile(
            AtomicFile.split(path).directory, flags: O_RDONLY | O_DIRECTORY, action: "lock")
    }

    private static func lock(_ directory: borrowing OpenFile, _ kind: Int32) -> Bool {
        var result: Int32
        repeat { result = flock(directory.descriptor, kind) } while result != 0 && errno == EINTR
        return result == 0
    }
}
