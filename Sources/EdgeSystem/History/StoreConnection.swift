internal import EdgeCore
internal import EdgeSystemFiles
internal import GRDB
internal import GRDBSQLite
internal import Glibc

/// One open database and what its file was when it was opened.
struct StoreConnection {
    let queue: DatabaseQueue
    /// nil: in memory.
    let identity: Identity?

    /// What tells whether a path still names the same file.
    struct Identity: Hashable {
        var device: UInt64
        var inode: UInt64

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    /// Opens and, for writing, makes and migrates the database; throws GRDB's errors.
    init(path: String, readOnly: Bool) throws {
        let before = Identity(path)
        if readOnly {
            queue = try Self.openForReading(path)
        } else {
            queue = try Self.openForWriting(path)
        }
        identity = before ?? Identity(path)
    }

    /// A copy in memory of a database that nobody writes.
    init(copyOf path: String) throws {
        let queue = try Self.openForReading(path)
        let copy = try DatabaseQueue(configuration: Self.configuration(readOnly: false))
        try queue.backup(to: copy)
        try queue.close()
        self.queue = copy
        identity = nil
    }

    /// Whether `path` still names the file that was opened.
    func isAt(_ path: String) -> Bool { identity == nil || Identity(path) == identity }

    /// The code with which the system refused to read or write it last; nil: it never did.
    var systemError: Int32? { queue.inDatabase { $0.sqliteConnection?.systemError ?? nil } }

    /// An empty database in memory, in place of one that is not there.
    init() throws {
        queue = try DatabaseQueue(configuration: Self.configuration(readOnly: false))
        identity = nil
        try queue.write { try Schema.migrate($0, path: ":memory:") }
    }

    private static func openForWriting(_ path: String) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: path, configuration: configuration(readOnly: false))
        try queue.inDatabase { database in
            try switchToWAL(database)
            keepLog(database)
            if try Schema.writtenVersion(database, path: path) == Schema.version { return }
            try database.inTransaction(.immediate) {
                try Schema.migrate(database, path: path)
                return .commit
            }
        }
        return queue
    }

    /// The log is kept after the last close, so that users who may only read can open the database too, and
    /// because another database may have the name by then.
    static func keepLog(_ database: Database) {
        var keep: Int32 = 1
        sqlite3_file_control(database.sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, &keep)
    }

    /// The switch needs the database for itself for a moment, and does not wait for it as other
    /// statements do: so it is tried again while others start at the same time.
    private static func switchToWAL(_ database: Database) throws {
        for attempt in 1... {
            do {
                // A database of another program is left as it is.
                let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
                let isOurs = application == 0 || application == Schema.applicationID
                guard isOurs else { throw StoreError.foreign(path: "") }
                _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
                return
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                guard attempt < SQLiteStore.busyTimeout * 50 else { throw error }
                usleep(20_000)
            }
        }
    }

    /// What an older program wrote is read through a copy in memory, which is brought up to date there:
    /// the file stays as it is (I21).
    private static func openForReading(_ path: String) throws -> DatabaseQueue {
        let queue = try openFile(path)
        let version = try queue.read { try Schema.writtenVersion($0, path: path) }
        guard version < Schema.version else { return queue }
        let copy = try DatabaseQueue(configuration: configuration(readOnly: false))
        try queue.backup(to: copy)
        try queue.close()
        try copy.write { try Schema.migrate($0, path: path) }
        return copy
    }

    private static func openFile(_ path: String) throws -> DatabaseQueue {
        do {
            return try open(path)
        } catch let error as DatabaseError
            where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
        {
            // Neither -wal nor -shm is there and this user may not make them: then nobody writes,
            // and the file alone is the whole truth.
            var log = stat()
            let hasLog = stat(path + "-wal", &log) == 0 && log.st_size > 0
            guard access(path, R_OK) == 0, !hasLog else { throw error }
            return try open("file:\(escaped(path))?immutable=1")
        }

        func open(_ name: String) throws -> DatabaseQueue {
            let queue = try DatabaseQueue(path: name, configuration: configuration(readOnly: true))
            // Opening alone touches nothing.
            _ = try queue.read { try Schema.writtenVersion($0, path: path) }
            return queue
        }
    }

    /// A path as it stands in a URI (RFC 3986 §3.3), everything but the plainest bytes escaped.
    static func escaped(_ path: String) -> String {
        path.utf8.reduce(into: "") { text, byte in
            switch byte {
            case 0x2D...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A, 0x7E:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += byte < 16 ? "%0" : "%"
                text += String(byte, radix: 16)
            }
        }
    }

    static func configuration(readOnly: Bool) -> GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(Double(SQLiteStore.busyTimeout))
        configuration.label = "edgemanage.store"
        configuration.prepareDatabase { database in
            // FULL: a commit is durable when it returns, in WAL mode too (I22).
            try database.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA secure_delete = OFF;
                    PRAGMA cache_size = -8192;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA journal_size_limit = 16777216;
                    """)
        }
        return configuration
    }
}
