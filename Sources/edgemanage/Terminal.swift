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

    /// Paints a line by the sign it begins with, on a terminal.
    static func painted(_ line: String) -> String {
        guard hasColour else { return line }
        let sign = line.first { $0 != " " }
        switch sign {
        case "+", "*": return line.green
        case "-": return line.red
        default: return line
        }
    }
}
