internal import Glibc
internal import Synchronization

/// Appends lines to a file, which is opened again when it was rotated away or removed.
public final class LogFile: LogSink {
    /// Where the lines go.
    public let path: String
    private let state: Mutex<State>

    private struct State {
        var descriptor: Int32
        var device: UInt64
        var inode: UInt64
    }

    /// Opens the file for appending, and makes it, readable by all, if it is not there.
    ///
    /// - Throws: one sentence that names the file.
    public init(_ path: String) throws(FileError) {
        self.path = path
        state = Mutex(try Self.open(path))
    }

    deinit {
        state.withLock { _ = close($0.descriptor) }
    }

    /// Writes one line; lost when it can't be.
    public func write(_ level: LogLevel, _ line: String) {
        let bytes = Array((Self.plain(line) + "\n").utf8)
        state.withLock { state in
            reopenIfRotated(&state)
            // One call a line, so that lines of several processes don't mix (O_APPEND).
            var written: Int
            repeat {
                written = Glibc.write(state.descriptor, bytes, bytes.count)
            } while written < 0 && errno == EINTR
        }
    }

    private func reopenIfRotated(_ state: inout State) {
        var status = stat()
        let isSame =
            stat(path, &status) == 0 && UInt64(status.st_ino) == state.inode
            && UInt64(status.st_dev) == state.device
        guard !isSame, let fresh = try? Self.open(path) else { return }
        close(state.descriptor)
        state = fresh
    }

    private static func open(_ path: String) throws(FileError) -> State {
        let file = try OpenFile(
            path, flags: O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY, mode: 0o644, action: "write")
        let status = try file.status(action: "write")
        return State(
            descriptor: file.release(), device: UInt64(status.st_dev),
            inode: UInt64(status.st_ino))
    }
}
