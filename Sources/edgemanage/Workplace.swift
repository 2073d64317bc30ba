import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemAlarm
import EdgeSystemConfiguration
import EdgeSystemFiles
import EdgeSystemHistory
import EdgeSystemNameServers
import EdgeSystemProbe
import EdgeSystemPublish
import EdgeSystemReport
import EdgeSystemTemplate

#if canImport(Glibc)
    import Glibc
#endif

/// The real effects for one network's rounds, put together once.
struct Workplace: Sendable {
    /// The process's one book of locks: POSIX record locks exclude nobody within a process.
    static let locks = ProcessLocks()

    /// The process's one book of metrics: what a round comes to is noted in it, and `/metrics` is answered from it.
    static let metrics = MetricsLedger(
        version: Version.text, moments: SystemMomentSource())

    let settings: NetworkSettings
    private(set) var store: SQLiteStore
    /// A connection of their own for those who only look, so that none of them delays a round; nil: the store's.
    var reader: SQLiteStore?
    let clock = SystemMomentSource()
    let log: OperatorLog
    let runner: RoundRunner
    /// What was wrong with the database when it was opened, and was logged: a sentence each.
    let warnings: [String]

    /// Opens the database, for reading alone when `isDry`, and the log.
    ///
    /// - Parameters:
    ///   - isSilent: nothing is logged, unless to standard error.
    ///   - sharers: how many networks probe at the same time, and share the descriptors.
    ///   - repeated: a daemon's book of lines that go on round after round.
    init(
        settings: NetworkSettings, isVerbose: Bool, isDry: Bool = false, isSilent: Bool = false,
        sharers: Int = 1, repeated: RepeatedLines? = nil
    ) throws {
        self.settings = settings
        let log = OperatorLog(
            network: settings.network,
            destination: isVerbose
                ? .standardError
                : isSilent ? .nowhere : Self.logDestination(settings, isDry: isDry),
            repeated: repeated)
        self.log = log
        do {
            store = try SQLiteStore(
                path: settings.database, access: isDry ? .readOnly : .readWrite,
                network: settings.network, moments: clock, tell: { log.write(.warning, $0) })
        } catch {
            throw CommandFailure(message: "\(error)")
        }
        let commands = SubprocessRunner(endsWhenCancelled: false)
        let parser = LdnsZoneParser()
        runner = RoundRunner(
            effects: RoundEffects(
                prober: NIOProber(), resolver: SystemNameResolver(),
                inventory: FileInventoryReader(refusesUnfinished: true), store: store,
                includes: DirectoryIncludeReader(), parser: parser,
                zoneFiles: DirectoryZoneFileStore(
                    parser: parser, runner: commands, warn: { log.write(.warning, $0) }),
                commands: commands, locks: Self.locks, clock: clock,
                reporter: OriginalFileReporter(history: store),
                originalFiles: OriginalFilesAdopter(), log: log,
                nameServers: NameServerEffects(
                    asker: NIONameServerAsker(), updater: LdnsZoneUpdater(clock: clock),
                    control: ServerCommands(runner: commands)),
                templates: StencilTemplateReader(),
                alarms: AlarmDesk(
                    store: store, sender: SystemAlarmSender(commands: commands), clock: clock,
                    localClock: SystemLocalClock(), log: log),
                descriptorLimit: DescriptorLimit.raise(to: 20_000) / max(1, sharers),
                metrics: Self.metrics))
        warnings = store.takeWarnings()
    }

    /// The same for who only looks.
    var reading: Workplace {
        var bench = self
        bench.store = reader ?? store
        return bench
    }

    /// A dry run makes no file, its log neither (I21): where there is none yet, it logs to standard error.
    private static func logDestination(
        _ settings: NetworkSettings, isDry: Bool
    ) -> OperatorLog.Destination {
        guard isDry, let path = settings.logPath, access(path, F_OK) != 0 else {
            return .configured(settings.logPath)
        }
        return .standardError
    }

    /// Says on standard error what came to light of the database since it was opened; whether
    /// something did.
    func sayLateWarnings() -> Bool {
        let late = store.takeWarnings()
        for warning in late {
            Terminal.say(
                "edgemanage: network \(settings.network): \(warning)", to: .standardError)
        }
        return !late.isEmpty
    }

