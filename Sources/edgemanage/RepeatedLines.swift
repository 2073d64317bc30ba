import Synchronization

/// Tells a daemon's log which lines only say again, round after round, what stands there already.
final class RepeatedLines: Sendable {
    private struct Seen {
        var last: ContinuousClock.Instant
        var written: ContinuousClock.Instant
    }

    /// A line that was not said for so long is news.
    private let gap: Duration
    private let lines = Mutex<[String: Seen]>([:])

    /// A line that goes on is written again so often.
    static let reminder: Duration = .seconds(3600)
    /// The most lines that are kept in mind.
    static let most = 4096

    /// - Parameter interval: between two rounds.
    init(interval: Duration) {
        gap = max(interval * 3, .seconds(60))
    }

    /// Whether a line need not be written now.
    func isRepeated(_ line: String, now: ContinuousClock.Instant = .now) -> Bool {
        // How long something goes on is another number each time.
        let line = line.replacing(/[0-9]+ (seconds?|minutes?|hours?)\b/) { "\($0.1)" }
        return lines.withLock { lines in
            if let seen = lines[line], now - seen.last < gap, now - seen.written < Self.reminder {
                lines[line]?.last = now
                return true
            }
            if lines.count >= Self.most {
                lines = lines.filter { now - $0.value.last < gap }
                if lines.count >= Self.most { lines = [:] }
            }
            lines[line] = Seen(last: now, written: now)
            return false
        }
    }
}
