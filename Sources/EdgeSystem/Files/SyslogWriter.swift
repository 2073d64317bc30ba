internal import Glibc

/// Sends lines to syslog(3), facility daemon.
///
/// syslog(3) has one identity a process, so only one of these should be made.
public struct SyslogWriter: LogSink {
    /// - Parameter identity: the program's name in the log; static, since syslog keeps the pointer.
    public init(identity: StaticString) {
        identity.utf8Start.withMemoryRebound(
            to: CChar.self, capacity: identity.utf8CodeUnitCount + 1
        ) {
            openlog($0, LOG_PID, Self.daemon)
        }
    }

    /// Writes one line; lost when it can't be.
    public func write(_ level: LogLevel, _ line: String) {
        let text = Self.plain(line)
        text.withCString { text in
            withVaList([text]) { vsyslog(Self.daemon | Self.priority(of: level), "%s", $0) }
        }
    }

    /// LOG_DAEMON, a macro that Swift does not see: facility 3 (RFC 5424 §6.2.1).
    private static let daemon: Int32 = 3 << 3

    private static func priority(of level: LogLevel) -> Int32 {
        switch level {
        case .debug: LOG_DEBUG
        case .info: LOG_INFO
        case .notice: LOG_NOTICE
        case .warning: LOG_WARNING
        case .error: LOG_ERR
        case .critical: LOG_CRIT
        }
    }
}
