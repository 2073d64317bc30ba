import EdgeCore
import EdgeServer
import EdgeShell
import EdgeSystemConfiguration
import EdgeSystemFiles
import EdgeSystemReport
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

#if canImport(Glibc)
    import Glibc
#endif

/// The daemon: every network's rounds, by the configuration as it is now.
///
/// The configuration is read anew when its file changes and at SIGHUP. One that can't be used is named
/// everywhere, and the rounds go on by the last one that could: a daemon that ended over a slip of the pen
/// would leave dead edges in the DNS.
final class Watch: Service {
    /// The networks asked for by name; none: whichever the configuration has.
    let named: [NetworkName]
    let plan: WatchPlan
    let manager: ServiceManager
    private let bell = RoundBell()
    /// Rung when the configuration was read anew.
    private let readings = RoundBell()
    /// Where the page hears of rounds that ended.
    let bulletin = Bulletin()
    private let state: Mutex<State>
    private let begun = SystemMomentSource().now().wall
    /// How the configuration's file was when it was read at the start.
    private let firstStamp: FileStamp?
    /// Where others find what this goes by, while the file has an error; nil: there are no networks.
    let inUse: ConfigurationInUse?

    struct State: Sendable {
        /// In the configuration's order.
        var watches: [NetworkWatch] = []
        var configurationRead: UnixTime
        /// Why the configuration as it is now is not used; nil: it is.
        var configurationTrouble: String?
        /// Why nothing listens at `server.listen`; nil: it does, or need not.
        var listenTrouble: String?
        /// Ended rounds of each network, when the watchdog was fed last.
        var fed: [NetworkName: Int] = [:]
        /// How often the bell had been rung when the configuration was read last.
        var answered = 0
        /// What the service manager waits for a sign of life; nil: it was told nothing.
        var patience: Duration?
        /// Whether the end was asked for: nothing begins any more.
        var isStopping = false
    }

    /// The least interval of an old configuration; a new one may go down to a second.
    static let shortestOriginal: Duration = .seconds(60)
    /// How often the configuration's file is looked at.
    static let filePause: Duration = .seconds(1)
    /// How often the directory of edge lists is looked through for new networks, with an old configuration.
    static let newcomerPause: Duration = .seconds(60)

    /// Refuses what the original refused: rounds closer than a minute.
    static func checkInterval(of settings: NetworkSettings) throws(CommandFailure) {
        guard settings.format == .original, settings.interval < shortestOriginal else { return }
        throw CommandFailure(
            message:
                "run_frequency is \(Int(settings.interval.inSeconds)): with --daemonise it must be "
                + "at least 60 seconds")
    }

    /// - Throws: `CommandFailure` when a network can't be run: a database or log can't be opened.
    init(
        _ first: [NetworkSettings], of configuration: Configuration, named: [NetworkName],
        plan: WatchPlan, manager: ServiceManager
    ) throws {
        firstStamp = configuration.stamp
        inUse = first.first.map { ConfigurationInUse(of: plan.configuration, besides: $0.database) }
        self.named = named
        self.manager = manager
        self.plan = plan
        state = Mutex(State(configurationRead: SystemMomentSource().now().wall))
        for settings in first { try Self.checkInterval(of: settings) }
        let watches = try first.enumerated().map { index, settings in
            try NetworkWatch(
                settings, plan: ownPlan(), sharers: first.count,
                offset: min(settings.interval, .seconds(60)) * index / first.count)
        }
        state.withLock { $0.watches = watches }
        keep(configuration)
    }

    /// Keeps a copy of what is gone by.
    private func keep(_ configuration: Configuration) {
        do throws(FileError) {
            try inUse?.write(configuration)
        } catch {
            log?.write(
                .warning,
                "\(error): while \(plan.configuration) has an error, commands have nothing to go by"
            )
        }
    }

    /// The plan with its ends noted here.
    private func ownPlan() -> WatchPlan {
        var plan = plan
        plan.noteEnd = { [weak self] in self?.noteEnd() }
        return plan
    }

    var watches: [NetworkWatch] { state.withLock { $0.watches } }

    /// The first network's log, for what concerns all.
    var log: OperatorLog? { watches.first?.present.bench.log }

    /// Runs the rounds until the service group is shut down; the round in hand comes to its end.
    func run() async throws {
        // Before anybody hears that it is ready: a hangup that nobody traps ends a process.
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                for watch in watches { group.addTask { await watch.run() } }
                group.addTask { await self.listen(for: hangups) }
                tellReady()
                await follow(into: &group)
                await group.waitForAll()
            }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    private func stop() {
        manager.stopping()
        bulletin.close()
        bell.close()
        readings.close()
        let watches = state.withLock { state in
            state.isStopping = true
            return state.watches
        }
        for watch in watches { watch.close() }
    }

