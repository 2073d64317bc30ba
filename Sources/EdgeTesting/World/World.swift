public import EdgeCore
public import EdgeShell
internal import Synchronization

/// A world in memory that the production shell runs against: every effect but time and the store, from
/// one seed.
public final class World: Sendable {
    private let state: Mutex<WorldState>
    /// The world's clocks.
    public let moments: ManualMoments

    public init(seed: UInt64, moments: ManualMoments) {
        state = Mutex(WorldState(seed: seed))
        self.moments = moments
    }

    /// Reads or changes what is true.
    public func change<Result: Sendable>(
        _ body: (inout WorldState) throws -> sending Result
    ) rethrows -> sending Result {
        try state.withLock(body)
    }

    /// The operator writes an include, or removes it.
    public func setInclude(_ zone: ZoneName, _ text: String?) {
        let now = moments.now()
        change { state in
            guard let text else {
                state.includes[zone] = nil
                return
            }
            let bytes = Array(text.utf8)
            state.includes[zone] = WorldFile(
                text: bytes, stamp: state.stamp(size: bytes.count, at: now))
        }
    }

    /// Somebody writes, or deletes, a published zone file behind the program's back.
    public func tamper(_ zone: ZoneName, _ text: [UInt8]?) {
        let now = moments.now()
        change { state in
            state.published[zone] = text.map {
                WorldFile(text: $0, stamp: state.stamp(size: $0.count, at: now))
            }
        }
    }

    /// The published files as a name server would read them.
    public var publishedZones: [ZoneName: [UInt8]] { change { $0.published.mapValues(\.text) } }

    /// The effects for a runner over `store`.
    public func effects(store: any StateStore) -> RoundEffects {
        RoundEffects(
            prober: self, resolver: self, inventory: self, store: MortalStore(store, world: self),
            includes: self, parser: PlainZoneParser(), zoneFiles: self, commands: self,
            locks: self, clock: moments, reporter: self,
            originalFiles: self, log: self)
    }
}

extension World: Prober, NameResolver, InventoryReader, CommandRunner {
    /// Asks the world; takes two seconds of virtual time.
    public func probe(_ requests: [ProbeRequest], by plan: ProbePlan) async -> [Observation] {
        moments.advance(by: .seconds(2))
        return change { state in
            requests.map { request in
                Observation(
                    target: request.target, address: request.address,
                    outcome: state.outcome(of: request, plan: plan))
            }
        }
    }

