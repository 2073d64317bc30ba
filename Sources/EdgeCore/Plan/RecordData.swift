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
        var writer = Writer(
            entry: entry, bytes: bytes, foldsCase: RecordShape.foldsCase(entry.type))
        var index = 0
        for field in fields {
            guard index < tokens.count || field == .rest else {
                throw Fault(message: "the \(entry.type) record of \(entry.owner) lacks data")
            }
            switch field {
            case .texts:
                for token in tokens[index...] { try writer.text(token, limit: 255) }
                index = tokens.count
            case .hex, .base64:
                try writer.binary(tokens[index...], isHex: field == .hex)
                index = tokens.count
            case .rest:
                for token in tokens[index...] { writer.asItIs(token) }
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
        isCanonical = !fields.contains(.rest)
    }

    private static func tokens(of bytes: [UInt8]) -> [MasterFileScanner.Token] {
        var tokens: [MasterFileScanner.Token] = []
        var index = 0
        while index < bytes.count {
            let isQuoted = bytes[index] == UInt8(ascii: "\"")
            let end = isQuoted ? UInt8(ascii: "\"") : UInt8(ascii: " ")
            if isQuoted { index += 1 }
            let start = index
            while index < bytes.count, bytes[index] != end {
                index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
            }
            tokens.append(.init(range: start..<min(index, bytes.count), isQuoted: isQuoted))
            index += isQuoted ? 2 : 1
        }
        return tokens
    }
}

/// Writes one field after another.
private struct Writer {
    typealias Token = MasterFileScanner.Token
    typealias Fault = RecordData.Fault

    let entry: MasterFileEntry
    let bytes: [UInt8]
    let foldsCase: Bool
    var result: [UInt8] = []

    init(entry: MasterFileEntry, bytes: [UInt8], foldsCase: Bool) {
        self.entry = entry
        self.bytes = bytes
        self.foldsCase = foldsCase
        result.reserveCapacity(bytes.count + entry.origin.utf8.count)
    }

    private func word(_ token: Token) -> String {
        String(decoding: bytes[token.range.prefix(80)], as: UTF8.self)
    }

    private func fault(_ token: Token, _ what: String) -> Fault {
        Fault(message: "\(entry.type): \(word(token)) is no \(what)")
    }

    private mutating func space() {
        if !result.isEmpty { result.append(UInt8(ascii: " ")) }
    }

    mutating func field(_ field: RecordShape.Field, _ token: Token) throws(Fault) {
        switch field {
        case .number(let maximum): try number(token, maximum: maximum)
        case .time: try time(token)
        case .name: try name(token)
        case .text: try text(token, limit: 255)
        case .longText: try text(token, limit: MasterFileScanner.longestToken)
        case .tag: try tag(token)
        case .ipv4, .ipv6: try address(token, family: field == .ipv4 ? .ipv4 : .ipv6)
        case .texts, .hex, .base64, .rest: asItIs(token)
        }
    }

    private mutating func number(_ token: Token, maximum: UInt64) throws(Fault) {
        let digits = bytes[token.range]
        guard !token.isQuoted, (1...20).contains(digits.count),
            digits.allSatisfy(DomainText.isDigit), let value = UInt64(word(token)),
            value <= maximum
        else { throw fault(token, "number from 0 to \(maximum)") }
        space()
        result += String(value).utf8
    }

    private mutating func time(_ token: Token) throws(Fault) {
        guard !token.isQuoted, !token.range.isEmpty,
            let value = MasterFileTime.seconds(bytes[token.range]), value <= MasterFile.maximumTTL
        else { throw fault(token, "time in seconds") }
        space()
        result += String(value).utf8
    }

    private mutating func name(_ token: Token) throws(Fault) {
        guard !token.isQuoted else { throw Fault(message: "\(entry.type): a name is in quotes") }
        let name: String
        do throws(DomainText.Fault) {
            name = try DomainText.absolute(
                bytes[token.range], origin: entry.origin, foldsCase: foldsCase)
        } catch {
            throw Fault(message: "\(entry.type): \(word(token)): \(error.message)")
        }
        space()
        result += name.utf8
    }

