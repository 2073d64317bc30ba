/// A zone as a real server is configured with it.
public struct HostedZone: Hashable, Sendable {
    /// How the server keeps it.
    public enum Keeping: Hashable, Sendable {
        /// From its file, as edgemanage writes it.
        case file
        /// From its file, and it takes updates signed by the server's update key.
        case dynamic
        /// From its file, with a signed copy (BIND).
        case signed
        /// Transferred from a primary on loopback.
        case secondary(port: UInt16)
    }

    public var name: String
    public var file: String
    public var keeping: Keeping

    public init(_ name: String, file: String, keeping: Keeping = .file) {
        self.name = name
        self.file = file
        self.keeping = keeping
    }
}
