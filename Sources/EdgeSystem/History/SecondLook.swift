internal import GRDB
internal import GRDBSQLite
internal import Glibc

/// A look at a whole database in which damage was found, by a connection of its own: before anything is set
/// aside, what was found must still be so, and must not come of a disk that can't be read.
///
/// SQLite says "malformed" of a page that the system could not read (EIO), and the next read may be fine.
struct SecondLook {
    /// The database's path.
    let path: String

    /// The database is whole: what was found of it came of a read that failed.
    struct Whole: Error {}

    /// What is damaged.
    ///
    /// - Parameter lacksSomething: a table or column was missed, which an older database may never have had.
    /// - Returns: SQLite's words; nil: it is whole.
    /// - Throws: `StoreError.unreadable` when the system can't read it: nobody knows how it is then.
    func damage(lacksSomething: Bool) throws -> String? {
        do {
            return try damage(of: path, lacksSomething)
        } catch StoreError.unreadable where access(path + "-shm", F_OK) != 0 {
            // Nobody writes it, and this user may not make what writers share.
            let name = "file:\(StoreConnection.escaped(path))?immutable=1"
            return try damage(of: name, lacksSomething)
        }
    }

    private func damage(of name: String, _ lacksSomething: Bool) throws -> String? {
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
        let opened = sqlite3_open_v2(name, &handle, flags, nil)
        defer { sqlite3_close_v2(handle) }
        guard opened == SQLITE_OK, let handle else { throw unreadable(opened) }
        sqlite3_busy_timeout(handle, Int32(SQLiteStore.busyTimeout) * 1000)
        // It reads every page, indices too, and stops at the first thing that is wrong.
        let verdict = rows("PRAGMA integrity_check(1)", of: handle)
        if let code = handle.systemError {
            throw StoreError.unreadable(path: path, reason: String(cString: strerror(code)))
        }
        switch verdict.code {
        case SQLITE_DONE: break
        case SQLITE_CORRUPT, SQLITE_NOTADB: return String(cString: sqlite3_errmsg(handle))
        case SQLITE_BUSY, SQLITE_LOCKED: throw StoreError.busy(path: path)
        default: throw unreadable(verdict.code)
        }
        if let found = verdict.found.first, found != "ok" { return found }
        return try lacksSomething ? missing(in: handle) : nil
    }

    private func unreadable(_ code: Int32) -> StoreError {
        .unreadable(path: path, reason: String(cString: sqlite3_errstr(code)))
    }

    /// A table or column of ours that is not there; in an older database the one that was missed.
    private func missing(in handle: OpaquePointer) throws -> String? {
        let version = rows("PRAGMA user_version", of: handle).found.first
        guard version == "\(Schema.version)" else { return "it lacks a table or column" }
        let sql =
            """
            SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
            WHERE m.type = 'table'
            """
        let present = Set(rows(sql, of: handle).found)
        let ours = try StoreConnection().queue.read { try $0.texts(sql, []) }
        return ours.first { !present.contains($0) }.map { "it lacks \($0)" }
    }

    /// The first column of each row, and how it ended.
    private func rows(_ sql: String, of handle: OpaquePointer) -> (found: [String], code: Int32) {
        var statement: OpaquePointer?
        let prepared = sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
        guard prepared == SQLITE_OK else { return ([], prepared & 0xFF) }
        defer { sqlite3_finalize(statement) }
        var found: [String] = []
        while true {
            let code = sqlite3_step(statement)
            guard code == SQLITE_ROW else { return (found, code & 0xFF) }
            if let text = sqlite3_column_text(statement, 0) { found.append(String(cString: text)) }
        }
    }
}

extension OpaquePointer {
    /// The code with which the system refused to read or write the database or its log, the last time that it
    /// did so on this connection of SQLite's; nil: it never did.
    var systemError: Int32? {
        var code: Int32 = 0
        sqlite3_file_control(self, nil, SQLITE_FCNTL_LAST_ERRNO, &code)
        guard code == 0 else { return code }
        var log: UnsafeMutablePointer<sqlite3_file>?
        sqlite3_file_control(self, nil, SQLITE_FCNTL_JOURNAL_POINTER, &log)
        guard let log, let methods = log.pointee.pMethods else { return nil }
        _ = methods.pointee.xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &code)
        return code == 0 ? nil : code
    }
}
