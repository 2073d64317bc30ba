/// What was last published of one zone, as the database knows it.
public struct PublishedZone: Hashable, Sendable {
    /// The serial of the last intended or written file; never used again with other content (I3,
    /// I4).
    public var serial: SOASerial
    /// The `ZoneContent.key` under which it was written: addresses and parameters.
    public var contentKey: String
    /// The revision of the accepted include that it was written with.
    public var includeRevision: Int
    /// The canary that the zone is published with; nil: none.
    public var canary: IPAddress?
    /// The live edge whose place the canary has, so that it stays the same from round to round.
    public var canaryReplaces: EdgeName?
    /// What identified the accepted include's file when it was read; nil: read it again.
    public var includeStamp: FileStamp?
    /// What identified the zone file when it was last written or adopted; outdated when a write was
    /// begun and is not known to have ended, nil when nothing is known of a file.
    public var fileStamp: FileStamp?

    public init(
        serial: SOASerial, contentKey: String, includeRevision: Int, canary: IPAddress? = nil,
        canaryReplaces: EdgeName? = nil, includeStamp: FileStamp? = nil, fileStamp: FileStamp? = nil
    ) {
        self.serial = serial
        self.contentKey = contentKey
        self.includeRevision = includeRevision
        self.canary = canary
        self.canaryReplaces = canaryReplaces
        self.includeStamp = includeStamp
        self.fileStamp = fileStamp
    }
}

/// What tells one state of a file from another without reading it.
public struct FileStamp: Hashable, Sendable {
    public var inode: UInt64
    public var size: Int64
    /// mtime in nanoseconds since the epoch.
    public var modified: Int64
    /// ctime in nanoseconds since the epoch: nobody can set it back.
    public var changed: Int64

    public init(inode: UInt64, size: Int64, modified: Int64, changed: Int64) {
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
    }

    /// Whether it is the stamp of no file.
    public var isOutdated: Bool { size < 0 }

    /// The stamp of no file, which still tells how new the last known one was.
    public var outdated: FileStamp {
        FileStamp(inode: 0, size: -1, modified: modified, changed: 0)
    }
}
