/// The members of a trace's line, as far as they count; read without detours when the line is plain.
///
/// A million lines are read twice for a replay. Nearly all of them are an object of these five members, strings
/// without escapes and numbers without exponents; whatever else there is takes `JSONReader`'s way, so what is
/// accepted, and what is wrong, is decided there.
struct PlainTraceLine: Equatable {
    /// Nanoseconds since 1970.
    var time: Int64?
    var edge: String?
    var reference: String?
    var outcome: String?
    /// Nanoseconds.
    var seconds: Int64?

    init() {}

    /// Reads a plain line; nil when it is not one.
    init?(_ bytes: [UInt8]) {
        let isRead = bytes.withUnsafeBufferPointer { buffer in
            var scanner = Scanner(bytes: buffer)
            return scanner.read(into: &self)
        }
        guard isRead else { return nil }
    }

    private mutating func take(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, isText: Bool
    ) -> Bool {
        func isNamed(_ expected: StaticString) -> Bool {
            name.count == expected.utf8CodeUnitCount
                && name.elementsEqual(
                    UnsafeBufferPointer(
                        start: expected.utf8Start, count: expected.utf8CodeUnitCount))
        }
        if isText {
            let text = String(decoding: value, as: UTF8.self)
            if isNamed("edge"), edge == nil {
                edge = text
            } else if isNamed("outcome"), outcome == nil {
                outcome = text
            } else if isNamed("reference"), reference == nil {
                reference = text
            } else {
                return false
            }
            return true
        }
        guard let number = DecimalSeconds.plain(value) else { return false }
        if isNamed("time"), time == nil {
            time = number
        } else if isNamed("seconds"), seconds == nil {
            seconds = number
        } else {
            return false
        }
        return true
    }

    private struct Scanner {
        let bytes: UnsafeBufferPointer<UInt8>
        var position = 0

        private mutating func skipSpace() {
            while position < bytes.count {
                switch bytes[position] {
                case 0x20, 0x09, 0x0A, 0x0D: position += 1
                default: return
                }
            }
        }

        private mutating func skip(_ byte: UInt8) -> Bool {
            guard position < bytes.count, bytes[position] == byte else { return false }
            position += 1
            return true
        }

        /// A string of printable ASCII without escapes, without its quotes.
        private mutating func string() -> UnsafeBufferPointer<UInt8>? {
            guard skip(UInt8(ascii: "\"")) else { return nil }
            let start = position
            while position < bytes.count {
                switch bytes[position] {
                case UInt8(ascii: "\""):
                    position += 1
                    return UnsafeBufferPointer(rebasing: bytes[start..<position - 1])
                case UInt8(ascii: "\\"): return nil
                case 0x20...0x7E: position += 1
                default: return nil
                }
            }
            return nil
        }

        private mutating func number() -> UnsafeBufferPointer<UInt8> {
            let start = position
            while position < bytes.count,
                (0x30...0x39).contains(bytes[position]) || bytes[position] == UInt8(ascii: ".")
            {
                position += 1
            }
            return UnsafeBufferPointer(rebasing: bytes[start..<position])
        }

        mutating func read(into line: inout PlainTraceLine) -> Bool {
            skipSpace()
            guard skip(UInt8(ascii: "{")) else { return false }
            repeat {
                skipSpace()
                guard let name = string() else { return false }
                skipSpace()
                guard skip(UInt8(ascii: ":")) else { return false }
                skipSpace()
                let isText = position < bytes.count && bytes[position] == UInt8(ascii: "\"")
                guard let value = isText ? string() : number(),
                    line.take(name, value, isText: isText)
                else { return false }
                skipSpace()
            } while skip(UInt8(ascii: ","))
            guard skip(UInt8(ascii: "}")) else { return false }
            skipSpace()
            return position == bytes.count
        }
    }
}
