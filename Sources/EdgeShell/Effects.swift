public import EdgeCore

/// Makes probes. The real one is made on swift-nio; the simulator's is scripted.
public protocol Prober: Sendable {
    /// Probes every request once and returns one observation for each, in the requests' order. It
    /// never throws and ends within the plan's timeout and a little, whatever the edges do (I16,
    /// I19).
    func probe(_ requests: [ProbeRequest], by plan: ProbePlan) async -> [Observation]
}

/// What a name resolved to.
public enum Resolution: Hashable, Sendable {
    /// Every address that was found, of the families asked for, each once, in ascending order.
    case addresses([IPAddress])
    /// The name has none: NXDOMAIN, or no address of these families.
    case notFound(reason: String)
    /// No answer: the resolver failed, or the deadline passed.
    case failed(reason: String)
}

/// One name's lookup.
public struct NameLookup: Hashable, Sendable {
    public var resolution: Resolution
    /// What the lookup itself took, waiting for a thread not counted; the whole deadline when there was no
    /// answer by then.
    public var duration: Duration

    public init(_ resolution: Resolution, duration: Duration = .zero) {
        self.resolution = resolution
        self.duration = duration
    }
}

/// Resolves edges' names.
public protocol NameResolver: Sendable {
    /// Resolves all names side by side, bounded in number, until `deadline` has passed; names
    /// without an answer by then are `.failed`.
    func resolve(
        _ names: [EdgeName], families: Set<AddressFamily>, within deadline: Duration
    ) async -> [EdgeName: NameLookup]
}

/// Reads edge lists, canary lists and the test object.
public protocol InventoryReader: Sendable {
    /// The edges, each once, in the list's order; oddities become warnings, an unreadable list an
    /// error.
    func edges(from source: EdgeSource) throws -> (names: [EdgeName], warnings: [String])
    /// The canaries; a missing file is an empty map.
    func canaries(from source: CanarySource) throws -> (
        map: [ZoneName: IPAddress], warnings: [String]
    )
    /// The local copy of the test object.
    func testObject(at path: String) throws -> [UInt8]
}

/// Remembers: state, history, audit.
public protocol StateStore: Sendable {
    /// Whether the database was damaged, and a new one begun, since it was opened: operators have been
    /// told then that nothing of before is known.
    var wasReset: Bool { get }
    /// What was brought over of a network's words into a database that was begun in a damaged one's place, as
    /// a sentence; nil when it was not, or nothing of this network could be read.
    func salvageWords(_ network: NetworkName) throws -> String?
    /// Everything known of a network; windows and budgets are counted back from `now`.
    func load(_ network: NetworkName, judge: JudgeSettings, now: Moment) throws -> NetworkState
    /// The last accepted includes of these zones.
    func acceptedIncludes(
        _ network: NetworkName, zones: [ZoneName]
    ) throws -> [ZoneName: AcceptedInclude]
    /// Adds a round, in one transaction that is durable when this returns (I22).
    func begin(_ record: RoundRecord, keptSamples: Int) throws
    /// Notes the files that were written or adopted, and zones that could not be (`nil`).
    func finish(_ network: NetworkName, written: [ZoneName: FileStamp?]) throws
    /// Nothing is owed to the name server any more by `run_after_changes`, unless a newer generation than this
    /// one was begun meanwhile: what that owes stays owed (I5).
    func settleAfterChanges(_ network: NetworkName, of generation: Int) throws
    /// Sets an edge's mode, with an audit event by `actor`, in one transaction with what is asked before: what
    /// `check` saw of the network holds when the mode is set, whoever else sets modes.
    ///
    /// - Parameter check: returns the approval keys that are added with the mode. What it throws is thrown, and
    ///   nothing is changed then. It may be asked twice, and must not use the store.
    /// - Returns: the network as it was before.
    func setMode(
        _ network: NetworkName, edge: EdgeName, to mode: ModeRecord, actor: String, now: Moment,
        judge: JudgeSettings, check: (NetworkState) throws -> [String]
    ) throws -> NetworkState
    /// Lets held plans through: adds approval keys, with audit events by `actor`.
    func approve(_ network: NetworkName, keys: [String], actor: String, now: Moment) throws
    /// Takes over what the original's files say of edges the database does not know yet, and of the network
    /// while it has no round of its own; returns the edges that were taken over.
    func adopt(
        _ network: NetworkName, edges: [EdgeName: EdgeStoreFile], state: OriginalStateFile?,
        now: Moment
    ) throws -> [EdgeName]
    /// Edges and canaries that the database knows in this network.
    func knownEdges(_ network: NetworkName) throws -> Set<EdgeName>
    /// Adds lines to the audit log; a refusal takes the place of the network's last one.
    func record(_ events: [AuditEvent], network: NetworkName, now: Moment) throws
    /// The number of the last published plan, read anew: what a writer compares before each step that
    /// others see (I5).
    func generation(_ network: NetworkName) throws -> Int
    /// Notes what a run learned of name servers, in one transaction. An owed zone of a newer generation
    /// than the one told of stays owed, one that is not published is not owed; a name server that
    /// `servers` does not list is forgotten.
    ///
    /// - Parameter round: the moment of the run's `RoundRecord`. Name servers are asked without the lock:
    ///   when a newer run has begun meanwhile, what this one learned is older than what that one knows.
    /// - Returns: false when nothing was noted, for `round` is not the network's last one.
    func note(
        _ updates: [ServerUpdate], network: NetworkName, generation: Int, round: Moment,
        servers: [ServerName]
    ) throws -> Bool
    /// Holds a network's rotations, or (nil) lets them go on, with an audit event by `actor`.
    func setRotationHold(
        _ network: NetworkName, _ hold: RotationHold?, actor: String, now: Moment
    ) throws
    /// The kept generations, newest first, without their zones' contents' texts.
    func generations(_ network: NetworkName, limit: Int) throws -> [Generation]
    /// Everything that was published at a generation; nil when it is not kept.
    func contents(_ network: NetworkName, at generation: Int) throws -> GenerationContents?
}

