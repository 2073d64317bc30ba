internal import EdgeCore
internal import GRDB

// How the core's values stand in columns. What can't be read back (somebody edited the database) is
// left out rather than ending the round.

extension Database {
    /// Runs a statement, prepared once a connection.
    func run(_ sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// Rows of a query, prepared once a connection; one row object is used for all of them.
    func rows(_ sql: String, _ arguments: StatementArguments) throws -> RowCursor {
        try Row.fetchCursor(try cachedStatement(sql: sql), arguments: arguments)
    }

    /// One number of a query.
    func number(_ sql: String, _ arguments: StatementArguments) throws -> Int? {
        try Int.fetchOne(try cachedStatement(sql: sql), arguments: arguments)
    }

    /// The row of a network; nil when nothing is known of it.
    func networkID(_ network: NetworkName) throws -> Int? {
        try number("SELECT id FROM network WHERE name = ?", [network.text])
    }

    /// The row of a network, made when it is new.
    func makeNetworkID(_ network: NetworkName) throws -> Int {
        if let id = try networkID(network) { return id }
        try run("INSERT INTO network(name) VALUES (?)", [network.text])
        return Int(lastInsertedRowID)
    }
}

extension Row {
    /// A moment in three columns that follow each other; nil where the first is NULL.
    func moment(at column: Int) -> Moment? {
        guard let wall: Int64 = self[column], let boot: Int64 = self[column + 1],
            let bootID: String = self[column + 2]
        else { return nil }
        return Moment(
            wall: UnixTime(nanoseconds: wall), sinceBoot: .nanoseconds(boot), bootID: bootID)
    }

    /// A time in nanoseconds; nil where the column is NULL.
    func time(at column: Int) -> UnixTime? {
        (self[column] as Int64?).map(UnixTime.init(nanoseconds:))
    }

    /// A duration in nanoseconds; nil where the column is NULL.
    func duration(at column: Int) -> Duration? {
        (self[column] as Int64?).map { .nanoseconds($0) }
    }

    /// An address as text; nil where the column is NULL.
    func address(at column: Int) -> IPAddress? {
        (self[column] as String?).flatMap { IPAddress($0) }
    }

    /// A target in three columns that follow each other: role, name, family.
    func target(at column: Int) -> ProbeTarget? {
        guard let role = (self[column] as String?).flatMap(ProbeTarget.Role.init(rawValue:)),
            let name = (self[column + 1] as String?).flatMap({ EdgeName($0) }),
            let family = (self[column + 2] as String?).flatMap(AddressFamily.init(rawValue:))
        else { return nil }
        return ProbeTarget(role: role, name: name, family: family)
    }
}

extension FileStamp {
    /// The four columns.
    static func columns(_ stamp: FileStamp?) -> [Int64?] {
        guard let stamp else { return [nil, nil, nil, nil] }
        return [
            Int64(bitPattern: stamp.inode), stamp.size, stamp.modified, stamp.changed,
        ]
    }
}
