public import EdgeCore
internal import EdgeShell
internal import EdgeTesting

/// One file of the simulated disk.
struct WorldFile: Hashable, Sendable {
    var text: [UInt8]
    var stamp: FileStamp
}

/// The time, as name servers know it.
struct WorldTime: Hashable, Sendable {
    /// Nanoseconds by the wall clock, which may be wrong.
    var wall: Int64
    /// What really passed.
    var passed: Duration
}

/// A moment of the world: what its clocks say, and what really passed.
struct WorldInstant: Hashable, Sendable {
    var passed: Duration
    var moment: Moment
}

/// A running digest of what happened, for comparing two runs (FNV-1a).
struct WorldDigest: Hashable, Sendable {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    mutating func add(_ text: String) { add(text.utf8) }
}

/// Everything that is true in a simulated world, whatever the program believes.
public struct WorldState: Sendable {
    /// What each edge does; those that are not here do not exist.
    public var behaviours: [EdgeName: WorldBehaviour] = [:]
    /// What each name leads to.
    public var addresses: [EdgeName: [IPAddress]] = [:]
    /// When each edge's certificate ends; those that are not here show none.
    public var certificates: [EdgeName: UnixTime] = [:]
    /// The edge list as the operator has it.
    public var list: [EdgeName] = []
    public var canaries: [ZoneName: IPAddress] = [:]
    /// Whether the monitor's own network is down.
    public var isCutOff = false
    /// Whether single packets are lost, which only several attempts a round can tell from a dead edge.
    public var losesPackets = false
    /// Whether half of the edges can't be reached from here, and everything else can.
    public var losesHalf = false
    /// Of how many probes one can't be made for this machine's own want of descriptors or ports; 0: of none.
    public var localFaults = 0
    /// Whose machine has an address; one that is not here is the machine of the name that is asked for.
    var owners: [IPAddress: EdgeName] = [:]
    /// How often edges were probed.
    var probings = 0
    /// What the first process was told of each edge last.
    var told: [EdgeName: ProbeOutcome] = [:]
    /// When each process last began to look at edges, and when it told the database what it decided.
    var looks: [Int32: WorldInstant] = [:]
    var decisions: [Int32: WorldInstant] = [:]
    /// Whether the resolver answers nothing.
    public var resolverIsDead = false
    /// Files of the include directory and of the published zones.
    var includes: [ZoneName: WorldFile] = [:]
    var published: [ZoneName: WorldFile] = [:]
    /// What somebody else put in the place of published zones, while it stands there.
    var foreignFiles: [ZoneName: [UInt8]] = [:]
    /// The serials of files that were put in place since somebody looked, in order.
    var placed: [ZoneName: [SOASerial]] = [:]
    /// How many zone files were put in place.
    public var renames = 0
    /// The name servers, the first a primary.
    public var servers: [WorldServer] = []
    /// What a witness found wrong with writes.
    public var stale: [String] = []
    public var includesAreUnreadable = false
    /// Includes that somebody moved away, all at once; nil: they are in their place.
    var movedIncludes: [ZoneName: WorldFile]?
    /// Zones whose file a name server keeps itself, or that have a journal beside it.
    var dynamicZones: Set<ZoneName> = []
    var journals: Set<ZoneName> = []
    /// What becomes of everything the database is asked, in this round; nil: it is done.
    public var storeTrouble: StoreTrouble?
    /// Whether the store refused something since somebody looked.
    var storeRefused = false
    /// The operator's zone template.
    var template = WorldTemplate()
    /// Zones whose file can't be written just now.
    public var unwritable: Set<ZoneName> = []
    /// The process dies after so many renames; nil: it lives.
    public var diesAfterRenames: Int?
    /// Set when the process has died: nothing it does afterwards happens.
    public var isDead = false
    /// The directory of zone files can't be read.
    public var zoneFilesAreUnreadable = false
    /// The database can't say which generation is the newest.
    public var generationIsUnreadable = false
    /// Who holds which lock.
    var locks: [String: Int32] = [:]
    /// Locks that each process took and did not release.
    public var locksHeld: [Int32: Int] = [:]
    public var commandsFail = false
    /// How a command ends that fails.
    var commandEnding: CommandResult.Ending = .exited(status: 1)
    public var commandsRun = 0
    /// Commands that succeeded.
    public var commandsDone = 0
    /// Lines of the log, bounded.
    public var log: [String] = []
    /// Whether every line of the log counts for the digest that two runs are compared by.
    var digestsLog = false
    var logDigest = WorldDigest()
    var nextInode: UInt64 = 1
    var random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    mutating func stamp(size: Int, at now: Moment) -> FileStamp {
        nextInode += 1
        return FileStamp(
            inode: nextInode, size: Int64(size), modified: now.wall.nanoseconds,
            changed: now.wall.nanoseconds &+ Int64(nextInode))
    }
}

/// What is wrong with the database.
public enum StoreTrouble: String, Hashable, Sendable, CaseIterable {
    /// Nothing can be written.
    case isFull
    /// Nothing can be read or written.
    case isBroken
}

/// The process died in the middle of what it did.
public struct WorldDeath: Error, Sendable {}
