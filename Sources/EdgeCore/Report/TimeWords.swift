extension UnixTime {
    /// `2026-11-22 21:34:27 UTC`: how every time is told to people.
    public var words: String { "\(dateText) UTC" }

    /// `2026-11-22 21:34`, in UTC.
    public var minuteText: String {
        let text = dateText
        return String(text.prefix(16))
    }

    /// `21:34:27`, in UTC.
    var clockText: String { String(dateText.suffix(8)) }

    /// `2026-11-22 21:34:27`, in UTC.
    public var dateText: String {
        let day = HistorySpan.days.start(of: self)
        let rest = seconds - day
        var number = day / 86_400 + 719_468
        // Eras of 400 years that begin in March.
        let era = (number >= 0 ? number : number - 146_096) / 146_097
        number -= era * 146_097
        let yearOfEra = (number - number / 1460 + number / 36_524 - number / 146_096) / 365
        let dayOfYear = number - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(year)-\(two(month))-\(two(dayOfYear - (153 * shifted + 2) / 5 + 1)) "
            + "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
    }
}
