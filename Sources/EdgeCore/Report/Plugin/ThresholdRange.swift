/// A range of values that are well, or with `@` of values that are not, as the Monitoring Plugins guidelines
/// write thresholds: `10`, `10:`, `~:10`, `10:20`, `@10:20`.
public struct ThresholdRange: Hashable, Sendable, CustomStringConvertible {
    /// The least value of the range; nil: none (`~`).
    public var start: Double?
    /// The greatest value of the range; nil: none.
    public var end: Double?
    /// Whether values in the range are the bad ones (`@`).
    public var isInverted: Bool

    /// - Parameter end: not below `start`.
    public init(start: Double? = 0, end: Double? = nil, isInverted: Bool = false) {
        self.start = start
        self.end = end
        self.isInverted = isInverted
    }

    /// Reads `[@][start:][end]`: a start that is not given is 0, an end that is not given after a colon is
    /// infinite, `~` is minus infinity; nil when the text is no such range, or its end is below its start.
    public init?(_ text: String) {
        let isInverted = text.hasPrefix("@")
        let body = text.dropFirst(isInverted ? 1 : 0)
        let parts = body.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, body != "", body != ":" else { return nil }
        let first = parts.count == 2 ? parts[0] : ""
        let last = parts[parts.count - 1]
        var range = ThresholdRange(isInverted: isInverted)
        if first == "~" {
            range.start = nil
        } else if !first.isEmpty {
            guard let start = Self.number(first) else { return nil }
            range.start = start
        }
        if !last.isEmpty {
            guard let end = Self.number(last), end >= range.start ?? end else { return nil }
            range.end = end
        }
        self = range
    }

    /// Digits with a point and a sign if need be: no exponents, no words.
    private static func number(_ text: Substring) -> Double? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text
        let isPlain = digits.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
        guard isPlain, digits.utf8.count <= 15 else { return nil }
        return Double(text)
    }

    /// Whether a value is to be told. Both ends belong to the range.
    public func alerts(on value: Double) -> Bool {
        let isInside = value >= start ?? value && value <= end ?? value
        return isInside == isInverted
    }

    /// The shortest text that reads back as this range.
    public var description: String {
        let sign = isInverted ? "@" : ""
        let last = end.map(PluginNumber.text) ?? ""
        guard let start else { return "\(sign)~:\(last)" }
        if start == 0, end != nil { return sign + last }
        return "\(sign)\(PluginNumber.text(start)):\(last)"
    }
}

/// Numbers as performance data has them: digits, a sign, a point.
enum PluginNumber {
    /// At most six decimals, without zeros at the end; magnitudes above 10^12 are cut.
    static func text(_ value: Double) -> String {
        let bounded = value.isNaN ? 0 : min(max(value, -1e12), 1e12)
        let micros = Int64((bounded * 1_000_000).rounded())
        let (whole, rest) = micros.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        let fraction = String(1_000_000 + rest).dropFirst().reversed().drop { $0 == "0" }.reversed()
        let sign = micros < 0 ? "-" : ""
        return "\(sign)\(whole)" + (fraction.isEmpty ? "" : "." + String(fraction))
    }
}
