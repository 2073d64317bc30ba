public import EdgeCore
internal import Glibc
public import Logging

/// Writes log events as lines: `time level message key=value`.
public struct LineLogHandler: LogHandler {
    /// What stands before the message.
    public enum Style: Hashable, Sendable {
        /// RFC 3339 time in UTC and level: for files and terminals.
        case timestamped
        /// The level alone: syslog adds the time.
        case leveled
        /// A journald priority (`<6>`, sd-daemon(3)): journald adds the time.
        case journald
    }

    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let style: Style
    private let clock: @Sendable () -> UnixTime
    private let sink: @Sendable (Logger.Level, String) -> Void

    /// - Parameters:
    ///   - sink: takes each line, without a line break in it or after it.
    public init(
        style: Style, level: Logger.Level = .info, clock: @escaping @Sendable () -> UnixTime,
        sink: @escaping @Sendable (Logger.Level, String) -> Void
    ) {
        self.style = style
        logLevel = level
        self.clock = clock
        self.sink = sink
    }

    /// The style for stderr: journald's when that is where stderr leads (`JOURNAL_STREAM` or
    /// `INVOCATION_ID` in the environment, systemd.exec(5)).
    public static func styleForErrorStream(environment: [String: String]) -> Style {
        environment["JOURNAL_STREAM"] != nil || environment["INVOCATION_ID"] != nil
            ? .journald : .timestamped
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Hands one line to the sink.
    public func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        var line = prefix(event.level) + Self.escaped(event.message.description)
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            line += " \(Self.escaped(key))=\(Self.quoted(value.description))"
        }
        sink(event.level, line)
    }

    private func prefix(_ level: Logger.Level) -> String {
        switch style {
        case .timestamped: "\(clock().rfc3339) \(level) "
        case .leveled: "\(level) "
        case .journald: "<\(Self.priority(of: level))>"
        }
    }

    /// The syslog severity (RFC 5424 §6.2.1).
    public static func priority(of level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    /// Control characters made visible, so that no text can forge a line of its own.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.reduce(into: "") { line, scalar in
            switch scalar {
            case "\n": line += "\\n"
            case "\t": line += "\\t"
            case "\r": line += "\\r"
            case _ where isControl(scalar): line += "\\u{\(String(scalar.value, radix: 16))}"
            default: line.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control || scalar == "\u{2028}"
            || scalar == "\u{2029}"
    }

    /// A value as it stands, or in quotes where it would not read as one word.
    private static func quoted(_ value: String) -> String {
        let text = escaped(value)
        let isWord = !text.isEmpty && !text.contains { " \"=".contains($0) }
        guard !isWord else { return text }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

extension UnixTime {
    /// The time as `2026-11-22T21:34:27Z`, to the second, in UTC (RFC 3339 §5.6).
    public var rfc3339: String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        let pad = { (value: Int32, width: Int) in
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        return
            "\(pad(parts.tm_year + 1900, 4))-\(pad(parts.tm_mon + 1, 2))-\(pad(parts.tm_mday, 2))"
            + "T\(pad(parts.tm_hour, 2)):\(pad(parts.tm_min, 2)):\(pad(parts.tm_sec, 2))Z"
    }
}
