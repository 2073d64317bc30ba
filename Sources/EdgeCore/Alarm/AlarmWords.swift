/// The sentences of notifications.
public enum AlarmWords {
    /// Text on one line, without control characters, not too long.
    static func plain(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(AlarmNotification.mostCharacters) {
            let isControl =
                scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || (0x2028...0x2029).contains(scalar.value)
            result.append(isControl ? " " : scalar)
        }
        if text.unicodeScalars.count > AlarmNotification.mostCharacters {
            result.append("…")
        }
        return String(result)
    }

    /// A length of time in one unit, rounded down.
    static func length(_ duration: Duration) -> String {
        let seconds = max(0, Int(duration.components.seconds))
        if seconds < 120 { return seconds.counted("second") }
        if seconds < 7200 { return (seconds / 60).counted("minute") }
        if seconds < 2 * 86_400 { return (seconds / 3600).counted("hour") }
        return (seconds / 86_400).counted("day")
    }

    /// Since when: `since 19:18:38 UTC`, or `for 3 days` when that was not within a day.
    public static func since(_ time: UnixTime, now: UnixTime) -> String {
        let age = now.since(time)
        guard age >= .zero, age < .seconds(86_400) else { return "for \(length(age))" }
        let second = Int(time.seconds - HistorySpan.days.start(of: time))
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return
            "since \(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60)) UTC"
    }

    /// What holds of one subject.
    ///
    /// - Parameter since: ` for 2 minutes`, or nothing.
    static func one(
        _ kind: AlarmKind, _ subject: String, _ words: String, since: String = ""
    ) -> String {
        switch kind {
        case .edgeOut: "edge \(subject) \(words)\(since.isEmpty ? "" : ",\(since)")"
        case .planHeld: "a plan is held\(since): \(words)"
        case .publicationFailed: "publishing failed\(since): \(words)"
        case .serverLagging: "name server \(subject) \(words)"
        case .includeRefused: "the include of zone \(subject) is not used: \(words)"
        case .certificateExpiring: "edge \(subject): \(words)"
        case .noRound: "there was no round: \(words)"
        case .degraded, .monitorSick, .configurationRefused: words
        }
    }

    /// What holds. `total` counts subjects, of which the first is given with its words.
    static func firing(
        _ kind: AlarmKind, _ items: [(subject: String, item: AlarmItem)], total: Int, now: Moment
    ) -> String {
        guard let (subject, item) = items.first else { return "" }
        let words = item.words
        guard total > 1 else {
            let age = now.elapsed(since: item.since)
            return one(
                kind, subject, words, since: age >= .seconds(30) ? " for \(length(age))" : "")
        }
        let names = names(items.map(\.subject), total: total)
        switch kind {
        case .edgeOut: return edges(items, total: total)
        case .planHeld: return "\(total) plans are held, the first: \(words)"
        case .serverLagging:
            return
                "\(total) name servers do not serve what is published: \(names) (\(subject) \(words))"
        case .includeRefused:
            return "the includes of \(total) zones are not used: \(names) (\(subject): \(words))"
        case .certificateExpiring:
            return "the certificates of \(total) edges end soon: \(names) (\(subject): \(words))"
        // The network has one alone.
        case .publicationFailed, .noRound, .degraded, .monitorSick, .configurationRefused:
            return one(kind, subject, words)
        }
    }

    /// Several edges, with those that visitors meet.
    private static func edges(
        _ items: [(subject: String, item: AlarmItem)], total: Int
    ) -> String {
        let met = items.filter { $0.item.place == .inDNS }
        let example = (met.first ?? items[0])
        let hasPlaces = items.contains { $0.item.place != nil }
        let dns =
            !met.isEmpty
            ? "; still in the DNS, where users meet them: "
                + self.names(met.map(\.subject), total: met.count)
            : hasPlaces ? "; none of them is in the DNS" : ""
        return "\(total) edges fail: \(self.names(items.map(\.subject), total: total))\(dns) "
            + "(\(example.subject) \(example.item.words))"
    }

    /// What is over.
    static func resolved(_ kind: AlarmKind, _ ended: [EndedItem]) -> String {
        let longest = ended.map(\.seconds).max() ?? 0
        let after = " after \(length(.seconds(longest)))"
        let one = ended.count == 1 ? ended.first?.subject : nil
        let few = names(ended.map(\.subject), total: ended.count)
        switch kind {
        case .edgeOut:
            let isBack = !ended.contains { $0.isWithdrawn == true }
            guard isBack else {
                return one.map {
                    "edge \($0) was taken out by an operator\(after), and failed until then"
                }
                    ?? "all \(ended.count) edges are back, or were taken out by an operator: \(few), the "
                    + "last\(after)"
            }
            return one.map { "edge \($0) is back\(after)" }
                ?? "all \(ended.count) edges are back: \(few), the last\(after)"
        case .degraded: return "as many edges are live and passing as wanted again\(after)"
        case .planHeld: return "no plan is held any more\(after)"
        case .publicationFailed: return "publishing works again\(after)"
        case .serverLagging:
            return one.map { "name server \($0) serves what is published again\(after)" }
                ?? "all name servers serve what is published again: \(few)"
        case .monitorSick: return "this monitor is well again\(after)"
        case .configurationRefused: return "the configuration is accepted again\(after)"
        case .certificateExpiring:
            return one.map { "edge \($0): its certificate is good for long enough again" }
                ?? "the certificates of \(ended.count) edges are good for long enough again: \(few)"
        case .includeRefused:
            return one.map { "the include of zone \($0) is used again\(after)" }
                ?? "the includes of \(ended.count) zones are used again: \(few)"
        case .noRound: return "rounds run again\(after)"
        }
    }

    /// What follows a sentence of what holds: subjects that are well again, and those that flap.
    static func besides(_ kind: AlarmKind, ended: [String], flapping: [String]) -> String {
        var words = ""
        if !ended.isEmpty, kind.subjectLabel != nil, kind != .planHeld {
            words += "; well again: \(names(ended, total: ended.count))"
        }
        guard !flapping.isEmpty else { return words }
        let few = names(flapping, total: flapping.count)
        return words + "; flapping\(few.isEmpty ? "" : ": \(few)"), told again when steady"
    }

    private static func names(_ subjects: [String], total: Int) -> String {
        subjects.prefix(5).joined(separator: " ")
            + (total > 5 ? " and \(total - 5) more" : "")
    }
}
