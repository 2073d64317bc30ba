import EdgeCore
import EdgeSystemConfiguration
import EdgeSystemFiles

#if canImport(Glibc)
    import Glibc
#endif

/// A copy of the configuration that a daemon goes by, beside its first network's database. A daemon that ends by
/// itself takes it away; one that is killed leaves it.
///
/// While the file itself has an error, the daemon goes on by what it read before, and so do the commands that show
/// or order something: a slip of the pen in the middle of the night takes nobody's `drain` away.
struct ConfigurationInUse {
    /// The file that was read, as the daemon was told.
    private let file: String
    private let path: String

    /// The end of the copy's name, after the database's.
    private static let ending = ".in-use.yaml"
    private static let mark = "# edgemanage: in use by process "

    /// - Parameter database: the first network's.
    init(of file: String, besides database: String) {
        self.file = file
        path = database + Self.ending
    }

    /// Writes the copy, for those who may read the configuration.
    ///
    /// - Throws: `FileError`; the daemon goes on without it.
    func write(_ configuration: Configuration) throws(FileError) {
        var status = stat()
        let isSeen = stat(file, &status) == 0
        let mode = isSeen ? status.st_mode & 0o640 | 0o600 : 0o600
        let head = "\(Self.mark)\(getpid()), from \(Self.place(of: file))\n"
        let staged = try AtomicFile.stage(
            path, Array(head.utf8) + configuration.text, mode: mode, durable: false)
        if isSeen { chown(staged.temporary, .max, status.st_gid) }
        try staged.commit()
    }

    /// Takes it away.
    func remove() { unlink(path) }

    /// What a daemon goes by instead of a file that can't be used, or went by when it was killed.
    struct Found {
        var configuration: Configuration
        /// Whether that daemon lives.
        var isAlive: Bool

        /// What it means for a command.
        var words: String {
            isAlive
                ? "the daemon goes on by what it was before, and so does this command"
                : "the daemon does not run, and can't begin before that is mended; this command goes by what "
                    + "it was before"
        }
    }

    /// nil: there is none.
    static func find(insteadOf file: String) -> Found? {
        let text =
            (try? FileReading.read(file, limit: ConfigurationSource.maximumBytes))?.bytes ?? []
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        let named = databases(in: String(decoding: text, as: UTF8.self))
        // A new configuration's paths are relative to its own directory, an old one's to the working directory.
        let all = named.flatMap { $0.hasPrefix("/") ? [$0] : [folder + $0, $0] }
        return all.lazy.compactMap { ConfigurationInUse(of: file, besides: $0).read() }.first
    }

    private func read() -> Found? {
        let limit = ConfigurationSource.maximumBytes + 8192
        guard let bytes = (try? FileReading.read(path, limit: limit))?.bytes,
            let end = bytes.firstIndex(of: 0x0A)
        else { return nil }
        let head = String(decoding: bytes[..<end], as: UTF8.self)
        guard head.hasPrefix(Self.mark), head.hasSuffix(", from \(Self.place(of: file))"),
            let process = pid_t(head.dropFirst(Self.mark.count).prefix { $0 != "," }),
            let configuration = ConfigurationLoader()
                .load(Array(bytes[(end + 1)...]), file: file).configuration
        else { return nil }
        let isAlive = kill(process, 0) == 0 || errno == EPERM
        return Found(configuration: configuration, isAlive: isAlive)
    }

    /// Where the databases may be that a text names, whatever else is wrong with it.
    private static func databases(in text: String) -> [String] {
        let named = text.split(separator: "\n").compactMap { line -> String? in
            guard let key = line.firstRange(of: "database:"),
                !line[..<key.lowerBound].contains("#")
            else { return nil }
            let value = line[key.upperBound...].drop { $0 == " " }
            let bare = value.prefix { !" ,}#".contains($0) }
            let path = bare.filter { $0 != "\"" && $0 != "'" }
            return path.isEmpty ? nil : path
        }
        return named + [NetworkSettings.defaultDatabase]
    }

    private static func place(of file: String) -> String {
        guard let real = realpath(file, nil) else { return file }
        defer { free(real) }
        return String(cString: real)
    }
}