    /// Does what an operator says, then says on standard error all that was wrong with the database.
    ///
    /// - Throws: what `body` throws; exit status 1 when something was. What was said now stands in the new
    ///   database then, and what was said before may be lost: that is no success, as in a run.
    func heed(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            _ = sayWarnings()
            throw error
        }
        if sayWarnings() { throw ExitCode(1) }
    }

    private func sayWarnings() -> Bool {
        for warning in warnings {
            Terminal.say(
                "edgemanage: network \(settings.network): \(warning)", to: .standardError)
        }
        return sayLateWarnings() || !warnings.isEmpty
    }

    /// What is known of the network, without probing.
    func status(_ settings: NetworkSettings) throws -> StatusView {
        let now = clock.now()
        return try status(
            settings,
            state: try store.load(settings.network, judge: settings.judge, now: now), now: now)
    }

    /// What is known of the network whose state was read already.
    func status(
        _ settings: NetworkSettings, state: NetworkState, now: Moment
    ) throws -> StatusView {
        var troubles = warnings
        var edges: [EdgeName] = []
        do {
            let list = try FileInventoryReader().edges(from: settings.edges)
            edges = list.names
            troubles += list.warnings
        } catch {
            troubles.append("\(error)")
        }
        troubles += includeTroubles(settings, state: state)
        troubles += try alarmTroubles()
        if let directory = settings.original.healthStore {
            troubles += OriginalFileReader.modeDrifts(
                in: directory, modes: state.modes, edges: edges, now: now.wall
            ).map { "\($0)" }
        }
        let refusal = try store.lastEvent(settings.network, of: .refusal)
        let loss = try store.lastEvent(settings.network, of: .salvage)
        let past = StatusPast(
            hour: try store.cells(settings.network, cells: StatusPast.cells, now: now.wall),
            spans: try store.liveSpans(
                settings.network, from: now.wall.adding(.zero - settings.history.days)))
        // The seat is looked at only when there is something to say of it.
        let isOverdue =
            StatusView.overdue(state, interval: settings.interval, now: now) != nil
        return StatusView(
            settings: settings, state: state, inventory: edges, now: now,
            refusal: refusal.map { ($0.time, $0.event.message) },
            loss: loss.map { ($0.time, $0.event.message) }, past: past,
            daemon: isOverdue ? DaemonSeat.presence(settings) : .unknown, troubles: troubles)
    }
}

extension Workplace {
    /// Includes that are not what is published: unreadable, refused, held, gone, or not accepted yet.
    private func includeTroubles(_ settings: NetworkSettings, state: NetworkState) -> [String] {
        let present: Set<ZoneName>
        do {
            present = try runner.effects.includes.zones(in: settings.zoneIncludes)
        } catch {
            return ["\(error); every zone goes on with its last include"]
        }
        func line(_ words: String, _ zones: [ZoneName]) -> [String] {
            guard !zones.isEmpty else { return [] }
            return ["\(words): \(zones.sorted().fewWords)"]
        }
        let known = state.zones.filter { present.contains($0.key) }
        return line(
            "the present include was not accepted, the last one goes on (edgemanage plan says why)",
            known.filter { $0.value.includeStamp == nil }.map(\.key))
            + line(
                "not published yet (edgemanage plan says why)",
                present.filter { state.zones[$0] == nil && state.foreignZones[$0] == nil })
            + ForeignZones.problems(
                of: present, owners: state.foreignZones, settings: settings)
            + line(
                "the include is gone, the last one goes on",
                state.zones.filter { !$0.value.isCatalog && !present.contains($0.key) }.map(\.key))
    }
}

/// The original's files as the shell asks for them.
struct OriginalFilesAdopter: OriginalFilesSource {
    func read(
        _ files: OriginalFiles, unknown: [EdgeName], readsState: Bool, now: UnixTime, isDry: Bool
    ) -> OriginalFindings {
        OriginalFileReader(files: files, isDryRun: isDry).read(
            unknown: unknown, readsState: readsState, now: now)
    }
}
