internal import EdgeCore
internal import GRDB
internal import GRDBSQLite

/// A prepared statement used through SQLite's own calls: for the few that run once for every target
/// or sample, where making GRDB's values costs more than SQLite itself.
struct FastStatement {
    private let database: Database
    private let statement: Statement
    private let pointer: SQLiteStatement

    /// Prepares `sql` once a connection. The same text must not be used with `Database.rows` or
    /// `run`.
    init(_ database: Database, _ sql: String) throws {
        self.database = database
        statement = try database.cachedStatement(sql: sql)
        pointer = statement.sqliteStatement
        sqlite3_reset(pointer)
    }

    /// Sets a parameter, counted from 1.
    func bind(_ index: Int32, _ value: Int64?) {
        if let value {
            sqlite3_bind_int64(pointer, index, value)
        } else {
            sqlite3_bind_null(pointer, index)
        }
    }

    /// Sets a parameter, counted from 1.
    func bind(_ index: Int32, _ value: Int) {
        sqlite3_bind_int64(pointer, index, Int64(value))
    }

    /// Sets a parameter, counted from 1; SQLite takes a copy.
    func bind(_ index: Int32, _ text: String?) {
        guard let text else {
            sqlite3_bind_null(pointer, index)
            return
        }
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        text.withCString { _ = sqlite3_bind_text(pointer, index, $0, -1, transient) }
    }

    /// Sets a parameter, counted from 1; SQLite takes a copy.
    func bind(_ index: Int32, _ bytes: [UInt8]) {
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        guard !bytes.isEmpty else {
            sqlite3_bind_zeroblob(pointer, index, 0)
            return
        }
        bytes.withUnsafeBytes {
            _ = sqlite3_bind_blob(pointer, index, $0.baseAddress, Int32($0.count), transient)
        }
    }

    /// Sets a parameter, counted from 1, to bytes or, without any, to NULL; SQLite takes a copy.
    func bind(_ index: Int32, _ bytes: [UInt8]?) {
        guard let bytes else {
            sqlite3_bind_null(pointer, index)
            return
        }
        bind(index, bytes)
    }

    /// Goes to the next row; false after the last, when the statement can be used again.
    func step() throws -> Bool {
        switch sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(pointer)
            return false
        case let code:
            let message = sqlite3_errmsg(database.sqliteConnection).map { String(cString: $0) }
            sqlite3_reset(pointer)
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
        }
    }

    /// Runs a statement that gives no rows.
    func run() throws {
        while try step() {}
    }

    /// A column of the row; 0 where it is NULL.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }

    /// A column of the row; nil where it is NULL.
    func optionalInteger(_ column: Int32) -> Int64? {
        isNull(column) ? nil : sqlite3_column_int64(pointer, column)
    }

    /// A column of the row; nil where it is NULL.
    func text(_ column: Int32) -> String? {
        guard let bytes = sqlite3_column_text(pointer, column) else { return nil }
        let count = Int(sqlite3_column_bytes(pointer, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// A column of the row; empty where it is NULL.
    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(pointer, column) else { return [] }
        let count = Int(sqlite3_column_bytes(pointer, column))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// A number that is counted up; see `Int.counted`.
    func count(_ column: Int32) -> Int { Int.counted(integer(column)) }

    /// A time in nanoseconds; see `UnixTime.stored`.
    func time(_ column: Int32) -> UnixTime { UnixTime.stored(integer(column)) }

    /// Whether a column of the row is NULL.
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(pointer, column) == SQLITE_NULL }
}
