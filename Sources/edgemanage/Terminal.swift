import EdgeCore
@preconcurrency import Rainbow
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Standard output and error. Colour goes to terminals only; a pipe gets plain text.
enum Terminal {
    enum Stream: Int32 {
        case standardOutput = 1
        case standardError = 2
    }

    /// Whether something could not be written, as on a full disk.
    private static let lostOutput = Atomic<Bool>(false)

    /// The exit status for a command that ended with `status`: never 0 when its output was lost.
    static func status(_ status: Int32) -> Int32 {
        status == 0 && lostOutput.load(ordering: .relaxed) ? 1 : status
    }

    /// Writes a line.
    static func say(_ line: String, to stream: Stream = .standardOutput) {
        write(line + "\n", to: stream)
    }

    /// Writes text as it is.
    static func write(_ text: String, to stream: Stream = .standardOutput) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                Glibc.write(stream.rawValue, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                // A reader that has seen enough (`| head`) is no failure.
                if errno != EPIPE { lostOutput.store(true, ordering: .relaxed) }
                return
            }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Whether a person sees the stream.
    static func isTerminal(_ stream: Stream) -> Bool { isatty(stream.rawValue) == 1 }

    /// Whether standard output may carry colour: a terminal, unless NO_COLOR says otherwise.
    static var hasColour: Bool { Rainbow.enabled && isTerminal(.standardOutput) }

    /// How many columns it has; 80 where nobody knows.
    static var width: Int { size.columns }

    /// How many lines it has; 24 where nobody knows.
    static var height: Int { size.lines }

    private static var size: (columns: Int, lines: Int) {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Whether the locale's characters are Unicode's (LC_ALL, LC_CTYPE, LANG, in this order).
    static var speaksUnicode: Bool {
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            guard let value = getenv(name).map({ String(cString: $0).lowercased() }),
                !value.isEmpty
            else { continue }
            return value.contains("utf-8") || value.contains("utf8")
        }
        return false
    }

    /// Paints a line's parts by their tones, on a terminal.
    static func painted(_ line: BoardLine, isPlain: Bool) -> String {
        guard hasColour, !isPlain else { return line.text }
        return line.parts.map { tone, text in
            switch tone {
            case .plain: text
            case .good: text.green
            case .notice: text.yellow
            case .bad: text.red
            case .faint: text.dim
            }
        }.joined()
    }

    /// Writes lines that are painted by their signs, folded to the terminal's width; elsewhere each stays one.
    static func show(_ lines: [String]) {
        let width = isTerminal(.standardOutput) ? Self.width : nil
        for line in lines {
            for part in line.folded(to: width) { say(painted(part, as: line)) }
        }
    }

    /// Paints a line by the sign it begins with, on a terminal.
    static func painted(_ line: String) -> String { painted(line, as: line) }

    /// Paints a part of a line as the whole one.
    private static func painted(_ part: String, as line: String) -> String {
        guard hasColour else { return part }
        let sign = line.first { $0 != " " }
        switch sign {
        case "+", "*": return part.green
        case "-": return part.red
        default: return part
        }
    }
}
