public import EdgeCore
public import EdgeSystemFiles
internal import Glibc

/// The original's edgestore files as a trace: the fetch times that they keep, 33 hours of them at one a minute.
public struct EdgeStoreTrace: Sendable {
    /// One edge's fetch.
    private struct Sample {
        var time: UnixTime
        var edge: Int
        var duration: Duration
    }

    /// The end of such a file's name.
    public static let suffix = ".edgestore"

    /// Whether a path is meant as edgestore files: a directory, or named like one.
    public static func isMeant(by path: String) -> Bool {
        isDirectory(path) || path.hasSuffix(suffix)
    }

    /// The edges with a file, by name.
    public let edges: [EdgeName]
    /// What was odd in the files and left out: a sentence each, naming the file.
    public let notes: [String]
    private let samples: [Sample]

    /// Reads one `<edge>.edgestore` file, or all of a directory, without touching them.
    ///
    /// - Parameter now: what is later is left out.
    /// - Throws: `FileError` when there is none, or one can't be read or understood.
    public init(_ path: String, now: UnixTime) throws(FileError) {
        var edges: [EdgeName] = []
        var notes: [String] = []
        var samples: [Sample] = []
        for file in Self.isDirectory(path) ? try Self.files(in: path) : [path] {
            guard let edge = Self.edge(of: file) else {
                notes.append("\(file): its name is no edge's name; it is passed over")
                continue
            }
            let decoded = try Self.read(file, now: now)
            notes += decoded.notes.map { "\(file): \($0)" }
            samples += decoded.value.fetchTimes.map {
                Sample(time: $0.time, edge: edges.count, duration: $0.duration)
            }
            edges.append(edge)
        }
        guard !edges.isEmpty else {
            throw FileError(
                action: "replay", path: path, code: 0,
                reason: "there is no <edge>\(Self.suffix) file")
        }
        self.edges = edges
        self.notes = notes
        self.samples = samples.sorted {
            $0.time == $1.time ? $0.edge < $1.edge : $0.time < $1.time
        }
    }

    /// Hands the rounds that the samples make to `body`, oldest first.
    ///
    /// - Parameter timeout: what failed probes were counted as, beside the original's 10 s.
    public func replay(timeout: Duration, _ body: (TraceRound) -> Void) {
        let targets = edges.map {
            ProbeTarget(name: $0, family: $0.address?.family ?? .ipv4)
        }
        var rounds = SampleRounds(timeout: timeout)
        for sample in samples {
            let fetch = EdgeStoreFile.Fetch(time: sample.time, duration: sample.duration)
            if let round = rounds.add(targets[sample.edge], fetch) { body(round) }
        }
        if let round = rounds.finish() { body(round) }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func files(in directory: String) throws(FileError) -> [String] {
        guard let stream = opendir(directory) else {
            throw FileError(action: "read", path: directory, code: errno)
        }
        defer { closedir(stream) }
        var files: [String] = []
        while let entry = readdir(stream), files.count < 10_000 {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(suffix), !name.hasPrefix(".") { files.append("\(directory)/\(name)") }
        }
        return files.sorted()
    }

    private static func edge(of file: String) -> EdgeName? {
        let name = file.utf8.lastIndex(of: UInt8(ascii: "/")).map {
            file[file.utf8.index(after: $0)...]
        }
        return EdgeName((name ?? file[...]).dropLast(suffix.count))
    }

    private static func read(
        _ file: String, now: UnixTime
    ) throws(FileError) -> DecodedFile<EdgeStoreFile> {
        let loading = OriginalFileReader.load(file) { (bytes) throws(JSONError) in
            try EdgeStoreFile.decode(bytes, now: now)
        }
        switch loading {
        case .read(let decoded): return decoded
        case .missing: throw FileError(action: "read", path: file, code: ENOENT)
        case .unreadable(let reason), .corrupt(let reason):
            throw FileError(action: "replay", path: file, code: 0, reason: reason)
        }
    }
}
