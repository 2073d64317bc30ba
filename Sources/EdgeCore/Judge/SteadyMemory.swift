/// What the steady judge remembers of one target from round to round: small, and all that it decides by.
///
/// Its text form stands in one column of the database and gives the same value back, to the last bit.
public struct SteadyMemory: Hashable, Sendable {
    /// Whether it is up: fit to be live.
    public var isUp: Bool
    /// The share of failed attempts, smoothed: 0 to 1.
    public var failureScore: Double
    /// The same over a longer time.
    public var slowFailureScore: Double
    /// The share of wholly failed rounds, remembered for days: 0 to 1.
    public var failedShare: Double
    /// The smoothed fetch time in seconds; nil before the first answer.
    public var fetchSeconds: Double?
    /// The fetch times whose median tells slowness.
    public var recent: RecentFetchTimes
    /// Wholly failed rounds in a row, up to this one.
    public var failedRounds: Int
    /// Clean rounds in a row, up to this one.
    public var cleanRounds: Int
    /// One for each time it went down, halving with time.
    public var penalty: Double

    public init(
        isUp: Bool = false, failureScore: Double = 0, slowFailureScore: Double = 0,
        failedShare: Double = 0, fetchSeconds: Double? = nil,
        recent: RecentFetchTimes = RecentFetchTimes(), failedRounds: Int = 0,
        cleanRounds: Int = 0, penalty: Double = 0
    ) {
        self.isUp = isUp
        self.failureScore = failureScore
        self.slowFailureScore = slowFailureScore
        self.failedShare = failedShare
        self.fetchSeconds = fetchSeconds
        self.recent = recent
        self.failedRounds = failedRounds
        self.cleanRounds = cleanRounds
        self.penalty = penalty
    }
}

extension SteadyMemory {
    /// The form of the text; a later one gets another word.
    private static let form = "steady1"

    /// The memory as one line: its form, eight fields, then the fetch times in nanoseconds.
    public var text: String {
        var words = [
            Self.form, isUp ? "up" : "down", "\(failureScore)", "\(slowFailureScore)",
            "\(failedShare)", fetchSeconds.map { "\($0)" } ?? "-", "\(failedRounds)",
            "\(cleanRounds)", "\(penalty)",
        ]
        words += recent.all.map { "\($0.inNanoseconds)" }
        return words.joined(separator: " ")
    }

    /// Reads a memory's text; nil when it is none, or holds what no judge could have written.
    public init?(text: String) {
        // By bytes: every round reads every edge's memory.
        let words = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
            .map { Substring($0) }
        guard (9...9 + RecentFetchTimes.capacity).contains(words.count), words[0] == Self.form,
            words[1] == "up" || words[1] == "down", let failure = Self.number(words[2], upTo: 1),
            let slow = Self.number(words[3], upTo: 1), let share = Self.number(words[4], upTo: 1),
            let failed = Self.count(words[6]), let clean = Self.count(words[7]),
            let penalty = Self.number(words[8], upTo: 1000)
        else { return nil }
        var fetch: Double?
        if words[5] != "-" {
            guard let seconds = Self.number(words[5], upTo: 3600) else { return nil }
            fetch = seconds
        }
        var recent = RecentFetchTimes()
        for word in words[9...] {
            guard let nanoseconds = Int64(word), nanoseconds >= 0 else { return nil }
            recent.add(.nanoseconds(nanoseconds), keeping: RecentFetchTimes.capacity)
        }
        self.init(
            isUp: words[1] == "up", failureScore: failure, slowFailureScore: slow,
            failedShare: share, fetchSeconds: fetch, recent: recent, failedRounds: failed,
            cleanRounds: clean, penalty: penalty)
    }

    /// A number from 0 to `limit`: neither infinite nor NaN, which would never leave a score again.
    private static func number(_ word: Substring, upTo limit: Double) -> Double? {
        guard let value = Double(word), value >= 0, value <= limit else { return nil }
        return value
    }

    /// More than a century of rounds a second apart.
    private static let mostRounds = 1 << 32

    private static func count(_ word: Substring) -> Int? {
        guard let value = Int(word), (0...Self.mostRounds).contains(value) else { return nil }
        return value
    }
}
