/// Writes one field after another.
struct RecordDataWriter {
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
        case .flags: try flags(token)
        case .substitution: try substitution(token)
        case .texts, .hex, .base64, .parameters, .location, .unknown: asItIs(token)
        }
    }

    private mutating func flags(_ token: Token) throws(Fault) {
        let isFlags = bytes[token.range].allSatisfy {
            DomainText.isDigit($0) || (0x61...0x7A).contains($0 | 0x20)
        }
        guard isFlags else { throw fault(token, "set of flags") }
        try text(token, limit: 255)
    }

    /// Regular expressions differ from one name server to the next; what is taken is what all of
    /// them take: the whole string, or nothing.
    private mutating func substitution(_ token: Token) throws(Fault) {
        let parts = word(token).split(separator: "!", omittingEmptySubsequences: false)
        let isWhole =
            parts.count == 4 && parts[0].isEmpty && parts[3].isEmpty
            && ["^.*$", ".*", "^(.*)$"].contains(parts[1]) && !parts[2].isEmpty
            && !parts[2].contains("\\") && token.range.count <= 80
        guard token.range.isEmpty || isWhole else {
            throw fault(token, "substitution that is taken: empty, or !^.*$!text!")
        }
        try text(token, limit: 255)
    }

    mutating func rest(
        _ field: RecordShape.Field, _ tokens: ArraySlice<Token>
    ) throws(Fault) {
        let words = tokens.map { String(decoding: bytes[$0.range], as: UTF8.self) }
        guard !tokens.contains(where: \.isQuoted) else {
            throw Fault(message: "\(entry.type): data stands in quotes")
        }
        switch field {
        case .parameters:
            let priority = result.prefix { $0 != UInt8(ascii: " ") }
            let text = try ServiceParameters.canonical(
                words, priority: UInt64(String(decoding: priority, as: UTF8.self)) ?? 0)
            if !text.isEmpty { asItIs(text) }
        case .location:
            guard let place = LocationText.complete(words) else {
                throw Fault(message: "\(entry.type): \(words.joined(separator: " ")) is no place")
            }
            asItIs(place.joined(separator: " "))
        default:
            let digits = words.dropFirst(2).joined().lowercased()
            guard words.count >= 2, words[0] == "\\#",
                words[1].utf8.allSatisfy(DomainText.isDigit), let length = UInt16(words[1]),
                digits.utf8.count == 2 * Int(length),
                length == 0 || BinaryText.isHex(Array(digits.utf8))
            else {
                throw Fault(message: "\(entry.type): data must be \\# length and hexadecimal bytes")
            }
            // Without data nothing stands behind the length (RFC 3597 §5).
            asItIs(length == 0 ? "\\# 0" : "\\# \(length) \(digits)")
        }
    }

    private mutating func asItIs(_ text: String) {
        space()
        result += text.utf8
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
        if entry.type == "URI", !token.isQuoted {  // RFC 7553 §4.5
            throw Fault(message: "\(entry.type): \(word(token)) must stand in quotes")
        }
        space()
        result.append(UInt8(ascii: "\""))
        var length = 0
        var index = token.range.lowerBound
        if !token.isQuoted, bytes[token.range].contains(UInt8(ascii: "\"")) {
            let isEscaped = bytes[token.range].contains(UInt8(ascii: "\\"))
            if !isEscaped { throw Fault(message: "\(entry.type): a quote stands within a word") }
        }
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
