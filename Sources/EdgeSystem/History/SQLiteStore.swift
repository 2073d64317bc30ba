public import EdgeCore
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
        /// Reading alone, for as long as a writer of the same process lives. The file is opened by the first
        /// who reads, and followed when another one takes its place; one that is not there or damaged is an
        /// error to who reads, and the writer's to mend.
        case alongside
    }

    /// How long a transaction waits for another process's, in seconds.
    static let busyTimeout = 10

    /// The database's path.
    public let path: String
    /// What it was opened for.
    public let access: Access
    /// The network that it is opened for, which warnings speak of; nil: of all.
    let network: NetworkName?
    private let moments: any MomentSource
    private let tell: @Sendable (String) -> Void
    private let state: Mutex<State>

    struct State {
        var connection: StoreConnection
        var wasReset = false
        var warnings: [String] = []
        /// What came of a read that failed, for the log alone: nothing is lost.
        var notes: [String] = []
        /// Whether the connection is closed, since another one could not be opened.
        var isClosed = false
    }

    /// Opens the database, or goes on with replacing it where a process was killed meanwhile.
    ///
    /// - Parameter network: the network that it is opened for: warnings say what became of its words; nil: of
    ///   all networks'.
    /// - Parameter tell: takes each warning at once, before anything is written into the new database: whoever
    ///   is killed afterwards has told of it. `takeWarnings` has them too.
    /// - Throws: `StoreError`, when it is of another program or a newer one, can't be opened, or is
    ///   damaged and can't be set aside.
    public init(
        path: String, access: Access, network: NetworkName? = nil,
        moments: any MomentSource = SystemMomentSource(),
        tell: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(StoreError) {
        self.path = path
        self.access = access
        self.network = network
        self.moments = moments
        self.tell = tell
        let opened = try Self.open(path, access, of: network, at: moments.now().wall)
        (opened.notes + opened.warnings).forEach(tell)
        state = Mutex(opened)
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
        _ path: String, _ access: Access, of network: NetworkName?, at wall: UnixTime
    ) throws(StoreError) -> State {
        let identity = StoreConnection.Identity(path)
        do {
            switch access {
            case .readWrite: break
            case .readOnly: return try openForReading(path, of: network)
            case .alongside: return State(connection: try StoreConnection())
            }
            let (connection, loss) = try Replacement(path: path).open()
            guard let loss else { return State(connection: connection) }
            return State(
                connection: connection, wasReset: true,
                warnings: [words(of: loss, network: network, in: connection)])
        } catch let error as DatabaseError where error.isCorruption {
            return try replaceDamaged(
                path, access, of: network, identity: identity, because: error, isSure: false,
                at: wall)
        } catch {
            throw StoreError.named(error, path: path)
        }
    }

    static func openForReading(_ path: String, of network: NetworkName?) throws -> State {
        if let (copy, loss) = Replacement(path: path).copyForReading() {
            return State(
                connection: copy, wasReset: true,
                warnings: [words(of: loss, network: network, in: copy)])
        }
        guard try FileStamp.of(path) != nil else {
            return State(connection: try StoreConnection())
        }
        return State(connection: try StoreConnection(path: path, readOnly: true))
    }

    /// One transaction that writes, tried again on a new database when this one is damaged.
    func write<Value: Sendable>(_ body: (Database) throws -> Value) throws -> Value {
        try perform { connection in
            guard canWrite(connection) else { throw StoreError.readOnly(path: path) }
            return try connection.queue.write { database in
                // Asked again now that nobody else writes: what is written into a file that was set aside
                // a moment ago would be lost.
                guard connection.isAt(path) else { throw Superseded() }
                return try body(database)
            }
        }
    }

    /// The file that is open is not the database any more.
    private struct Superseded: Error, CustomStringConvertible {
        var description: String { "it is replaced all the time" }
    }

    /// One transaction that reads.
    func read<Value: Sendable>(_ body: (Database) throws -> Value) throws -> Value {
        try perform { try $0.queue.read(body) }
    }

    /// Whether calls that would write can.
    var canWrite: Bool { state.withLock { canWrite($0.connection) } }

    private func canWrite(_ connection: StoreConnection) -> Bool {
        switch access {
        case .readWrite: true
        case .readOnly: connection.identity == nil
        case .alongside: false
        }
    }

    private func perform<Value: Sendable>(
        _ body: (StoreConnection) throws -> Value
    ) throws(StoreError) -> Value {
        try state.withLock { (state) throws(StoreError) -> Value in
            do {
                try reopenIfReplaced(&state)
                return try body(state.connection)
            } catch let error as DatabaseError where error.isCorruption {
                if try !follow(&state) { try reset(&state, because: error) }
            } catch is Superseded {
                try reopenIfReplaced(&state)
            } catch {
                throw StoreError.named(error, path: path)
            }
            do {
                return try body(state.connection)
            } catch let error as DatabaseError where error.isCorruption {
                // Once more on a new connection, and the system has read all that was asked for.
                guard access == .readWrite, state.connection.systemError == nil else {
                    throw .unreadable(path: path, reason: error.words)
                }
                try reset(&state, because: error, isSure: true)
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
        guard access != .readOnly else { return false }
        let version = try? state.connection.queue.read {
            try Int.fetchOne($0, sql: "PRAGMA user_version")
        }
        guard let found = version ?? nil, found != Schema.version else { return false }
        guard found < Schema.version else {
            throw .newerSchema(path: path, found: found, known: Schema.version)
        }
        try reopen(&state) { () throws(StoreError) in
            try Self.open(path, access, of: network, at: moments.now().wall)
        }
        return true
    }

    private func reset(
        _ state: inout State, because error: DatabaseError, isSure: Bool = false
    ) throws(StoreError) {
        guard access == .readWrite else {
            guard let reason = try secondLook(after: error) else { return }
            throw .damaged(path: path, reason: reason)
        }
        // Closed first: a record lock of SQLite's would go with the descriptor that is opened to
        // set the file aside.
        let identity = state.connection.identity
        try reopen(&state) { () throws(StoreError) in
            try Self.replaceDamaged(
                path, access, of: network, identity: identity, because: error, isSure: isSure,
                at: moments.now().wall)
        }
    }

    private func secondLook(after error: DatabaseError) throws(StoreError) -> String? {
        do {
            let look = SecondLook(path: path)
            return try look.damage(lacksSomething: error.lacksSomething) == nil ? nil : error.words
        } catch {
            throw StoreError.named(error, path: path)
        }
    }

    /// Closes the connection and takes another one; one that can't be had now is asked for in the next call.
    private func reopen(
        _ state: inout State, _ open: () throws(StoreError) -> State
    ) throws(StoreError) {
        let before = state
        try? state.connection.queue.close()
        state.isClosed = true
        state = try open()
        state.wasReset = state.wasReset || before.wasReset
        (state.notes + state.warnings).forEach(tell)
        state.warnings = before.warnings + state.warnings
    }

    /// Follows the path when another process has set the file aside, or somebody removed it.
    private func reopenIfReplaced(_ state: inout State) throws(StoreError) {
        if access == .alongside { return try catchUp(&state) }
        guard access == .readWrite else { return }
        let isAtPath = state.connection.isAt(path)
        guard state.isClosed || !isAtPath else { return }
        try reopen(&state) { () throws(StoreError) in
            var opened = try Self.open(path, access, of: network, at: moments.now().wall)
            guard !isAtPath else { return opened }
            if opened.warnings.isEmpty {
                let words = Self.replacedWords(path, network: network, in: opened.connection)
                opened.warnings = [words]
                Self.note(
                    loss: words, of: network, at: moments.now().wall, in: opened.connection)
            }
            opened.wasReset = true
            return opened
        }
    }
}

extension SQLiteStore {
    /// Opens what is at the path now, unless that is what is open.
    private func catchUp(_ state: inout State) throws(StoreError) {
        let isAtPath = state.connection.identity != nil && state.connection.isAt(path)
        guard state.isClosed || !isAtPath else { return }
        do {
            guard try FileStamp.of(path) != nil else {
                throw StoreError.unreadable(path: path, reason: "it is not there")
            }
            let connection = try StoreConnection(path: path, readOnly: true)
            try? state.connection.queue.close()
            state.connection = connection
            state.isClosed = false
        } catch let error as DatabaseError where error.isCorruption {
            throw StoreError.damage(error, path: path)
        } catch {
            throw StoreError.named(error, path: path)
        }
    }
}

extension StoreError {
    /// The damage that somebody met who only reads.
    static func damage(_ error: DatabaseError, path: String) -> StoreError {
        .damaged(
            path: path, reason: error.message ?? "SQLite code \(error.resultCode.rawValue)")
    }

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