extension StateStore {
    /// A store that can't be damaged.
    public var wasReset: Bool { false }

    /// Nothing was brought over.
    public func salvageWords(_ network: NetworkName) throws -> String? { nil }
}

/// The database has another generation than the one a plan was made from: the plan is stale (I5).
public struct StaleGeneration: Error, Hashable, Sendable, CustomStringConvertible {
    public var network: NetworkName
    public var basis: Int
    public var found: Int

    public init(network: NetworkName, basis: Int, found: Int) {
        self.network = network
        self.basis = basis
        self.found = found
    }

    public var description: String {
        "network \(network) is at generation \(found) by now, and this plan was made from generation "
            + "\(basis): nothing more of it is published"
    }
}

/// One file of the include directory.
public struct IncludeEntry: Hashable, Sendable {
    public var zone: ZoneName
    public var stamp: FileStamp

    public init(zone: ZoneName, stamp: FileStamp) {
        self.zone = zone
        self.stamp = stamp
    }
}

/// Reads zone includes.
public protocol IncludeReader: Sendable {
    /// The `<zone>.zone` files of a directory, by zone name; other files are warnings. Throws when
    /// the directory can't be read.
    func scan(_ directory: String) throws -> (entries: [IncludeEntry], warnings: [String])
    /// The zones that `scan` finds, for those who need no stamps: a reader may have them for less.
    func zones(in directory: String) throws -> Set<ZoneName>
    /// One include's bytes. Throws when it can't be read or is over 4 MiB.
    func read(_ zone: ZoneName, in directory: String) throws -> [UInt8]
}

extension IncludeReader {
    /// The zones that `scan` finds.
    public func zones(in directory: String) throws -> Set<ZoneName> {
        Set(try scan(directory).entries.map(\.zone))
    }
}

/// Understands zone text. The real one is made on ldns.
public protocol ZoneParser: Sendable {
    /// Checks an include as it would read under the generated records of `zone` (SPEC: zones).
    func checkInclude(
        _ text: [UInt8], zone: ZoneName, dns: DNSSettings, file: String
    ) -> Result<CheckedInclude, IncludeRefusal>
    /// The same for an include that was accepted before: rules on names that some servers have are no reason
    /// to stop publishing a zone that was served with it.
    func checkAccepted(
        _ text: [UInt8], zone: ZoneName, dns: DNSSettings, file: String
    ) -> Result<CheckedInclude, IncludeRefusal>
    /// Reads a whole zone file back, every record of it.
    func parse(_ text: [UInt8], zone: ZoneName, file: String) -> Result<ParsedZone, IncludeRefusal>
}

/// Why zone text was refused: every problem of the file, at least one.
public struct IncludeRefusal: Error, Hashable, Sendable {
    public var problems: [ZoneProblem]

    public init(_ problems: [ZoneProblem]) {
        self.problems = problems
    }
}

/// A whole zone as it was read.
public struct ParsedZone: Hashable, Sendable {
    public var serial: SOASerial
    /// All records, the SOA included, sorted.
    public var records: [DNSRecord]

    public init(serial: SOASerial, records: [DNSRecord]) {
        self.serial = serial
        self.records = records
    }
}

/// One zone file to be published.
public struct ZoneFileWrite: Hashable, Sendable {
    public var zone: ZoneName
    public var text: [UInt8]
    /// The records that the text must be read back as, sorted (I8).
    public var expected: [DNSRecord]
    /// The mtime, in nanoseconds since the epoch, of the file that was published last, if one was: name
    /// servers pass over a file that is not newer than the one they loaded, and that one may be gone.
    public var newerThan: Int64?

    public init(
        zone: ZoneName, text: [UInt8], expected: [DNSRecord], newerThan: Int64? = nil
    ) {
        self.zone = zone
        self.text = text
        self.expected = expected
        self.newerThan = newerThan
    }
}

