import EdgeCore

#if canImport(Glibc)
    import Glibc
#endif

/// Shows lines on the whole terminal again and again, and leaves the terminal as it was.
struct StatusScreen {
    let isPlain: Bool

    /// How often it is drawn.
    static let interval: Duration = .seconds(2)

    /// Draws until q, Ctrl-C or SIGTERM; where standard output is no terminal, writes each time as text.
    ///
    /// - Parameter lines: what to show on so many columns and lines; where it is no terminal, as many as there are.
    func run(_ lines: (_ width: Int, _ height: Int?) throws -> [BoardLine]) async throws {
        Interruption.listen()
        let isScreen = Terminal.isTerminal(.standardOutput)
        let keys = isScreen ? TerminalKeys() : nil
        // The other screen, without a cursor (xterm's control sequences 1049 and 25).
        if isScreen { Terminal.write("\u{1B}[?1049h\u{1B}[?25l") }
        defer {
            if isScreen { Terminal.write("\u{1B}[?25h\u{1B}[?1049l") }
            keys?.restore()
        }
        while !Interruption.wasSeen {
            let height = isScreen ? max(4, Terminal.height) : nil
            draw(try lines(Terminal.width, height), within: height)
            let deadline = ContinuousClock().now + Self.interval
            while ContinuousClock().now < deadline, !Interruption.wasSeen {
                if keys?.isQuitPressed == true { return }
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func draw(_ lines: [BoardLine], within room: Int?) {
        guard let room else {
            for line in lines { Terminal.say(line.text) }
            Terminal.say("")
            return
        }
        var shown = lines
        if lines.count > room {
            shown = Array(lines.prefix(room - 1))
            shown.append(BoardLine("… \(lines.count - room + 1) more lines: edgemanage status"))
        }
        // From the top, each line cleared to its end, then what is below.
        let text = shown.map { Terminal.painted($0, isPlain: isPlain) + "\u{1B}[K" }
        Terminal.write("\u{1B}[H" + text.joined(separator: "\r\n") + "\u{1B}[J")
    }
}

/// Keys as they are pressed, without waiting for a line's end.
final class TerminalKeys {
    private var before = termios()
    private let isRead: Bool

    init() {
        isRead = isatty(0) == 1 && tcgetattr(0, &before) == 0
        guard isRead else { return }
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        withUnsafeMutableBytes(of: &raw.c_cc) { characters in
            characters[Int(VMIN)] = 0
            characters[Int(VTIME)] = 0
        }
        tcsetattr(0, TCSANOW, &raw)
    }

    /// Whether q was pressed since it was asked last.
    var isQuitPressed: Bool {
        guard isRead else { return false }
        var byte: UInt8 = 0
        while read(0, &byte, 1) == 1 {
            if byte == UInt8(ascii: "q") || byte == UInt8(ascii: "Q") { return true }
        }
        return false
    }

    /// Leaves the terminal as it was.
    func restore() {
        if isRead { tcsetattr(0, TCSANOW, &before) }
    }
}
