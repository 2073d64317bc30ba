/// Points of time as an operator writes them: `2026-11-22T21:34:27Z`, `-2h`, `14:05`.
public enum TimeText {
    /// What is said of a text that is none.
    public static let words =
        "a time such as 2026-11-22T21:34:27Z (RFC 3339), -2h (ago) or 14:05 (UTC)"

    /// Reads a time; nil when the text is none.
    ///
    /// A time of day is the last one that is not in the future, in UTC, as all times are shown. A duration is so long
    /// ago, its minus may be left out.
    public static func parse(_ text: String, now: UnixTime) -> UnixTime? {
        if let length = DurationText.parse(text.hasPrefix("-") ? text.dropFirst() : text[...]) {
            return now.adding(.zero - length)
        }
        if let seconds = timeOfDay(text[...]) {
            let today = HistorySpan.days.start(of: now)
            let time = UnixTime(seconds: today + seconds)
            return time > now ? time.adding(.seconds(-86_400)) : time
        }
        return dateAndTime(text)
    }

    /// `14:05` or `14:05:30` in seconds since midnight.
    private static func timeOfDay(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, let hour = number(parts[0], in: 0...23),
            let minute = number(parts[1], in: 0...59),
            let second = parts.count == 3 ? number(parts[2], in: 0...60) : 0
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    /// RFC 3339 §5.6: date, `T` or a blank, time, then `Z` or an offset.
    private static func dateAndTime(_ text: String) -> UnixTime? {
        guard let middle = text.firstIndex(where: { "Tt ".contains($0) }) else { return nil }
        let date = text[..<middle].split(separator: "-", omittingEmptySubsequences: false)
        guard date.count == 3, date[0].count == 4, let year = number(date[0], in: 1970...2261),
            let month = number(date[1], in: 1...12),
            let day = number(date[2], in: 1...days(of: month, year))
        else { return nil }
        var rest = text[text.index(after: middle)...]
        var offset: Int64 = 0
        if rest.hasSuffix("Z") || rest.hasSuffix("z") {
            rest = rest.dropLast()
        } else if let sign = rest.lastIndex(where: { "+-".contains($0) }) {
            guard rest[sign...].count == 6, let size = timeOfDay(rest[rest.index(after: sign)...])
            else { return nil }
            offset = rest[sign] == "+" ? size : -size
            rest = rest[..<sign]
        } else {
            return nil
        }
        var fraction: Duration = .zero
        if let point = rest.firstIndex(of: ".") {
            guard let part = DurationText.parseSeconds("0\(rest[point...])"),
                rest.index(after: point) < rest.endIndex
            else { return nil }
            fraction = part
            rest = rest[..<point]
        }
        guard rest.count == 8, let time = timeOfDay(rest) else { return nil }
        let seconds = daysSince1970(year, month, day) * 86_400 + time - offset
        return UnixTime(seconds: seconds).adding(fraction)
    }

    /// Two digits, or four for a year.
    private static func number(_ text: Substring, in range: ClosedRange<Int64>) -> Int64? {
        guard (2...4).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            let value = Int64(text), range.contains(value)
        else { return nil }
        return value
    }

    private static func days(of month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        // Years begin in March, so that a leap day is the last one.
        let years = month > 2 ? year : year - 1
        let months = (month + 9) % 12
        return years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day
            - 1 - 719_468
    }
}