    private func listen(for hangups: UnixSignalsSequence) async {
        await cancelWhenGracefulShutdown {
            for await _ in hangups { self.bell.ring() }
        }
    }

    /// Follows the configuration's file until the end.
    private func follow(into group: inout TaskGroup<Void>) async {
        let clock = ContinuousClock()
        var stamp = firstStamp
        var searched = clock.now
        var rings = bell.rings
        while !bell.isClosed {
            await bell.wait(until: clock.now + Self.filePause, orMoreRingsThan: rings)
            if bell.isClosed { return }
            let isRung = bell.rings != rings
            rings = bell.rings
            let present = try? FileStamp.of(plan.configuration)
            let isSearchDue = named.isEmpty && clock.now - searched >= Self.newcomerPause
            guard isRung || present != stamp || isSearchDue else { continue }
            stamp = present
            searched = clock.now
            for watch in reload() { group.addTask { await watch.run() } }
            state.withLock { $0.answered = rings }
            readings.ring()
            await Workplace.metrics.noteConfiguration(
                isUsable: state.withLock { $0.configurationTrouble == nil })
            // A signal means a round at once, whatever became of the configuration.
            if isRung { for watch in watches { watch.bell.ring() } }
        }
    }

    private func noteEnd() {
        let isFed = state.withLock { state in
            let ended = Dictionary(
                state.watches.map { ($0.network, $0.present.ended) },
                uniquingKeysWith: { first, _ in first })
            // Rounds that really end feed it: of every network one since the last time.
            guard ended.allSatisfy({ $0.value > state.fed[$0.key] ?? 0 }) else { return false }
            state.fed = ended
            return true
        }
        if isFed { manager.feedWatchdog() }
        manager.tell(words)
        bulletin.tell()
    }
}

extension Watch {
    /// Reads the configuration anew; returns networks that begin now.
    private func reload() -> [NetworkWatch] {
        manager.reloading()
        defer { tellReady() }
        let loader = ConfigurationLoader()
        let loaded = loader.load(plan.configuration)
        guard let configuration = loaded.configuration else {
            let errors = loaded.problems.filter { $0.severity == .error }
            refuse(
                (errors.first?.headline ?? "\(plan.configuration) can't be read")
                    + (errors.count - 1).furtherWords("error"))
            return []
        }
        let names: [NetworkName]
        do {
            names = named.isEmpty ? try loader.networks(of: configuration).names : named
        } catch {
            refuse("\(error)")
            return []
        }
        let change = take(names, of: configuration)
        dismiss(watches.filter { !names.contains($0.network) })
        let now = SystemMomentSource().now().wall
        let (isNew, isStopping) = state.withLock { state in
            state.watches = change.watches
            state.configurationRead = now
            // A network that was away begins to count anew.
            for newcomer in change.newcomers { state.fed[newcomer.network] = nil }
            defer { state.configurationTrouble = change.trouble }
            return (state.configurationTrouble != change.trouble, state.isStopping)
        }
        if isStopping { for newcomer in change.newcomers { newcomer.close() } }
        if change.trouble == nil { keep(configuration) }
        if let trouble = change.trouble, isNew {
            Terminal.say("edgemanage: \(trouble)", to: .standardError)
        }
        return change.newcomers
    }

    /// What a configuration that can be used changes.
    private struct Change {
        /// In the configuration's order.
        var watches: [NetworkWatch] = []
        /// Those of them that begin now.
        var newcomers: [NetworkWatch] = []
        /// Why a network goes on by the one before, or can't begin.
        var trouble: String?
    }

    private func take(_ names: [NetworkName], of configuration: Configuration) -> Change {
        var change = Change()
        let known = watches
        for name in names {
            let watch = known.first { $0.network == name }
            do {
                let settings = try configuration.settings(for: name)
                try Self.checkInterval(of: settings)
                if let watch {
                    watch.change(to: settings, sharers: names.count)
                    change.watches.append(watch)
                } else {
                    let watch = try NetworkWatch(
                        settings, plan: ownPlan(), sharers: names.count, offset: .zero)
                    change.newcomers.append(watch)
                    change.watches.append(watch)
                }
            } catch {
                let reason = (error as? CommandFailure)?.message ?? "\(error)"
                change.trouble = change.trouble ?? "network \(name): \(reason)"
                guard let watch else { continue }
                watch.tell(
                    trouble:
                        "\(reason); the rounds go on by the configuration as it was read before")
                change.watches.append(watch)
            }
        }
        return change
    }

