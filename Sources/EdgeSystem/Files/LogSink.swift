/// How much a log line matters, after syslog's levels (RFC 5424 §6.2.1).
public enum LogLevel: Int, Hashable, Sendable, CaseIterable, Comparable {
    case debug
    case info
    case notice
    case warning
    case error
    case critical

    /// Less before more important.
    public static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Where log lines end up.
public protocol LogSink: Sendable {
    /// Writes one line, without its final line break. It never throws: a line that can't be written
    /// is lost, since a full disk must not end a round (I26).
    func write(_ level: LogLevel, _ line: String)
}

extension LogSink {
    /// The line with its control characters made visible, so that nothing from an edge can forge a
    /// line of its own.
    static func plain(_ line: String) -> String {
        guard line.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return line }
        return line.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\t": text += " "
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
