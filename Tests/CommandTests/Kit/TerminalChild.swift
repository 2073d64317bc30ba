import Clinux
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A program at a terminal of its own: it leads a session whose controlling terminal that is, as in a window.
final class TerminalChild {
    let id: pid_t
    /// The terminal's end for who sits before it.
    private let master: Int32
    /// Held open, so that what was written last can be read when the program has ended.
    private let slave: Int32
    /// `modes` before the program began.
    let firstModes: tcflag_t
    private var bytes: [UInt8] = []

    /// Starts a program's arguments (found in PATH) at a terminal of this size.
    init(
        _ words: [String], directory: String, environment: [String: String], lines: UInt16,
        columns: UInt16
    ) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
        var (isLocked, number): (Int32, Int32) = (0, 0)
        // ioctl_tty(2): TIOCSPTLCK and TIOCGPTN, which Swift does not import; that is what unlockpt(3) and ptsname(3) do.
        guard master >= 0, ioctl(master, 0x4004_5431, &isLocked) == 0,
            ioctl(master, 0x8004_5430, &number) == 0
        else { throw ChildProcess.NotStarted(path: "/dev/ptmx", code: errno) }
        let path = "/dev/pts/\(number)"
        slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        var size = winsize(ws_row: lines, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
        firstModes = Self.modes(of: slave)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // A session's leader that opens a terminal has it.
        posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // POSIX_SPAWN_SETSID
        posix_spawnattr_setflags(&attributes, 0x80)
        let command = ["/usr/bin/env", "-C", directory] + words
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var values: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + values).forEach { free($0) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, command[0], &actions, &attributes, &arguments, &values)
        guard code == 0 else { throw ChildProcess.NotStarted(path: command[0], code: code) }
        self.id = id
    }

    deinit {
        close(master)
        close(slave)
    }

    /// All that was written so far.
    var output: String {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(master, &buffer, buffer.count), count > 0 {
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What stands on the screen: everything since it was drawn last, without control sequences.
    var screen: [String] {
        guard let start = output.range(of: "\u{1B}[H", options: .backwards) else { return [] }
        let text = output[start.upperBound...].unicodeScalars.filter { $0 != "\r" }
        return String(String.UnicodeScalarView(text))
            .replacing(/\x1B\[[0-9;?]*[A-Za-z]/, with: "")
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Presses keys.
    func type(_ keys: String) {
        let bytes = Array(keys.utf8)
        _ = write(master, bytes, bytes.count)
    }

    /// How the terminal treats what is typed: line by line, with an echo.
    var modes: tcflag_t { Self.modes(of: slave) }

    private static func modes(of terminal: Int32) -> tcflag_t {
        var settings = termios()
        tcgetattr(terminal, &settings)
        return settings.c_lflag
    }

    /// The exit status once it has ended; the signal's number with a minus sign when one ended it; nil: it goes on.
    func ending() -> Int32? {
        var status: Int32 = 0
        guard waitpid(id, &status, WNOHANG) == id else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }
}
