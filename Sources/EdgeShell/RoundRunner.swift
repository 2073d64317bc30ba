public import EdgeCore

/// The effects that a round is carried out with.
public struct RoundEffects: Sendable {
    public var prober: any Prober
    public var resolver: any NameResolver
    public var inventory: any InventoryReader
    public var store: any StateStore
    public var includes: any IncludeReader
    public var parser: any ZoneParser
    public var zoneFiles: any ZoneFileStore
    public var commands: any CommandRunner
    public var locks: any LockService
    public var clock: any MomentSource
    public var reporter: any RoundReporter
    public var originalFiles: any OriginalFilesSource
    public var log: any RoundLog
    /// nil: name servers are neither told nor asked.
    public var nameServers: NameServerEffects?
    /// nil: zones are rendered by the built-in text alone.
    public var templates: (any TemplateReader)?
    /// nil: nobody is told of anything.
    public var alarms: AlarmDesk?
    /// How many files the process may hold open: bounds the probes in flight.
    public var descriptorLimit: Int
    /// nil: nobody asks for metrics.
    public var metrics: (any MetricsKeeper)?

    public init(
        prober: any Prober, resolver: any NameResolver, inventory: any InventoryReader,
        store: any StateStore, includes: any IncludeReader, parser: any ZoneParser,
        zoneFiles: any ZoneFileStore, commands: any CommandRunner, locks: any LockService,
        clock: any MomentSource, reporter: any RoundReporter,
        originalFiles: any OriginalFilesSource, log: any RoundLog,
        nameServers: NameServerEffects? = nil, templates: (any TemplateReader)? = nil,
        alarms: AlarmDesk? = nil, descriptorLimit: Int = 1024, metrics: (any MetricsKeeper)? = nil
    ) {
        self.metrics = metrics
        self.prober = prober
        self.resolver = resolver
        self.inventory = inventory
        self.store = store
        self.includes = includes
        self.parser = parser
        self.zoneFiles = zoneFiles
        self.commands = commands
        self.locks = locks
        self.clock = clock
        self.reporter = reporter
        self.originalFiles = originalFiles
        self.log = log
        self.nameServers = nameServers
        self.templates = templates
        self.alarms = alarms
        self.descriptorLimit = descriptorLimit
    }
}

/// What a round was asked to do.
public struct RoundOptions: Hashable, Sendable {
    /// Read, decide, say; change nothing and run nothing (I21).
    public var isDry: Bool
    /// Run although the last run was less than 30 s ago.
    public var ignoresLastRun: Bool
    /// Write every zone anew and let held plans through.
    public var forcesUpdate: Bool
    /// Read the present zone files too, to tell record by record what changes.
    public var comparesFiles: Bool
    /// Wait until the name servers serve what was published.
    public var waits: Bool
    /// Publish this instead of what probing would come to.
    public var directive: RoundDirective?
    /// Who asked for the round: a user's name, or `edgemanage`.
    public var actor: String

    public init(
        isDry: Bool = false, ignoresLastRun: Bool = false, forcesUpdate: Bool = false,
        comparesFiles: Bool = false, waits: Bool = false,
        directive: RoundDirective? = nil, actor: String = "edgemanage"
    ) {
        self.isDry = isDry
        self.ignoresLastRun = ignoresLastRun
        self.forcesUpdate = forcesUpdate
        self.comparesFiles = comparesFiles
        self.waits = waits
        self.directive = directive
        self.actor = actor
    }
}

/// Why a round could not be run; nothing was changed.
public enum RoundRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case tooSoon(last: UnixTime, ago: Duration)
    case busy(String)
    case inventory(String)
    case state(String)
    /// A saved plan whose ground has changed.
    case stale(String)
    /// An operator's word that would leave fewer edges live, or fewer that answer, than may be.
    case tooSmall(String)

    public var description: String {
        switch self {
        case .tooSoon(let last, let ago):
            "the last run was \(Int(ago.inSeconds).counted("second")) ago, at Unix time \(last.seconds), and 30 "
                + "must pass; use --force to run all the same"
        case .busy(let message), .inventory(let message), .state(let message), .stale(let message),
            .tooSmall(let message):
            message
        }
    }
}

