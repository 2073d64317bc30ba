public import EdgeCore
public import EdgeShell
internal import EdgeSystemFiles

/// Why an inventory could not be read at all.
public struct InventoryFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence naming the file and what to do.
    public var description: String

    public init(_ description: String) {
        self.description = description
    }
}

/// Reads edge lists, canary lists and the test object from files.
public struct FileInventoryReader: InventoryReader {
    /// The largest edge list or canary list, in bytes.
    public static let maximumListBytes = 8 << 20
    /// The largest test object, in bytes.
    public static let maximumObjectBytes = 8 << 20

    /// Whether lists that somebody may be in the middle of writing are refused (`UnfinishedList`).
    private let refusesUnfinished: Bool

    /// - Parameter refusesUnfinished: for a round, which may wait; who only shows lists takes them as they are.
    public init(refusesUnfinished: Bool = false) {
        self.refusesUnfinished = refusesUnfinished
    }

    /// The edges of a list, then those of its extra list, each once. A missing extra list adds
    /// nothing; a list that names nobody is a warning, and the round that reads it changes nothing.
    public func edges(from source: EdgeSource) throws -> (names: [EdgeName], warnings: [String]) {
        switch source {
        case .inline(let names): return (names, [])
        case .files(let path, let extra):
            var (names, warnings) = EdgeList.read(try bytes(path, "edge list"), file: path)
            if let extra, let more = try optionalBytes(extra, "edge list") {
                let added = EdgeList.read(more, file: extra, after: names)
                names += added.names
                warnings += added.warnings
            }
            if names.isEmpty {
                warnings.append("\(path): the edge list names no edge; what is published stays")
            }
            return (names, warnings)
        }
    }

    /// The canaries of a file or of the configuration; a missing file has none.
    public func canaries(from source: CanarySource) throws -> (
        map: [ZoneName: IPAddress], warnings: [String]
    ) {
        switch source {
        case .inline(let map): return (map, [])
        case .file(let path):
            guard let bytes = try optionalBytes(path, "canary list") else { return ([:], []) }
            // A file of comments, or of nothing, is an empty map.
            if Self.saysNothing(bytes) { return ([:], []) }
            let (yaml, problems) = YAMLReader.read(bytes, file: path, repeatedKeys: .warning)
            var warnings = problems.map(\.headline)
            guard let yaml else {
                return ([:], warnings + ["\(path): no canary is used until the file is mended"])
            }
            let (map, complaints) = CanaryList.read(yaml.root)
            warnings += complaints.map {
                "\(path):\($0.position.line): \($0.message); the entry is left out"
            }
            return (map, warnings)
        }
    }

    /// The local copy of the test object: a regular file that is not empty.
    public func testObject(at path: String) throws -> [UInt8] {
        let object = try bytes(path, Self.testObject, limit: Self.maximumObjectBytes)
        guard !object.isEmpty else {
            throw InventoryFailure(
                "the test object \(path) is empty; every edge that answers at all would match it")
        }
        return object
    }

    private func bytes(
        _ path: String, _ what: String, limit: Int = Self.maximumListBytes
    ) throws -> [UInt8] {
        do {
            let (bytes, stamp) = try BoundedFile.readWithStamp(path, limit: limit)
            try refuse(bytes, stamp, path, what)
            return bytes
        } catch let failure as BoundedFile.Failure {
            throw InventoryFailure("the \(what) \(failure.description)")
        }
    }

    private func optionalBytes(_ path: String, _ what: String) throws -> [UInt8]? {
        do {
            let (bytes, stamp) = try BoundedFile.readWithStamp(path, limit: Self.maximumListBytes)
            try refuse(bytes, stamp, path, what)
            return bytes
        } catch let failure as BoundedFile.Failure {
            if failure.isMissing { return nil }
            throw InventoryFailure("the \(what) \(failure.description)")
        }
    }

    private func refuse(
        _ bytes: [UInt8], _ stamp: FileStamp, _ path: String, _ what: String
    ) throws(UnfinishedList) {
        // Whatever the test object's last line is, the edges have it so too.
        guard refusesUnfinished, what != Self.testObject,
            let words = UnfinishedFile.words(bytes, stamp)
        else { return }
        throw UnfinishedList("the \(what) \(path): \(words)")
    }

    private static let testObject = "test object"

    private static func saysNothing(_ bytes: [UInt8]) -> Bool {
        bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).allSatisfy { line in
            let first = line.first { $0 != 0x20 && $0 != 0x09 }
            return first == nil || first == UInt8(ascii: "#")
        }
    }
}
