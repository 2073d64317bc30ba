internal import EdgeCore
public import EdgeShell
public import EdgeSystemFiles
internal import GRDB
internal import Synchronization

/// State, history and audit in one SQLite database.
///
/// One process may hold it open for weeks while others set modes: every call is one transaction.
/// A damaged database is set aside under another name and a new one begun (I23); callers see that
/// by `wasReset`, and find the last live set in the published zones.
public final class SQLiteStore: StateStore {
    /// What a store is opened for.
    public enum Access: Hashable, Sendable {
        /// Everything; the file is made if it is not there.
        case readWrite
        /// Reading alone: no file is made or changed, SQLite's `-shm` and `-wal` beside an existing
        /// one excepted (I21). A database that is not there is an empty one in memory, into which
        /// the original's files can be taken over for a dry run.
        case readOnly
    }

    /// How long a transaction waits for another process's, in seconds.
    static let busyTimeout = 10

    /// The database's path.
    public let path: String
    /// What it was opened for.
    public let access: Access
    private let moments: any MomentSource
    private let state: Mutex<State>

    private struct State {
        var connection: StoreConnection
        var wasReset = false
        var warnings: [String] = []
    }

    /// Opens the database.
    ///
    /// - Throws: `StoreError`, when it is of another program or a newer one, can't be opened, or is
    ///   damaged and can't be set aside.
    public init(
        path: String, access: Access, moments: any MomentSource = SystemMomentSource()
    ) throws(StoreError) {
        self.path = path
        self.access = access
        self.moments = moments
        state = Mutex(try Self.open(path, access, at: moments.now().wall))
    }

    /// Whether the database was damaged, and set aside, since this store was opened: nothing of
    /// before is known then.
    public var wasReset: Bool { state.withLock { $0.wasReset } }

    /// What an operator should hear, each once: a sentence for every database that was set aside.
    public func takeWarnings() -> [String] {
        state.withLock { state in
            defer { state.warnings = [] }
            return state.warnings
        }
    }

    private static func open(
        _ path: String, _ access: Access, at wall: UnixTime
    ) throws(StoreError) -> State {
        let identity = StoreConnection.Identity(path)
        do {
            if access == .readOnly, try FileStamp.of(path) == nil {
                return State(connection: try StoreConnection())
            }
            return State(connection: try StoreConnection(path: path, readOnly: access == .readOnly))
        } catch let error as DatabaseError where error.isCorruption {
            return try replaceDamaged(
                path, access, identity: identity, because: error, at: wall)
        } catch {
            throw StoreError.named(error, path: path)
        }
    }

    private static func replaceDamaged(
        _ path: String, _ access: Access, identity: StoreConnection.Identity?,
        because error: DatabaseError, at wall: UnixTime
    ) throws(StoreError) -> State {
        let reason = error.message ?? "SQLite code \(error.resultCode.rawValue)"
        do {
            guard access == .readWrite else {
                return State(
                    connection: try StoreConnection(), wasReset: true,
                    warnings: [StoreError.words(damaged: path, reason: reason)])
            }
            let aside = try DamagedFile.setAside(path, damaged: identity, at: wall)
            let connection = try StoreConnection(path: path, readOnly: false)
            let told =
                aside.map {
                    "it was set aside as \($0) and a new one begun; "
                        + Salvage(from: $0, into: connection.queue).words
                } ?? "another process has set it aside meanwhile"
            return State(
                connection: connection, wasReset: true,
                warnings: ["the database \(path) was damaged (\(reason)): \(told)"])
        } catch {
            throw StoreError.named(error, path: path)
        }
    }

    /// One transaction that writes, tried again on a new database when this one is damaged.
    func write<Value: Sendable>(_ body: (Database) throws -> Value) throws -> Value {
        try perform { connection in
            if access == .readOnly, connection.identity != nil {
                throw StoreError.readOnly(path: path)
            }
            return try connection.queue.write(body)
        }
    }

    /// One transaction that reads.
    func read<Value: Sendable>(_ body: (Database) throws -> Value) throws -> Value {
        try perform { try $0.queue.read(body) }
    }

    /// Whether calls that would write can.
    var canWrite: Bool {
        access == .readWrite || state.withLock { $0.connection.identity == nil }
    }

    private func perform<Value: Sendable>(
        _ body: (StoreConnection) throws -> Value
    ) throws(StoreError) -> Value {
        try state.withLock { (state) throws(StoreError) -> Value in
            do {
                try reopenIfReplaced(&state)
                return try body(state.connection)
            } catch let error as DatabaseError where error.isCorruption && access == .readWrite {
                if try !follow(&state) { try reset(&state, because: error) }
            } catch let error as DatabaseError where error.isCorruption {
                throw StoreError.damaged(
                    path: path, reason: error.message ?? "SQLite code \(error.resultCode.rawValue)")
            } catch {
                throw StoreError.named(error, path: path)
            }
            do {
                return try body(state.connection)
            } catch {
                throw StoreError.named(error, path: path)
            }
        }
    }

    /// Opens the database anew when it has another schema by now than when it was opened: then a table that is
    /// missed is no damage. False: it has the one that this program knows.
    ///
    /// - Throws: `StoreError.newerSchema` when a newer program has migrated it meanwhile.
    private func follow(_ state: inout State) throws(StoreError) -> Bool {
        let version = try? state.connection.queue.read {
            try Int.fetchOne($0, sql: "PRAGMA user_version")
        }
        guard let found = version ?? nil, found != Schema.version else { return false }
        guard found < Schema.version else {
            throw .newerSchema(path: path, found: found, known: Schema.version)
        }
        let warnings = state.warnings
        try? state.connection.queue.close()
        state = try Self.open(path, access, at: moments.now().wall)
        state.warnings = warnings + state.warnings
        return true
    }

    private func reset(_ state: inout State, because error: DatabaseError) throws(StoreError) {
        let warnings = state.warnings
        // Closed first: a record lock of SQLite's would go with the descriptor that is opened to
        // set the file aside.
        try? state.connection.queue.close()
        state = try Self.replaceDamaged(
            path, access, identity: state.connection.identity, because: error,
            at: moments.now().wall)
        state.warnings = warnings + state.warnings
    }

    /// Follows the path when another process has set the file aside, or somebody removed it.
    private func reopenIfReplaced(_ state: inout State) throws(StoreError) {
        guard access == .readWrite, let identity = state.connection.identity,
            StoreConnection.Identity(path) != identity
        else { return }
        let warnings = state.warnings
        try? state.connection.queue.close()
        state = try Self.open(path, access, at: moments.now().wall)
        state.wasReset = true
        state.warnings =
            warnings + ["the database \(path) was replaced while it was in use"] + state.warnings
    }
}

extension StoreError {
    /// Any error of an operation as one of ours; one without a path gets it.
    static func named(_ error: any Error, path: String) -> StoreError {
        if let error = error as? FileError {
            return .unreadable(path: path, reason: error.description)
        }
        if case .foreign = error as? StoreError { return .foreign(path: path) }
        if let damage = error as? GenerationDamage {
            return .damagedGeneration(
                path: path, generation: damage.generation, what: damage.what)
        }
        return StoreError(error, path: path)
    }
}
