/// Understands the lines of master-file text one after another: what a line leaves out, it takes
/// from the lines before (RFC 1035 §5.1).
struct MasterFileReader {
    typealias Fault = MasterFileScanner.Fault
    typealias Token = MasterFileScanner.Token

    private var origin: String
    private var owner: String?
    private var ttl: UInt32?
    private var defaultTTL: UInt32?

    init(_ start: MasterFile.Start) {
        origin = start.origin
        owner = start.owner
        ttl = start.ttl
        defaultTTL = start.defaultTTL
    }

    /// The line's record; nil for a directive.
    mutating func read(
        _ line: MasterFileScanner.Line, _ tokens: [Token], of text: [UInt8]
    ) throws(Fault) -> MasterFileEntry? {
        do throws(Refusal) {
            if !line.hasBlankOwner, !tokens[0].isQuoted,
                text[tokens[0].range.lowerBound] == UInt8(ascii: "$")
            {
                guard !line.hasQuotedValue else { throw Self.strayQuote }
                try direct(tokens, of: text)
                return nil
            }
            return try record(line, tokens, of: text)
        } catch {
            throw Fault(line: line.number, message: error.message, isWhole: true)
        }
    }

    private struct Refusal: Error {
        var message: String
    }

    /// A quote begins a token (RFC 1035 §5.1): what BIND makes two of, we take for a mistake.
    private static let strayQuote = Refusal(message: "a quote stands within a word")

    /// A word with a quoted value is a service's parameter (RFC 9460 §2.1), and nothing else.
    private func refuseQuotedValues(
        _ type: String, before data: ArraySlice<Token>, of text: [UInt8]
    ) throws(Refusal) {
        let isService = ServiceParameters.stand(in: type)
        let isAstray = data.contains { token in
            !token.isQuoted && text[token.range].contains(UInt8(ascii: "\""))
        }
        guard isService, !isAstray else { throw Self.strayQuote }
    }

    private mutating func direct(_ tokens: [Token], of text: [UInt8]) throws(Refusal) {
        let name = word(tokens[0], of: text).uppercased()
        switch name {
        case "$TTL", "$ORIGIN":
            guard tokens.count == 2, !tokens[1].isQuoted else {
                throw Refusal(message: "\(name) takes exactly one value")
            }
            if name == "$ORIGIN" {
                origin = try absolute(tokens[1], of: text)
            } else {
                guard let value = try time(tokens[1], of: text) else {
                    throw Refusal(message: "\(word(tokens[1], of: text)) is no TTL")
                }
                defaultTTL = value  // RFC 2308 §4
            }
        case "$INCLUDE", "$GENERATE":
            throw Refusal(message: "\(name) is not allowed; write the records out")
        default:
            throw Refusal(message: "\(name) is no directive that is known here")
        }
    }

    private mutating func record(
        _ line: MasterFileScanner.Line, _ tokens: [Token], of text: [UInt8]
    ) throws(Refusal) -> MasterFileEntry {
        var index = 0
        let name: String
        if line.hasBlankOwner {
            guard let owner else {
                throw Refusal(message: "the first record has no owner; begin the line with a name")
            }
            name = owner
        } else {
            if tokens[0].isQuoted { throw Refusal(message: "an owner is in quotes") }
            name = try absolute(tokens[0], of: text)
            index = 1
        }
        let stated = try ttlAndClass(tokens, &index, of: text)
        guard index < tokens.count, !tokens[index].isQuoted else {
            throw Refusal(message: "the record of \(name) has no type")
        }
        let type = try mnemonic(tokens[index], of: text)
        if line.hasQuotedValue { try refuseQuotedValues(type, before: tokens[..<index], of: text) }
        guard index + 1 < tokens.count else {
            throw Refusal(message: "the \(type) record of \(name) has no data")
        }
        guard let ttl = stated ?? defaultTTL ?? ttl else {
            throw Refusal(message: "the record of \(name) has no TTL and none was stated before")
        }
        self.owner = name
        self.ttl = ttl
        return MasterFileEntry(
            line: line.number, owner: name, ttl: ttl, type: type,
            data: data(tokens[(index + 1)...], of: text), origin: origin)
    }

    /// TTL and class, in either order (RFC 1035 §5.1).
    private func ttlAndClass(
        _ tokens: [Token], _ index: inout Int, of text: [UInt8]
    ) throws(Refusal) -> UInt32? {
        var ttl: UInt32?
        var hasClass = false
        while index < tokens.count, !tokens[index].isQuoted {
            if ttl == nil, let value = try time(tokens[index], of: text) {
                ttl = value
            } else if !hasClass, let name = className(tokens[index], of: text) {
                if name != "IN" { throw Refusal(message: "class \(name) is not IN") }
                hasClass = true
            } else {
                break
            }
            index += 1
        }
        return ttl
    }