/// Keeps the published zone files.
public protocol ZoneFileStore: Sendable {
    /// The state of each zone's file without reading it; zones without a file are left out.
    func stamps(of zones: [ZoneName], in directory: String) throws -> [ZoneName: FileStamp]
    /// Of these zones, those with a name server's journal beside their file: it takes updates of its own.
    func journals(of zones: [ZoneName], in directory: String) -> Set<ZoneName>
    /// A published file's bytes with their state; nil when there is none.
    func read(_ zone: ZoneName, in directory: String) throws -> (text: [UInt8], stamp: FileStamp)?
    /// Publishes all files, each atomically: temporary files written and checked by `checker` (I8),
    /// made durable together, renamed, the directory made durable (I2). A zone that fails keeps its
    /// old file and has its reason in the result.
    ///
    /// - Parameter isCurrent: asked before each rename; once it is false nothing more is renamed (I5), nor
    ///   is what it throws at: such a file's failure says why.
    func publish(
        _ files: [ZoneFileWrite], in directory: String, checker: [String]?,
        while isCurrent: @escaping @Sendable () throws -> Bool
    ) async -> [ZoneName: Result<FileStamp, PublishFailure>]
}

/// Why a zone file was not published.
public struct PublishFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence naming the file and what to do.
    public var message: String

    public init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}

/// How a command ended.
public struct CommandResult: Hashable, Sendable {
    /// How its process went.
    public enum Ending: Hashable, Sendable {
        case exited(status: Int32)
        case signalled(Int32)
        case timedOut
        case notStarted(reason: String)
    }

    public var ending: Ending
    /// Standard output and error, at most 64 KiB.
    public var output: String
    public var duration: Duration

    public init(ending: Ending, output: String = "", duration: Duration = .zero) {
        self.ending = ending
        self.output = output
        self.duration = duration
    }

    /// Whether it exited by itself, whatever its status.
    public var ranToItsEnd: Bool {
        switch ending {
        case .exited: true
        case .signalled, .timedOut, .notStarted: false
        }
    }

    /// Whether it exited with status 0.
    public var succeeded: Bool { ending == .exited(status: 0) }
}

/// Runs the operator's commands (I35).
public protocol CommandRunner: Sendable {
    /// Runs `arguments[0]`, found in PATH, with the rest as its arguments; no shell. Waited for
    /// until `timeout`, then it is ended and reaped; pipes that grandchildren hold open don't
    /// extend it.
    ///
    /// - Parameter input: its standard input; empty: none. A command that does not read it is none the worse.
    func run(_ arguments: [String], input: [UInt8], timeout: Duration) async -> CommandResult
}

extension CommandRunner {
    /// Runs a command without standard input.
    public func run(_ arguments: [String], timeout: Duration) async -> CommandResult {
        await run(arguments, input: [], timeout: timeout)
    }
}

/// Tells the time, on both clocks.
public protocol MomentSource: Sendable {
    /// Both clocks, read together.
    func now() -> Moment
    /// Lets time pass; ends early when the task is cancelled.
    func pause(_ duration: Duration) async
}

/// A lock that is held until it is released or the process ends.
public protocol HeldLock: Sendable {
    func release()
}

/// Takes locks between processes.
public protocol LockService: Sendable {
    /// The one writer of a network (I24); throws `LockBusy` at once when another process has it.
    func lockNetwork(_ network: NetworkName, database: String) throws -> any HeldLock
    /// The lock file that all networks and `edge_conf` share, waited for; throws `LockBusy` when
    /// the time is over.
    func lockShared(_ path: String, waiting: Duration) async throws -> any HeldLock
}

/// Somebody else has the lock.
public struct LockBusy: Error, Hashable, Sendable, CustomStringConvertible {
    public var path: String
    /// The holder's process id, where it is known.
    public var holder: Int32?

    public init(path: String, holder: Int32?) {
        self.path = path
        self.holder = holder
    }

    public var description: String {
        "\(path) is held by \(holder.map { "process \($0)" } ?? "another process")"
    }
}

/// Writes what others read after a round: the original's files, metrics.
public protocol RoundReporter: Sendable {
    /// Writes what is configured; a file that can't be written stops no other.
    func report(_ report: RoundReport, settings: NetworkSettings) async -> ReportProblems
}

/// What others should hear of a round's files, a sentence each.
public struct ReportProblems: Hashable, Sendable {
    /// Files that could not be written and are stale now: the round did not do all that it should.
    public var failures: [String]
    /// What was noticed and stops nothing: a damaged file set aside, a mode changed from outside.
    public var notes: [String]

    public init(failures: [String] = [], notes: [String] = []) {
        self.failures = failures
        self.notes = notes
    }

    /// All sentences.
    public var all: [String] { notes + failures }

    /// Adds another writer's.
    public static func += (problems: inout ReportProblems, others: ReportProblems) {
        problems.failures += others.failures
        problems.notes += others.notes
    }
}
