import EdgeCore
import EdgeShell
import EdgeSystemConfiguration
import EdgeSystemFiles
import EdgeSystemHistory
import EdgeSystemProbe
import EdgeSystemPublish
import EdgeSystemReport

/// The real effects for one network's rounds, put together once.
struct Workplace: Sendable {
    /// The process's one book of locks: POSIX record locks exclude nobody within a process.
    static let locks = ProcessLocks()

    let settings: NetworkSettings
    let store: SQLiteStore
    let clock = SystemMomentSource()
    let log: OperatorLog
    let runner: RoundRunner

    /// Opens the database, for reading alone when `isDry`, and the log.
    ///
    /// - Parameters:
    ///   - isSilent: nothing is logged, unless to standard error.
    ///   - sharers: how many networks probe at the same time, and share the descriptors.
    init(
        settings: NetworkSettings, isVerbose: Bool, isDry: Bool = false, isSilent: Bool = false,
        sharers: Int = 1
    ) throws {
        self.settings = settings
        let log = OperatorLog(
            network: settings.network,
            destination: isVerbose
                ? .standardError : isSilent ? .nowhere : .configured(settings.logPath))
        self.log = log
        do {
            store = try SQLiteStore(
                path: settings.database, access: isDry ? .readOnly : .readWrite, moments: clock)
        } catch {
            throw CommandFailure(message: "\(error)")
        }
        let commands = SubprocessRunner()
        let parser = LdnsZoneParser()
        runner = RoundRunner(
            effects: RoundEffects(
                prober: NIOProber(), resolver: SystemNameResolver(),
                inventory: FileInventoryReader(), store: store,
                includes: DirectoryIncludeReader(), parser: parser,
                zoneFiles: DirectoryZoneFileStore(
                    parser: parser, runner: commands, warn: { log.write(.warning, $0) }),
                commands: commands, locks: Self.locks, clock: clock,
                reporter: OriginalFileReporter(history: store),
                originalFiles: OriginalFilesAdopter(), log: log,
                descriptorLimit: DescriptorLimit.raise(to: 20_000) / max(1, sharers)))
        for warning in store.takeWarnings() { log.write(.warning, warning) }
    }

    /// What is known of the network, without probing.
    func status(_ settings: NetworkSettings) throws -> StatusView {
        let now = clock.now()
        let state = try store.load(settings.network, judge: settings.judge, now: now)
        var troubles: [String] = []
        var edges: [EdgeName] = []
        do {
            let list = try FileInventoryReader().edges(from: settings.edges)
            edges = list.names
            troubles += list.warnings
        } catch {
            troubles.append("\(error)")
        }
        if let directory = settings.original.healthStore {
            troubles += OriginalFileReader.modeDrifts(
                in: directory, modes: state.modes, edges: edges, now: now.wall
            ).map { "\($0)" }
        }
        return StatusView(
            settings: settings, state: state, inventory: edges, now: now, troubles: troubles)
    }
}

/// The original's files as the shell asks for them.
struct OriginalFilesAdopter: OriginalFilesSource {
    func read(
        _ files: OriginalFiles, unknown: [EdgeName], readsState: Bool, now: UnixTime, isDry: Bool
    ) -> OriginalFindings {
        let found = OriginalFileReader(files: files, isDryRun: isDry).read(
            unknown: unknown, readsState: readsState, now: now)
        return OriginalFindings(edges: found.edges, state: found.state, notes: found.notes)
    }
}
