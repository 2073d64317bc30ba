public import EdgeCore
public import EdgeShell
public import EdgeTesting
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
            state.foreignFiles[zone] = text
        }
    }

    /// The published files as a name server would read them.
    public var publishedZones: [ZoneName: [UInt8]] { change { $0.published.mapValues(\.text) } }

    /// The time as name servers know it.
    var time: WorldTime {
        WorldTime(wall: moments.now().wall.nanoseconds, passed: moments.passed)
    }

    /// This moment.
    var instant: WorldInstant { WorldInstant(passed: moments.passed, moment: moments.now()) }

    /// When a process took its last decision: between its look at the edges and what it told the database, or now
    /// where it told nothing.
    func decisionTime(of process: Int32) -> DecisionTime {
        let now = instant
        return change { state in
            let look = state.looks[process] ?? now
            let told = state.decisions[process] ?? now
            return DecisionTime(earliest: look, latest: told.passed < look.passed ? now : told)
        }
    }

    /// The effects for a runner over `store`.
    ///
    /// - Parameters:
    ///   - process: tells the runner's process from others, for locks.
    ///   - gate: passed before everything the runner does.
    ///   - witness: asked about everything that others come to see; what it says is kept in `stale`.
    public func effects(
        store: any StateStore, process: Int32 = 1, gate: WorldGate = WorldGate(),
        witness: @escaping WorldWitness = { _ in nil }
    ) -> RoundEffects {
        let view = WorldProcess(world: self, number: process, gate: gate, witness: witness)
        return RoundEffects(
            prober: view, resolver: view, inventory: view,
            store: MortalStore(store, process: view),
            includes: view, parser: PlainZoneParser(), zoneFiles: view, commands: view,
            locks: view, clock: moments, reporter: view, originalFiles: view, log: view,
            nameServers: NameServerEffects(asker: view, updater: view, control: view),
            templates: view)
    }
}

/// Something that a process is about to let others see.
public enum WorldWrite: Hashable, Sendable {
    /// A zone file with this serial is put in place.
    case file(ZoneName, SOASerial)
    /// A name server carries this out.
    case update(ZoneUpdate)
}

/// Says what is wrong with a write; nil: nothing.
public typealias WorldWitness = @Sendable (WorldWrite) -> String?
