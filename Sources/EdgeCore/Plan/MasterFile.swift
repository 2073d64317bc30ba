/// One record of master-file text, its RDATA not yet understood.
public struct MasterFileEntry: Hashable, Sendable {
    /// Counted from 1.
    public var line: Int
    /// Absolute, lower case, escapes in their one form.
    public var owner: String
    /// The TTL stated here, by `$TTL`, or last before (RFC 1035 §5.1, RFC 2308 §4).
    public var ttl: UInt32
    /// The type's mnemonic in upper case.
    public var type: String
    /// The RDATA's tokens with one space between them, quoted strings in quotes, bytes outside
    /// ASCII as `\DDD`.
    public var data: String
    /// What relative names in `data` end in.
    public var origin: String
}

/// Reads master-file text (RFC 1035 §5.1) strictly: one class, IN; no `$INCLUDE`, no `$GENERATE`.
///
/// Pure and bounded: 4 MiB, 100,000 records, 4 KiB a token, 8 KiB a record, 20 problems.
public enum MasterFile {
    /// The most bytes that are read.
    public static let maximumBytes = 4 << 20
    /// The most records that are read.
    public static let maximumRecords = 100_000
    /// The most problems that are listed.
    public static let maximumProblems = 20
    /// The largest TTL (RFC 2181 §8).
    static let maximumTTL: UInt64 = 0x7FFF_FFFF

    /// What holds before the first line.
    public struct Start: Hashable, Sendable {
        /// Absolute and lower case.
        public var origin: String
        /// What a first line without an owner belongs to; nil: it is refused.
        public var owner: String?
        /// The TTL last stated; nil: the first record must state one.
        public var ttl: UInt32?
        /// The value of a `$TTL` before the text.
        public var defaultTTL: UInt32?

        public init(
            origin: String, owner: String? = nil, ttl: UInt32? = nil, defaultTTL: UInt32? = nil
        ) {
            self.origin = origin
            self.owner = owner
            self.ttl = ttl
            self.defaultTTL = defaultTTL
        }

        /// A whole zone's file: nothing holds but the zone's name.
        public static func zone(_ zone: ZoneName) -> Start { Start(origin: zone.text + ".") }

        /// An include under the generated records of `zone`: these end in the last rotated label's
        /// addresses.
        public static func include(of zone: ZoneName, dns: DNSSettings) -> Start {
            let apex = zone.text + "."
            let last = dns.rotatedLabels.last.map { "\($0.text).\(apex)" } ?? apex
            return Start(
                origin: apex, owner: dns.isExplicit ? nil : last, ttl: dns.ttl,
                defaultTTL: dns.isExplicit ? dns.ttl : nil)
        }
    }

    /// All records of `text`, or all problems; `file` is named in these.
    public static func read(
        _ text: [UInt8], from start: Start, file: String
    ) -> (entries: [MasterFileEntry], problems: [ZoneProblem]) {
        if let message = unreadable(text) {
            return ([], [ZoneProblem(file: file, line: 0, message: message)])
        }
        var reader = MasterFileReader(start)
        var scanner = MasterFileScanner(text)
        var tokens: [MasterFileScanner.Token] = []
        var entries: [MasterFileEntry] = []
        var problems: [ZoneProblem] = []
        while problems.count < maximumProblems {
            do throws(MasterFileScanner.Fault) {
                guard let line = try scanner.next(into: &tokens) else { break }
                if let entry = try reader.read(line, tokens, of: text) { entries.append(entry) }
                if entries.count > maximumRecords {
                    throw MasterFileScanner.Fault(
                        line: line.number, message: "there are more than \(maximumRecords) records",
                        isFinal: true)
                }
            } catch {
                problems.append(ZoneProblem(file: file, line: error.line, message: error.message))
                if error.isFinal { break }
                if !error.isWhole { scanner.recover() }
            }
        }
        return (problems.isEmpty ? entries : [], problems)
    }

    private static func unreadable(_ text: [UInt8]) -> String? {
        if text.count > maximumBytes {
            return "the file has \(text.count) bytes, more than the \(maximumBytes) that are read"
        }
        if text.starts(with: [0xEF, 0xBB, 0xBF]) || text.starts(with: [0xFF, 0xFE])
            || text.starts(with: [0xFE, 0xFF])
        {
            return "the file begins with a byte order mark; save it as plain UTF-8 without one"
        }
        if text.contains(0) { return "the file has a zero byte; it is no text" }
        return nil
    }
}