/// What came of a round.
public struct RoundOutcome: Sendable {
    public var report: RoundReport
    public var decision: RoundDecision
    /// What was known when the round was decided.
    public var state: NetworkState
    /// The generation that the round published, or found.
    public var generation: Int
    /// What was seen, one a target.
    public var observations: [Observation]
    public var settlements: [ZoneSettlement]
    /// The files' records as they were, where they were read.
    public var before: [ZoneName: ExistingZone]
    /// Zones that could not be published, and why.
    public var failures: [ZoneName: String]
    /// The plan as it can be saved and published later.
    public var saved: SavedPlan
    /// Name servers that do not serve yet what was published.
    public var lags: [ServerLag] = []
    /// Name servers that did not answer.
    public var silentServers: [ServerName] = []
    /// By updates, in how many zones each name server was updated.
    public var updated: [ServerName: Int] = [:]
    /// Name servers of `lags` and `silentServers` whose lag is among the failures and troubles.
    public var saidServers: Set<ServerName> = []
    /// Those of `troubles` that the zone template is at fault for.
    public var templateTroubles: [String] = []
    /// By zone, why its include is not used: refused, unreadable or gone.
    public var includeTroubles: [ZoneName: String] = [:]
    /// What else went wrong: nothing to publish, an unreadable directory, a failed `run_after_changes`, a
    /// live list, state file, health file or metrics that could not be written.
    public var troubles: [String]

    /// The round record by record.
    public func planView(_ settings: NetworkSettings) -> PlanView {
        PlanView(
            network: settings.network, state: state, wanted: settings.selection.liveCount,
            decision: decision, edges: report.edges, observations: observations,
            settlements: settlements, before: before,
            report: report, failures: failures, troubles: troubles)
    }

    /// Whether something that should have been done was not.
    public var hasFailures: Bool { !failures.isEmpty || !troubles.isEmpty }
}

/// Carries one network's round out: says when, and leaves what to the core and how to the effects.
public struct RoundRunner: Sendable {
    public let effects: RoundEffects
    /// Finds two zones that a catalog can't list both; given, since no two such names are known.
    let collide: @Sendable ([ZoneName]) -> (ZoneName, ZoneName)?

    /// The least time between two runs.
    public static let minimumPause: Duration = .seconds(30)
    /// How long the shared lock is waited for.
    public static let lockPatience: Duration = .seconds(20)
    /// How long one command may run.
    public static let commandTimeout: Duration = .seconds(30)

    public init(effects: RoundEffects) {
        self.init(effects: effects) { CatalogZone.collision(among: $0) }
    }

    init(
        effects: RoundEffects,
        collide: @escaping @Sendable ([ZoneName]) -> (ZoneName, ZoneName)?
    ) {
        self.effects = effects
        self.collide = collide
    }

    /// Runs one round of one network, from its configuration to its published zones.
    ///
    /// - Throws: `RoundRefusal` when there could be no round; nothing was changed then.
    public func run(
        _ settings: NetworkSettings, options: RoundOptions = RoundOptions()
    ) async throws -> RoundOutcome {
        do {
            var outcome = try await carryOut(settings, options: options)
            await conclude(&outcome, settings: settings, options: options)
            return outcome
        } catch {
            await conclude(refusal: error, settings: settings, options: options)
            throw error
        }
    }

    private func carryOut(
        _ settings: NetworkSettings, options: RoundOptions
    ) async throws -> RoundOutcome {
        let writer = try options.isDry ? nil : lockNetwork(settings)
        defer { writer?.release() }
        let started = effects.clock.now()
        let known = try loadState(settings)
        try refuseTooSoon(known, options: options)
        if !options.isDry { await run(settings.commands.before, named: "run_before") }
        let options = try await asking(options, settings: settings, state: known)
        async let survey = survey(settings, state: known)
        let sighting = try await look(settings, state: known, options: options)
        return try await act(
            on: sighting, survey: survey, settings: settings, options: options, started: started,
            writer: writer)
    }

    /// Publishes what follows from a sighting, lets the writer's lock go, and follows what was published.
    func act(
        on sighting: Sighting, survey: ServerSurvey, settings: NetworkSettings,
        options: RoundOptions, started: Moment, writer: (any HeldLock)?
    ) async throws -> RoundOutcome {
        var (outcome, delivery) = try await publish(
            sighting, survey: survey, settings: settings, options: options, started: started)
        noteFailures(of: outcome, settings: settings, options: options)
        // What telling them came to is kept before the next run begins: it drops what comes later.
        if let delivery { _ = note(delivery, settings: settings) }
        // No lock is held while the name servers are asked.
        writer?.release()
        guard var delivery else { return outcome }
        await notifyAgain(
            delivery, except: Set(outcome.report.written), settings: settings)
        await verify(
            &delivery, settings: settings,
            patience: options.waits ? settings.publish.patience : nil)
        settle(delivery, settings: settings, into: &outcome)
        if options.waits {
            let failed = delivery.updates.values.filter(delivery.hasFailed).map(\.server)
            outcome.troubles += lateness(outcome, settings: settings, except: Set(failed))
            outcome.saidServers = Set(outcome.lags.map(\.server) + outcome.silentServers)
        } else {
            takeOverdue(delivery, settings: settings, into: &outcome)
        }
        return outcome
    }

