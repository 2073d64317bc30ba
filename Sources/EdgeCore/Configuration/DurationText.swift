/// Durations as text: `700ms`, `10s`, `5m`, `1h`, `14d`, with a decimal fraction if need be.
public enum DurationText {
    /// The units, smallest first, with their lengths in nanoseconds.
    static let units: [(name: String, nanoseconds: Int64)] = [
        ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
        ("d", 86_400_000_000_000),
    ]

    /// Reads a number with its unit; nil when it is no such text, negative, or above 292 years.
    public static func parse(_ text: some StringProtocol) -> Duration? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let name = text.dropFirst(number.count)
        guard let unit = units.first(where: { $0.name == name }) else { return nil }
        return scaled(number, by: unit.nanoseconds)
    }

    /// Reads a number without a unit as seconds; nil when it is none, or negative.
    public static func parseSeconds(_ text: some StringProtocol) -> Duration? {
        scaled(text, by: 1_000_000_000)
    }

    /// Decimal digits with at most one point among them, times a unit; exact to the nanosecond.
    private static func scaled(_ number: some StringProtocol, by unit: Int64) -> Duration? {
        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        guard let whole = digits(String(parts[0])), fraction.utf8.count <= 9,
            !parts[0].isEmpty || !fraction.isEmpty, let part = digits(fraction)
        else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        var scale: Int64 = 1
        for _ in fraction.utf8 { scale *= 10 }
        let share = part.multipliedFullWidth(by: unit)
        let rest = scale.dividingFullWidth(share).quotient
        let (sum, carried) = product.addingReportingOverflow(rest)
        return carried ? nil : .nanoseconds(sum)
    }

    private static func digits(_ text: String) -> Int64? {
        if text.isEmpty { return 0 }
        guard text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(text)
    }

    /// A text that reads back as this duration: a whole number of the largest unit that fits, else
    /// a fraction of seconds.
    public static func text(_ duration: Duration) -> String {
        let total = duration.inNanoseconds
        if total == 0 { return "0s" }
        for unit in units.reversed() where total % unit.nanoseconds == 0 {
            return "\(total / unit.nanoseconds)\(unit.name)"
        }
        let fraction = String(1_000_000_000 + total % 1_000_000_000).dropFirst()
        let trimmed = fraction.reversed().drop { $0 == "0" }.reversed()
        return "\(total / 1_000_000_000).\(String(trimmed))s"
    }
}
