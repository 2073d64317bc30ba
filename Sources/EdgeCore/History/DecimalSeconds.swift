/// Seconds as decimal text, read and written exactly to the nanosecond.
///
/// The original's files hold times and durations as decimal numbers. A detour through `Double`
/// would change the last digits of every time stamp (a Unix time has 10 digits before the point,
/// which leaves a double no room for nanoseconds).
public enum DecimalSeconds {
    /// The longest text that is taken, in bytes; Python writes at most 25.
    static let maximumLength = 64

    /// Nanoseconds from a JSON number's text, rounded half up; nil when it is no decimal number, is
    /// longer than 64 bytes, or does not fit.
    public static func nanoseconds(_ text: some Collection<UInt8>) -> Int64? {
        if let plain = text.withContiguousStorageIfAvailable(plain), let plain { return plain }
        guard text.count <= maximumLength, let parts = split(text) else { return nil }
        // How many digits stand before the point once the value is counted in nanoseconds.
        let length = parts.pointAt + 9
        guard length >= 0 else { return 0 }
        guard length <= 19 + parts.leadingZeros else { return parts.isZero ? 0 : nil }
        var value: Int64 = 0
        for index in 0..<length {
            let digit = index < parts.digits.count ? Int64(parts.digits[index]) : 0
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = scaled.addingReportingOverflow(digit)
            guard !overflow, !carried else { return nil }
            value = sum
        }
        if length < parts.digits.count, parts.digits[length] >= 5 {
            let (sum, carried) = value.addingReportingOverflow(1)
            guard !carried else { return nil }
            value = sum
        }
        return parts.isNegative ? -value : value
    }

    /// The common case without detours: 1 to 10 digits, a point and 1 to 9 digits after it, or no
    /// point; nil for any other text.
    static func plain(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard (1...20).contains(text.count) else { return nil }
        var whole: Int64 = 0
        var index = 0
        while index < text.count, (0x30...0x39).contains(text[index]) {
            guard index < 10, index == 0 || text[0] != 0x30 else { return nil }
            whole = whole * 10 + Int64(text[index] - 0x30)
            index += 1
        }
        guard index > 0 else { return nil }
        guard index < text.count else { return whole > 9_223_372_035 ? nil : whole * 1_000_000_000 }
        guard text[index] == UInt8(ascii: "."), whole <= 9_223_372_035 else { return nil }
        var unit: Int64 = 1_000_000_000
        var fraction: Int64 = 0
        for byte in text[(index + 1)...] {
            guard (0x30...0x39).contains(byte), unit > 1 else { return nil }
            unit /= 10
            fraction += unit * Int64(byte - 0x30)
        }
        return unit == 1_000_000_000 ? nil : whole * 1_000_000_000 + fraction
    }

    private struct Parts {
        var digits: [UInt8] = []
        /// How many of `digits` stand before the point, the exponent counted in.
        var pointAt = 0
        var isNegative = false
        var isZero: Bool { digits.allSatisfy { $0 == 0 } }
        var leadingZeros: Int { digits.prefix { $0 == 0 }.count }
    }

    /// RFC 8259 §6: `[ minus ] int [ frac ] [ exp ]`.
    private static func split(_ text: some Collection<UInt8>) -> Parts? {
        var parts = Parts()
        var rest = text[...]
        if rest.first == UInt8(ascii: "-") {
            parts.isNegative = true
            rest = rest.dropFirst()
        }
        parts.digits.reserveCapacity(rest.count)
        takeDigits(from: &rest, into: &parts.digits)
        parts.pointAt = parts.digits.count
        guard parts.pointAt > 0, parts.pointAt == 1 || parts.digits[0] != 0 else { return nil }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            takeDigits(from: &rest, into: &parts.digits)
            guard parts.digits.count > parts.pointAt else { return nil }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            guard let exponent = takeExponent(from: &rest) else { return nil }
            parts.pointAt += exponent
        }
        return rest.isEmpty ? parts : nil
    }

    private static func takeDigits<C: Collection<UInt8>>(
        from rest: inout C, into digits: inout [UInt8]
    ) where C.SubSequence == C {
        while let byte = rest.first, (0x30...0x39).contains(byte) {
            digits.append(byte - 0x30)
            rest = rest.dropFirst()
        }
    }

    private static func takeExponent<C: Collection<UInt8>>(from rest: inout C) -> Int?
    where C.SubSequence == C {
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var digits: [UInt8] = []
        takeDigits(from: &rest, into: &digits)
        guard !digits.isEmpty else { return nil }
        // Four digits and more are out of any range either way.
        let value = digits.reduce(0) { min($0 * 10 + Int($1), 9999) }
        return isNegative ? -value : value
    }

    /// Appends nanoseconds as decimal seconds without trailing zeros.
    ///
    /// - Parameter keepsPoint: Whether whole seconds are written `12.0` as Python writes floats;
    ///   else `12`.
    public static func append(
        _ nanoseconds: Int64, keepsPoint: Bool = true, to bytes: inout [UInt8]
    ) {
        var magnitude = nanoseconds.magnitude
        if nanoseconds < 0 { bytes.append(UInt8(ascii: "-")) }
        var fraction = magnitude % 1_000_000_000
        magnitude /= 1_000_000_000
        appendDigits(magnitude, to: &bytes)
        guard fraction > 0 || keepsPoint else { return }
        bytes.append(UInt8(ascii: "."))
        var unit: UInt64 = 100_000_000
        repeat {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: fraction / unit))
            fraction %= unit
            unit /= 10
        } while fraction > 0
    }

    private static func appendDigits(_ value: UInt64, to bytes: inout [UInt8]) {
        let start = bytes.count
        var rest = value
        repeat {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    /// Nanoseconds as seconds with exactly six decimals, cut off: `0.014567`, as C's `%f` shows
    /// them.
    public static func sixDecimals(_ duration: Duration) -> String {
        let nanoseconds = duration.inNanoseconds
        let micros = nanoseconds.magnitude / 1000
        let fraction = String(micros % 1_000_000)
        let sign = nanoseconds < 0 ? "-" : ""
        return "\(sign)\(micros / 1_000_000)."
            + String(repeating: "0", count: 6 - fraction.utf8.count) + fraction
    }
}
