internal import EdgeCore
internal import Glibc

/// An open descriptor, closed when it goes out of scope; calls that a signal interrupts are made
/// again.
struct OpenFile: ~Copyable, Sendable {
    private(set) var descriptor: Int32
    let path: String

    /// Opens `path`; O_CLOEXEC is always set, so that no command inherits it.
    init(
        _ path: String, flags: Int32, mode: UInt32 = 0o600, action: String
    ) throws(FileError) {
        var descriptor: Int32
        repeat {
            descriptor = open(path, flags | O_CLOEXEC, mode)
        } while descriptor < 0 && errno == EINTR
        guard descriptor >= 0 else { throw FileError(action: action, path: path, code: errno) }
        self.descriptor = descriptor
        self.path = path
    }

    /// Takes over a descriptor that is open already.
    init(taking descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Gives the descriptor away: whoever takes it closes it.
    consuming func release() -> Int32 {
        let given = descriptor
        descriptor = -1
        return given
    }

    /// Writes all of `bytes`, however many calls that takes.
    func write(_ bytes: [UInt8], action: String = "write") throws(FileError) {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    descriptor, buffer.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else {
                let code = written == 0 ? ENOSPC : errno
                throw FileError(action: action, path: path, code: code)
            }
            offset += written
        }
    }

    /// Reads what comes next, `limit` bytes at most; nothing at the file's end.
    func read(_ limit: Int) throws(FileError) -> [UInt8] {
        while true {
            var code: Int32 = 0
            let descriptor = descriptor
            let chunk = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                let received = Glibc.read(descriptor, buffer.baseAddress, limit)
                code = received < 0 ? errno : 0
                count = max(received, 0)
            }
            if code == EINTR { continue }
            guard code == 0 else { throw FileError(action: "read", path: path, code: code) }
            return chunk
        }
    }

    /// Makes what was written durable.
    func sync() throws(FileError) {
        var result: Int32
        repeat { result = fsync(descriptor) } while result != 0 && errno == EINTR
        guard result == 0 else { throw FileError(action: "write", path: path, code: errno) }
    }

    /// The file's state.
    func status(action: String) throws(FileError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw FileError(action: action, path: path, code: errno)
        }
        return status
    }
}
