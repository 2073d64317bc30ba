internal import EdgeCore
internal import Foundation
internal import GRDB

// How the core's values stand in columns. What can't be read back (somebody edited the database) is
// left out rather than ending the round, and nothing that stands in a column may end the process:
// so values are read through these alone, never by GRDB's subscripts, which trap.

extension Database {
    /// Runs a statement, prepared once a connection.
    func run(_ sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// Rows of a query, prepared once a connection; one row object is used for all of them.
    func rows(_ sql: String, _ arguments: StatementArguments) throws -> RowCursor {
        try Row.fetchCursor(try cachedStatement(sql: sql), arguments: arguments)
    }

    /// One number of a query; nil without a row and where it is no number.
    func number(_ sql: String, _ arguments: StatementArguments) throws -> Int? {
        try Row.fetchOne(try cachedStatement(sql: sql), arguments: arguments)?.integer(at: 0)
            .map { Int($0) }
    }

    /// A number of a query that is counted up; see `Int.counted`.
    func count(_ sql: String, _ arguments: StatementArguments) throws -> Int {
        Int.counted(Int64(try number(sql, arguments) ?? 0))
    }

    /// The texts in the first column of a query.
    func texts(_ sql: String, _ arguments: StatementArguments) throws -> [String] {
        let rows = try rows(sql, arguments)
        var texts: [String] = []
        while let row = try rows.next() {
            if let text = row.text(at: 0) { texts.append(text) }
        }
        return texts
    }

    /// The whole numbers in the first column of a query.
    func integers(_ sql: String, _ arguments: StatementArguments) throws -> [Int64] {
        let rows = try rows(sql, arguments)
        var numbers: [Int64] = []
        while let row = try rows.next() {
            if let number = row.integer(at: 0) { numbers.append(number) }
        }
        return numbers
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

extension Int {
    /// What the program counts in the database never comes here, so that it can count on from every
    /// number that it reads.
    static let tooMany = 1 << 53

    /// From here on a number can't be counted on for long: it was not counted, but written there.
    static let uncounted = tooMany - (1 << 20)

    /// A number that is counted up; one that can't have been counted is 0, so that counting begins
    /// anew.
    static func counted(_ stored: Int64) -> Int {
        (0..<Int64(uncounted)).contains(stored) ? Int(stored) : 0
    }
}

extension UnixTime {
    /// A stored time, between 1823 and 2116 whatever stands in the column: the time between any two of
    /// them is counted without overflow.
    static func stored(_ nanoseconds: Int64) -> UnixTime {
        let most: Int64 = 1 << 62
        return UnixTime(nanoseconds: max(-most, min(nanoseconds, most)))
    }
}

extension SampleSum {
    /// A stored sum, of as many and as long samples as no target ever has at most: the next one is added
    /// without overflow.
    static func stored(count: Int64, nanoseconds: Int64) -> SampleSum {
        SampleSum(
            count: .counted(count), nanoseconds: max(0, min(nanoseconds, 1 << 62)))
    }
}

extension Row {
    /// A whole number; nil where the column is NULL or holds anything else.
    func integer(at column: Int) -> Int64? {
        guard case .int64(let value) = (self[column] as DatabaseValue).storage else { return nil }
        return value
    }

    /// A number that is counted up; 0 where the column holds none.
    func count(at column: Int) -> Int { Int.counted(integer(at: column) ?? 0) }

    /// Whether the column holds a number other than 0.
    func flag(at column: Int) -> Bool { (integer(at: column) ?? 0) != 0 }

    /// A text; nil where the column is NULL or holds anything else.
    func text(at column: Int) -> String? {
        guard case .string(let value) = (self[column] as DatabaseValue).storage else { return nil }
        return value
    }

    /// Bytes; nil where the column is NULL or a number.
    func bytes(at column: Int) -> [UInt8]? {
        switch (self[column] as DatabaseValue).storage {
        case .blob(let value): [UInt8](value)
        case .string(let value): [UInt8](value.utf8)
        case .null, .int64, .double: nil
        }
    }

    /// Whether the column is NULL.
    func isNull(at column: Int) -> Bool { (self[column] as DatabaseValue).isNull }

    /// An edge's name; nil where the column holds none.
    func edge(at column: Int) -> EdgeName? { text(at: column).flatMap { EdgeName($0) } }

    /// The parameters of zones, as JSON; nil where the column holds none.
    func settings(at column: Int) -> DNSSettings? {
        // Ten thousand labels with their TTLs take less.
        guard let text = text(at: column), text.utf8.count <= 1 << 22 else { return nil }
        return try? JSONDecoder().decode(DNSSettings.self, from: Data(text.utf8))
    }

    /// A moment in three columns that follow each other; nil where the first is NULL.
    func moment(at column: Int) -> Moment? {
        guard let wall = time(at: column), let boot = duration(at: column + 1),
            let bootID = text(at: column + 2)
        else { return nil }
        return Moment(wall: wall, sinceBoot: boot, bootID: bootID)
    }

    /// A moment and a duration in four columns that follow each other; nil where the first is NULL.
    func timeLimit(at column: Int) -> TimeLimit? {
        guard let since = moment(at: column), let length = duration(at: column + 3) else {
            return nil
        }
        return TimeLimit(since: since, length: length)
    }

    /// A time in nanoseconds; nil where the column is NULL.
    func time(at column: Int) -> UnixTime? {
        integer(at: column).map(UnixTime.stored)
    }

    /// A duration in nanoseconds; nil where the column is NULL.
    func duration(at column: Int) -> Duration? {
        integer(at: column).map { .nanoseconds($0) }
    }

    /// An address as text; nil where the column is NULL.
    func address(at column: Int) -> IPAddress? {
        text(at: column).flatMap { IPAddress($0) }
    }

    /// A target in three columns that follow each other: role, name, family.
    func target(at column: Int) -> ProbeTarget? {
        guard let role = text(at: column).flatMap(ProbeTarget.Role.init(rawValue:)),
            let name = edge(at: column + 1),
            let family = text(at: column + 2).flatMap(AddressFamily.init(rawValue:))
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
