internal import EdgeCore
internal import EdgeSystemFiles
internal import Glibc

/// A database file that SQLite can't read.
enum DamagedFile {
    /// Renames it, with what SQLite keeps beside it, to `<path>.corrupt-<unix time>`; nil when
    /// another process has done so meanwhile.
    ///
    /// The caller must have closed the database.
    ///
    /// - Parameter damaged: the file that was found damaged; nil: whatever is at the path.
    static func setAside(
        _ path: String, damaged: StoreConnection.Identity?, at wall: UnixTime
    ) throws(FileError) -> String? {
        // Opening and closing the new one would drop the record locks that SQLite has on it here.
        if let damaged, let named = StoreConnection.Identity(path), named != damaged { return nil }
        // A flock of the file itself lets one process do it while others wait; SQLite's own record
        // locks don't see it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw FileError(action: "set aside", path: path, code: errno)
        }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
        var opened = stat()
        guard fstat(descriptor, &opened) == 0,
            let named = StoreConnection.Identity(path),
            named.inode == UInt64(opened.st_ino), named.device == UInt64(opened.st_dev),
            named == damaged ?? named
        else { return nil }
        var aside = "\(path).corrupt-\(wall.seconds)"
        var count = 1
        while access(aside, F_OK) == 0 {
            count += 1
            aside = "\(path).corrupt-\(wall.seconds)-\(count)"
        }
        // The log goes first: left behind, it would be played into the new database.
        for ending in ["-wal", "-shm", ""] {
            guard rename(path + ending, aside + ending) == 0 || errno == ENOENT else {
                throw FileError(action: "set aside", path: path + ending, code: errno)
            }
        }
        try AtomicFile.syncDirectory(of: path)
        return aside
    }
}