    private func className(_ token: Token, of text: [UInt8]) -> String? {
        let range = token.range
        guard range.count >= 2, range.count <= 10 else { return nil }
        if range.count == 2, text[range.lowerBound] | 0x20 == UInt8(ascii: "i"),
            text[range.lowerBound + 1] | 0x20 == UInt8(ascii: "n")
        {
            return "IN"
        }
        guard range.count <= 5 || range.count > 5 && text[range.lowerBound] | 0x20 == 0x63 else {
            return nil
        }
        let name = word(token, of: text).uppercased()
        switch name {
        case "CH", "HS", "CHAOS", "HESIOD", "NONE", "RESERVED0": return name
        default: return name.hasPrefix("CLASS") ? name : nil
        }
    }

    private func mnemonic(_ token: Token, of text: [UInt8]) throws(Refusal) -> String {
        var type: [UInt8] = []
        for byte in text[token.range] {
            switch byte {
            case 0x61...0x7A: type.append(byte & 0xDF)
            case 0x41...0x5A, 0x30...0x39, UInt8(ascii: "-"): type.append(byte)
            default: throw Refusal(message: "\(word(token, of: text)) is no record type")
            }
        }
        return String(decoding: type, as: UTF8.self)
    }

    /// A number of seconds, or numbers with the units w d h m s; nil when the token is neither.
    private func time(_ token: Token, of text: [UInt8]) throws(Refusal) -> UInt32? {
        guard DomainText.isDigit(text[token.range.lowerBound]) else { return nil }
        guard let value = MasterFileTime.seconds(text[token.range]) else { return nil }
        guard value <= MasterFile.maximumTTL else {
            throw Refusal(message: "TTL \(word(token, of: text)) is over 2147483647 seconds")
        }
        return UInt32(value)
    }

    private mutating func absolute(_ token: Token, of text: [UInt8]) throws(Refusal) -> String {
        do throws(DomainText.Fault) {
            return try DomainText.absolute(text[token.range], origin: origin)
        } catch {
            throw Refusal(message: "\(word(token, of: text)): \(error.message)")
        }
    }

    private func data(_ tokens: ArraySlice<Token>, of text: [UInt8]) -> String {
        var data: [UInt8] = []
        data.reserveCapacity(tokens.reduce(0) { $0 + $1.range.count + 3 })
        for token in tokens {
            if !data.isEmpty { data.append(UInt8(ascii: " ")) }
            if token.isQuoted { data.append(UInt8(ascii: "\"")) }
            for byte in text[token.range] {
                switch byte {
                case 0x20...0x7E: data.append(byte)
                default: DomainText.appendEscape(byte, to: &data)
                }
            }
            if token.isQuoted { data.append(UInt8(ascii: "\"")) }
        }
        return String(decoding: data, as: UTF8.self)
    }

    private func word(_ token: Token, of text: [UInt8]) -> String {
        String(decoding: text[token.range.prefix(80)], as: UTF8.self)
    }
}

/// Times as BIND writes them: `300`, `1h30m`, `2W`.
enum MasterFileTime {
    /// The seconds; nil when the text is no time or too large for 64 bits.
    static func seconds(_ text: some Collection<UInt8>) -> UInt64? {
        var total: UInt64 = 0
        var number: UInt64?
        var hasUnit = false
        for byte in text {
            if DomainText.isDigit(byte) {
                let (shifted, over) = (number ?? 0).multipliedReportingOverflow(by: 10)
                guard !over, shifted < 1 << 62 else { return nil }
                number = shifted + UInt64(byte - 48)
                continue
            }
            guard let unit = unit(byte), let value = number else { return nil }
            let (product, over) = value.multipliedReportingOverflow(by: unit)
            guard !over, product < 1 << 62, total < 1 << 62 else { return nil }
            total += product
            number = nil
            hasUnit = true
        }
        guard let number else { return hasUnit ? total : nil }
        return hasUnit ? nil : number  // "1h30" means nothing
    }

    private static func unit(_ byte: UInt8) -> UInt64? {
        switch byte | 0x20 {
        case UInt8(ascii: "s"): 1
        case UInt8(ascii: "m"): 60
        case UInt8(ascii: "h"): 3600
        case UInt8(ascii: "d"): 86400
        case UInt8(ascii: "w"): 604_800
        default: nil
        }
    }
}
