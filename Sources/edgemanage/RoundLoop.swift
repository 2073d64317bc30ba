import EdgeCore
import EdgeShell
import EdgeSystemConfiguration
import EdgeSystemHistory

/// Round after round, until a signal ends it: the original's `--daemonise`.
///
/// The configuration is read anew before each round. One that can't be used is named, and the rounds go on
/// by the last one that could: a daemon that ended over a slip of the pen would leave dead edges in the DNS.
struct RoundLoop: Sendable {
    /// The configuration's file.
    var configuration: String
    /// The networks asked for by name; none: whichever the configuration has.
    var named: [NetworkName]
    var isVerbose: Bool
    /// Whether trouble with the configuration is told on standard error too, besides the log.
    var speaks: Bool
    /// Of every round; the first one may follow a run by hand closely, the loop keeping its own pace.
    var options: RoundOptions

    /// Carries one round out.
    typealias Carrier = @Sendable (NetworkSettings, RoundOptions, Workplace) async -> Void

    /// The least interval of an old configuration; a new one may go down to a second.
    static let shortestOriginal: Duration = .seconds(60)
    /// How often networks are looked for that the configuration has newly.
    static let newcomerPause: Duration = .seconds(60)

    /// Refuses what the original refused: rounds closer than a minute.
    static func checkInterval(of settings: NetworkSettings) throws(CommandFailure) {
        guard settings.format == .original, settings.interval < shortestOriginal else { return }
        throw CommandFailure(
            message:
                "run_frequency is \(Int(settings.interval.inSeconds)): with --daemonise it must be "
                + "at least 60 seconds")
    }

    /// Runs every network's round each `run_frequency`, measured from start to start, the networks
    /// spread over their interval; a failed round is logged and the next one comes all the same.
    /// SIGHUP means a round at once; SIGINT and SIGTERM let the round in hand end.
    func run(_ first: [NetworkSettings], by round: @escaping Carrier) async throws {
        for settings in first { try Self.checkInterval(of: settings) }
        Interruption.listen()
        Interruption.listenForHangups()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, settings) in first.enumerated() {
                let bench = try workplace(settings, sharers: first.count)
                group.addTask {
                    await rounds(
                        of: Seat(settings: settings, bench: bench, sharers: first.count),
                        after: settings.interval * index / first.count, by: round)
                }
            }
            var known = Set(first.map(\.network))
            var said: Set<String> = []
            while named.isEmpty, !Interruption.wasSeen, !Task.isCancelled {
                let hangups = Interruption.hangups
                await Interruption.sleep(
                    until: ContinuousClock().now + Self.newcomerPause, orMoreHangupsThan: hangups)
                for name in newcomers(besides: known) {
                    do {
                        let seat = try seat(for: name, sharers: known.count + 1)
                        known.insert(name)
                        group.addTask { await rounds(of: seat, after: .zero, by: round) }
                    } catch {
                        let reason = (error as? CommandFailure)?.message ?? "\(error)"
                        let trouble = "network \(name) can't be run yet: \(reason)"
                        if said.insert(trouble).inserted {
                            Terminal.say("edgemanage: \(trouble)", to: .standardError)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func workplace(_ settings: NetworkSettings, sharers: Int) throws -> Workplace {
        try Workplace(
            settings: settings, isVerbose: isVerbose, isDry: options.isDry, sharers: sharers)
    }

    /// Networks that the configuration has newly; those that can't be run yet are looked for again.
    private func newcomers(besides known: Set<NetworkName>) -> [NetworkName] {
        let loader = ConfigurationLoader()
        guard !Interruption.wasSeen, let present = loader.load(configuration).configuration,
            let names = try? loader.networks(of: present).names
        else { return [] }
        return names.filter { !known.contains($0) }
    }

    private func seat(for network: NetworkName, sharers: Int) throws -> Seat {
        switch read(network) {
        case .settings(let settings):
            let bench = try workplace(settings, sharers: sharers)
            return Seat(settings: settings, bench: bench, sharers: sharers)
        case .gone: throw CommandFailure(message: "\(configuration) has it no more")
        case .trouble(let reason): throw CommandFailure(message: reason)
        }
    }

    /// One network's rounds.
    private func rounds(
        of first: Seat, after delay: Duration, by round: Carrier
    ) async {
        let clock = ContinuousClock()
        var seat = first
        var next = clock.now + delay
        var hangups = Interruption.hangups
        while true {
            await Interruption.sleep(until: next, orMoreHangupsThan: hangups)
            if Interruption.wasSeen || Task.isCancelled { return }
            if Interruption.hangups != hangups { next = clock.now }
            hangups = Interruption.hangups
            refresh(&seat)
            if seat.isWanted { await round(seat.settings, options, seat.bench) }
            next = max(next + seat.settings.interval, clock.now)
        }
    }
}

extension RoundLoop {
    /// What one network's rounds go by.
    fileprivate struct Seat {
        var settings: NetworkSettings
        var bench: Workplace
        /// How many networks share the process' open files.
        var sharers: Int
        /// Whether the configuration has the network.
        var isWanted = true
        /// What was last said of the configuration; nil: it is used.
        var trouble: String?
    }

    /// What the configuration says of a network now.
    private enum Reading {
        case settings(NetworkSettings)
        /// It has the network no more.
        case gone
        case trouble(String)
    }

    private func read(_ network: NetworkName) -> Reading {
        let loader = ConfigurationLoader()
        let loaded = loader.load(configuration)
        guard let present = loaded.configuration else {
            let errors = loaded.problems.filter { $0.severity == .error }
            return .trouble(
                (errors.first?.headline ?? "\(configuration) can't be read")
                    + (errors.count - 1).furtherWords("error"))
        }
        do {
            if named.isEmpty, try !loader.networks(of: present).names.contains(network) {
                return .gone
            }
            let settings = try present.settings(for: network)
            try Self.checkInterval(of: settings)
            return .settings(settings)
        } catch {
            return .trouble((error as? CommandFailure)?.message ?? "\(error)")
        }
    }

    /// Reads the configuration anew; trouble with it is said once.
    private func refresh(_ seat: inout Seat) {
        let network = seat.settings.network
        switch read(network) {
        case .gone:
            seat.isWanted = false
            say(
                "\(configuration) has it no more: its zones stay as they are", &seat)
        case .trouble(let reason):
            say("\(reason); the rounds go on by the configuration as it was read before", &seat)
        case .settings(let settings):
            seat.isWanted = true
            guard settings != seat.settings else {
                seat.trouble = nil
                return
            }
            do {
                seat.bench = try workplace(settings, sharers: seat.sharers)
                seat.settings = settings
                seat.trouble = nil
                seat.bench.log.write(
                    .notice, "\(configuration) has changed: it is used from this round on")
            } catch {
                let reason = (error as? CommandFailure)?.message ?? "\(error)"
                say("\(reason); the rounds go on by the configuration as it was read before", &seat)
            }
        }
    }

    private func say(_ trouble: String, _ seat: inout Seat) {
        guard seat.trouble != trouble else { return }
        seat.trouble = trouble
        seat.bench.log.write(.error, trouble)
        if speaks, !isVerbose {
            Terminal.say(
                "edgemanage: network \(seat.settings.network): \(trouble)", to: .standardError)
        }
    }
}