    /// Answers from the world's names.
    public func resolve(
        _ names: [EdgeName], families: Set<AddressFamily>, within deadline: Duration
    ) async -> [EdgeName: NameLookup] {
        change { state in
            Dictionary(
                names.map { name in
                    guard !state.resolverIsDead else {
                        return (name, NameLookup(.failed(reason: "no answer")))
                    }
                    let found = (state.addresses[name] ?? []).filter {
                        families.contains($0.family)
                    }
                    return (
                        name,
                        NameLookup(
                            found.isEmpty
                                ? .notFound(reason: "NXDOMAIN") : .addresses(found.sorted()))
                    )
                }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// The operator's list.
    public func edges(from source: EdgeSource) throws -> (names: [EdgeName], warnings: [String]) {
        change { ($0.list, []) }
    }

    /// The operator's canaries.
    public func canaries(
        from source: CanarySource
    ) throws -> (map: [ZoneName: IPAddress], warnings: [String]) {
        change { ($0.canaries, []) }
    }

    /// Some bytes.
    public func testObject(at path: String) throws -> [UInt8] { Array("object".utf8) }

    /// Succeeds or fails as the world says.
    public func run(_ arguments: [String], timeout: Duration) async -> CommandResult {
        change { state in
            guard !state.isDead else { return CommandResult(ending: .timedOut) }
            state.commandsRun += 1
            return CommandResult(ending: .exited(status: state.commandsFail ? 1 : 0))
        }
    }
}

extension World: IncludeReader, ZoneFileStore {
    /// The include directory.
    public func scan(_ directory: String) throws -> (entries: [IncludeEntry], warnings: [String]) {
        try change { state in
            guard !state.includesAreUnreadable else { throw PublishFailure("unreadable") }
            let entries = state.includes.sorted { $0.key < $1.key }
                .map { IncludeEntry(zone: $0.key, stamp: $0.value.stamp) }
            return (entries, [])
        }
    }

    /// One include.
    public func read(_ zone: ZoneName, in directory: String) throws -> [UInt8] {
        try change { state in
            guard let file = state.includes[zone] else { throw PublishFailure("gone") }
            return file.text
        }
    }

    /// The published files' states.
    public func stamps(of zones: [ZoneName], in directory: String) throws -> [ZoneName: FileStamp] {
        try change { state in
            guard !state.zoneFilesAreUnreadable else { throw PublishFailure("unreadable") }
            return Dictionary(
                zones.compactMap { zone in state.published[zone].map { (zone, $0.stamp) } },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// No name server of the world keeps journals.
    public func journals(of zones: [ZoneName], in directory: String) -> Set<ZoneName> { [] }

    /// One published file.
    public func read(
        _ zone: ZoneName, in directory: String
    ) throws -> (text: [UInt8], stamp: FileStamp)? {
        change { state in state.published[zone].map { ($0.text, $0.stamp) } }
    }

    /// Renames one after the other, as far as the process lives.
    public func publish(
        _ files: [ZoneFileWrite], in directory: String, checker: [String]?,
        while isCurrent: @escaping @Sendable () -> Bool
    ) async -> [ZoneName: Result<FileStamp, PublishFailure>] {
        let now = moments.now()
        let parser = PlainZoneParser()
        return change { state in
            var results: [ZoneName: Result<FileStamp, PublishFailure>] = [:]
            for file in files {
                let parsed = parser.parse(file.text, zone: file.zone, file: "\(file.zone)")
                guard case .success(let zone) = parsed, zone.records == file.expected else {
                    results[file.zone] = .failure(PublishFailure("\(file.zone) reads otherwise"))
                    continue
                }
                guard !state.isDead, !state.unwritable.contains(file.zone) else {
                    results[file.zone] = .failure(PublishFailure("no space for \(file.zone)"))
                    continue
                }
                if let left = state.diesAfterRenames {
                    state.isDead = left == 0
                    state.diesAfterRenames = max(0, left - 1)
                    guard !state.isDead else {
                        results[file.zone] = .failure(PublishFailure("killed"))
                        continue
                    }
                }
                let stamp = state.stamp(size: file.text.count, at: now)
                state.published[file.zone] = WorldFile(text: file.text, stamp: stamp)
                results[file.zone] = .success(stamp)
            }
            return results
        }
    }
}

extension World: LockService, RoundReporter, OriginalFilesSource, RoundLog {
    /// There are none.
    public func read(
        _ files: OriginalFiles, unknown: [EdgeName], readsState: Bool, now: UnixTime, isDry: Bool
    ) -> OriginalFindings {
        OriginalFindings()
    }

    /// A lock that nobody else wants.
    public func lockNetwork(_ network: NetworkName, database: String) throws -> any HeldLock {
        change { $0.locksHeld += 1 }
        return CountedLock(world: self)
    }

    /// A lock that nobody else wants.
    public func lockShared(_ path: String, waiting: Duration) async throws -> any HeldLock {
        change { $0.locksHeld += 1 }
        return CountedLock(world: self)
    }

    /// Writes nothing.
    public func report(_ report: RoundReport, settings: NetworkSettings) async -> ReportProblems {
        ReportProblems()
    }

    /// Keeps the last 200 lines.
    public func write(_ level: RoundLogLevel, _ message: String) {
        change { state in
            state.log.append("\(level.rawValue): \(message)")
            if state.log.count > 200 { state.log.removeFirst(100) }
        }
    }

    /// Counts, so that a round that leaves a lock behind is seen; released once at most.
    private final class CountedLock: HeldLock {
        private let world: World
        private let isHeld = Mutex(true)

        init(world: World) {
            self.world = world
        }

        func release() {
            let wasHeld = isHeld.withLock { held in
                defer { held = false }
                return held
            }
            if wasHeld { world.change { $0.locksHeld -= 1 } }
        }
    }
}