    mutating func text(_ token: Token, limit: Int) throws(Fault) {
        if limit > 255, !token.isQuoted {
            throw Fault(message: "\(entry.type): \(word(token)) must stand in quotes")
        }
        space()
        result.append(UInt8(ascii: "\""))
        var length = 0
        var index = token.range.lowerBound
        let slice = bytes[token.range]
        while index < token.range.upperBound {
            var byte = bytes[index]
            if byte == UInt8(ascii: "\\") {
                do throws(DomainText.Fault) {
                    byte = try DomainText.unescape(slice, after: &index)
                } catch {
                    throw Fault(message: "\(entry.type): a string has a bad escape")
                }
            }
            append(byte)
            length += 1
            index += 1
        }
        if length > limit {
            throw Fault(message: "\(entry.type): a string has more than \(limit) bytes")
        }
        result.append(UInt8(ascii: "\""))
    }

    private mutating func append(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            result.append(UInt8(ascii: "\\"))
            result.append(byte)
        case 0x20...0x7E: result.append(byte)
        default: DomainText.appendEscape(byte, to: &result)
        }
    }

    private mutating func tag(_ token: Token) throws(Fault) {
        let isTag = bytes[token.range].allSatisfy { byte in
            DomainText.isDigit(byte) || (0x61...0x7A).contains(byte | 0x20)
        }
        guard !token.isQuoted, (1...15).contains(token.range.count), isTag else {
            throw fault(token, "tag of letters and digits")
        }
        space()
        result += word(token).utf8
    }

    private mutating func address(_ token: Token, family: AddressFamily) throws(Fault) {
        guard !token.isQuoted, let address = IPAddress(word(token)), address.family == family else {
            throw fault(token, family == .ipv4 ? "IPv4 address" : "IPv6 address")
        }
        space()
        result += address.description.utf8
    }

    mutating func binary(_ tokens: ArraySlice<Token>, isHex: Bool) throws(Fault) {
        var digits: [UInt8] = []
        for token in tokens {
            guard !token.isQuoted else {
                throw Fault(message: "\(entry.type): \(isHex ? "hex" : "base64") is in quotes")
            }
            digits += bytes[token.range]
        }
        guard isHex ? BinaryText.isHex(digits) : BinaryText.isBase64(digits) else {
            throw Fault(
                message: "\(entry.type): \(isHex ? "the hexadecimal" : "the base64") data is broken"
            )
        }
        if let problem = BinaryText.lengthProblem(
            type: entry.type, numbers: result, bytes: digits.count / 2)
        {
            throw Fault(message: "\(entry.type): \(problem)")
        }
        space()
        result += isHex ? digits.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 } : digits
    }

    mutating func asItIs(_ token: Token) {
        space()
        if token.isQuoted { result.append(UInt8(ascii: "\"")) }
        result += bytes[token.range]
        if token.isQuoted { result.append(UInt8(ascii: "\"")) }
    }
}

/// Binary data as text.
private enum BinaryText {
    static func isHex(_ digits: [UInt8]) -> Bool {
        !digits.isEmpty && digits.count.isMultiple(of: 2)
            && digits.allSatisfy {
                DomainText.isDigit($0) || (0x61...0x66).contains($0 | 0x20)
            }
    }

    /// Base64 with its padding and no bits left over (RFC 4648 §3.5).
    static func isBase64(_ digits: [UInt8]) -> Bool {
        let body = digits.prefix { $0 != UInt8(ascii: "=") }
        let padding = digits.count - body.count
        guard !body.isEmpty, digits.count.isMultiple(of: 4), padding <= 2,
            digits.suffix(padding).allSatisfy({ $0 == UInt8(ascii: "=") }),
            let last = body.last.flatMap(value), body.allSatisfy({ value($0) != nil })
        else { return false }
        return padding == 0 || last & (padding == 2 ? 0x0F : 0x03) == 0
    }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    /// Digests whose algorithm fixes their length (RFC 4255 §3.1.2, RFC 4509 §2, RFC 6605 §2).
    static func lengthProblem(type: String, numbers: [UInt8], bytes: Int) -> String? {
        let words = String(decoding: numbers, as: UTF8.self).split(separator: " ")
        let lengths: [Substring: Int]
        switch type {
        case "DS": lengths = ["1": 20, "2": 32, "4": 48]
        case "CDS":  // RFC 8078 §4: all zero asks for the DS to be deleted
            lengths = words.count > 1 && words[1] == "0" ? ["0": 1] : ["1": 20, "2": 32, "4": 48]
        case "SSHFP": lengths = ["1": 20, "2": 32]
        default: return nil
        }
        guard let algorithm = words.last, let length = lengths[algorithm], bytes != length else {
            return nil
        }
        return "digest type \(algorithm) has \(length) bytes, not \(bytes)"
    }
}
