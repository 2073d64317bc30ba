internal import Glibc

/// Something that could not be done with a file.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was tried, as it follows "cannot": `write`, `read`, `lock`.
    public var action: String
    /// The file as the operator names it.
    public var path: String
    /// errno; 0 when the system said nothing.
    public var code: Int32
    /// Why, when errno does not tell.
    public var reason: String?

    /// An error with its parts; see `description`.
    public init(action: String, path: String, code: Int32, reason: String? = nil) {
        self.action = action
        self.path = path
        self.code = code
        self.reason = reason
    }

    /// One sentence naming the file and what to do.
    public var description: String {
        let why = reason ?? String(cString: strerror(code))
        return "cannot \(action) \(path): \(why)\(Self.advice(for: code))"
    }

    /// Whether there is no such file.
    public var isMissing: Bool { code == ENOENT || code == ENOTDIR }

    private static func advice(for code: Int32) -> String {
        switch code {
        case EACCES, EPERM: "; check the permissions of the file and its directory"
        case ENOSPC, EDQUOT: "; free some room on its disk"
        case EFBIG: "; raise the limit on file sizes"
        case EROFS: "; mount its file system writable"
        case EMFILE, ENFILE: "; raise the limit on open files"
        case ENOENT, ENOTDIR: "; create it or correct the path"
        case ELOOP: "; it is a symbolic link, which is not followed here: put a plain file there"
        default: ""
        }
    }
}
