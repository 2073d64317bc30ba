internal import EdgeCore
internal import Glibc

/// What the present user may do with files: asked, not tried.
struct FileFacts: Sendable {
    typealias Finding = ConfigurationCheck.Finding

    /// Directories separated by colons.
    let searchPath: String

    /// A directory in which files are made and renamed.
    func writableDirectory(_ path: String, subject: String) -> Finding {
        var status = stat()
        guard stat(path, &status) == 0 else {
            return Finding(.error, subject: subject, message: missing(path, errno))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return Finding(.error, subject: subject, message: "\(path) is no directory")
        }
        guard may(path, W_OK | X_OK) else {
            return Finding(
                .error, subject: subject,
                message: "\(path) can't be written by \(PresentUser.name); it belongs to "
                    + "\(owner(status)); grant it, or run as that user")
        }
        return Finding(.ok, subject: subject, message: "\(path) can be written")
    }

    /// A file that is made anew or written in place.
    func writableFile(_ path: String, subject: String) -> Finding {
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            return Finding(.error, subject: subject, message: "\(path) is a directory; name a file")
        }
        if may(path, F_OK), !may(path, W_OK) {
            return Finding(
                .error, subject: subject,
                message: "\(path) can't be written by \(PresentUser.name); grant it")
        }
        let slash = path.lastIndex(of: "/")
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let finding = writableDirectory(parent, subject: subject)
        if finding.severity != .ok { return finding }
        return Finding(.ok, subject: subject, message: "\(path) can be written")
    }

    /// A file that is only read.
    func readableFile(_ path: String, subject: String) -> Finding {
        if may(path, R_OK) { return Finding(.ok, subject: subject, message: "\(path) can be read") }
        let problem = may(path, F_OK) ? "can't be read by \(PresentUser.name)" : "does not exist"
        return Finding(
            .error, subject: subject, message: "\(path) \(problem); correct the path or grant it")
    }

    /// A command, by its path or by its name in the search path.
    func executable(_ command: String, subject: String) -> Finding {
        if command.contains("/") {
            if isExecutable(command) {
                return Finding(.ok, subject: subject, message: "\(command) can be run")
            }
            let problem =
                may(command, F_OK) ? "can't be run by \(PresentUser.name)" : "does not exist"
            return Finding(
                .error, subject: subject,
                message: "\(command) \(problem); correct the path or grant it")
        }
        for directory in searchPath.split(separator: ":")
        where isExecutable("\(directory)/\(command)") {
            return Finding(.ok, subject: subject, message: "\(directory)/\(command) can be run")
        }
        return Finding(
            .error, subject: subject,
            message:
                "\(command) is in no directory of PATH (\(searchPath)); install it or write its "
                + "path"
        )
    }

    /// A bundle of certificates.
    func certificates(at path: String) -> Finding {
        do {
            let bytes = try BoundedFile.read(path, limit: 8 << 20)
            let text = String(decoding: bytes, as: UTF8.self)
            let count = text.ranges(of: "-----BEGIN CERTIFICATE-----").count
            guard count > 0 else {
                let message = "\(path) holds no certificate in PEM form; name a bundle"
                return Finding(.error, subject: "object", message: message)
            }
            return Finding(.ok, subject: "object", message: "\(path) has \(count) certificates")
        } catch {
            return Finding(.error, subject: "object", message: error.description)
        }
    }

    /// Whether the effective user may; the system's own answer, access lists included.
    private func may(_ path: String, _ mode: Int32) -> Bool {
        faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0
    }

    private func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && may(path, X_OK)
    }

    private func missing(_ path: String, _ code: Int32) -> String {
        code == ENOENT || code == ENOTDIR
            ? "\(path) does not exist; create it for \(PresentUser.name)"
            : "\(path) can't be looked at: \(String(cString: strerror(code)))"
    }

    private func owner(_ status: stat) -> String { PresentUser.name(of: status.st_uid) }
}
