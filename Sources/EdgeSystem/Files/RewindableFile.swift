internal import Glibc

/// A file that is read more than once from its beginning, line by line and in bounded memory; what can be read
/// only once, as a pipe, is kept in a temporary file that has no name.
public final class RewindableFile: Sendable {
    /// As it stands in messages.
    public let name: String
    private let file: OpenFile
    /// How many bytes are read at once.
    private static let chunkSize = 1 << 18

    /// Opens a file, or standard input for `-`.
    ///
    /// - Parameter longest: what can be read only once is kept up to the first line of more bytes than that:
    ///   who reads it finds that line wrong, and nothing without an end fills the disk.
    /// - Throws: `FileError` when it can't be read, or there is no room to keep it.
    public init(_ path: String, longest: Int) throws(FileError) {
        if path == "-" {
            name = "standard input"
            let descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
            guard descriptor >= 0 else {
                throw FileError(action: "read", path: name, code: errno)
            }
            file = try Self.kept(OpenFile(taking: descriptor, path: name), longest: longest)
            return
        }
        name = path
        let opened = try OpenFile(path, flags: O_RDONLY, action: "read")
        let kind = try opened.status(action: "read").st_mode & S_IFMT
        guard kind != S_IFDIR else {
            throw FileError(action: "read", path: path, code: EISDIR)
        }
        file = kind == S_IFREG ? opened : try Self.kept(opened, longest: longest)
    }

    /// A copy that goes when it is closed.
    private static func kept(
        _ source: borrowing OpenFile, longest: Int
    ) throws(FileError) -> OpenFile {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/edgemanage-trace-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw FileError(action: "make a temporary file in", path: folder, code: errno)
        }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let copy = OpenFile(taking: descriptor, path: folder)
        var length = 0
        while length <= longest {
            let chunk = try source.read(chunkSize)
            if chunk.isEmpty { break }
            try copy.write(chunk, action: "keep a trace in")
            length = chunk.lastIndex(of: 0x0A).map { chunk.count - $0 } ?? length + chunk.count
        }
        return copy
    }

    private func rewind() throws(FileError) {
        guard lseek(file.descriptor, 0, SEEK_SET) == 0 else {
            throw FileError(action: "read", path: name, code: errno)
        }
    }

    /// The first bytes, `count` at most.
    public func head(_ count: Int) throws(FileError) -> [UInt8] {
        try rewind()
        return try file.read(count)
    }

    /// Hands every line to `body`, from the first on, without its line break and with its number.
    ///
    /// - Parameter longest: a line of more bytes than that is cut there, so that who reads it finds it wrong.
    public func lines(
        longest: Int, _ body: (_ number: Int, _ line: [UInt8]) throws -> Void
    ) throws {
        try rewind()
        var rest: [UInt8] = []
        var number = 0
        while true {
            let chunk = try file.read(Self.chunkSize)
            if chunk.isEmpty { break }
            var start = 0
            while let end = Self.lineBreak(in: chunk, from: start) {
                number += 1
                if rest.isEmpty {
                    try body(number, Array(chunk[start..<min(end, start + longest)]))
                } else {
                    rest += chunk[start..<end].prefix(longest - rest.count)
                    try body(number, rest)
                    rest = []
                }
                start = end + 1
            }
            rest += chunk[start...].prefix(max(0, longest - rest.count))
        }
        if !rest.isEmpty { try body(number + 1, rest) }
    }

    private static func lineBreak(in chunk: [UInt8], from start: Int) -> Int? {
        chunk.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, start < bytes.count,
                let found = memchr(base + start, 0x0A, bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}
