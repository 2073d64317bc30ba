public import EdgeCore

/// What the original's files hold of edges that the database does not know yet.
public struct OriginalFindings: Hashable, Sendable {
    public var edges: [EdgeName: EdgeStoreFile]
    /// nil when there is no usable state file, or it was not asked for.
    public var state: OriginalStateFile?
    /// A sentence for each file that was set aside or could not be read.
    public var notes: [String]

    public init(
        edges: [EdgeName: EdgeStoreFile] = [:], state: OriginalStateFile? = nil,
        notes: [String] = []
    ) {
        self.edges = edges
        self.state = state
        self.notes = notes
    }
}

/// Reads the original's own files, each once.
public protocol OriginalFilesSource: Sendable {
    /// The edgestore files of `unknown` edges, and the state file when `readsState`; what is missing is left out. Files that can't
    /// be understood are set aside, unless the round is dry.
    func read(
        _ files: OriginalFiles, unknown: [EdgeName], readsState: Bool, now: UnixTime, isDry: Bool
    ) -> OriginalFindings
}
