/// Cuts master-file text into lines of tokens (RFC 1035 §5.1): comments, quotes, parentheses.
struct MasterFileScanner {
    /// One word or quoted string; the quotes are outside the range.
    struct Token {
        var range: Range<Int>
        var isQuoted: Bool
    }

    /// One record or directive, which parentheses may have spread over several lines of text.
    struct Line {
        /// The first token's line, counted from 1.
        var number: Int
        /// Whether white space stands before the first token: the owner is the last one stated.
        var hasBlankOwner: Bool
        /// Whether a word has a quoted value, as the parameters of services have alone (RFC 9460 §2.1).
        var hasQuotedValue = false
    }

    /// Why a line could not be cut.
    struct Fault: Error {
        var line: Int
        var message: String
        /// Whether what follows can't be told apart any more.
        var isFinal = false
        /// Whether the whole line was read, so that the next one can be read at once.
        var isWhole = false
    }

    /// The longest token in bytes.
    static let longestToken = 4096
    /// The most bytes that all tokens of one record may have together.
    static let longestRecord = 8192

    let text: [UInt8]
    private(set) var position = 0
    private(set) var number = 1
    /// Whether a word of the present line has a quoted value.
    private var hasQuotedValue = false

    init(_ text: [UInt8]) {
        self.text = text
    }

    /// Fills `tokens` with the next line that has any; nil at the end of the text.
    mutating func next(into tokens: inout [Token]) throws(Fault) -> Line? {
        tokens.removeAll(keepingCapacity: true)
        hasQuotedValue = false
        var line = Line(number: number, hasBlankOwner: false)
        var depth = 0
        var opened = 0
        var size = 0
        var isAtStart = true
        while position < text.count {
            let byte = text[position]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"):
                if isAtStart { line.hasBlankOwner = true }
                position += 1
            case UInt8(ascii: "\r"):
                try skipCarriageReturn()
                continue
            case UInt8(ascii: "\n"):
                position += 1
                number += 1
                if depth > 0 { continue }
                if !tokens.isEmpty { return line }
                line.hasBlankOwner = false
                isAtStart = true
                continue
            case UInt8(ascii: ";"):
                skipComment()
            case UInt8(ascii: "("):
                if tokens.isEmpty && !line.hasBlankOwner {
                    throw fault("a line begins with a parenthesis")
                }
                if depth == 0 { opened = number }
                depth += 1
                position += 1
            case UInt8(ascii: ")"):
                guard depth > 0 else { throw fault("a closing parenthesis has no opening one") }
                depth -= 1
                position += 1
            default:
                if tokens.isEmpty { line.number = number }
                tokens.append(try token(size: &size))
                line.hasQuotedValue = hasQuotedValue
            }
            isAtStart = false
        }
        if depth > 0 {
            throw Fault(line: opened, message: "a parenthesis is never closed", isFinal: true)
        }
        return tokens.isEmpty ? nil : line
    }

    /// CRLF ends a line as LF does.
    private mutating func skipCarriageReturn() throws(Fault) {
        guard position + 1 < text.count, text[position + 1] == UInt8(ascii: "\n") else {
            throw fault("a carriage return stands without its line feed")
        }
        position += 1
    }

    private mutating func token(size: inout Int) throws(Fault) -> Token {
        let token = try text[position] == UInt8(ascii: "\"") ? quoted() : word()
        size += token.range.count + 1
        if token.range.count > Self.longestToken || size > Self.longestRecord {
            throw fault("a record is longer than \(Self.longestRecord) bytes")
        }
        return token
    }

    /// Goes to the next line after a fault.
    mutating func recover() {
        skipComment()
    }

    private mutating func skipComment() {
        while position < text.count, text[position] != UInt8(ascii: "\n") { position += 1 }
    }

    private mutating func word() throws(Fault) -> Token {
        let start = position
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"),
                UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: ")"):
                return Token(range: start..<position, isQuoted: false)
            case UInt8(ascii: "\\"):
                try skipEscape()
            case UInt8(ascii: "\""):
                // key="value" (RFC 9460 §2.1); whether the record may have such is its reader's to know
                guard position > start + 1, text[position - 1] == UInt8(ascii: "=") else {
                    throw fault("a quote stands within a word")
                }
                let value = try quoted()
                hasQuotedValue = true
                return Token(range: start..<(value.range.upperBound + 1), isQuoted: false)
            case 0..<0x20, 0x7F:
                throw fault("a control character (byte \(text[position])) stands in the text")
            default:
                position += 1
            }
        }
        return Token(range: start..<position, isQuoted: false)
    }

    private mutating func quoted() throws(Fault) -> Token {
        position += 1
        let start = position
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "\""):
                position += 1
                if position < text.count, !isDelimiter(text[position]) {
                    throw fault("a quoted string runs into what follows it")
                }
                return Token(range: start..<(position - 1), isQuoted: true)
            case UInt8(ascii: "\\"):
                try skipEscape()
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                throw fault("a quote is not closed on its line")
            case UInt8(ascii: "\t"):
                position += 1
            case 0..<0x20, 0x7F:
                throw fault("a control character (byte \(text[position])) stands in the text")
            default:
                position += 1
            }
        }
        throw fault("a quote is not closed on its line")
    }

    private mutating func skipEscape() throws(Fault) {
        guard position + 1 < text.count, (0x20...0x7E).contains(text[position + 1])
        else { throw fault("a backslash stands without a plain character after it") }
        position += 2
    }

    private func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"),
            UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: ")"):
            true
        default: false
        }
    }

    private func fault(_ message: String) -> Fault { Fault(line: number, message: message) }
}
