public import EdgeCore
internal import Glibc

/// Replaces files so that nobody ever sees half of one (I2): a temporary file beside it, written,
/// made durable and renamed, then the directory made durable.
public enum AtomicFile {
    /// Writes a whole file; on failure the old one stays as it was and nothing is left beside it.
    ///
    /// A symbolic link at `path` is replaced, not followed.
    ///
    /// - Parameters:
    ///   - mode: the new file's permissions, whatever the umask says.
    ///   - durable: whether the bytes must have reached the disk when this returns. Without it the
    ///     file is still never torn for readers, but a power cut may bring back the old one.
    /// - Returns: the new file's state.
    /// - Throws: one sentence that names `path`.
    @discardableResult
    public static func write(
        _ path: String, _ bytes: [UInt8], mode: UInt32 = 0o644, durable: Bool = true
    ) throws(FileError) -> FileStamp {
        let staged = try stage(path, bytes, mode: mode, durable: durable)
        try staged.commit()
        if durable { try syncDirectory(of: path) }
        return staged.stamp
    }

    /// Writes the temporary file alone; `StagedFile.commit` puts it in its place.
    public static func stage(
        _ path: String, _ bytes: [UInt8], mode: UInt32 = 0o644, durable: Bool = true
    ) throws(FileError) -> StagedFile {
        var random = SystemRandomNumberGenerator()
        let suffix = String(random.next() as UInt64, radix: 16)
        return try stage(
            path, bytes, mode: mode, durable: durable, suffix: "\(getpid())-\(suffix)")
    }

    static func stage(
        _ path: String, _ bytes: [UInt8], mode: UInt32, durable: Bool, suffix: String
    ) throws(FileError) -> StagedFile {
        let (directory, name) = split(path)
        let temporary = "\(directory)/.\(name).\(suffix)\(temporaryEnding)"
        do throws(FileError) {
            // O_EXCL refuses whatever is there, O_NOFOLLOW a link that leads elsewhere.
            let file = try OpenFile(
                temporary, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, action: "write")
            do throws(FileError) {
                try file.write(bytes)
                guard fchmod(file.descriptor, mode) == 0 else {
                    throw FileError(action: "write", path: temporary, code: errno)
                }
                if durable { try file.sync() }
                let stamp = FileStamp(try file.status(action: "write"))
                return StagedFile(path: path, temporary: temporary, stamp: stamp)
            } catch {
                unlink(temporary)
                throw error
            }
        } catch {
            // The operator knows the file by its own name.
            throw FileError(action: "write", path: path, code: error.code, reason: error.reason)
        }
    }

    /// Makes the names in the directory of `path` durable.
    public static func syncDirectory(of path: String) throws(FileError) {
        let directory = split(path).directory
        let file = try OpenFile(
            directory, flags: O_RDONLY | O_DIRECTORY, action: "make durable")
        try file.sync()
    }

    /// Removes temporary files that killed processes left beside `path`.
    public static func removeLeftovers(beside path: String) {
        removeLeftovers(in: split(path).directory)
    }

    /// Removes temporary files that processes left in `directory` when they were killed, those
    /// whose process is gone. Returns how many.
    @discardableResult
    public static func removeLeftovers(in directory: String) -> Int {
        guard let entries = opendir(directory) else { return 0 }
        defer { closedir(entries) }
        var removed = 0
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name.hasPrefix("."), name.hasSuffix(temporaryEnding) else { continue }
            let stem = name.dropLast(temporaryEnding.count)
            guard let suffix = stem.split(separator: ".").last,
                let process = suffix.split(separator: "-").first.flatMap({ Int32($0) }),
                process > 0, kill(process, 0) != 0, errno == ESRCH
            else { continue }
            if unlink("\(directory)/\(name)") == 0 { removed += 1 }
        }
        return removed
    }

    /// What the names of temporary files end in; they begin with a dot.
    public static let temporaryEnding = ".tmp~"

    static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let directory = path[..<slash]
        return (directory.isEmpty ? "/" : String(directory), String(path[slash...].dropFirst()))
    }
}

/// A file that is written and waits to be put in its place.
public struct StagedFile: Hashable, Sendable {
    /// Where it will be.
    public let path: String
    /// Where it is.
    public let temporary: String
    /// Its state before the rename, which changes the ctime on some file systems.
    public let stamp: FileStamp

    /// Renames it into its place. On failure the temporary file is removed.
    public func commit() throws(FileError) {
        guard rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw FileError(action: "write", path: path, code: code)
        }
    }

    /// Removes it; the old file stays.
    public func discard() {
        unlink(temporary)
    }
}
