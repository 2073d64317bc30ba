public import EdgeCore
internal import EdgeSystemFiles
internal import Glibc

/// Reads configuration files, and the directory of edge lists that an old one names.
public struct ConfigurationLoader: Sendable {
    /// Where the original looks.
    public static let defaultPath = "/etc/edgemanage/edgemanage.yaml"

    /// What a configuration file says, or why it can't be used.
    public struct Loaded: Sendable {
        /// nil when a problem is an error.
        public var configuration: Configuration?
        /// All problems in the file's order, warnings included.
        public var problems: [ConfigurationProblem]
    }

    public init() {}

    /// Reads and checks a file, in either format.
    public func load(_ path: String) -> Loaded {
        let bytes: [UInt8]
        // Before it is read: who waits for changes must not miss one in between.
        let stamp = try? FileStamp.of(path)
        do {
            bytes = try BoundedFile.read(path, limit: ConfigurationSource.maximumBytes)
        } catch {
            let problem = ConfigurationProblem(file: path, message: error.description)
            return Loaded(configuration: nil, problems: [problem])
        }
        var loaded = load(bytes, file: path)
        loaded.configuration?.stamp = stamp
        loaded.configuration?.text = bytes
        return loaded
    }

    /// Checks a file's bytes; `file` is its path.
    public func load(_ bytes: [UInt8], file: String) -> Loaded {
        let (source, textProblems) = YAMLReader.read(bytes, file: file)
        guard let source else { return Loaded(configuration: nil, problems: textProblems) }
        let (configuration, problems) = Configuration.read(source)
        return Loaded(
            configuration: configuration, problems: (textProblems + problems).sortedByPosition())
    }

    /// All networks: those the file declares; with an old one, those with an edge list, by name.
    ///
    /// - Returns: the networks, and a sentence for each file whose name is no network's. Throws
    ///   `InventoryFailure` when the directory of edge lists can't be read.
    public func networks(of configuration: Configuration) throws -> (
        names: [NetworkName], warnings: [String]
    ) {
        guard let directory = configuration.edgeListDirectory else {
            return (configuration.networks, [])
        }
        var names: [NetworkName] = []
        var warnings: [String] = []
        for entry in try DirectoryListing.names(in: directory) {
            // Editors leave such files behind.
            if entry.hasPrefix(".") || entry.hasSuffix("~") { continue }
            if let name = NetworkName(entry) {
                var status = stat()
                let isFile =
                    stat("\(directory)/\(entry)", &status) == 0
                    && status.st_mode & S_IFMT == S_IFREG
                if isFile { names.append(name) }
            } else {
                warnings.append("\(directory): a file's name is no network's name; it is left out")
            }
        }
        return (names.sorted(), warnings)
    }
}

/// The names in a directory.
enum DirectoryListing {
    /// Every name but `.` and `..`, sorted; at most 100,000.
    static func names(in directory: String) throws(InventoryFailure) -> [String] {
        guard let stream = opendir(directory) else {
            let reason = String(cString: strerror(errno))
            throw InventoryFailure("the directory \(directory) can't be read: \(reason)")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream), names.count < 100_000 {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
