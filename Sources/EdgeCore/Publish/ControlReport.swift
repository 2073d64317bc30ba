/// How telling a name server of changed zones went.
public struct ControlReport: Hashable, Sendable {
    /// Each zone that it did not take, with words that follow the server's name; zones that are not here
    /// were taken, as far as the server says: most say yes before they looked.
    public var refused: [ZoneName: String]
    /// Why the server as a whole could not be told; nil when it could.
    public var failure: String?
    /// The last command that was run, its exit status or ending, and the last lines of its output.
    public var command: String
    public var ending: String
    public var output: String
    /// What all commands took together.
    public var duration: Duration

    public init(
        refused: [ZoneName: String] = [:], failure: String? = nil, command: String = "",
        ending: String = "", output: String = "", duration: Duration = .zero
    ) {
        self.refused = refused
        self.failure = failure
        self.command = command
        self.ending = ending
        self.output = output
        self.duration = duration
    }
}

/// How a name server keeps a zone: decides whether its file may be replaced.
public enum ZoneKeeping: Hashable, Sendable {
    /// It reads the file and leaves it alone, or signs a copy of it (inline signing).
    case file(isSigned: Bool)
    /// It takes updates and writes the file itself: the file must not be replaced.
    case dynamic
    /// It is a secondary for the zone.
    case secondary
    /// It does not know the zone.
    case unknown
    /// It could not be asked.
    case unasked(reason: String)
}
