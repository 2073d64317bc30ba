internal import EdgeSystemFiles
internal import GRDB
internal import Glibc

extension StoreConnection {
    /// Makes a whole new database of one file, without a log beside it and durable when this returns.
    ///
    /// - Parameters:
    ///   - path: where nothing is yet.
    ///   - like: the file whose owner and permissions it gets, as far as this user may give them.
    ///   - fill: called in the transaction that makes the tables.
    static func build(
        _ path: String, like: String, _ fill: (Database) throws -> Void
    ) throws {
        let queue = try DatabaseQueue(path: path, configuration: configuration(readOnly: false))
        try queue.inDatabase { database in
            // It is nobody's until it is whole: what is half done is thrown away, not rolled back.
            _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = MEMORY")
            try database.inTransaction(.immediate) {
                try Schema.migrate(database, path: path)
                try fill(database)
                return .commit
            }
        }
        try queue.close()
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileError(action: "make durable", path: path, code: errno)
        }
        defer { close(descriptor) }
        var old = stat()
        if stat(like, &old) == 0 {
            // Who may not give it away keeps it.
            _ = fchown(descriptor, old.st_uid, old.st_gid)
            _ = fchmod(descriptor, old.st_mode & 0o777)
        }
        guard fsync(descriptor) == 0 else {
            throw FileError(action: "make durable", path: path, code: errno)
        }
    }

    /// Runs `body` once, while nobody else writes into a database; with its connection, or with nil when it is
    /// too damaged for anybody to write.
    ///
    /// - Throws: when another process keeps it busy; what `body` throws.
    static func withoutWriters(_ path: String, _ body: (Database?) throws -> Void) throws {
        var result: Result<Void, any Error>?
        do {
            let queue = try DatabaseQueue(
                path: path, configuration: configuration(readOnly: false))
            defer { try? queue.close() }
            try queue.inDatabase { database in
                keepLog(database)
                try database.inTransaction(.immediate) {
                    result = Result { try body(database) }
                    return .rollback
                }
            }
        } catch let error as DatabaseError
            where result == nil && error.resultCode == .SQLITE_BUSY
        {
            throw error
        } catch {
            // Damaged: what was found before counts.
        }
        try (result ?? Result { try body(nil) }).get()
    }
}
