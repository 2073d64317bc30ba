public import EdgeCore

/// A mode that somebody wrote into an edge's file past the commands: reported, and not used.
public struct ModeDrift: Hashable, Sendable, CustomStringConvertible {
    public var edge: EdgeName
    public var path: String
    /// What the file says.
    public var inFile: Mode
    /// What is in force.
    public var inForce: Mode

    public init(edge: EdgeName, path: String, inFile: Mode, inForce: Mode) {
        self.edge = edge
        self.path = path
        self.inFile = inFile
        self.inForce = inForce
    }

    /// One sentence naming edge, file and what to do.
    public var description: String {
        "\(path) says \(inFile.rawValue) for \(edge), changed from outside; the mode stays "
            + "\(inForce.rawValue): set it with edge_conf"
    }

    /// Compares a file's mode with the one in force.
    ///
    /// A file whose change is older than the database's is merely late (a round wrote it while the
    /// mode was being set) and no drift.
    static func found(
        edge: EdgeName, path: String, mode: Mode, changed: UnixTime?, inForce: ModeRecord
    ) -> ModeDrift? {
        guard mode != inForce.mode else { return nil }
        // Files written elsewhere keep fewer digits of the time than the database.
        if let since = inForce.changed, changed.map({ $0.seconds < since.seconds }) ?? true {
            return nil
        }
        return ModeDrift(edge: edge, path: path, inFile: mode, inForce: inForce.mode)
    }
}

extension OriginalFileReader {
    /// Edges whose files state another mode than the database, for status and dry runs; files that
    /// are missing or can't be understood are passed over.
    public static func modeDrifts(
        in directory: String, modes: [EdgeName: ModeRecord], edges: [EdgeName], now: UnixTime
    ) -> [ModeDrift] {
        edges.compactMap { edge in
            let path = edgeStorePath(of: edge, in: directory)
            let loading = load(path) { (bytes) throws(JSONError) in
                if let splice = EdgeStoreSplice(bytes) {
                    return DecodedFile(
                        value: EdgeStoreFile(
                            mode: splice.mode, stateEntryTime: splice.stateEntryTime))
                }
                return try EdgeStoreFile.decode(bytes, now: now)
            }
            guard case .read(let decoded) = loading, !decoded.missing.contains("mode") else {
                return nil
            }
            return ModeDrift.found(
                edge: edge, path: path, mode: decoded.value.mode,
                changed: decoded.value.stateEntryTime, inForce: modes[edge] ?? ModeRecord())
        }
    }
}