    /// Notes why nothing listens at `server.listen`, nil when something does; whether that is news.
    @discardableResult
    func note(listenTrouble trouble: String?) -> Bool {
        let isNew = state.withLock { state in
            defer { state.listenTrouble = trouble }
            return state.listenTrouble != trouble
        }
        if isNew {
            manager.tell(words)
            bulletin.tell()
        }
        return isNew
    }

    private func tellReady() {
        let (isStopping, patience) = state.withLock { ($0.isStopping, takePatience(&$0)) }
        guard !isStopping else { return }
        manager.ready(words, patience: patience)
        bulletin.tell()
    }

    /// The time within which the watchdog is fed when all is well, where it is longer than the unit's and was
    /// not told yet: else rounds that are far apart would be the daemon's end.
    private func takePatience(_ state: inout State) -> Duration? {
        guard let watchdog = manager.watchdog else { return nil }
        let longest = state.watches.map(\.present.settings.interval).max() ?? .zero
        let patience = max(watchdog, longest * 2 + .seconds(30))
        guard patience != state.patience ?? watchdog else { return nil }
        state.patience = patience
        return patience
    }

    /// Notes why the configuration is not used, in every network's log.
    private func refuse(_ reason: String) {
        state.withLock { $0.configurationTrouble = reason }
        for watch in watches {
            watch.tell(
                trouble: "\(reason); the rounds go on by the configuration as it was read before")
        }
    }

    /// Networks that the configuration has no more.
    private func dismiss(_ gone: [NetworkWatch]) {
        for watch in gone {
            watch.tell(
                trouble: "\(plan.configuration) has it no more: its zones stay as they are")
            watch.close()
        }
    }

    /// One line on how the daemon is.
    private var words: String {
        let state = state.withLock { $0 }
        let seats = state.watches.map { ($0.network, $0.present) }
        let rounds = seats.map { network, seat in
            seat.lastRefusal.map { "\(network): no round: \($0)" }
                ?? "\(network): \(seat.count?.words ?? "first round")"
        }
        let refused = state.configurationTrouble.map { "configuration refused: \($0); " } ?? ""
        let unheard = state.listenTrouble.map { "\($0); " } ?? ""
        return refused + unheard + rounds.prefix(8).joined(separator: ", ")
            + (rounds.count > 8 ? ", …" : "")
    }
}

extension Watch: DaemonFace {
    var networks: [NetworkName] { watches.map(\.network) }

    func watch(of network: NetworkName) -> NetworkWatch? {
        watches.first { $0.network == network }
    }

    func status(of network: NetworkName) throws -> StatusView? {
        guard let seat = watch(of: network)?.present else { return nil }
        return try seat.bench.reading.status(seat.settings)
    }

    func obey(
        _ order: Order, of network: NetworkName, by actor: String
    ) async throws(OrderRefusal) -> OrderReply {
        guard let watch = watch(of: network) else {
            throw OrderRefusal(.unknown, "this daemon runs no such network")
        }
        return try await watch.desk.ask(order, by: actor).get()
    }

    func reload() async throws(OrderRefusal) {
        let asked = bell.ring()
        var known = readings.rings
        while state.withLock({ $0.answered < asked && !$0.isStopping }) {
            await readings.wait(forMoreRingsThan: known)
            known = readings.rings
        }
        let state = state.withLock { $0 }
        guard state.answered >= asked else {
            throw OrderRefusal(.stopping, "the daemon is about to end: nothing was read")
        }
        let troubles = state.watches.compactMap(\.present.trouble)
        if let trouble = state.configurationTrouble ?? troubles.first {
            throw OrderRefusal(.refused, trouble)
        }
    }

    func metrics() async -> String { await Workplace.metrics.page() }

    var health: DaemonHealth {
        let state = state.withLock { $0 }
        let now = ContinuousClock().now
        return DaemonHealth(
            version: Version.text, process: getpid(), since: begun.seconds,
            configuration: plan.configuration,
            configurationRead: state.configurationRead.seconds,
            configurationTrouble: state.configurationTrouble,
            listenTrouble: state.listenTrouble,
            networks: state.watches.map { watch in
                let seat = watch.present
                let limit = seat.settings.interval * 3 + .seconds(60)
                return DaemonHealth.Network(
                    network: watch.network.text, lastRound: seat.lastEndWall?.seconds,
                    trouble: seat.lastRefusal,
                    isFresh: seat.lastRefusal == nil
                        && seat.lastEnd.map { now - $0 < limit } ?? false)
            })
    }
}
