/// Writes whole numbers in as few bytes as they need, seven bits each, the lowest first.
struct CompactWriter {
    var bytes: [UInt8] = []

    /// Adds one number.
    mutating func add(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// Reads what `CompactWriter` wrote; whatever else stands there gives nil and no trap.
struct CompactReader {
    private let bytes: [UInt8]
    private var position = 0

    /// The longest time that is read, in microseconds: more than a day, and far from overflow.
    static let longest: UInt64 = 1 << 40

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The next byte; nil at the end.
    mutating func byte() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    /// The next number; nil when it is above `limit`, or there is none.
    mutating func number(upTo limit: UInt64) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            guard let byte = byte() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value <= limit ? value : nil }
        }
        return nil
    }
}

extension Duration {
    /// The duration in whole microseconds, from 0 to `CompactReader.longest` less one.
    var inMicroseconds: UInt64 {
        UInt64(max(0, min(inNanoseconds / 1000, Int64(CompactReader.longest) - 1)))
    }
}
