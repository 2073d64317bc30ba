/// One resource record in canonical form: what two zone files are compared by.
public struct DNSRecord: Hashable, Sendable, Comparable {
    /// The owner, absolute, lower case, with its final dot.
    public var owner: String
    public var ttl: UInt32
    /// The type's mnemonic: `A`, `TXT`, `TYPE65280`.
    public var type: String
    /// The RDATA in presentation form, names absolute and lower case.
    public var data: String

    public init(owner: String, ttl: UInt32, type: String, data: String) {
        self.owner = owner
        self.ttl = ttl
        self.type = type
        self.data = data
    }

    /// By owner, type, data, then TTL.
    public static func < (left: DNSRecord, right: DNSRecord) -> Bool {
        (left.owner, left.type, left.data, left.ttl)
            < (right.owner, right.type, right.data, right.ttl)
    }
}

/// A problem in a zone include or zone file: where, and what to do.
public struct ZoneProblem: Hashable, Sendable, CustomStringConvertible {
    /// The file as it is named to the operator.
    public var file: String
    /// Counted from 1; 0 when the whole file is meant.
    public var line: Int
    /// One sentence without the position.
    public var message: String

    public init(file: String, line: Int, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    public var description: String {
        line > 0 ? "\(file):\(line): \(message)" : "\(file): \(message)"
    }
}

/// What a zone include says, once it was found acceptable.
public struct CheckedInclude: Hashable, Sendable {
    /// The file's bytes, inserted as they are.
    public var text: [UInt8]
    /// Its records in canonical form, as they read under the generated ones.
    public var records: [DNSRecord]

    public init(text: [UInt8], records: [DNSRecord]) {
        self.text = text
        self.records = records
    }
}
