/// The RDATA of one record, field by field checked and in its one spelling.
public struct RecordData: Hashable, Sendable {
    /// Canonical presentation form: names absolute and lower case, numbers without zeros in front.
    public var text: String
    /// Whether every field was understood here; when not, the spelling is the parser's business.
    public var isCanonical: Bool

    /// Why RDATA was refused.
    public struct Fault: Error, Hashable, Sendable {
        /// One sentence without the position.
        public var message: String

        public init(message: String) {
            self.message = message
        }
    }

    /// Reads the RDATA of `entry`.
    public init(of entry: MasterFileEntry) throws(Fault) {
        guard let fields = RecordShape.fields(of: entry.type) else {
            throw Fault(message: "record type \(entry.type) is not taken in zones")
        }
        let bytes = Array(entry.data.utf8)
        let tokens = Self.tokens(of: bytes)
        if let first = tokens.first, !first.isQuoted, bytes[first.range].elementsEqual("\\#".utf8),
            !RecordShape.isUnassigned(entry.type)
        {
            throw Fault(message: "\(entry.type) data must be written in the type's own form")
        }
        var writer = RecordDataWriter(
            entry: entry, bytes: bytes, foldsCase: RecordShape.foldsCase(entry.type))
        var index = 0
        for field in fields {
            guard index < tokens.count || field == .parameters else {
                throw Fault(message: "the \(entry.type) record of \(entry.owner) lacks data")
            }
            switch field {
            case .texts:
                for token in tokens[index...] { try writer.text(token, limit: 255) }
                index = tokens.count
            case .hex, .base64:
                try writer.binary(tokens[index...], isHex: field == .hex)
                index = tokens.count
            case .parameters, .location, .unknown:
                try writer.rest(field, tokens[index...])
                index = tokens.count
            default:
                try writer.field(field, tokens[index])
                index += 1
            }
        }
        guard index == tokens.count else {
            throw Fault(message: "the \(entry.type) record of \(entry.owner) has too much data")
        }
        text = String(decoding: writer.result, as: UTF8.self)
        isCanonical = !fields.contains(.location)
    }

    private static func tokens(of bytes: [UInt8]) -> [MasterFileScanner.Token] {
        var tokens: [MasterFileScanner.Token] = []
        var index = 0
        while index < bytes.count {
            let isQuoted = bytes[index] == UInt8(ascii: "\"")
            if isQuoted { index += 1 }
            let start = index
            var isInside = isQuoted
            while index < bytes.count, isInside || bytes[index] != UInt8(ascii: " ") {
                if bytes[index] == UInt8(ascii: "\"") {
                    if isQuoted { break }
                    isInside.toggle()  // key="value"
                }
                index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
            }
            tokens.append(.init(range: start..<min(index, bytes.count), isQuoted: isQuoted))
            index += isQuoted ? 2 : 1
        }
        return tokens
    }
}
