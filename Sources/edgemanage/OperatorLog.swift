import EdgeCore
import EdgeShell
import EdgeSystemFiles
import EdgeSystemReport
import Logging

#if canImport(Glibc)
    import Glibc
#endif

/// Where a round's lines go: a file, syslog, or standard error with `-v`.
struct OperatorLog: RoundLog {
    enum Destination {
        /// The configured file; syslog when it is nil.
        case configured(String?)
        case standardError
        case nowhere
    }

    private let logger: Logger
    private let repeated: RepeatedLines?

    /// - Parameter repeated: a daemon's book of warnings and errors that go on; nil: every line is written.
    init(
        network: NetworkName, destination: Destination, repeated: RepeatedLines? = nil
    ) {
        self.repeated = repeated
        let clock = SystemMomentSource()
        var handler: any LogHandler
        switch destination {
        case .nowhere:
            handler = SwiftLogNoOpLogHandler()
        case .standardError:
            handler = Self.standardError(clock)
        case .configured(nil):
            let syslog = SyslogWriter(identity: "edgemanage")
            handler = LineLogHandler(style: .leveled, clock: { clock.now().wall }) { level, line in
                syslog.write(Self.level(level), line)
            }
        case .configured(let path?):
            do {
                let file = try LogFile(path)
                handler = LineLogHandler(style: .timestamped, clock: { clock.now().wall }) {
                    file.write(Self.level($0), $1)
                }
            } catch {
                Terminal.say("edgemanage: \(error); logging to standard error", to: .standardError)
                handler = Self.standardError(clock)
            }
        }
        handler[metadataKey: "network"] = "\(network)"
        let chosen = handler
        logger = Logger(label: "edgemanage") { _ in chosen }
    }

    private static func standardError(_ clock: SystemMomentSource) -> LineLogHandler {
        var environment: [String: String] = [:]
        for key in ["JOURNAL_STREAM", "INVOCATION_ID"] {
            if let value = getenv(key) { environment[key] = String(cString: value) }
        }
        let style = LineLogHandler.styleForErrorStream(environment: environment)
        return LineLogHandler(style: style, clock: { clock.now().wall }) { _, line in
            Terminal.say(line, to: .standardError)
        }
    }

    func write(_ level: RoundLogLevel, _ message: String) {
        let mayRepeat = level == .warning || level == .error
        if mayRepeat, let repeated, repeated.isRepeated(message) { return }
        switch level {
        case .debug: logger.debug("\(message)")
        case .info: logger.info("\(message)")
        case .notice: logger.notice("\(message)")
        case .warning: logger.warning("\(message)")
        case .error: logger.error("\(message)")
        }
    }

    private static func level(_ level: Logger.Level) -> LogLevel {
        switch level {
        case .trace, .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        case .critical: .critical
        }
    }
}
