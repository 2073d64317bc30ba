public import EdgeCore
internal import Glibc

extension FileStamp {
    /// The state of the file at `path`, symbolic links followed; nil when there is none.
    ///
    /// - Throws: when the file is there or may be, and its state can't be read.
    public static func of(_ path: String) throws(FileError) -> FileStamp? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let error = FileError(action: "look at", path: path, code: errno)
            if error.isMissing { return nil }
            throw error
        }
        return FileStamp(status)
    }

    /// The state of an open file; nil when the system doesn't say.
    public static func of(descriptor: CInt) -> FileStamp? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? FileStamp(status) : nil
    }

    init(_ status: stat) {
        self.init(
            inode: UInt64(status.st_ino), size: Int64(status.st_size),
            modified: Self.nanoseconds(status.st_mtim), changed: Self.nanoseconds(status.st_ctim))
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        let (scaled, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? (time.tv_sec < 0 ? .min : .max) : scaled &+ Int64(time.tv_nsec)
    }
}