    /// The round as far as the writer's lock is needed; the delivery is nil in a dry run.
    private func publish(
        _ sighting: Sighting, survey: ServerSurvey, settings: NetworkSettings,
        options: RoundOptions, started: Moment
    ) async throws -> (RoundOutcome, Delivery?) {
        let shared = try options.isDry ? nil : await lockShared(settings)
        defer { shared?.release() }
        var planned = try await plan(
            settings, from: sighting, survey: survey, options: options, started: started)
        try refuseDirected(planned, options: options)
        if !options.isDry { await spareDynamicZones(&planned, options: options) }
        var outcome = planned.outcome(started: started, now: effects.clock.now())
        guard !options.isDry else {
            log(outcome)
            for line in PublicationWords.lines(of: planned.writes) {
                effects.log.write(.notice, "a run would have \(line)")
            }
            effects.log.write(.notice, "dry run: nothing was changed")
            return (outcome, nil)
        }

        try begin(planned, settings: settings, into: &outcome)
        // What the database has not taken in did not happen: the next round decides anew.
        log(outcome)
        await publish(planned, settings: settings, into: &outcome)
        shared?.release()
        let delivery = await deliver(
            planned, written: Set(outcome.report.written).union(planned.adopted),
            generation: outcome.generation, settings: settings)
        take(delivery, into: &outcome)
        await runCommandsAfter(planned, settings: settings, into: &outcome)
        countUpdates(delivery, planned, into: &outcome)
        outcome.report.duration = effects.clock.now().elapsed(since: started)
        take(await effects.reporter.report(outcome.report, settings: settings), into: &outcome)
        return (outcome, delivery)
    }

    /// The zones are out; but others go by files that are stale now, which a run must not hide.
    func take(_ problems: ReportProblems, into outcome: inout RoundOutcome) {
        for note in problems.notes { effects.log.write(.warning, note) }
        for failure in problems.failures { effects.log.write(.error, failure) }
        outcome.report.warnings += problems.notes
        outcome.troubles += problems.failures
    }

    func lockNetwork(_ settings: NetworkSettings) throws -> any HeldLock {
        do {
            return try effects.locks.lockNetwork(settings.network, database: settings.database)
        } catch let busy as LockBusy {
            throw RoundRefusal.busy("network \(settings.network) is being run already: \(busy)")
        }
    }

    private func lockShared(_ settings: NetworkSettings) async throws -> (any HeldLock)? {
        guard let path = settings.original.lockFile else { return nil }
        do {
            return try await effects.locks.lockShared(path, waiting: Self.lockPatience)
        } catch let busy as LockBusy {
            throw RoundRefusal.busy(
                "\(busy); gave up after \(Int(Self.lockPatience.inSeconds).counted("second"))")
        }
    }

    func loadState(_ settings: NetworkSettings) throws -> NetworkState {
        do {
            return try effects.store.load(
                settings.network, judge: settings.judge, now: effects.clock.now())
        } catch {
            throw RoundRefusal.state("\(error)")
        }
    }

    private func refuseTooSoon(_ state: NetworkState, options: RoundOptions) throws {
        guard !options.isDry, !options.ignoresLastRun, let last = state.lastRun else { return }
        // A stamp from the future counted as now when it was loaded, once (I25).
        let ago = effects.clock.now().elapsed(since: last)
        guard ago < Self.minimumPause else { return }
        throw RoundRefusal.tooSoon(last: last.wall, ago: ago)
    }
}

/// How important a line of the log is.
public enum RoundLogLevel: String, Hashable, Sendable, CaseIterable {
    case debug, info, notice, warning, error
}

/// Where a round says what it does.
public protocol RoundLog: Sendable {
    /// Writes one line; a sentence without a final line break.
    func write(_ level: RoundLogLevel, _ message: String)
}
