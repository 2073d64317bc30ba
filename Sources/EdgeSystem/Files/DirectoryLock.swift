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

    /// Runs `body` while nobody else has the lock, however long it takes to get it.
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
